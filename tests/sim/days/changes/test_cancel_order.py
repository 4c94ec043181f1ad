"""A customer no longer wants an order."""

from __future__ import annotations

from agents.rules.edd import Edd
from factory_env import Factory
from factory_env.domain.changes import CancelOrder
from tests.play import play

DAY = 1440.0


def test_an_order_that_is_cancelled_is_not_shipped(short, short_tables) -> None:
    change = CancelOrder(at_min=1.5 * DAY, order_id="O0003")
    orders = play(Factory(short, 1, tables=short_tables, changes=(change,)), Edd()).tables["orders"]
    row = orders["order_id"].tolist().index("O0003")
    assert orders["cancelled_min"][row] == 1.5 * DAY
    assert orders["shipped_min"][row] != orders["shipped_min"][row]


def test_an_order_that_is_not_in_the_book_is_nobodys(short, short_tables) -> None:
    change = CancelOrder(at_min=1.5 * DAY, order_id="O9999")
    orders = play(Factory(short, 1, tables=short_tables, changes=(change,)), Edd()).tables["orders"]
    assert (orders["cancelled_min"] != orders["cancelled_min"]).all()


def test_it_may_be_cancelled_in_the_very_minute_in_which_its_fabric_comes(
    short, short_tables
) -> None:
    book = Factory(short, 1, tables=short_tables).book.orders
    late = next(o for o in book if o.release_min > 2 * DAY)
    change = CancelOrder(at_min=late.release_min, order_id=late.order_id)
    run = Factory(short, 1, tables=short_tables, changes=(change,))
    play(run, Edd())
    left = len(book) - run.to_come.shipped - 1
    assert run.to_come.left == left
    assert 0 <= run.to_come.in_house <= left
