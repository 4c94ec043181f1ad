"""The one way in for tables: a path, perhaps with a sheet, becomes a `Table`."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from typing import Final

from factory_env.door.tables.csv_table import table_from_text
from factory_env.door.tables.files import read_bytes
from factory_env.door.tables.table import MAX_ROWS, Table
from factory_env.door.tables.workbook import table_from_workbook

_ZIP: Final = b"PK"
_WITH_SHEET: Final = re.compile(r"(.*\.xls[xm])#(.*)", re.IGNORECASE | re.DOTALL)


def read_table(
    path: str | Path,
    *,
    names: Collection[str] = (),
    skip: int | None = None,
    max_rows: int = MAX_ROWS,
    has_remarks: bool = True,
) -> Table:
    """Read a CSV file or a sheet of a workbook.

    Parameters
    ----------
    path
        Of a text file (comma, semicolon, tab or bar between the cells; UTF-8, UTF-16 with a byte
        order mark), or of a workbook; ``book.xlsx#Sheet`` names a sheet.
    names
        Names of columns as `fold_name` writes them; the header is found by them.
    skip
        Lines above the header; None = it is found.
    max_rows
        Most rows that make sense; more are refused.
    has_remarks
        Rows of one cell of words below the table are remarks; False = rows like the others.

    Raises
    ------
    InputError
        If there is no table to read.
    """
    file, sheet = split_sheet(_expand_home(Path(path)))
    data = read_bytes(file)
    if data.startswith(_ZIP):
        return table_from_workbook(
            data, str(file), names, skip, sheet, max_rows, has_remarks=has_remarks
        )
    return table_from_text(data, str(file), names, skip, max_rows, has_remarks=has_remarks)


def is_file(path: Path) -> bool:
    """Is this a file? No, also where the name itself is impossible."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _expand_home(path: Path) -> Path:
    """A path that begins with ~, from the home folder; a file of that name is one."""
    if is_file(path):
        return path
    try:
        return path.expanduser()
    except RuntimeError:  # no such user
        return path


def split_sheet(path: Path) -> tuple[Path, str]:
    """File and sheet of ``book.xlsx#Sheet``; a file that exists is one, whatever its letters."""
    if is_file(path):
        return path, ""
    parts = _WITH_SHEET.fullmatch(str(path))
    return (path, "") if parts is None else (Path(parts[1]), parts[2])
