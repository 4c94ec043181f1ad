"""Files that appear whole or not at all, and what is left of those that a kill interrupted."""

from __future__ import annotations

import os
import re
import shutil
import sys
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any, Final

from factory_env.units import MIN_PER_DAY

MARK: Final = "seamline-part"
MOST_ENTRIES: Final = 10_000  # of a folder that are looked at
OLD_S: Final = 7 * MIN_PER_DAY * 60.0  # then it goes, whoever was writing it
_LEFTOVER: Final = re.compile(rf"\..+\.(?P<pid>\d+)\.{MARK}(\.\w+)?")


def name_part(path: Path) -> Path:
    """The name beside ``path`` under which this process writes it; the suffix stays the same.

    >>> name_part(Path("runs/log.json")).name.startswith(".log.")
    True
    """
    return path.with_name(f".{path.stem}.{os.getpid()}.{MARK}{path.suffix}")


def write_whole(path: Path, write: Callable[[Path], Any]) -> None:
    """Let ``write`` fill a name beside ``path``, then rename it.

    A reader sees the old file or the new one; where writing fails, as on a full disk, nothing of
    it stays.
    """
    part = name_part(path)
    try:
        write(part)
        os.replace(part, path)
    finally:
        remove(part)


def write_whole_text(path: Path, text: str) -> None:
    """Write text in UTF-8, whole or not at all."""
    write_whole(path, lambda part: part.write_text(text, encoding="utf-8"))


def remove(path: Path) -> None:
    """Remove a file or a folder, if it is there and may be removed."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
        return
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return  # it is in nobody's way


def clear_leftovers(folder: Path, depth: int = 2) -> list[Path]:
    """Remove what killed processes were writing in ``folder``; the paths removed.

    Only names of `name_part` are touched, and of them only those whose process is gone.

    Parameters
    ----------
    depth
        Levels that are looked at; 1 = the folder itself.
    """
    cleared: list[Path] = []
    try:
        with os.scandir(folder) as inside:
            entries = list(islice(inside, MOST_ENTRIES))
    except OSError:
        return cleared
    for entry in entries:
        match = _LEFTOVER.fullmatch(entry.name)
        if match is not None and _is_left(entry, int(match["pid"])):
            remove(Path(entry.path))
            cleared.append(Path(entry.path))
        elif match is None and depth > 1 and entry.is_dir(follow_symlinks=False):
            cleared += clear_leftovers(Path(entry.path), depth - 1)
    return cleared


def _is_left(entry: os.DirEntry[str], pid: int) -> bool:
    try:
        age_s = time.time() - entry.stat(follow_symlinks=False).st_mtime
    except OSError:
        return False
    return age_s > OLD_S or not _is_alive(pid)


def _is_alive(pid: int) -> bool:
    """Does a process of that number run? Where nobody can tell, it does."""
    if sys.platform == "win32":  # a signal would end it
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
