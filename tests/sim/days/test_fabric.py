"""Fabric comes when promised, or late by the luck of its order; what is cut skips the tables."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from factory_env.domain.disruptions import FabricLate
from factory_env.sim.days.fabric import Fabric
from factory_env.sim.kernel.recorder import Recorder
from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.world import World, new_world
from factory_env.units import MIN_PER_DAY
from tests.laws.tiny_plant import DAY, line, order, product, scenario

TEE = product("tee", [1.0])
BOOK = [
    order("cut already", "tee-01", 10, 9.0, 1.0, release_days=0.0),
    order("later", "tee-01", 10, 9.0, 1.0, release_days=3.0),
    order("sooner", "tee-01", 10, 9.0, 1.0, release_days=2.0),
]


class Doors:
    """Writes down who comes in where, and when."""

    def __init__(self, share: float, orders=BOOK, seed: int = 1) -> None:
        toy = scenario([line("only", 1, tee=1.0)], [TEE], days=60)
        late = replace(toy.disruptions, fabric=FabricLate(share=share, mean_days=4.0))
        recorder = Recorder(operations=False)
        self.world: World = new_world(
            toy.replace(disruptions=late),
            seed,
            recorder,
            orders=orders,
            tables=None,
            inspector=None,
        )
        styles = self.world.tables.styles
        self.runs = [OrderRun(i, styles[0].product) for i in range(len(orders))]
        self.to_cutting: list[tuple[int, float]] = []
        self.to_floor: list[tuple[int, float]] = []
        fabric = Fabric(self.world, self.runs, self._cut, self._sew)
        self.world.env.process(fabric.releases())

    def _cut(self, run: OrderRun) -> None:
        self.to_cutting.append((run.order, self.world.env.now))

    def _sew(self, run: OrderRun) -> None:
        self.to_floor.append((run.order, self.world.env.now))


def test_orders_of_the_first_day_are_cut_and_the_others_come_when_promised() -> None:
    doors = Doors(share=0.0)
    doors.world.env.run()
    assert doors.to_floor == [(0, 0.0)]
    assert doors.runs[0].cut == 10
    assert doors.to_cutting == [(2, 2 * DAY), (1, 3 * DAY)]
    assert doors.world.to_come.in_house == 3
    assert not doors.world.to_come.may_bring(int(doors.world.tables.group_of[0]))


def test_a_cancelled_order_never_comes() -> None:
    doors = Doors(share=0.0)
    doors.runs[2].cancelled_min = DAY
    doors.world.env.run()
    assert doors.to_cutting == [(1, 3 * DAY)]
    assert doors.world.to_come.in_house == 2


def test_late_fabric_is_on_record_and_comes_at_the_new_minute() -> None:
    doors = Doors(share=1.0)
    doors.world.env.run()
    events = doors.world.recorder.events
    assert {e[0] for e in events} == {"fabric late"}
    assert doors.to_floor == [(0, 0.0)]  # what is cut already cannot be late
    for kind, _, at, start, end, _ in events:
        assert kind == "fabric late"
        assert start == BOOK[at].release_min
        assert end > start
        assert doors.world.book.release_min[at] == end
        assert (at, end) in doors.to_cutting


def test_delays_are_exponential_and_come_to_their_share() -> None:
    orders = [order(str(i), "tee-01", 10, 50.0, 1.0, release_days=1.0) for i in range(2_000)]
    doors = Doors(share=0.3, orders=orders)
    doors.world.env.run()
    days = (
        np.array([end - start for *_, start, end, _ in doors.world.recorder.events]) / MIN_PER_DAY
    )
    assert days.shape[0] / 2_000 == pytest.approx(0.3, abs=0.04)
    assert days.mean() == pytest.approx(4.0, rel=0.12)
    assert (days > 4.0).mean() == pytest.approx(np.exp(-1.0), abs=0.06)
