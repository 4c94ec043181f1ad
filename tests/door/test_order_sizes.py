"""Sizes and colours of an order: columns that add up, rows that are one order where it is said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from factory_env.designs.catalogue import Catalogue
from factory_env.door.order_book import OrderBook, read_order_book
from factory_env.door.order_format import BookFormat
from factory_env.door.order_sizes import find_sizes
from factory_env.errors import InputError
from factory_env.presets import load_scenario


@pytest.fixture(scope="module")
def mid():  # type: ignore[no-untyped-def]
    scenario = load_scenario("mid")
    return scenario, Catalogue().collection(scenario.library.products, np.random.default_rng(0))


@pytest.fixture
def read(tmp_path: Path, mid):  # type: ignore[no-untyped-def]
    def reader(text: str, **how: object) -> OrderBook:
        path = tmp_path / "book.csv"
        path.write_text(text, encoding="utf-8")
        return read_order_book(path, *mid, how=BookFormat(**how))  # type: ignore[arg-type]

    return reader


def test_sizes_are_known_by_their_names() -> None:
    assert find_sizes(["XS", "S", "M", "2XL", "Remarks"]) == ["XS", "S", "M", "2XL"]
    assert find_sizes(["Size 36", "Size 38", "Size 40"]) == ["Size 36", "Size 38", "Size 40"]
    assert find_sizes(["36", "38"]) == []
    assert find_sizes(["Weight", "Line", "L"]) == []


def test_a_book_of_sizes_without_a_quantity_has_their_sum(read) -> None:
    book = read("PO,style,S,M,L,release,due\nA,tee-01,100,,250,0,9\nB,tee-01,0,40,5,0,9\n")
    assert [order.quantity for order in book.orders] == [350, 45]
    assert "quantity: the sum of the sizes 'S', 'M', 'L'" in book.notes
    assert not any("not used" in note for note in book.notes)


def test_a_size_that_is_no_number_is_refused(read) -> None:
    with pytest.raises(InputError, match=r":2: quantity: must be pieces of a size; got 'few' in"):
        read("PO,style,S,M,release,due\nA,tee-01,few,50,0,9\n")


def test_a_quantity_that_is_not_the_sum_of_its_sizes_is_refused(read) -> None:
    head = "PO,style,quantity,S,M,release,due\n"
    good = "A,tee-01,150,100,50,0,9\nB,tee-01,30,10,20,0,9\n"
    assert [order.quantity for order in read(head + good).orders] == [150, 30]
    with pytest.raises(InputError, match=r":4: .*must be the sum .*got 50, and 40 in sizes"):
        read(f"{head}{good}C,tee-01,50,20,20,0,9\n")


def test_columns_that_never_add_up_are_no_sizes(read) -> None:
    book = read("PO,style,quantity,S,M,release,due\nA,tee-01,150,1,2,0,9\n")
    assert book.orders[0].quantity == 150
    assert not any("checked" in note for note in book.notes)


ROWS = (
    "PO,style,Colour,Size,quantity,price,release,due\n"
    "A,tee-01,navy,S,100,2,0,9\nA,tee-01,navy,M,200,2,0,9\nA,tee-01,red,M,300,4,0,9\n"
    "B,tee-02,red,S,50,3,0,9\n"
)


def test_rows_of_one_id_are_one_order_where_the_user_says_so(read) -> None:
    with pytest.raises(InputError, match=r"orders_format\.repeated=sum"):
        read(ROWS)
    book = read(ROWS, repeated="sum")
    assert [(o.order_id, o.quantity, o.colours) for o in book.orders] == [
        ("A", 600, 2),
        ("B", 50, 1),
    ]
    assert [o.price_usd for o in book.orders] == [3.0, 3.0]
    assert "3 rows are 1 orders: the sum of those with one id" in book.notes
    assert "colour lots, of nearly equal size: A 2" in book.notes


def test_rows_of_one_id_with_other_days_are_refused_by_line(read) -> None:
    late = ROWS.replace("A,tee-01,red,M,300,4,0,9", "A,tee-01,red,M,300,4,0,12")
    with pytest.raises(InputError, match=r":4: due: must be one in all rows of 'A'; got '12', in"):
        read(late, repeated="sum")


@pytest.mark.parametrize(
    ("header", "style"),
    [
        ("PO No.,Article,Order Qty,Fabric in-house,Ex-factory,Buyer", "POLO RED"),
        ("Auftragsnummer,Artikel,Menge,Stoffeingang,Liefertermin,Kunde", "Polohemd rot"),
        ("Orden de compra,Artículo,Cantidad,Fecha de inicio,Fecha de entrega,Cliente", "Polo rojo"),
        ("订单号,款号,数量,面料到厂日期,交货日期,客户", "polo衫 4711"),
    ],
)
def test_four_languages_name_the_columns(read, header: str, style: str) -> None:
    book = read(f"{header}\n4711,{style},1200,2026-06-01,2026-06-20,Alder\n")
    (order,) = book.orders
    assert (order.order_id, order.quantity, order.customer) == ("4711", 1200, "Alder")
    assert next(s for s in book.styles if s.style_id == order.style_id).product.name == "polo"
    names = header.split(",")
    said = next(note for note in book.notes if note.startswith("columns by other names"))
    assert all(repr(name) in said for name in names)
