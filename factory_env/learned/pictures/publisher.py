"""Fetches Fashion-MNIST from its publisher into a cache of the user, checked by checksum."""

from __future__ import annotations

import hashlib
import os
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPException
from pathlib import Path

from factory_env.errors import InputError, wrong
from factory_env.learned.pictures.images import ORIGINALS
from factory_env.learned.pictures.unpacking import unpack
from factory_env.whole_file import clear_leftovers, write_whole

ADDRESSES = (
    "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
    # plain HTTP, last: the checksum says whether it is the publisher's content
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
)
TIMEOUT_S = 60.0  # without a byte
LONGEST_S = 900.0  # of one file
MOST_MB = 64.0  # packed; the largest has 26
_CHUNK = 1 << 16
_BYTES_PER_MB = 1_000_000


def cache_folder() -> Path:
    """Where this user's programs keep what can be fetched again."""
    if sys.platform == "win32":
        root = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    else:
        root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return root / "seamline" / "fashion_mnist"


def fetch_originals(
    folder: Path,
    *,
    addresses: Sequence[str] = ADDRESSES,
    checksums: Mapping[str, str] = ORIGINALS,
    say: Callable[[str], None] = lambda text: None,
) -> Path:
    """Fill ``folder`` with those of the four files that it lacks; returns ``folder``.

    Only content with the right SHA-256 reaches the folder; the download itself is not trusted, nor
    its size.

    Raises
    ------
    InputError
        For each file that no address gave; the message says why and what to do offline.
    """
    folder.mkdir(parents=True, exist_ok=True)
    clear_leftovers(folder, depth=1)
    problems = []
    for name, digest in checksums.items():
        path = folder / f"{name}.gz"
        if path.is_file():
            continue
        reasons = []
        for address in addresses:
            say(f"fetching {address}{name}.gz")
            reason = _fetch(f"{address}{name}.gz", path, digest)
            if reason is None:
                break
            reasons.append(f"{address}: {reason}")
        else:
            problems.append(
                wrong(
                    str(folder),
                    name,
                    "could not be fetched from its publisher",
                    "; ".join(reasons),
                    "copy the IDX files into a folder and say data_dir=<folder>",
                )
            )
    if problems:
        raise InputError(problems)
    return folder


def _fetch(address: str, path: Path, digest: str) -> str | None:
    """Save what lies at ``address`` as ``path``; the reason if that fails."""
    try:
        packed = _download(address)
        actual = hashlib.sha256(unpack(packed)).hexdigest()
    except (OSError, ValueError, HTTPException) as error:
        return str(error) or type(error).__name__
    if actual != digest:
        return f"SHA-256 is {actual} instead of {digest}"
    write_whole(path, lambda part: part.write_bytes(packed))
    return None


def _download(address: str) -> bytes:
    """The bytes at an address, up to a size and a time: a server may never end."""
    most, until = int(MOST_MB * _BYTES_PER_MB), time.monotonic() + LONGEST_S
    chunks: list[bytes] = []
    size = 0
    with urllib.request.urlopen(address, timeout=TIMEOUT_S) as answer:
        promised = int(answer.headers.get("Content-Length") or -1)
        while chunk := answer.read(_CHUNK):
            chunks.append(chunk)
            size += len(chunk)
            if size > most or promised > most:
                raise ValueError(f"more than {MOST_MB:g} MB")
            if time.monotonic() > until:
                raise ValueError(f"not whole after {LONGEST_S:g} s")
    if 0 <= promised != size:
        raise ValueError(f"cut short: {size} of {promised} bytes")
    return b"".join(chunks)
