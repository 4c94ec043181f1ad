"""Overtime: by plan, by the house's rule, or as whoever listens decides."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from factory_env import load_scenario
from factory_env.sim.days.evening import Evenings
from factory_env.sim.world import World
from tests.sim.small_world import small_world

DAY = 1440.0
RULES = {
    "overtime.options_min": [0.0, 60.0, 120.0],
    "overtime.max_day_min": 120.0,
    "overtime.max_week_min": 300.0,
    "overtime.pay_factor": 2.0,
}


@dataclass
class Line:
    number: int
    operators: int = 30
    stays: list[tuple[int, float]] = field(default_factory=list)

    def stay(self, day: int, minutes: float) -> None:
        self.stays.append((day, minutes))


class Planner:
    """Expects 100 USD of lateness, and ``after`` of them after an evening."""

    def __init__(self, after: float = 0.0) -> None:
        self.after, self.gained = after, 0.0

    def expected_late_usd(self) -> float:
        return 100.0

    def late_after_evenings(self, line: int, minutes: np.ndarray) -> np.ndarray:
        return np.full(minutes.shape, self.after)

    def gain(self, line: int, minutes: float) -> None:
        self.gained += minutes


def evenings(planner: Planner | None = None, **rules) -> tuple[World, Evenings, list[Line]]:
    overrides = RULES | {f"overtime.{k}": v for k, v in rules.items()}
    world = small_world(load_scenario("small", overrides=overrides), [])
    lines = [Line(number) for number in range(3)]
    world.idle[:] = [False, True, False]  # line 1 has nothing to sew
    made = Evenings(world, lines, planner or Planner())
    world.env.process(made.process())
    return world, made, lines


def test_by_plan_the_lines_with_work_stay_as_the_day_of_the_week_says() -> None:
    world, made, lines = evenings(mode="plan", plan_min=[120.0, 0.0, 60.0, 0.0, 0.0, 0.0, 0.0])
    world.env.run(until=4 * DAY)
    assert lines[0].stays == lines[2].stays == [(0, 120.0), (2, 60.0)]
    assert lines[1].stays == []
    assert made.week_min(0) == 180.0


def test_the_limit_of_the_week_cuts_the_plan_and_is_new_on_monday() -> None:
    world, _, lines = evenings(mode="plan", plan_min=[120.0] * 7)
    world.env.run(until=8 * DAY)
    # six working days: 120 and 120, then 60 are left of 300
    assert lines[0].stays == [(0, 120.0), (1, 120.0), (2, 60.0), (7, 120.0)]


def test_an_evening_is_paid_for_the_people_who_are_there() -> None:
    world, made, lines = evenings(mode="plan", plan_min=[120.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    world.attendance[:] = 0.9
    world.env.run(until=DAY)
    rate = world.scenario.costs.labour_usd_per_min
    usd = 2 * (27 * 120.0 * rate * 2.0)  # two lines of 27 people, double pay
    assert world.ledger.parts()["overtime"] == pytest.approx(usd)
    assert made.labour_usd(lines[0], np.array([120.0]))[0] == pytest.approx(usd / 2)


def test_the_rule_stays_longest_if_that_saves_more_than_it_costs() -> None:
    # an evening of 120 minutes costs 30 x 120 x 0.012 x 2 = 86.4 USD for the line
    saving, losing = (evenings(Planner(after), mode="rule") for after in (13.0, 14.0))
    for world, *_ in (saving, losing):
        assert world.scenario.costs.labour_usd_per_min == 0.012
        world.env.run(until=DAY)
    assert saving[2][0].stays == [(0, 120.0)]  # saves 87
    assert losing[2][0].stays == []  # saves 86


def test_whoever_listens_is_told_of_each_line_with_work_some_time_before_the_end() -> None:
    world, made, lines = evenings(mode="agent", ask_before_end_min=90.0)
    told = []
    made.listen(lambda line, day: told.append((line.number, day, world.env.now)))
    world.env.run(until=DAY)
    calendar = world.scenario.calendar
    asked_at = calendar.shift_end_min + calendar.overtime_min - 90.0
    assert told == [(0, 0, asked_at), (2, 0, asked_at)]
    assert lines[0].stays == []


def test_only_lengths_within_the_limits_are_allowed() -> None:
    _, made, lines = evenings(mode="agent")
    for day in (0, 1):
        made.stay(lines[0], day, 120.0)
    assert made.allowed(0).tolist() == [True, True, False]  # 60 of 300 are left
    assert made.allowed(2).tolist() == [True, True, True]
    made.stay(lines[0], 2, 0.0)  # going home is no evening
    assert len(lines[0].stays) == 2
