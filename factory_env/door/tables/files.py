"""A user's file as bytes: an ordinary file of sensible size, judged before it is read."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Final

from factory_env.errors import InputError

MAX_BYTES: Final = 64 * 2**20  # ten years of quarter hours with 20 columns take 40 MB
_MAGIC: Final = (  # first bytes of files that are no text, and what they are
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
    (b"BZh", "a bzip2 archive", "unpack it first"),
    (b"\xfd7zXZ", "an xz archive", "unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", "unpack it first"),
    (b"7z\xbc\xaf", "a 7-zip archive", "unpack it first"),
    (b"%PDF", "a PDF", "export the table as .csv or .xlsx"),
    (b"\xd0\xcf\x11\xe0", "an old (.xls) or encrypted workbook", "save it as .xlsx, no password"),
    (b"PAR1", "a Parquet file", "export the table as .csv or .xlsx"),
    (b"SQLite format 3", "a database", "export the table as .csv or .xlsx"),
    (b"\x89PNG", "a picture", "give a table"),
    (b"\xff\xd8\xff", "a picture", "give a table"),
)


def read_bytes(path: Path, most: int = MAX_BYTES) -> bytes:
    """The bytes of an ordinary file of at most ``most`` bytes.

    Raises
    ------
    InputError
        If it cannot be read, is a folder, device or pipe, is too large, or plainly is no table.
    """
    where = str(path)
    try:
        kind = path.stat()
        if not stat.S_ISREG(kind.st_mode):
            right = "save the table to a file"
            raise unreadable(where, "must be an ordinary file", _name_kind(kind.st_mode), right)
        if kind.st_size > most:
            raise _oversize(where, f"{kind.st_size / 1e6:,.0f} MB", most)
        with path.open("rb") as file:
            data = file.read(most + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise unreadable(where, "must be a readable file", reason, "check the path") from None
    if len(data) > most:
        raise _oversize(where, "more", most)
    for magic, name, right in _MAGIC:
        if data.startswith(magic):
            raise unreadable(where, "must be a table (.csv, .tsv, .txt or .xlsx)", name, right)
    return data


def unreadable(where: str, rule: str, got: str, right: str) -> InputError:
    """The error of a file that holds no table we can read."""
    return InputError.of(where, "file", rule, got, right)


def _oversize(where: str, got: str, most: int) -> InputError:
    rule = f"must have at most {most // 2**20} MB"
    return unreadable(where, rule, got, "give the rows and columns that are needed")


def _name_kind(mode: int) -> str:
    for test, name in (
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISCHR, "a device"),
        (stat.S_ISBLK, "a device"),
        (stat.S_ISFIFO, "a pipe"),
        (stat.S_ISSOCK, "a socket"),
    ):
        if test(mode):
            return name
    return "something else"
