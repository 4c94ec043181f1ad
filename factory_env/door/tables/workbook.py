"""A table from a sheet of an Excel workbook (.xlsx, .xlsm): values only, within limits."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, Final

from factory_env.door.tables.archive import SOUND, check_archive
from factory_env.door.tables.files import unreadable
from factory_env.door.tables.number_formats import read_format_unit
from factory_env.door.tables.plain_sheet import read_plain_values
from factory_env.door.tables.table import (
    HEAD_ROWS,
    MAX_COLUMNS,
    MAX_ROWS,
    Table,
    TypedNumber,
    drop_footer,
    find_header,
)
from factory_env.errors import InputError, Problem, wrong

OF_OTHER_TABLES: Final = (  # sheets that are read apart, of an order book and of a plant
    *("styles", "bulletins", "read me", "plant", "lines", "skills", "machines"),
    *("calendar", "holidays", "people"),
)
SHOWN: Final = 12  # cells that a message lists
_EMPTY_FORMULA = re.compile(
    rb'<c r="([A-Z]{1,3}\d+)"[^>]*><f[^<]*(?:</f>|/>)\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)
_Rows = list[tuple[int, list[str]]]


def table_from_workbook(
    data: bytes,
    where: str,
    names: Collection[str],
    skip: int | None,
    sheet: str = "",
    max_rows: int = MAX_ROWS,
    *,
    has_remarks: bool = True,
) -> Table:
    """The table of one sheet; the first visible one whose header fits best if none is named.

    Formulas count with the values that the workbook holds for them.

    Raises
    ------
    InputError
        If it is no workbook, is larger than the limits, or has no such sheet or no table.
    """
    check_archive(data, where)
    book = _open(data, where)
    try:
        chosen, notes = _choose_sheet(book, where, names, sheet)
        rows = _read_chosen(data, book[chosen], f"{where}#{chosen}", max_rows)
        path = str(book[chosen]._worksheet_path)
    except InputError:
        raise
    except Exception as error:  # whatever a damaged part makes of the reader
        reason = str(error) or type(error).__name__
        raise unreadable(where, SOUND, reason, "save it again") from None
    finally:
        book.close()
    place = f"{where}#{chosen}"
    position = _skip_rows(rows, skip) if skip else find_header([r for _, r in rows], names)[0]
    if position >= len(rows):
        raise unreadable(place, "must not be empty", "no cells", "a header and one row")
    line, header = rows[position]
    while header and not header[-1]:
        header.pop()
    if position:
        notes.append(f"the header is row {line} of sheet {chosen!r}; the rows above are not read")
    width = len(header)
    notes += _note_gaps([n for n, _ in rows[position:]])
    kept, footer = drop_footer(
        [(n, _fit(cells, width)) for n, cells in rows[position + 1 :]], width if has_remarks else 0
    )
    return Table(
        where=place,
        header=tuple(header),
        header_line=line,
        rows=tuple((n, cells) for n, cells in kept if any(cells) and cells != header),
        delimiter="",
        problems=tuple(_find_empty_formulas(data, path, place)),
        notes=(*notes, *footer),
    )


def read_sheet_names(data: bytes, where: str) -> tuple[str, ...]:
    """Names of the sheets of a workbook.

    Raises
    ------
    InputError
        If it is no workbook, or is larger than the limits.
    """
    check_archive(data, where)
    book = _open(data, where)
    try:
        return tuple(sheet.title for sheet in book.worksheets)
    finally:
        book.close()


def _open(data: bytes, where: str) -> Any:
    import openpyxl  # takes 0.2 s: only where a workbook is read

    try:
        return openpyxl.load_workbook(
            io.BytesIO(data), read_only=True, data_only=True, keep_links=False
        )
    except Exception as error:  # openpyxl raises whatever a damaged part causes
        reason = str(error).strip("'\"") or type(error).__name__
        raise unreadable(where, SOUND, reason, "save it again") from None


def _choose_sheet(
    book: Any, where: str, names: Collection[str], wanted: str
) -> tuple[str, list[str]]:
    """Name of the sheet that is read, and notes."""
    sheets = [s.title for s in book.worksheets]
    shown = [s.title for s in book.worksheets if s.sheet_state == "visible"] or sheets
    if not sheets:
        raise unreadable(where, "must have a sheet of cells", "none", "a header and one row")
    if wanted:
        alike = [title for title in sheets if title.casefold() == wanted.casefold()]
        if not alike:
            raise unreadable(where, "must have the sheet", repr(wanted), _list_sheets(sheets))
        return alike[0], []
    if len(shown) == 1:
        return shown[0], []
    ranks = {}
    for title in shown:
        head = [cells for _, cells in _read_rows(book[title], where, HEAD_ROWS, is_head=True)]
        ranks[title] = (find_header(head, names)[1], bool(head))
    chosen = max(shown, key=lambda title: ranks[title])
    left = (t for t in shown if t != chosen and t.casefold() not in OF_OTHER_TABLES)
    others = ", ".join(map(repr, left))
    if not others:
        return chosen, []
    return chosen, [f"sheet {chosen!r} is read; not read: {others} (path.xlsx#sheet names one)"]


def _read_chosen(data: bytes, sheet: Any, where: str, most: int) -> _Rows:
    """Rows of the sheet that is read: the quick way, or cell by cell."""
    values = read_plain_values(data, str(sheet.title))
    if values is None or len(values) > most:
        return _read_rows(sheet, where, most)
    texts = ([_text(value) for value in row[:MAX_COLUMNS]] for row in values)
    return [(line, cells) for line, cells in enumerate(texts, start=1) if any(cells)]


def _read_rows(sheet: Any, where: str, most: int, *, is_head: bool = False) -> _Rows:
    """Rows with cells as text; empty ones left out."""
    sheet.reset_dimensions()  # what a writer says about the size is often wrong
    rows: _Rows = []
    cells = sheet.iter_rows(max_row=most if is_head else None)
    for line, values in enumerate(cells, start=1):
        if any(cell.value is not None for cell in values):
            texts = [_cell_text(cell) for cell in values[:MAX_COLUMNS]]
            if any(texts):
                rows.append((line, texts))
        if len(rows) > most + HEAD_ROWS:
            rule = f"must have at most {most:,} rows"
            raise unreadable(where, rule, "more", "give the rows that are needed")
    return rows


def _cell_text(cell: Any) -> str:
    """A cell as text; a number has the unit that its format shows."""
    text = _text(cell.value)
    if isinstance(text, TypedNumber):
        text.unit = read_format_unit(cell.number_format or "")
    return text


def _text(value: Any) -> str:
    """A cell as text; numbers keep their type, dates are written year first."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        is_whole = float(value).is_integer() and abs(value) < 1e15
        return TypedNumber(int(value) if is_whole else repr(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value).strip()


def _note_gaps(lines: Sequence[int]) -> Iterator[str]:
    """A note on empty rows between the others."""
    gaps = [n for a, b in pairwise(lines) for n in range(a + 1, b)]
    if gaps:
        shown = ", ".join(map(str, gaps[:5])) + (", ..." if len(gaps) > 5 else "")
        yield f"empty rows are skipped: {shown}"


def _skip_rows(rows: _Rows, skip: int) -> int:
    return next((i for i, (line, _) in enumerate(rows) if line > skip), len(rows))


def _fit(cells: list[str], width: int) -> list[str]:
    """A row as wide as the header; cells behind it stay only if they hold something."""
    while len(cells) > width and not cells[-1]:
        cells.pop()
    return cells + [""] * (width - len(cells))


def _find_empty_formulas(data: bytes, path: str, where: str) -> Iterator[Problem]:
    """A problem if formulas of the sheet hold no value: nobody has worked them out yet."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        empty = _EMPTY_FORMULA.findall(archive.read(path.lstrip("/")))
    if empty:
        first = empty[0].decode()
        got = f"{len(empty)} formulas without, the first in {first}"
        if len(empty) > 1:
            others = [name.decode() for name in empty[1:SHOWN]]
            got += f", then {', '.join(others)}" + (", ..." if len(empty) > SHOWN else "")
        right = "open and save the workbook in Excel or LibreOffice"
        yield wrong(f"{where}!{first}", "formula", "must hold a value", got, right)


def _list_sheets(sheets: Sequence[str]) -> str:
    return "sheets: " + ", ".join(map(repr, sheets[:20]))
