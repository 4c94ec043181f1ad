"""Fetches Fashion-MNIST from its publisher into a cache of the user, checked by checksum."""

from __future__ import annotations

import gzip
import hashlib
import os
import sys
import urllib.request
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from factory_env.errors import InputError, wrong
from factory_env.learned.pictures.images import ORIGINALS

ADDRESSES = (
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
)
TIMEOUT_S = 60.0


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

    Only content with the right SHA-256 reaches the folder; the download itself is not trusted.

    Raises
    ------
    InputError
        For each file that no address gave; the message says why and what to do offline.
    """
    folder.mkdir(parents=True, exist_ok=True)
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
        with urllib.request.urlopen(address, timeout=TIMEOUT_S) as answer:
            packed = answer.read()
        found = hashlib.sha256(gzip.decompress(packed)).hexdigest()
    except (OSError, EOFError, ValueError, zlib.error) as error:
        return str(error)
    if found != digest:
        return f"SHA-256 is {found} instead of {digest}"
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    temporary.write_bytes(packed)
    temporary.replace(path)
    return None
