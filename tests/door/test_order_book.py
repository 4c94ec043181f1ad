"""Order books: what is accepted, and that every kind of mistake is found and named."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from factory_env.designs.catalogue import Catalogue
from factory_env.domain.product import Style
from factory_env.domain.scenario import Scenario
from factory_env.door.order_book import OrderBook, read_order_book
from factory_env.errors import InputError
from factory_env.presets import load_scenario
from factory_env.units import MIN_PER_DAY

HEADER = "order_id,style,quantity,release,due,price,priority,customer\n"
GOOD = "A,tee-01,100,0,12,2.5,1,Northgate\n"


@pytest.fixture(scope="module")
def styles(small: Scenario) -> tuple[Style, ...]:
    import numpy as np

    return Catalogue().collection(small.library.products, np.random.default_rng(0))


@pytest.fixture(scope="module")
def no_jackets(small: Scenario) -> Scenario:
    """The small plant, where nobody can sew jackets."""
    lines = tuple(
        replace(line, skills={k: v for k, v in line.skills.items() if k != "jacket"})
        for line in small.plant.lines
    )
    return small.replace(plant=replace(small.plant, lines=lines))


@pytest.fixture
def read(tmp_path: Path, no_jackets: Scenario, styles: tuple[Style, ...]):  # type: ignore[no-untyped-def]
    def reader(content: str | bytes, **options: float) -> OrderBook:
        path = tmp_path / "orders.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_order_book(path, no_jackets, styles, **options)

    return reader


def problems_of(read, content: str | bytes, **options: float) -> list[str]:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError) as caught:
        read(content, **options)
    return [str(p) for p in caught.value.problems]


def test_a_good_row_becomes_an_order(read) -> None:
    (order,) = read(HEADER + GOOD).orders
    assert (order.order_id, order.style_id, order.quantity) == ("A", "tee-01", 100)
    assert (order.price_usd, order.priority, order.customer) == (2.5, 1.0, "Northgate")
    assert order.release_min == 0.0
    assert order.due_min == 13 * MIN_PER_DAY  # the end of day 12
    assert not order.is_rush


def test_a_product_name_is_not_its_first_style(read) -> None:
    book = read(HEADER + GOOD.replace("tee-01", "Polo"))
    assert book.orders[0].style_id == "Polo (A)"
    assert [s.product.name for s in book.styles] == ["polo"]


def test_a_time_of_day_in_the_due_date_is_kept(read) -> None:
    assert read(HEADER + GOOD.replace(",12,", ",12.5,")).orders[0].due_min == 12.5 * MIN_PER_DAY


def test_a_release_before_the_run_counts_from_its_start(read) -> None:
    assert read(HEADER + GOOD.replace(",0,", ",-3,")).orders[0].release_min == 0.0


@pytest.mark.parametrize(
    ("release", "due"),
    [
        ("2026-03-04", "2026-03-12"),
        ("04.03.2026", "12.03.2026"),
        ("2026-03-04 00:00", "2026-03-12"),
    ],
)
def test_dates_count_from_the_monday_before_the_first_release(read, release: str, due: str) -> None:
    book = read(HEADER + f"A,tee,100,{release},{due},2.5,1,N\n")
    assert book.first_day == date(2026, 3, 2)
    assert book.orders[0].release_min == 2 * MIN_PER_DAY
    assert book.orders[0].due_min == 11 * MIN_PER_DAY


def test_a_high_priority_is_a_rush_order(read) -> None:
    assert read(HEADER + GOOD.replace(",1,North", ",2,North")).orders[0].is_rush


def test_spreadsheet_ways_are_understood(read) -> None:
    text = "Order ID;Style;Quantity;Release;Due;Price;Priority;Customer;Colour\n"
    text += "A;tee;100;0;12;2,50;1;Müller;red\n\n"
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        book = read(text.encode(encoding))
        assert book.orders[0].price_usd == 2.5
        assert book.orders[0].customer == "Müller"
        assert "Colour" in book.notes[0]


@pytest.mark.parametrize(
    ("row", "words", "reason"),
    [
        ("A,teee,100,0,12,2.5,1,N", ["'teee'", "did you mean tee"], "unknown style"),
        ("A,jacket,100,0,12,2.5,1,N", ["'jacket'", "sewn here: dress"], "unsewable"),
        ("A,tee,-100,0,12,2.5,1,N", ["quantity", "'-100'"], "negative quantity"),
        ("A,tee,0,0,12,2.5,1,N", ["quantity", "'0'"], "nothing ordered"),
        ("A,tee,1000001,0,12,2.5,1,N", ["quantity", "1,000,000"], "absurd quantity"),
        ("A,tee,10.5,0,12,2.5,1,N", ["quantity", "whole pieces"], "half a piece"),
        ("A,tee,many,0,12,2.5,1,N", ["quantity", "'many'"], "no number"),
        ("A,tee,NaN,0,12,2.5,1,N", ["quantity", "must be a number"], "NaN"),
        ("A,tee,,0,12,2.5,1,N", ["quantity", "got nothing"], "empty field"),
        ("A,tee,100,13,12,2.5,1,N", ["due", "before the release"], "due before release"),
        ("A,tee,100,0,12,-2.5,1,N", ["price", "'-2.5'"], "negative price"),
        ("A,tee,100,0,12,inf,1,N", ["price", "'inf'"], "infinite price"),
        ("A,tee,100,0,12,2.5,0,N", ["priority", "more than 0"], "no priority"),
        (",tee,100,0,12,2.5,1,N", ["order_id", "must be given"], "no id"),
        ("A,tee,100,02/03/2026,12,2.5,1,N", ["2 March or 3 February", "YYYY-MM-DD"], "slashes"),
        ("A,tee,100,2026-02-30,12,2.5,1,N", ["release", "2026-02-30"], "no such day"),
        ("A,tee,100,46000,12,2.5,1,N", ["serial number"], "spreadsheet's own day"),
        ("A,tee,100,soon,12,2.5,1,N", ["release", "'soon'"], "a word"),
        ("A,tee,100,0,2026-03-12,2.5,1,N", ["written one way"], "two ways in a file"),
        ("A,tee,100,800,812,2.5,1,N", ["before the run ends"], "release after two years"),
        ("A,tee,100,0,9999,2.5,1,N", ["due", "check the year"], "due in another age"),
        ("A,tee,100,0,12,2.5,1", ["8 fields", "got 7"], "too few fields"),
        ('A,tee,100,0,12,2.5,1,"N', ["well-formed"], "open quote"),
    ],
)
def test_a_wrong_row_is_reported_with_file_and_line(
    read, row: str, words: list[str], reason: str
) -> None:
    found = problems_of(read, HEADER + "Z,tee,100,0,12,2.5,1,N\n" + row + "\n")
    assert all("orders.csv:3" in p for p in found), reason
    assert any(all(w in p for w in words) for p in found), (reason, found)


def test_a_release_after_the_horizon_is_refused(read) -> None:
    (found,) = problems_of(read, HEADER + GOOD.replace(",0,12", ",70,90"), horizon_days=70)
    assert "must be before the run ends (day 70)" in found


def test_ids_are_unique(read) -> None:
    (found,) = problems_of(read, HEADER + GOOD + GOOD)
    assert "orders.csv:3: order_id: must be unique; got 'A', also in line 2" in found


def test_all_problems_of_a_file_are_listed_at_once(read) -> None:
    found = problems_of(
        read, HEADER + "A,teee,-1,0,12,x,1,N\nA,jacket,100,5,2,2.5,0,N\nB,teee,1,0,1,1,1,N\n"
    )
    lines = [(p.split(":")[1], p.split(": ")[1]) for p in found]
    assert lines == [
        ("2", "quantity"),
        ("2", "price"),
        ("2", "style"),
        ("3", "order_id"),
        ("3", "priority"),
        ("3", "style"),
        ("3", "due"),
    ]
    assert "(also in line 4)" in found[2]


def test_missing_columns_are_named_with_the_errors_of_the_others(read) -> None:
    text = "mark,style,how_many,release,price\nA,teee,1,0,1\n"
    found = problems_of(read, text)
    assert [p.split(": ")[1] for p in found] == ["order_id", "quantity", "due", "style"]
    assert "orders_format.columns.order_id" in found[0]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "must not be empty"),
        (HEADER.encode(), "must hold orders"),
        (b"PK\x03\x04rest", "a workbook"),
        ((HEADER + GOOD).encode("utf-16-le"), "zero bytes"),
    ],
)
def test_a_file_without_a_table_is_refused(read, content: bytes, words: str) -> None:
    assert words in problems_of(read, content)[0]


def test_another_encoding_is_reported_with_the_other_problems(read) -> None:
    text = HEADER + "A,tee,100,0,12,2.5,1,Müller\nB,tex,100,0,12,2.5,1,N\n"
    found = problems_of(read, text.encode("latin-1"))
    assert "orders.csv:2: encoding: must be UTF-8" in found[0]
    assert "orders.csv:3: style" in found[1]


def test_a_missing_file_is_reported(small: Scenario, styles: tuple[Style, ...]) -> None:
    with pytest.raises(InputError, match="No such file"):
        read_order_book("nowhere.csv", small, styles)


def test_a_mistyped_year_does_not_blame_the_other_rows(read) -> None:
    rows = "".join(f"{i},tee,100,2026-03-0{i},2026-03-12,2.5,1,N\n" for i in range(2, 6))
    (found,) = problems_of(read, HEADER + "A,tee,100,2016-03-02,2026-03-12,2.5,1,N\n" + rows)
    assert "orders.csv:2: release" in found


@pytest.mark.slow
def test_a_hundred_thousand_rows_are_read_in_seconds(read) -> None:
    rows = (f"A{i},tee-0{i % 4 + 1},100,{i % 300},{i % 300 + 20},2.5,1,N\n" for i in range(100_000))
    begin = time.perf_counter()
    assert len(read(HEADER + "".join(rows)).orders) == 100_000
    assert time.perf_counter() - begin < 20.0  # 2 s alone on a core


def test_the_shipped_example_fits_the_mid_plant(styles: tuple[Style, ...]) -> None:
    example = Path(__file__).parents[2] / "examples" / "orders.csv"
    book = read_order_book(example, load_scenario("mid"), styles, horizon_days=60)
    assert len(book.orders) >= 30
    assert {o.style_id.split("-")[0] for o in book.orders} == {s.product.name for s in styles}
    assert any(o.is_rush for o in book.orders)
