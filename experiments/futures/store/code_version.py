"""Which version of the code makes runs: a hash of everything that decides what a run is."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[3]
# the world, who decides, the values they were tuned to, and what is kept of a run
PLAYER: Final = "experiments/evaluating/player.py"
SOURCES: Final = ("factory_env", "agents", "conf/tuned", "experiments/building", PLAYER)
HERE: Final = "experiments/futures"  # its own files and those that play and measure, no reports
NOT_PLAYING: Final = ("report", "statistics", "store")
LIBRARIES: Final = ("numpy", "numba", "scipy", "simpy", "torch")


@cache
def hash_code() -> str:
    """SHA-256 of sources, tables, weights and tuned values, and of the libraries' versions."""
    content = hashlib.sha256()
    for path in _list_files():
        content.update(str(path.relative_to(ROOT)).encode() + b"\0")
        content.update(hashlib.sha256(path.read_bytes()).digest())
    versions = [platform.python_version(), *map(_version, LIBRARIES)]
    content.update(" ".join(versions).encode())
    return content.hexdigest()


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "none"


def _list_files() -> list[Path]:
    files = [file for source in SOURCES for file in _walk(ROOT / source)]
    skipped = tuple(ROOT / HERE / name for name in NOT_PLAYING)
    own = _walk(ROOT / HERE)
    files += [f for f in own if not any(f.is_relative_to(folder) for folder in skipped)]
    return sorted(files)


def _walk(folder: Path) -> Iterator[Path]:
    for path in (folder, *folder.rglob("*")):
        if "__pycache__" not in path.parts and not path.name.startswith(".") and path.is_file():
            yield path
