"""Styles and bulletins that come as sheets of an order book's workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from factory_env.door.tables.files import read_bytes
from factory_env.door.tables.reading import is_file, split_sheet
from factory_env.door.tables.workbook import read_sheet_names

SHEETS: Final = ("styles", "bulletins")
ENDINGS: Final = (".xlsx", ".xlsm")


def find_own_sheets(book: str | Path) -> dict[str, str]:
    """``styles`` and ``bulletins`` -> the sheet of that name, where the book is a workbook.

    Raises
    ------
    InputError
        If the workbook cannot be opened.
    """
    file, _ = split_sheet(Path(book).expanduser())
    if file.suffix.casefold() not in ENDINGS or not is_file(file):
        return {}
    names = {name.casefold(): name for name in read_sheet_names(read_bytes(file), str(file))}
    return {sheet: f"{file}#{names[sheet]}" for sheet in SHEETS if sheet in names}
