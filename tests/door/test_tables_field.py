"""Tables as they came from the field, each with its right values."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from factory_env.designs.catalogue import Catalogue
from factory_env.door.daily_records import read_daily_records
from factory_env.door.order_book import OrderBook, read_order_book
from factory_env.door.tables.reading import read_table
from factory_env.errors import InputError
from factory_env.presets import load_scenario
from factory_env.units import MIN_PER_DAY
from tests.conftest import ROOT

FIELD = ROOT / ".." / "shared" / "field"
pytestmark = pytest.mark.skipif(
    not FIELD.is_dir(), reason="the folder ../shared/field is not beside this checkout"
)


@pytest.fixture(scope="module")
def read():  # type: ignore[no-untyped-def]
    scenario = load_scenario("mid")
    styles = Catalogue().collection(scenario.library.products, np.random.default_rng(0))

    def reader(name: str | Path) -> OrderBook:
        return read_order_book(FIELD / name, scenario, styles)

    return reader


@pytest.mark.parametrize(
    ("name", "quantities"),
    [
        ("01_thousands_dot/orders_plain.csv", [1000, 3000, 2000, 12_000]),
        ("01_thousands_dot/orders_eu.csv", [1000, 3000, 2000, 12_000]),
        ("01_thousands_dot/orders_us_quoted.csv", [1000]),
        ("01_thousands_dot/orders_us_tab.tsv", [1000, 3000, 2000]),
        ("03_sep_line/orders_sep.csv", [1000, 3000, 2000, 12_000]),
        ("08_encodings/orders_unicode_text.txt", [1000, 3000, 2000]),
    ],
)
def test_thousands_are_thousands(read, name: str, quantities: list[int]) -> None:
    assert [order.quantity for order in read(name).orders] == quantities


MIDNIGHT = [(0.0, 9.0), (0.0, 13.0), (0.0, 11.0), (0.0, 10.0)]
DATES = [(0.0, 12.0), (1.0, 16.0), (2.0, 15.0)]


@pytest.mark.parametrize(
    ("name", "first_day", "days"),
    [
        *(
            (f"02_midnight_due/orders_{n}.csv", date(2026, 3, 2), MIDNIGHT)
            for n in ("date", "midnight", "js", "pandas_utc")
        ),
        ("02_midnight_due/orders_same_day.csv", date(2026, 3, 2), [(0.0, 1.0), *MIDNIGHT[1:]]),
        ("05_dates/orders_yyyy_slash.csv", date(2026, 3, 2), MIDNIGHT),
        *(
            (f"05_dates/orders_{n}.csv", date(2026, 3, 16), DATES)
            for n in (
                "dd-mm-yyyy",
                "dd_mon_yy",
                "ddmmyyyy_clear",
                "dotted_seconds",
                "dotted_yy",
                "yyyymmdd",
            )
        ),
    ],
)
def test_days_are_the_days_that_were_meant(
    read, name: str, first_day: date, days: list[tuple[float, float]]
) -> None:
    book = read(name)
    assert book.first_day == first_day
    assert [(o.release_min / MIN_PER_DAY, o.due_min / MIN_PER_DAY) for o in book.orders] == days


BOOKS = [
    "01_thousands_dot/orders_eu.csv",
    "01_thousands_dot/orders_us_quoted.csv",
    "01_thousands_dot/orders_us_tab.tsv",
    "02_midnight_due/orders_midnight.csv",
    "02_midnight_due/orders_same_day.csv",
    "05_dates/orders_dd-mm-yyyy.csv",
    "05_dates/orders_dotted_seconds.csv",
    "08_encodings/orders_unicode_text.txt",
]


@pytest.mark.parametrize("name", BOOKS)
def test_a_book_means_the_same_as_a_sheet_of_texts(read, tmp_path: Path, name: str) -> None:
    table = read_table(FIELD / name)
    book = openpyxl.Workbook()
    for row in (["Open orders"], [], table.header, *(cells for _, cells in table.rows)):
        book.active.append(list(row))
    book.active.merge_cells("A1:D1")
    book.save(tmp_path / "book.xlsx")
    assert read(tmp_path / "book.xlsx").orders == read(name).orders


def test_midnights_of_a_sheet_are_days(read, tmp_path: Path) -> None:
    table = read_table(FIELD / "02_midnight_due/orders_midnight.csv")
    book = openpyxl.Workbook()
    book.active.append(list(table.header))
    days = [table.header.index(name) for name in ("release", "due")]
    for _, cells in table.rows:
        typed = [datetime.fromisoformat(c) if i in days else c for i, c in enumerate(cells)]
        book.active.append(typed)
    book.save(tmp_path / "book.xlsx")
    assert [o.due_min for o in read(tmp_path / "book.xlsx").orders] == [
        due * MIN_PER_DAY for _, due in MIDNIGHT
    ]


def test_the_example_with_midnights_is_the_example(read) -> None:
    plain = read(ROOT / "examples" / "orders.csv").orders
    midnight = read("02_midnight_due/example_midnight.csv").orders
    assert [(o.due_min, o.quantity) for o in midnight] == [(o.due_min, o.quantity) for o in plain]


def test_a_byte_order_mark_is_no_letter_and_another_encoding_is_refused(read) -> None:
    assert len(read("08_encodings/orders_bom_crlf.csv").orders) == 36
    with pytest.raises(InputError, match="must be UTF-8"):
        read("08_encodings/orders_cp1252.csv")


@pytest.mark.parametrize(
    ("name", "rows", "last"),
    [
        ("dotted.csv", 240, date(2015, 2, 16)),
        ("line_names.csv", 240, date(2015, 2, 16)),
        ("thousands_tab_us.tsv", 240, date(2015, 2, 16)),
        ("constant_productivity.csv", 240, date(2015, 2, 16)),
        ("excel_mixed_long.csv", 480, date(2015, 4, 4)),
    ],
)
def test_records_lose_no_row(name: str, rows: int, last: date) -> None:
    records = read_daily_records(FIELD / "32_records" / name)
    assert len(records.sewing) == rows
    assert records.rows_left_out == 0
    assert date.fromordinal(int(records.working_days[-1])) == last
    assert not any("days off" in note for note in records.notes)


def test_overtime_of_thousands_is_what_the_plain_file_says() -> None:
    plain = read_daily_records(FIELD / "32_records" / "dotted.csv").sewing
    tabs = read_daily_records(FIELD / "32_records" / "thousands_tab_us.tsv").sewing
    assert np.array_equal(plain.overtime_min, tabs.overtime_min)
    assert np.array_equal(plain.wip, tabs.wip)
