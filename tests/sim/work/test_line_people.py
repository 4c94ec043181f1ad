"""Who has come to a line, and how well they can be placed."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env import load_scenario
from factory_env.sim.work.line_people import LinePeople
from tests.sim.small_world import small_world


def people(mode: str, **rules) -> LinePeople:
    overrides = {"rebalance.mode": mode} | {f"rebalance.{k}": v for k, v in rules.items()}
    return LinePeople(small_world(load_scenario("small", overrides=overrides), []), 0)


def without(line: LinePeople, *absent: int) -> np.ndarray:
    here = np.ones(line.present.shape[0], dtype=np.bool_)
    here[list(absent)] = False
    return here


def test_where_absence_is_spread_evenly_heads_do_not_matter() -> None:
    line = people("even")
    assert not line.are_counted
    line.come(without(line, 0, 1, 2))
    assert line.pace() == 1.0


@pytest.mark.parametrize("mode", ["keep", "shift"])
def test_a_full_line_and_an_empty_one_go_at_their_usual_pace(mode) -> None:
    line = people(mode)
    assert line.come(without(line)) == 1.0
    assert line.pace() == 1.0
    assert line.come(np.zeros_like(line.present)) == 0.0
    assert line.pace() == 1.0


def test_the_share_present_is_by_heads() -> None:
    line = people("keep")
    assert line.come(without(line, 3, 9)) == pytest.approx(1.0 - 2 / line.present.shape[0])


def test_moving_people_is_at_least_as_quick_as_leaving_them_in_place() -> None:
    kept, moved = (people(mode, min_gain=0.0, cost_min=0.0) for mode in ("keep", "shift"))
    for absent in range(kept.present.shape[0]):
        for line in (kept, moved):
            line.come(without(line, absent))
        # pace x share present is the speed of the line: never above that of the full crew
        share = 1.0 - 1 / kept.present.shape[0]
        assert kept.pace() * share <= moved.pace() * share + 1e-12 <= 1.0 + 1e-9


def test_moving_costs_minutes_in_the_morning_only() -> None:
    line = people("shift", min_gain=0.0, cost_min=48.0)
    line.come(without(line, 0))
    shift_min = load_scenario("small").calendar.shift_min
    assert line.pace(is_morning=True) == pytest.approx(line.pace() * (1.0 - 48.0 / shift_min))


def test_nobody_is_moved_for_less_than_the_least_gain() -> None:
    kept, stubborn = people("keep"), people("shift", min_gain=1.0)
    for line in (kept, stubborn):
        line.come(without(line, 0))
    assert stubborn.pace() == kept.pace()
