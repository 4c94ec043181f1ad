"""Writes the tables of a run: a CSV file each, and one Excel workbook."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from experiments.command.run_folder import write_text
from experiments.report.tables.sheet import Column, Sheet
from factory_env.whole_file import write_whole

FOLDER: Final = "tables"
WORKBOOK: Final = "report.xlsx"
FORMATS: Final = {"count": "#,##0", "number": "#,##0.0", "money": "#,##0.00", "share": "0.0%"}
DAY_FORMAT, MOMENT_FORMAT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
WIDEST: Final = 40  # of a column, in characters
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would compute such a text
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # no workbook may hold these


def escape_formula(text: str) -> str:
    """A text that every spreadsheet shows as it stands.

    >>> escape_formula("=cmd|' /c calc'!A1")
    "'=cmd|' /c calc'!A1"
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def write_tables(sheets: Sequence[Sheet], folder: Path) -> None:
    """``tables/<name>.csv`` of every sheet in a run folder."""
    target = folder / FOLDER
    target.mkdir(exist_ok=True)
    for sheet in sheets:
        write_text(target / sheet.file_name, csv_text(sheet))


def csv_text(sheet: Sheet) -> str:
    """A sheet as the text of a CSV file."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow([escape_formula(column.header) for column in sheet.columns])
    rows.writerows([_csv_cell(value) for value in row] for row in sheet.rows)
    return text.getvalue()


def write_workbook(sheets: Sequence[Sheet], folder: Path, name: str = WORKBOOK) -> Path:
    """A workbook in a run folder: header frozen, columns wide enough, dates as dates."""
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(workbook.active)  # the empty first one
    for sheet in sheets:
        _fill(workbook.create_sheet(sheet.name), sheet)
    path = folder / name
    write_whole(path, workbook.save)
    return path


def _fill(page: Any, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    for number, column in enumerate(sheet.columns, 1):
        head = page.cell(1, number, column.header)
        head.font, head.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        longest = max(len(word) for word in column.header.split())
        for line, row in enumerate(sheet.rows, 2):
            shown = _set_cell(page.cell(line, number), row[number - 1], column)
            longest = max(longest, len(shown))
        page.column_dimensions[get_column_letter(number)].width = min(longest, WIDEST) + 2
    page.freeze_panes = "B2"
    page.auto_filter.ref = page.dimensions


def _set_cell(cell: Any, value: Any, column: Column) -> str:
    """Put a value into a cell; returns about what is seen of it."""
    if isinstance(value, str):
        value = _CONTROL.sub("", value)
        cell.value = value
        if value.startswith(_FORMULA):
            cell.data_type = "s"  # a text, whatever it looks like
            cell.quotePrefix = True
        return value
    cell.value = value
    if isinstance(value, datetime):
        cell.number_format = MOMENT_FORMAT
        return MOMENT_FORMAT
    if isinstance(value, date):
        cell.number_format = DAY_FORMAT
        return DAY_FORMAT
    if column.kind in FORMATS:
        cell.number_format = FORMATS[column.kind]
    return "" if value is None else f"{value:,.2f}"


def _csv_cell(value: Any) -> Any:
    if isinstance(value, str):
        return escape_formula(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.6g}" if abs(value) < 1e6 else f"{value:.2f}"
    return "" if value is None else value
