"""Orders of customers who order more often than the scenario says."""

from __future__ import annotations

from factory_env.domain.calendar import ShiftTable
from factory_env.domain.changes import MoreDemand
from factory_env.sim.kernel.streams import Streams
from factory_env.sim.orders.more_orders import is_more, more_orders

DAY = 1440.0


def drawn(small, small_tables, factor: float, seed: int = 1):
    shifts = ShiftTable(small.calendar, small.calendar_days + 1)
    change = MoreDemand(from_min=10 * DAY, to_min=40 * DAY, factor=factor)
    return more_orders((change,), small_tables, Streams(seed), shifts)


def test_they_come_within_the_window_and_bear_their_mark(small, small_tables) -> None:
    orders = drawn(small, small_tables, 2.0)
    assert orders
    assert all(10 * DAY <= o.booked_min < 40 * DAY and is_more(o) for o in orders)


def test_a_larger_factor_keeps_what_a_smaller_one_brings(small, small_tables) -> None:
    few, many = (drawn(small, small_tables, factor) for factor in (1.5, 3.0))
    assert {o.order_id for o in few} < {o.order_id for o in many}


def test_no_more_demand_brings_nothing(small, small_tables) -> None:
    assert drawn(small, small_tables, 1.0) == drawn(small, small_tables, 0.5) == []
