"""Customers order more often, or less, for a while."""

from __future__ import annotations

from agents.rules.edd import Edd
from factory_env import Factory
from factory_env.domain.changes import MoreDemand
from tests.play import play

DAY = 1440.0


def booked(scenario, tables, *changes) -> list[str]:
    return [o.order_id for o in Factory(scenario, 1, tables=tables, changes=changes).book.orders]


def test_the_runs_own_orders_stay_and_others_come_after_the_minute(small, small_tables) -> None:
    run = Factory(
        small, 1, tables=small_tables, changes=(MoreDemand(from_min=20 * DAY, factor=2.5),)
    )
    own = booked(small, small_tables)
    assert [o.order_id for o in run.book.orders[: len(own)]] == own
    more = run.book.orders[len(own) :]
    assert min(o.booked_min for o in more) >= 20 * DAY
    later = sum(o.booked_min >= 20 * DAY for o in run.book.orders[: len(own)])
    assert 0.8 * later < len(more) < 2.3 * later


def test_less_demand_cancels_some_orders_in_the_minute_they_come(small, small_tables) -> None:
    change = MoreDemand(from_min=20 * DAY, factor=0.5)
    orders = play(Factory(small, 1, tables=small_tables, changes=(change,)), Edd()).tables["orders"]
    gone = orders["cancelled_min"] == orders["cancelled_min"]
    assert 0 < gone.sum() < (orders["booked_min"] >= 20 * DAY).sum()
    assert (orders["cancelled_min"][gone] == orders["booked_min"][gone]).all()
