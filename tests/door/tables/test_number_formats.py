"""Units that a workbook shows beside its numbers by their formats."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from factory_env.door.tables.cell_number import read_cell
from factory_env.door.tables.number_formats import read_format_unit
from factory_env.door.tables.reading import read_table


@pytest.mark.parametrize(
    ("number_format", "unit"),
    [
        ('0" dz"', "dz"),
        ("#,##0.00 [$€-407]", "€"),
        ('"GBP" 0.00', "GBP"),
        ('0.0,"k"', ""),
        ('0"k"', "k"),
        ("General", ""),
        ('_-* #,##0.00_-;-* #,##0.00_-;_-* "-"??_-', ""),
    ],
)
def test_a_format_shows_a_unit(number_format: str, unit: str) -> None:
    assert read_format_unit(number_format) == unit


def test_a_number_has_the_unit_of_its_format(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["order_id", "quantity"])
    book.active.append(["A", 500])
    book.active["B2"].number_format = '0" dz"'
    book.save(tmp_path / "book.xlsx")
    table = read_table(tmp_path / "book.xlsx", names=("order_id", "quantity"))
    number = read_cell(table.column(1)[0])
    assert number is not None
    assert (number.value, number.unit) == (500.0, "dz")
