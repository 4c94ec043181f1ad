"""Who has come this morning, and the pace at which they can work."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from factory_env.sim.kernel.recorder import Recorder
from factory_env.sim.work.line_people import LinePeople
from factory_env.sim.world import new_world
from tests.laws.tiny_plant import line, product, scenario


def staffed(mode: str, **rules) -> tuple[LinePeople, np.ndarray]:
    """Ten people at two stations of equal work, and the five of the first."""
    toy = scenario([line("only", 10, tee=1.0)], [product("tee", [1.0] * 2)], 5)
    toy = toy.replace(rebalance=replace(toy.rebalance, mode=mode, **rules))
    recorder = Recorder(operations=False)
    world = new_world(toy, 0, recorder, orders=[], tables=None, inspector=None)
    plan = world.crews.plan(0, world.tables.styles[0].product)
    assert plan.crew_start.tolist() == [0, 5, 10]
    return LinePeople(world, 0), plan.crew[:5]


def without(absent: list[int]) -> np.ndarray:
    present = np.ones(10, dtype=np.bool_)
    present[absent] = False
    return present


def three_missing(mode: str, **rules) -> LinePeople:
    """Three of the first station have not come."""
    staff, first = staffed(mode, **rules)
    assert staff.come(without(first[:3].tolist())) == pytest.approx(0.7)
    return staff


def test_everybody_is_there_before_the_first_morning() -> None:
    staff, _ = staffed("shift")
    assert staff.present.all()
    assert staff.pace() == 1.0


def test_where_absence_is_even_nobody_is_counted() -> None:
    staff = three_missing("even")
    assert not staff.are_counted
    assert staff.pace() == 1.0


def test_without_moving_the_thinnest_station_sets_the_pace() -> None:
    # two of five are left there: two fifths of the line's pace, with seven tenths of its people
    assert three_missing("keep").pace() == pytest.approx(0.4 / 0.7)


def test_moving_people_helps_and_costs_minutes_in_the_morning() -> None:
    staff = three_missing("shift", cost_min=144.0, min_gain=0.0)
    # three and four people: three fifths of the pace
    assert staff.pace() == pytest.approx(0.6 / 0.7)
    assert staff.pace(is_morning=True) == pytest.approx(0.9 * 0.6 / 0.7)  # of 1,440 minutes


def test_people_are_not_moved_for_less_than_the_least_gain() -> None:
    assert three_missing("shift", min_gain=0.49).pace() == pytest.approx(0.6 / 0.7)
    assert three_missing("shift", min_gain=0.51).pace() == pytest.approx(0.4 / 0.7)


def test_where_nobody_has_come_the_pace_is_left_alone() -> None:
    staff, _ = staffed("shift")
    assert staff.come(without(list(range(10)))) == 0.0
    assert staff.pace() == 1.0
