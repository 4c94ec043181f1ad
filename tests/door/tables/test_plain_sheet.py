"""The quick way into a sheet gives what the slow way gives, or leaves the sheet to it."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from factory_env.door.tables import workbook
from factory_env.door.tables.plain_sheet import read_plain_values
from factory_env.door.tables.reading import read_table

NAMES = ("order", "style", "pieces", "due")


def draw_cell(luck: random.Random) -> Any:
    day = datetime(2026, 1, 1) + timedelta(days=luck.randrange(900))
    return luck.choice(
        [
            *(None, "", "  two words ", "1.000", "=", "Größe 工厂", True, False),
            *(luck.randrange(-5, 5000), luck.random(), 1e14, 0.1 + 0.2, day.date()),
            *(day, day + timedelta(seconds=luck.randrange(86_400)), time(luck.randrange(24), 30)),
            timedelta(hours=luck.randrange(1, 60)),
        ]
    )


def write_drawn(path: Path, seed: int) -> None:
    luck = random.Random(seed)
    book = openpyxl.Workbook(write_only=bool(seed % 2))
    sheet = book.create_sheet("Orders", 0)
    for row in ([], ["Open orders"], [], list(NAMES)):
        sheet.append(row)
    for _ in range(30):
        row = [draw_cell(luck) for _ in range(luck.randrange(7))]
        sheet.append([None if value == "=" else value for value in row])
    book.save(path)


@pytest.mark.parametrize("seed", range(8))
def test_both_ways_give_the_same_table(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "t.xlsx"
    write_drawn(path, seed)
    assert read_plain_values(path.read_bytes(), "Orders") is not None
    quick = read_table(f"{path}#Orders", names=NAMES)
    monkeypatch.setattr(workbook, "read_plain_values", lambda data, sheet: None)
    assert read_table(f"{path}#Orders", names=NAMES) == quick


def save(path: Path, cell: Any, form: str = "General", at: str = "C2") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "Orders"
    book.active.append(list(NAMES))
    book.active[at] = cell
    book.active[at].number_format = form
    book.save(path)
    return path.read_bytes()


@pytest.mark.parametrize("form", ['0" dz"', "#,##0.00 [$€-407]", '"$"#,##0.00_);("$"#,##0.00)'])
def test_a_number_whose_format_shows_a_unit_takes_the_slow_way(tmp_path: Path, form: str) -> None:
    path = tmp_path / "t.xlsx"
    assert read_plain_values(save(path, 5, form), "Orders") is None
    cell = read_table(path, names=NAMES).rows[0][1][2]
    assert getattr(cell, "unit", "") in ("dz", "€", "$")


def test_errors_and_a_cell_far_away_take_the_slow_way(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    assert read_plain_values(save(path, "#REF!"), "Orders") is None
    assert read_table(path, names=NAMES).rows[0][1][2] == "#REF!"
    assert read_plain_values(save(path, 5, at="XFD1048576"), "Orders") is None


def test_a_sheet_is_found_by_its_name_among_others(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "t.xlsx")
    for name in ("Notes", "A & B", "Orders"):
        book.add_worksheet(name).write_row(0, 0, [name, date(2026, 1, 1).isoformat()])
    book.close()
    data = (tmp_path / "t.xlsx").read_bytes()
    assert read_plain_values(data, "A & B") == [["A & B", "2026-01-01"]]
    assert read_plain_values(data, "Missing") is None
