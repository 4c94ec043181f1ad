"""What has happened to an order: nothing at first, and cancelled only once it is."""

from __future__ import annotations

import math

from factory_env.sim.orders.order_run import OrderRun


def test_nothing_has_happened_to_a_new_order(small) -> None:
    run = OrderRun(3, small.library.products[0])
    assert (run.order, run.cut, run.good, run.seconds, run.lots_open) == (3, 0, 0, 0, 0)
    moments = (run.ready_min, run.taken_min, run.loaded_min, run.sewn_min, run.shipped_min)
    assert all(map(math.isnan, moments))


def test_an_order_is_cancelled_from_the_first_minute_on(small) -> None:
    run = OrderRun(0, small.library.products[0])
    assert not run.is_cancelled
    run.cancelled_min = 0.0
    assert run.is_cancelled
