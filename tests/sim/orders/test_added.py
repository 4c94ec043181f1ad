"""Orders that a change adds, as the book holds them before anybody knows."""

from __future__ import annotations

from factory_env import Factory
from factory_env.domain.changes import AddOrder, ClosedDay
from factory_env.domain.order import Order
from factory_env.sim.orders.added import FIRST_OWN

DAY = 1440.0


def new(name: str, release_min: float = 0.0) -> Order:
    return Order(
        order_id=name,
        style_id="polo-02",
        quantity=300,
        release_min=release_min,
        due_min=9 * DAY,
        price_usd=4.0,
        priority=1.0,
        customer="Marlowe",
    )


def test_they_stand_behind_the_runs_own_and_are_known_from_their_minute_on(
    short, short_tables
) -> None:
    changes = (
        AddOrder(at_min=2 * DAY, order=new("A", 3 * DAY)),
        ClosedDay(day=4),
        AddOrder(at_min=DAY, order=new("B")),
    )
    book = Factory(short, 1, tables=short_tables, changes=changes).book
    added = book.orders[book.first_added :]
    assert [o.order_id for o in added] == ["A", "B"]
    assert [o.booked_min for o in added] == [2 * DAY, DAY]
    assert [o.release_min for o in added] == [3 * DAY, DAY]


def test_their_luck_is_named_by_their_own_ids(short, short_tables) -> None:
    one, two = AddOrder(at_min=DAY, order=new("A")), AddOrder(at_min=DAY, order=new("B"))
    both = Factory(short, 1, tables=short_tables, changes=(one, two)).book
    alone = Factory(short, 1, tables=short_tables, changes=(two,)).book
    assert both.luck[-1] == alone.luck[-1] >= FIRST_OWN
    assert len(set(both.luck.tolist())) == len(both)
