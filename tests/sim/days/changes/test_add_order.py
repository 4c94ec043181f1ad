"""A customer orders something that nobody has heard of before."""

from __future__ import annotations

from agents.rules.edd import Edd
from factory_env import Factory
from factory_env.domain.changes import AddOrder
from factory_env.domain.order import Order
from tests.play import play

DAY = 1440.0
NEW = Order(
    order_id="RUSH",
    style_id="polo-02",
    quantity=300,
    release_min=0.0,
    due_min=9 * DAY,
    price_usd=4.0,
    priority=1.0,
    customer="Marlowe",
)


def test_its_fabric_comes_with_it_and_it_is_shipped(short, short_tables) -> None:
    run = Factory(short, 1, tables=short_tables, changes=(AddOrder(at_min=2 * DAY, order=NEW),))
    orders = play(run, Edd()).tables["orders"]
    assert orders["order_id"][-1] == "RUSH"
    assert orders["booked_min"][-1] == orders["promised_min"][-1] == 2 * DAY
    assert 2 * DAY < orders["shipped_min"][-1] < 12 * DAY


def test_before_it_comes_nobody_expects_it(short, short_tables) -> None:
    plain = Factory(short, 1, tables=short_tables)
    run = Factory(short, 1, tables=short_tables, changes=(AddOrder(at_min=2 * DAY, order=NEW),))
    groups = range(2)
    assert [run.to_come.may_bring(g) for g in groups] == [
        plain.to_come.may_bring(g) for g in groups
    ]
    assert run.to_come.left == plain.to_come.left + 1
