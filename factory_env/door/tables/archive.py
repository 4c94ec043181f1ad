"""A workbook as an archive of parts: refused before it is opened if it is none, or may do harm."""

from __future__ import annotations

import io
import zipfile
from typing import Final

from factory_env.door.tables.files import unreadable

MAX_PACKED: Final = 32 * 2**20  # bytes of a workbook: a million short rows
MAX_UNPACKED: Final = 256 * 2**20  # bytes of all parts
MAX_STRINGS: Final = 64 * 2**20  # bytes of the texts that all sheets share
MAX_PARTS: Final = 2_000
SOUND: Final = "must be a CSV file or a workbook that opens"
_MACROS: Final = ("vbaproject.bin", "macrosheets/", "activex/")


def check_archive(data: bytes, where: str) -> None:
    """Refuse what is no workbook, holds programs, or would unpack to more than the limits.

    Raises
    ------
    InputError
        If it does.
    """
    if len(data) > MAX_PACKED:
        rule = f"a workbook must have at most {MAX_PACKED // 2**20} MB"
        got = f"{len(data) / 2**20:,.0f} MB"
        raise unreadable(where, rule, got, "give the sheet and rows that are needed, or a CSV file")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        reason = str(error)
        raise unreadable(where, SOUND, reason, "save it again") from None
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        got = "an .ods file" if "content.xml" in names else "another kind of archive"
        got = "an .xlsb file" if "xl/workbook.bin" in names else got
        raise unreadable(where, "must be a CSV file or a workbook (.xlsx)", got, "save it as .xlsx")
    if programs := [n for n in names if any(word in n.casefold() for word in _MACROS)]:
        got = f"a workbook with macros ({min(programs)})"
        raise unreadable(where, "must hold no programs", got, "save it as .xlsx, without macros")
    unpacked = sum(part.file_size for part in parts)
    strings = sum(p.file_size for p in parts if p.filename.endswith("sharedStrings.xml"))
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED or strings > MAX_STRINGS:
        got = f"{unpacked / 2**20:,.0f} MB in {len(parts)} parts"
        rule = f"must unpack to at most {MAX_UNPACKED // 2**20} MB"
        raise unreadable(where, rule, got, "give the rows and columns that are needed")
