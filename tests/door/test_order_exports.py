"""Order books as other programs export them: their marks, days, titles, names and workbooks."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from factory_env.designs.catalogue import Catalogue
from factory_env.door.order_book import MAX_ORDERS, OrderBook, read_order_book
from factory_env.door.order_format import BookFormat
from factory_env.errors import InputError
from factory_env.presets import load_scenario
from factory_env.units import MIN_PER_DAY

HEADER = "order_id,style,quantity,release,due,price,priority,customer\n"


@pytest.fixture(scope="module")
def mid():  # type: ignore[no-untyped-def]
    scenario = load_scenario("mid")
    return scenario, Catalogue().collection(scenario.library.products, np.random.default_rng(0))


@pytest.fixture
def read(tmp_path: Path, mid):  # type: ignore[no-untyped-def]
    def reader(content: str | bytes, name: str = "orders.csv", **how: object) -> OrderBook:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_order_book(path, *mid, how=BookFormat(**how))  # type: ignore[arg-type]

    return reader


def quantities(book: OrderBook) -> list[int]:
    return [order.quantity for order in book.orders]


def span(book: OrderBook) -> list[tuple[float, float]]:
    """First and last day of every order, counted from the book's first Monday."""
    return [(o.release_min / MIN_PER_DAY, o.due_min / MIN_PER_DAY) for o in book.orders]


def refusal(read, content: str | bytes, **how: object) -> list[str]:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError) as caught:
        read(content, **how)
    return [str(problem) for problem in caught.value.problems]


EU = (
    "order_id;style;quantity;release;due;price;priority;customer\n"
    "A;tee-03;{};02.03.2026;10.03.2026;2,60;1;Haus Nord\n"
    "B;tee-04;{};02.03.2026;14.03.2026;2,60;1;Haus Süd\n"
)


@pytest.mark.parametrize(
    ("first", "second", "pieces"),
    [
        ("1.000", "12.000", [1000, 12_000]),  # the prices have a decimal comma
        ("1.000", "500", [1000, 500]),
        ("1 000", "12 000", [1000, 12_000]),
        ("1'000", "12'000", [1000, 12_000]),
        ("1.000,00", "12.000,00", [1000, 12_000]),
        ("860,000", "1020,000", [860, 1020]),  # three decimals, as the second row shows
        ("1.000 Stk", "500 Stk", [1000, 500]),
        ("10 dz", "20 dz", [120, 240]),
        ("1,2E+03", "500", [1200, 500]),
    ],
)
def test_thousands_are_thousands(read, first: str, second: str, pieces: list[int]) -> None:
    assert quantities(read(EU.format(first, second))) == pieces


def test_what_was_settled_is_said(read) -> None:
    assert "quantity: '1.000' is read as 1,000" in " ".join(read(EU.format("1.000", "500")).notes)


@pytest.mark.parametrize("price", ["3", "2,600"])
def test_a_mark_that_nothing_settles_is_refused_in_one_line_with_the_key_that_does(
    read, price: str
) -> None:
    text = EU.replace("2,60", price).format("1.000", "2.000")
    problems = refusal(read, text)
    assert len(problems) == (1 if price == "3" else 2)
    assert "orders.csv:2: quantity: must say whether its mark stands for thousands" in problems[0]
    assert "1 with a decimal point, 1000 with a decimal comma; 1 more like it" in problems[0]
    assert "orders_format.decimal=point" in problems[0]
    assert quantities(read(text, decimal="comma")) == [1000, 2000]


def test_pieces_are_not_made_fractions_by_the_prices(read) -> None:
    # 1.000 pieces beside 2.60 USD: one piece or a thousand, nobody can tell
    text = HEADER + "A,tee-01,1.000,0,12,2.60,1,N\nB,tee-01,3.000,0,12,2.60,1,N\n"
    assert "orders_format.decimal" in refusal(read, text)[0]


def test_a_currency_is_read_with_its_value_or_refused(read) -> None:
    for text in (
        HEADER + "A,tee-01,100,0,12,€2.60,1,N\n",
        HEADER + "A,tee-01,100,0,12,2.60 EUR,1,N\n",
        HEADER.replace("price", "Price (EUR)") + "A,tee-01,100,0,12,2.60,1,N\n",
        HEADER.replace("price", "price_eur") + "A,tee-01,100,0,12,2.60,1,N\n",
    ):
        (problem,) = refusal(read, text)
        assert "price: must be in USD" in problem
        assert read(text, usd_per_unit=1.5).orders[0].price_usd == pytest.approx(3.9)
    assert read(HEADER + "A,tee-01,100,0,12,$2.60,1,N\n").orders[0].price_usd == 2.6


def with_days(*pairs: tuple[str, str]) -> str:
    rows = (f'{i},tee-01,100,"{a}","{b}",2.60,1,N\n' for i, (a, b) in enumerate(pairs))
    return HEADER + "".join(rows)


@pytest.mark.parametrize(
    "pairs",
    [
        [("16/03/2026", "27/03/2026"), ("17/03/2026", "02/04/2026")],
        [("03/16/2026", "03/27/2026"), ("03/17/2026", "04/02/2026")],
        [("16-03-2026", "27-03-2026"), ("17-03-2026", "02-04-2026")],
        [("16.03.26", "27.03.26"), ("17.03.26", "02.04.26")],
        [("16-Mar-26", "27-Mar-26"), ("17-Mar-26", "02-Apr-26")],
        [("Mar 16, 2026", "Mar 27, 2026"), ("Mar 17, 2026", "Apr 2, 2026")],
        [("20260316", "20260327"), ("20260317", "20260402")],
        [("2026/03/16", "2026/03/27"), ("2026/03/17", "2026/04/02")],
        [("46097", "46108"), ("46098", "46114")],
        [("2026-03-16 00:00:00", "2026-03-27 00:00:00"), ("2026-03-17", "2026-04-02 00:00:00")],
        [("2026-03-16T00:00:00.000Z", "2026-03-27T00:00:00.000Z"), ("2026-03-17", "2026-04-02")],
        [("3/16/2026 12:00:00 AM", "3/27/2026 12:00:00 AM"), ("3/17/2026", "4/2/2026")],
        [("2026-03-16", "2026-03-27 23:59:59"), ("2026-03-17", "2026-04-02 23:59:59")],
    ],
)
def test_days_are_the_days_that_were_meant(read, pairs: list[tuple[str, str]]) -> None:
    book = read(with_days(*pairs))
    # due days end at midnight: 27 March is day 11 of the week of the 16th, 2 April is day 17
    assert book.first_day == date(2026, 3, 16)
    assert span(book) == [(0.0, 12.0), (1.0, 18.0)]


def test_an_order_of_one_day_is_one_also_if_its_days_are_written_with_midnight(read) -> None:
    midnight = "2026-03-02 00:00:00"
    assert span(read(with_days((midnight, midnight)))) == [(0.0, 1.0)]


def test_a_column_with_real_times_keeps_them(read) -> None:
    book = read(
        with_days(("2026-03-02 08:00", "2026-03-10 00:00"), ("2026-03-03", "2026-03-11 17:00"))
    )
    # the due day's midnight is a time here: the tenth begins, it does not end
    assert span(book) == [(8 / 24, 8.0), (1.0, 9 + 17 / 24)]


def test_days_that_nothing_settles_are_refused_in_one_line_and_settled_by_a_key(read) -> None:
    text = with_days(("02/03/2026", "05/04/2026"), ("03/03/2026", "06/04/2026"))
    problems = refusal(read, text)
    assert len(problems) == 2  # one for each column, not one for each row
    assert "could be 2 March or 3 February; 1 more like it" in problems[0]
    assert "orders_format.dates=dmy" in problems[0]
    assert read(text, dates="dmy").first_day == date(2026, 3, 2)
    assert read(text, dates="mdy").first_day == date(2026, 2, 2)


def test_a_column_with_a_value_over_twelve_settles_the_other_column(read) -> None:
    book = read(with_days(("02/03/2026", "16/03/2026")))
    assert span(book) == [(0.0, 15.0)]


def test_midnight_of_another_zone_is_refused(read) -> None:
    rows = [(f"2026-03-0{i}", f"2026-03-1{i}T18:00:00.000Z") for i in range(1, 5)]
    assert "the same time of another zone" in refusal(read, with_days(*rows))[0]


EXPORT = """Open orders;;;;;;;;
Plant 2, printed 01.03.2026;;;;;;;;

PO No.;Line;Item;Buyer;Order Qty (pcs);Material date;Ex-factory date;Delivery date;FOB (USD)
4500012;10;polo-01;Nord;1.200;02.03.2026;20.03.2026;30.03.2026;4,10
4500012;20;polo-02;Nord;12.500;02.03.2026;20.03.2026;30.03.2026;4,10
4500013;10;tee-01;Süd;800;03.03.2026;20.03.2026;30.03.2026;2,60
Total;;;;14.500;;;;
"""


def test_an_export_is_read_as_it_comes_and_all_that_was_taken_is_said(read) -> None:
    book = read(EXPORT)
    assert [o.order_id for o in book.orders] == ["4500012-10", "4500012-20", "4500013-10"]
    assert quantities(book) == [1200, 12_500, 800]
    assert span(book)[2] == (1.0, 19.0)  # the ex-factory date, not the delivery
    assert [o.customer for o in book.orders] == ["Nord", "Nord", "Süd"]
    notes = " | ".join(book.notes)
    for words in (
        "order_id from 'PO No.'",
        "due from 'Ex-factory date'",
        "due is not read from 'Delivery date'",
        "no column priority: 1",
        "the header is line 4",
        "rows of totals are not read: 8",
        "order and line together",
        "'1.200' is read as 1,200",
    ):
        assert words in notes
    other = read(EXPORT, columns={"due": "Delivery date"})
    assert span(other)[2] == (1.0, 29.0)


def test_a_column_that_lacks_can_be_given(read) -> None:
    text = "order,item,qty,due\nA,tee-01,100,2026-03-20\n"
    (problem,) = refusal(read, text)
    assert "orders_format.release=2026-03-02" in problem
    book = read(text, release="2026-03-02")
    assert span(book) == [(0.0, 19.0)]
    assert book.orders[0].price_usd > 0
    assert "no column price" in " ".join(book.notes)


def test_a_name_that_is_no_column_is_refused(read) -> None:
    text = HEADER + "A,tee-01,100,0,12,2.60,1,N\n"
    problems = refusal(read, text, columns={"due": "Cargo ready", "colour": "x"})
    assert (
        "orders_format.columns.due: must be a column of the file; got 'Cargo ready'" in problems[0]
    )
    assert "must name columns of a book; got 'colour'" in problems[1]


def workbook(path: Path, rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Orders"
    for row in rows:
        sheet.append(row)
    book.create_sheet("Notes").append(["nothing"])
    book.save(path)
    return path.read_bytes()


def test_a_workbook_with_titles_dates_and_text_is_a_book(read, tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Open orders"],
        [],
        ["PO No.", "Item", "Qty", "Material date", "Ship date", "Unit price"],
        ["A", "tee-01", 1200, datetime(2026, 3, 2), datetime(2026, 3, 20), 2.625],
        ["B", "tee-02", 800, datetime(2026, 3, 3), datetime(2026, 3, 20), 2.6],
        ["Total", None, 2000],
    ]
    content = workbook(tmp_path / "made.xlsx", rows)
    book = read(content, "book.xlsx")
    assert quantities(book) == [1200, 800]
    assert [o.price_usd for o in book.orders] == [2.625, 2.6]
    assert span(book) == [(0.0, 19.0), (1.0, 19.0)]
    assert "'Orders' is read" in " ".join(book.notes)


def test_a_problem_of_a_workbook_names_sheet_and_row(read, tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["order", "style", "qty", "release", "due"],
        ["A", "tee-01", -5, datetime(2026, 3, 2), datetime(2026, 3, 20)],
        ["B", "tee-01", "many", datetime(2026, 3, 2), "=TODAY()"],
    ]
    with pytest.raises(InputError) as caught:
        read(workbook(tmp_path / "made.xlsx", rows), "book.xlsx")
    text = str(caught.value)
    assert "book.xlsx#Orders:2: quantity: must be from 1" in text
    assert "book.xlsx#Orders:3: quantity: must be a number; got 'many'" in text
    assert "1 formulas without, the first in E3" in text


def test_more_orders_than_one_run_can_have_are_refused_at_once(read) -> None:
    text = HEADER + "A,tee-01,100,0,12,2.60,1,N\n" * (2 * MAX_ORDERS)
    (problem,) = refusal(read, text)
    assert f"at most {MAX_ORDERS:,} rows" in problem


def test_one_cause_is_one_line(read) -> None:
    rows = "".join(f"{i},tee-01,10{i}x,0,12,a,-1,N\n" for i in range(1000))
    assert len(refusal(read, HEADER + rows)) < 12


def test_a_long_cell_does_not_fill_the_screen(read) -> None:
    (problem,) = refusal(read, HEADER + f"A,tee-01,{'9' * 50_000},0,12,2.60,1,N\n")
    assert len(problem) < 400


def test_a_column_of_another_meaning_is_not_taken(read) -> None:
    text = "order_id,style,qty,release,due,Weight,Material,Target\n"
    book = read(text + "A,tee-01,100,0,12,0.2,cotton,9\n")
    assert book.orders[0].priority == 1.0
    assert "columns not used: 'Weight', 'Material', 'Target'" in book.notes


def test_dozens_of_a_header_are_dozens(read) -> None:
    assert quantities(read("order_id,style,Qty (dz),release,due\nA,tee-01,10,0,12\n")) == [120]
    with pytest.raises(InputError, match=r"must be a number; got '1\.2' in '000"):
        read("order_id,style,Qty ('000),release,due\nA,tee-01,1.2,0,12\n")


def test_the_error_of_a_formula_is_no_name(read) -> None:
    text = "order_id,style,qty,release,due,customer\n#REF!,tee-01,100,0,12,#N/A\n"
    problems = refusal(read, text)
    assert any("2: order_id: must hold a value; got #REF!" in p for p in problems)
    assert any("2: customer: must hold a value; got #N/A" in p for p in problems)
