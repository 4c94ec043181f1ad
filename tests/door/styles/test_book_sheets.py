"""One workbook holds orders, styles and bulletins; its sheets mean what the files mean."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl

from experiments.building.scenario import FactoryConfig, with_own_sheets
from factory_env.door.styles.book_sheets import find_own_sheets
from factory_env.door.styles.style_file import read_own_work
from tests.door.styles.own_files import BOMBER, STYLES, write_files

ORDERS = "order_id,style,quantity\nA,AB-100,100\n"


def write_book(path: Path, **sheets: str) -> str:
    """A workbook with a sheet for each text."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, text in sheets.items():
        sheet = book.create_sheet(name)
        for row in csv.reader(text.splitlines()):
            sheet.append(row)
    book.save(path)
    return str(path)


def test_sheets_are_found_whatever_their_capitals(tmp_path) -> None:
    book = write_book(tmp_path / "b.xlsx", Orders=ORDERS, Styles=STYLES, BULLETINS=BOMBER)
    assert find_own_sheets(book) == {"styles": f"{book}#Styles", "bulletins": f"{book}#BULLETINS"}
    assert find_own_sheets(f"{book}#Orders") == find_own_sheets(book)
    assert find_own_sheets(write_book(tmp_path / "c.xlsx", Orders=ORDERS)) == {}
    assert find_own_sheets(tmp_path / "orders.csv") == find_own_sheets("none.xlsx") == {}


def test_a_named_file_goes_before_a_sheet(tmp_path) -> None:
    book = write_book(tmp_path / "b.xlsx", orders=ORDERS, styles=STYLES)
    config, notes = with_own_sheets(FactoryConfig(), book)
    assert config.styles == f"{book}#styles"
    assert "the sheets styles are read" in notes[0]
    assert with_own_sheets(FactoryConfig(styles="mine.csv"), book)[0].styles == "mine.csv"
    assert with_own_sheets(FactoryConfig(), None) == (FactoryConfig(), ())


def test_a_sheet_says_what_the_file_says(tmp_path) -> None:
    lines = BOMBER.splitlines()
    bulletins = [f"bulletin,{lines[0]}", *(f"bomber.csv,{line}" for line in lines[1:-1])]
    text = "\n".join(bulletins).replace("bomber.csv", "bomber")
    book = write_book(tmp_path / "b.xlsx", styles=STYLES, bulletins=text)
    sheets, files = (
        read_own_work(*paths)
        for paths in ((f"{book}#styles", f"{book}#bulletins"), write_files(tmp_path))
    )
    assert sheets.styles == files.styles
    assert sheets.products == files.products
