"""Every table of an answer as a sheet: dates as dates, heads frozen, verdicts in colour."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from experiments.futures.report.facts import Answered, Facts
from experiments.futures.report.sheets import list_sheets
from experiments.report.tables.files import DAY_FORMAT, FORMATS, MOMENT_FORMAT
from experiments.report.tables.sheet import Column, Sheet
from factory_env.whole_file import write_whole

FILE: Final = "answer.xlsx"
NARROWEST: Final = 9
WIDEST: Final = 42  # of a column, in characters
SENTENCE: Final = 110  # of the sheet of words
GOOD: Final = {"bg_color": "#D6E6F5", "font_color": "#0B4A7F"}
BAD: Final = {"bg_color": "#FBE3D0", "font_color": "#8A3B00"}
TONES: Final = {
    "better": GOOD,
    "saved": GOOD,
    "worse": BAD,
    "turns late": BAD,
    "new": {"bg_color": "#E8E8E8"},
}
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # no workbook may hold these


def write_workbook(answer: Answered, folder: Path) -> Path:
    """``answer.xlsx``."""
    return write_sheets(list_sheets(Facts(answer)), folder / FILE)


def write_sheets(sheets: Sequence[Sheet], path: Path) -> Path:
    """Sheets as a workbook, whole or not at all."""
    from xlsxwriter import Workbook

    def save(target: Any) -> None:
        options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
        with Workbook(str(target), options) as book:
            formats = _formats(book)
            for sheet in sheets:
                _fill(book.add_worksheet(sheet.name[:31]), sheet, formats)

    write_whole(path, save)
    return path


def _formats(book: Any) -> Mapping[str, Any]:
    kinds = {kind: book.add_format({"num_format": text}) for kind, text in FORMATS.items()}
    tones = {word: book.add_format(look) for word, look in TONES.items()}
    return {
        **kinds,
        **tones,
        "text": book.add_format({"valign": "top"}),
        "words": book.add_format({"text_wrap": True, "valign": "top"}),
        "day": book.add_format({"num_format": DAY_FORMAT, "align": "left"}),
        "moment": book.add_format({"num_format": MOMENT_FORMAT, "align": "left"}),
        "head": book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#EDF0F3"}
        ),
        "bar": {
            "type": "data_bar",
            "bar_color": "#9CC3E5",
            "bar_solid": True,
            "min_type": "num",
            "min_value": 0,
            "max_type": "num",
            "max_value": 1,
        },
    }


def _fill(page: Any, sheet: Sheet, formats: Mapping[str, Any]) -> None:
    last = len(sheet.rows)
    is_words = len(sheet.columns) == 1
    page.freeze_panes(1, 0 if is_words else 1)
    if not is_words:
        page.autofilter(0, 0, last, len(sheet.columns) - 1)
    for number, column in enumerate(sheet.columns):
        page.write_string(0, number, column.header, formats["head"])
        widest = max(len(word) for word in column.header.split())
        for line, row in enumerate(sheet.rows, 1):
            text = _write_cell(page, (line, number), row[number], column, formats, is_words)
            widest = max(widest, len(text))
        page.set_column(number, number, _width(widest, is_words))
        if column.kind == "share":
            page.conditional_format(1, number, last, number, formats["bar"])
        if column.kind == "text" and not is_words:
            _colour_words(page, (1, number, last, number), formats)


def _width(widest: int, is_words: bool) -> int:
    return SENTENCE if is_words else min(max(widest, NARROWEST), WIDEST) + 2


def _colour_words(page: Any, place: tuple[int, int, int, int], formats: Mapping[str, Any]) -> None:
    """Verdicts; the words tell what the colours tell."""
    for word in TONES:
        rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": formats[word]}
        page.conditional_format(*place, rule)


def _write_cell(
    page: Any,
    at: tuple[int, int],
    value: Any,
    column: Column,
    formats: Mapping[str, Any],
    is_words: bool,
) -> str:
    """Put a value into a cell; returns about what is seen of it."""
    if value is None:
        page.write_blank(*at, None)
        return ""
    if isinstance(value, datetime):
        page.write_datetime(*at, value, formats["moment"])
        return MOMENT_FORMAT
    if isinstance(value, date):
        page.write_datetime(*at, value, formats["day"])
        return DAY_FORMAT
    if isinstance(value, str):
        text = _CONTROL.sub("", value)
        page.write_string(*at, text, formats["words" if is_words else "text"])
        return text
    page.write_number(*at, value, formats.get(column.kind))
    return f"{value:,.2f}"
