"""Columns of a book that say what others mean: unit, currency, status, pieces shipped or open."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from factory_env.designs.catalogue import Catalogue
from factory_env.door.order_book import OrderBook, read_order_book
from factory_env.door.order_format import BookFormat
from factory_env.errors import InputError
from factory_env.presets import load_scenario


@pytest.fixture(scope="module")
def mid():  # type: ignore[no-untyped-def]
    scenario = load_scenario("mid")
    return scenario, Catalogue().collection(scenario.library.products, np.random.default_rng(0))


@pytest.fixture
def read(tmp_path: Path, mid):  # type: ignore[no-untyped-def]
    def reader(header: str, *rows: str, **how: object) -> OrderBook:
        """Orders of tee-01 with ids A, B, ...; ``rows`` are the cells below ``header``."""
        lines = [f"PO,Style,{header},release,due"]
        lines += [f"{'ABCDEF'[i]},tee-01,{row},0,12" for i, row in enumerate(rows)]
        path = tmp_path / "orders.csv"
        path.write_text("\n".join(lines) + "\n")
        return read_order_book(path, *mid, how=BookFormat(**how))  # type: ignore[arg-type]

    return reader


def quantities(book: OrderBook) -> list[int]:
    return [order.quantity for order in book.orders]


@pytest.mark.parametrize("name", ["Unit", "UOM", "U/M", "Qty Unit"])
def test_a_column_of_units_counts(read, name: str) -> None:
    assert quantities(read(f"Qty,{name}", "400,DZN", "400,PCS")) == [4800, 400]
    with pytest.raises(InputError, match="quantity: must be a number; got '400' in PR"):
        read(f"Qty,{name}", "400,PR")
    with pytest.raises(InputError, match="'400' in pcs and DZ"):
        read(f"Qty (pcs),{name}", "400,DZ")


def test_a_column_of_factory_units_is_none_of_pieces(read) -> None:
    book = read("Qty,Unit", "400,Unit 2", "500,Unit 3")
    assert quantities(book) == [400, 500]
    assert "'Unit' holds no units of pieces: it is not used" in book.notes


def test_a_column_of_currencies_counts(read) -> None:
    with pytest.raises(InputError, match=r"price: must be in USD; got '4' in EUR"):
        read("Qty,Price,Currency", "400,4,EUR")
    book = read("Qty,Price,Currency", "400,4,EUR", "400,4,USD", usd_per_unit=1.5)
    assert [order.price_usd for order in book.orders] == [6.0, 4.0]
    with pytest.raises(InputError, match="must be of one currency beside USD; got eur and gbp"):
        read("Qty,Price,Currency", "400,4,EUR", "400,4,GBP", usd_per_unit=1.5)


@pytest.mark.parametrize("name", ["price per dozen", "FOB USD/dz", "Price (USD/dz)"])
def test_a_price_of_a_dozen_is_that_of_twelve(read, name: str) -> None:
    book = read(f"Qty,{name}", "400,48")
    assert book.orders[0].price_usd == pytest.approx(4.0)
    assert "price: that of a dozen is divided by 12" in book.notes


def test_ordered_or_open_pieces_is_asked(read) -> None:
    header, rows = "Order Qty,Shipped,Open Qty", ("4000,3000,1000", "500,500,0")
    with pytest.raises(InputError, match=r"ordered or the open .*columns\.quantity='Open Qty'"):
        read(header, *rows)
    book = read(header, *rows, columns={"quantity": "Open Qty"})
    assert quantities(book) == [1000]
    assert "1 row (line 3) is not read: no pieces are open" in book.notes
    assert quantities(read(header, *rows, columns={"quantity": "Order Qty"})) == [4000, 500]
    assert quantities(read(header, "400,0,400")) == [400]
    with pytest.raises(InputError, match="a column of the open pieces"):
        read("Order Qty,Delivered", "400,100")


def test_orders_that_are_over_are_left_out(read) -> None:
    book = read("Qty,Status", "400,Cancelled", "500,Open", "600,closed")
    assert quantities(book) == [500]
    assert "2 rows (2, 4) are not read: the status is 'Cancelled', 'closed'" in book.notes
    with pytest.raises(InputError, match="must hold open orders"):
        read("Qty,Status", "400,Cancelled")


def test_a_week_is_no_day(read, tmp_path: Path, mid) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "weeks.csv"
    path.write_text("order_id,style,quantity,release,due\nA,tee-01,5,KW10/2026,2026-W12\n")
    with pytest.raises(InputError, match="a week, and not which of its days"):
        read_order_book(path, *mid)


def test_rows_of_sizes_are_told_what_to_do(read, tmp_path: Path, mid) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "sizes.csv"
    text = "PO,style,Size,quantity,release,due\nA,tee-01,S,100,0,9\nA,tee-01,M,200,0,9\n"
    path.write_text(text)
    with pytest.raises(InputError, match=r"their sum, or .*orders_format\.columns\.line='Size'"):
        read_order_book(path, *mid)
    book = read_order_book(path, *mid, how=BookFormat(columns={"line": "Size"}))
    assert [order.order_id for order in book.orders] == ["A-S", "A-M"]


@pytest.mark.parametrize("style", ["tee 01", "tee_01", "TEE01"])
def test_marks_within_a_style_do_not_count(tmp_path: Path, mid, style: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "styles.csv"
    path.write_text(f"order_id,style,quantity,release,due\nA,{style},100,0,9\n")
    book = read_order_book(path, *mid)
    assert book.orders[0].style_id == "tee-01"
    assert f"blanks, dashes and underscores do not count: {style!r} is tee-01" in book.notes
