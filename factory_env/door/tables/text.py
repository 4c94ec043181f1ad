"""The bytes of a text file as text: encodings, and what is said about odd ones."""

from __future__ import annotations

import codecs
from typing import Final

from factory_env.door.tables.files import unreadable
from factory_env.errors import Problem, wrong

ASK_UTF8: Final = "save the file as 'CSV UTF-8 (comma delimited)'"
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with that one
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(data: bytes, where: str) -> tuple[str, list[Problem]]:
    """Text of ``data``: UTF-8, or UTF-16 and UTF-32 with a byte order mark.

    A file in another encoding is read as Windows-1252, so that its other mistakes can be told too,
    and the encoding is a problem: nobody can tell by looking whether the letters are right.

    Raises
    ------
    InputError
        If it is no text at all.
    """
    encoding = next((name for mark, name in _BOMS if data.startswith(mark)), "utf-8")
    if encoding in ("utf-8", "utf-8-sig") and b"\x00" in data:
        raise unreadable(where, "must be text in UTF-8", "zero bytes (UTF-16?)", ASK_UTF8)
    try:
        return data.decode(encoding), []
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        got = f"byte 0x{data[error.start]:02X}" if error.start < len(data) else "an odd end"
        if encoding != "utf-8":
            raise unreadable(where, f"must be valid {encoding}", got, ASK_UTF8) from None
        odd = data[error.start : error.start + 1].decode("cp1252", errors="replace")
        got += f" ({odd!r} in Windows-1252)"
        problem = wrong(f"{where}:{line}", "encoding", "must be UTF-8", got, ASK_UTF8)
        return data.decode("cp1252", errors="replace"), [problem]
