"""Filling the cache from the publisher: only content with the right checksum gets in."""

from __future__ import annotations

import gzip
import hashlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from factory_env.errors import InputError
from factory_env.learned.pictures.publisher import ADDRESSES, cache_folder, fetch_originals

CONTENT = b"the original"
KNOWN = {"labels": hashlib.sha256(CONTENT).hexdigest()}


def address(folder, content=CONTENT) -> str:
    folder.mkdir()
    (folder / "labels.gz").write_bytes(gzip.compress(content))
    return folder.as_uri() + "/"


def test_a_file_is_fetched_once_and_kept(tmp_path) -> None:
    said = []
    kept = tmp_path / "cache"
    source = address(tmp_path / "site")
    for _ in range(2):
        fetch_originals(kept, addresses=[source], checksums=KNOWN, say=said.append)
    assert gzip.decompress((kept / "labels.gz").read_bytes()) == CONTENT
    assert said == [f"fetching {source}labels.gz"]


def test_the_second_address_is_asked_where_the_first_gives_something_else(tmp_path) -> None:
    sites = [address(tmp_path / "wrong", b"a login page"), address(tmp_path / "right")]
    fetch_originals(tmp_path / "cache", addresses=sites, checksums=KNOWN)
    assert gzip.decompress((tmp_path / "cache" / "labels.gz").read_bytes()) == CONTENT


def test_nothing_is_kept_of_a_fetch_that_failed(tmp_path) -> None:
    sites = [address(tmp_path / "wrong", b"a login page"), (tmp_path / "none").as_uri() + "/"]
    with pytest.raises(InputError, match="data_dir=<folder>") as caught:
        fetch_originals(tmp_path / "cache", addresses=sites, checksums=KNOWN)
    assert len(caught.value.problems) == 1
    assert "instead of" in str(caught.value)
    assert list((tmp_path / "cache").iterdir()) == []


def test_the_cache_lies_where_the_user_keeps_caches(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "seamline" / "fashion_mnist"


class Site(BaseHTTPRequestHandler):
    """Answers as its address says."""

    def log_message(self, *args) -> None:
        """Nothing."""

    def do_GET(self) -> None:
        kind = self.path.split("/")[1]
        if kind == "garbage":
            self.wfile.write(b"GARBAGE\r\n\r\n")
            return
        if kind == "file":
            self.send_response(302)
            self.send_header("Location", "file:///etc/passwd")
            self.end_headers()
            return
        content = gzip.compress(bytes(200_000_000), 1) if kind == "bomb" else b"x" * 10
        self.send_response(200)
        promised = {"short": 1000, "large": 10**12}.get(kind, len(content))
        self.send_header("Content-Length", str(promised))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture(scope="module")
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("short", "cut short: 10 of 1000 bytes"),
        ("large", "more than 64 MB"),
        ("bomb", "holds more than 128 MB"),
        ("garbage", "GARBAGE"),
        ("file", "not allowed"),
    ],
)
def test_what_a_server_sends_is_not_trusted(kind: str, words: str, site: str, tmp_path) -> None:
    with pytest.raises(InputError) as caught:
        fetch_originals(tmp_path, addresses=[f"{site}{kind}/"], checksums=KNOWN)
    assert words in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_https_is_asked_first() -> None:
    assert ADDRESSES[0].startswith("https://")
