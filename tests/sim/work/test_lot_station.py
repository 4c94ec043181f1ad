"""A room of equal servers, first come, first served; long queues are in `tests/laws`."""

from __future__ import annotations

import numpy as np
from simpy import Environment

from factory_env.domain.calendar import ShiftTable
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.work.lot import Lot
from factory_env.sim.work.lot_station import LotStation
from factory_env.sim.work.use import RoomUse
from tests.laws.tiny_plant import ALWAYS, product

TOY = product("toy", [1.0])


def test_lots_start_in_order_of_coming_at_the_server_that_is_free_first() -> None:
    env = Environment()
    clock = WorkingClock(env, ShiftTable(ALWAYS, 3), "room")
    use = RoomUse(clock, "press_busy", crew=1, staff=2)
    gone: list[tuple[int, float]] = []
    station = LotStation(
        "room", clock, 2, lambda lot: lot.good, lambda lot: gone.append((lot.number, env.now)), use
    )
    for number, (minute, pieces) in enumerate([(0.0, 30), (5.0, 10), (6.0, 10), (7.0, 10)]):
        clock.call_at(minute, station.arrive, Lot(OrderRun(0, TOY), number, pieces))
    env.run(until=100.0)
    # servers: 0 to 30 and 5 to 15; the third waits for 15, the fourth for 25
    assert gone == [(1, 15.0), (2, 25.0), (0, 30.0), (3, 35.0)]
    assert station.consumers == (use,)
    assert sum(use.used(np.arange(8) * 15.0).press_busy) * 15.0 == 60.0
    assert (station.tables(), station.facts()) == ({}, {})


def test_without_anybody_after_it_no_timer_is_spent() -> None:
    env = Environment()
    clock = WorkingClock(env, ShiftTable(ALWAYS, 3), "room")
    station = LotStation("room", clock, 1, lambda lot: lot.good, None)
    lot = Lot(OrderRun(0, TOY), 0, 12)
    station.arrive(lot)
    assert lot.times == {"room": (0.0, 12.0)}
    assert env.peek() == float("inf")
    assert station.consumers == ()
