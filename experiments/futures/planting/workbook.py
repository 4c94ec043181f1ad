"""A plant as one Excel workbook: a sheet for each subject, with lists to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from pathlib import Path
from typing import Any, Final

from experiments.futures.planting.content import BULLETIN, ORDER, SETTINGS, PlantContent, Row
from experiments.futures.planting.words import READ_ME, TITLES
from factory_env.door.plants import layout
from factory_env.door.plants.hours import HOLIDAY_COLUMNS
from factory_env.library import rows
from factory_env.whole_file import write_whole

HEADER_ROW: Final = 2  # counted from 0; above it stand a title and what to do
SPARE_ROWS: Final = 500  # below the table, in which lists to choose from are offered, too
LISTS: Final = "lists"


def write_workbook(path: Path, content: PlantContent) -> None:
    """Write it, whole or not at all."""
    write_whole(path, lambda part: _Writer(part).write(content))


class _Writer:
    """Writes sheet after sheet."""

    def __init__(self, path: Path) -> None:
        import xlsxwriter  # takes a tenth of a second

        self._book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
        font = {"font_name": "Arial", "font_size": 10}
        add = self._book.add_format
        self._plain = add({**font, "valign": "top"})
        self._title = add({**font, "bold": True, "font_size": 14, "font_color": "#1F3A5F"})
        self._told = add({**font, "italic": True, "font_color": "#666666"})
        head = {"bold": True, "bg_color": "#DCE6F1", "bottom": 1, "text_wrap": True}
        self._head = add({**font, **head, "valign": "top"})
        self._input = add({**font, "bg_color": "#FFFBE6", "border": 1, "border_color": "#DDDDDD"})
        self._date = add({**font, "num_format": "yyyy-mm-dd", "bg_color": "#FFFBE6", "border": 1})
        self._clock = add({**font, "num_format": "hh:mm", "bg_color": "#FFFBE6", "border": 1})
        for form in (self._date, self._clock):
            form.set_border_color("#DDDDDD")
            form.set_align("left")

    def write(self, content: PlantContent) -> None:
        """All sheets."""
        self._write_read_me()
        self._settings(layout.PLANT, content.plant)
        self._lines(content)
        self._matrix(layout.SKILLS, content.products, "factor", content.skills)
        self._matrix(layout.MACHINES, content.codes, "machines", content.machines)
        self._hours(content)
        sheet = self._table(layout.HOLIDAYS, HOLIDAY_COLUMNS, content.holidays, (12, 44, 10))
        self._choose(sheet, 2, ["yes", "no"], len(content.holidays))
        sheet = self._table(layout.BULLETINS, BULLETIN, content.bulletins, (14, 40, 12, 12, 8))
        self._choose(sheet, 2, [row["machine"] for row in _line_machines()], len(content.bulletins))
        self._choose(sheet, 4, ["A", "B", "C", "D", "E"], len(content.bulletins))
        widths = (14, 18, 12, 12, 12, 12, 10, 10, 20)
        sheet = self._table(layout.ORDERS, ORDER, content.orders, widths)
        self._choose(sheet, 2, content.products, len(content.orders), strict=False)
        if content.people:
            self._settings(layout.PEOPLE, content.people)
        self._write_lists()
        self._book.close()

    def _write_read_me(self) -> None:
        sheet = self._book.add_worksheet("read me")
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 18)
        sheet.set_column(1, 1, 100)
        for i, (word, text) in enumerate(READ_ME):
            sheet.write(i, 0, word, self._title if i == 0 else self._head if word else self._plain)
            wide = self._book.add_format({"font_name": "Arial", "font_size": 10, "text_wrap": True})
            sheet.write(i, 1, text, wide)

    def _table(self, name: str, header: Sequence[str], body: Sequence[Row], widths: Row) -> Any:
        sheet = self._book.add_worksheet(name)
        title, told = TITLES[name]
        sheet.write(0, 0, title, self._title)
        sheet.write(1, 0, told, self._told)
        for i, cell in enumerate(header):
            sheet.write(HEADER_ROW, i, cell, self._head)
            sheet.set_column(i, i, widths[i] if i < len(widths) else widths[-1])
        sheet.set_row(HEADER_ROW, 30)  # two lines: a name and its unit
        sheet.freeze_panes(HEADER_ROW + 1, 1)
        for r, row in enumerate(body, start=HEADER_ROW + 1):
            for c, value in enumerate(row):
                self._cell(sheet, r, c, value)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return sheet

    def _cell(self, sheet: Any, row: int, column: int, value: Any) -> None:
        if value is None:
            sheet.write_blank(row, column, None, self._input)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, self._date)
        elif isinstance(value, time):
            sheet.write_datetime(row, column, value, self._clock)
        elif isinstance(value, str):
            sheet.write_string(row, column, value, self._input)
        else:
            sheet.write_number(row, column, value, self._input)

    def _settings(self, name: str, body: Sequence[Row]) -> Any:
        sheet = self._table(name, SETTINGS, body, (26, 16, 14, 70))
        for r, row in enumerate(body, start=HEADER_ROW + 1):
            for c in (0, 2, 3):
                sheet.write(r, c, row[c], self._plain)
        return sheet

    def _lines(self, content: PlantContent) -> None:
        entries = layout.LINE_COLUMNS
        header = [f"{e.title} [{e.unit}]" if e.unit else e.title for e in entries]
        sheet = self._table(layout.LINES, header, content.lines, (16, 14, 26, 12, 12, 12))
        for i, entry in enumerate(entries):
            sheet.write_comment(HEADER_ROW, i, entry.meaning)
        self._choose(sheet, 1, ["knit", "woven"], len(content.lines))
        rule = {"validate": "integer", "criteria": ">=", "value": 1}
        last = HEADER_ROW + len(content.lines) + SPARE_ROWS
        sheet.data_validation(HEADER_ROW + 1, 3, last, 5, {**rule, "ignore_blank": True})

    def _matrix(self, name: str, keys: Sequence[str], unit: str, body: Sequence[Row]) -> None:
        header = ["line", *(f"{key} [{unit}]" for key in keys)]
        sheet = self._table(name, header, body, (16, 11))
        known = {row["machine"]: row["name"] for row in _line_machines()}
        for i, key in enumerate(keys, start=1):
            if key in known:
                sheet.write_comment(HEADER_ROW, i, known[key])

    def _hours(self, content: PlantContent) -> None:
        sheet = self._settings(layout.CALENDAR, content.calendar)
        for r, row in enumerate(content.calendar, start=HEADER_ROW + 1):
            if row[0] in layout.DAYS:
                sheet.data_validation(r, 1, r, 1, {"validate": "list", "source": ["yes", "no"]})
            elif row[0] == layout.COUNTRY.title:
                source = f"={LISTS}!$A$1:$A${len(_countries())}"
                sheet.data_validation(r, 1, r, 1, {"validate": "list", "source": source})

    def _choose(
        self, sheet: Any, column: int, words: Sequence[str], count: int, *, strict: bool = True
    ) -> None:
        """Offer a list in a column, also below the table."""
        rule = {"validate": "list", "source": list(words), "error_type": "stop"}
        if not strict:  # one's own words do as well
            rule["error_type"] = "information"
        last = HEADER_ROW + count + SPARE_ROWS
        sheet.data_validation(HEADER_ROW + 1, column, last, column, rule)

    def _write_lists(self) -> None:
        sheet = self._book.add_worksheet(LISTS)
        sheet.write_column(0, 0, _countries())
        sheet.hide()


def _line_machines() -> list[dict[str, str]]:
    return [row for row in rows("machines.csv") if row["place"] == "line"]


def _countries() -> list[str]:
    from holidays import list_supported_countries

    return sorted(name for name in list_supported_countries() if len(name) == 2)
