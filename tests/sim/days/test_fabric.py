"""Fabric comes when it was promised, or later; what was here before day 0 is cut already."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env import Scenario, load_scenario
from factory_env.sim.days.fabric import Fabric
from factory_env.sim.world import World
from tests.sim.orders.small_book import order_at
from tests.sim.small_world import runs_of, small_world

DAY = 1440.0


class Door:
    """Who came in, and when: to the cutting room or, cut already, to the floor."""

    def __init__(self, world: World) -> None:
        self.world, self.runs = world, runs_of(world)
        self.cutting: list[tuple[int, float]] = []
        self.floor: list[tuple[int, float]] = []
        fabric = Fabric(world, self.runs, self._note(self.cutting), self._note(self.floor))
        world.env.process(fabric.releases())

    def _note(self, came: list[tuple[int, float]]):
        return lambda run: came.append((run.order, self.world.env.now))


def door(scenario: Scenario, tables, *minutes: float) -> Door:
    style = tables.styles[0].style_id
    orders = [order_at(style, order_id=f"o{i}", release_min=m) for i, m in enumerate(minutes)]
    return Door(small_world(scenario, orders, tables=tables))


def test_orders_come_in_the_order_of_their_minutes_and_old_ones_go_to_the_floor(
    small, small_tables
) -> None:
    came = door(small, small_tables, 2 * DAY, 0.0, DAY, -DAY)
    came.world.env.run(until=10 * DAY)
    assert came.floor == [(3, 0.0), (1, 0.0)]
    assert came.cutting == [(2, DAY), (0, 2 * DAY)]
    assert came.world.to_come.in_house == 4
    cut = came.world.book.cut
    assert [run.cut for run in came.runs] == [0, cut[1], 0, cut[3]]


def test_an_order_cancelled_before_its_fabric_comes_never_comes(small, small_tables) -> None:
    came = door(small, small_tables, DAY, 2 * DAY)
    came.runs[0].cancelled_min = 10.0
    came.world.env.run(until=10 * DAY)
    assert came.cutting == [(1, 2 * DAY)]


@pytest.fixture(scope="module")
def late_world() -> World:
    """Every fabric of 400 orders is late, by three days on average; two were here before."""
    overrides = {"disruptions.fabric.share": 1.0, "disruptions.fabric.mean_days": 3.0}
    scenario = load_scenario("small", overrides=overrides)
    style = small_world(scenario, []).tables.styles[0].style_id
    minutes = [0.0, 0.0, *np.full(400, DAY)]
    orders = [order_at(style, order_id=f"o{i}", release_min=m) for i, m in enumerate(minutes)]
    came = Door(small_world(scenario, orders))
    came.world.env.run(until=90 * DAY)
    assert [order for order, _ in came.floor] == [0, 1]
    assert len(came.cutting) == 400
    world = came.world
    assert sorted(world.book.release_min[2:]) == pytest.approx([m for _, m in came.cutting])
    return world


def test_late_fabric_is_late_by_its_mean_and_the_book_says_so(late_world) -> None:
    delay = (late_world.book.release_min[2:] - DAY) / DAY
    assert (delay > 0.0).all()
    # exponential: mean 3, standard error 3 / 20
    assert delay.mean() == pytest.approx(3.0, abs=4 * 0.15)


def test_every_delay_is_an_event_from_promise_to_arrival(late_world) -> None:
    events = [e for e in late_world.recorder.events if e[0] == "fabric late"]
    assert len(events) == 400
    _, _, order, start, end, _ = events[0]
    assert (start, end) == (DAY, late_world.book.release_min[order])
