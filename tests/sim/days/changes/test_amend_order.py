"""A customer wants another quantity or date, or matters more than before."""

from __future__ import annotations

from agents.rules.edd import Edd
from factory_env import Factory
from factory_env.domain.changes import AmendOrder
from tests.play import play

DAY = 1440.0


def amend(short, short_tables, **wish) -> tuple[dict, set]:
    first = min(Factory(short, 1, tables=short_tables).book.orders, key=lambda o: o.release_min)
    change = AmendOrder(order_id=first.order_id, **wish)
    log = play(Factory(short, 1, tables=short_tables, changes=(change,)), Edd())
    return {k: v[0] for k, v in log.tables["orders"].items()}, set(log.tables["events"]["kind"])


def test_date_and_priority_hold_at_once(short, short_tables) -> None:
    order, kinds = amend(short, short_tables, at_min=DAY, due_min=30 * DAY, priority=3.0)
    assert (order["due_min"], order["priority"]) == (30 * DAY, 3.0)
    assert "due date" in kinds


def test_a_quantity_is_refused_once_the_order_is_cut(short, short_tables) -> None:
    before = Factory(short, 1, tables=short_tables).book.quantity[0]
    order, kinds = amend(short, short_tables, at_min=DAY, quantity=10)
    assert order["quantity"] == before
    assert "quantity refused" in kinds
