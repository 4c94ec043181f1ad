"""Reads a user's file whole, if it is one: a plain file, of a size that such a file has."""

from __future__ import annotations

import stat
from pathlib import Path

from factory_env.errors import InputError

LARGEST_MB = 64  # of any text file that a person hands over
_BYTES_PER_MB = 1_000_000


def user_path(text: str) -> Path:
    """The path that a person means: as it stands if it exists, else with ``~`` for their home."""
    path = Path(text)
    try:
        return path.expanduser() if text.startswith("~") and not path.exists() else path
    except (RuntimeError, OSError, ValueError):  # nobody of that name, or a name too long
        return path


def is_file(text: str) -> bool:
    """Does a person mean a plain file that is there?"""
    try:
        return user_path(text).is_file()
    except (OSError, ValueError):  # a name that is too long, or holds a NUL
        return False


def read_bytes(path: Path, *, most_mb: float = LARGEST_MB, what: str = "file") -> bytes:
    """The bytes of a plain file.

    Parameters
    ----------
    most_mb
        Its size is looked at before anything is read: a device or a pipe has no end.

    Raises
    ------
    InputError
        If there is no such file, it is no plain one, too large, or cannot be read.
    """
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise InputError.of(
                str(path), what, "must be a plain file", _kind(about.st_mode), "check the path"
            )
        if about.st_size > most_mb * _BYTES_PER_MB:
            size = f"{about.st_size / _BYTES_PER_MB:.1f} MB"
            raise InputError.of(
                str(path), what, f"must have at most {most_mb:g} MB", size, "a smaller file"
            )
        with path.open("rb") as file:
            content = file.read(about.st_size + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError.of(
            str(path), what, "must be a readable file", reason, "check the path"
        ) from None
    return content


def _kind(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "a folder"
    return "a pipe" if stat.S_ISFIFO(mode) else "a device"
