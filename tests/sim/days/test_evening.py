"""Evenings: by plan, by the rule that it must pay, within the limits of day and week, or asked."""

from __future__ import annotations

import numpy as np
import pytest

from agents.rules.edd import Edd
from factory_env import Factory, load_scenario, play
from factory_env.sim.days.evening import Evenings

MIN_PER_DAY, WEEK = 1440.0, 7


def run(mode: str, **given) -> Factory:
    overrides = {"horizon_days": 14, "demand.days": 10, "overtime.mode": mode, **given}
    return Factory(load_scenario("small", overrides=overrides), 3)


def stayed(factory: Factory) -> np.ndarray:
    """Overtime of each line on each day, (lines, days)."""
    days = factory.scenario.calendar_days
    return np.array([[line.overtime_min(day) for day in range(days)] for line in factory.lines])


def test_a_plan_is_kept_as_far_as_the_week_allows() -> None:
    factory = run("plan", **{"overtime.plan_min": [120, 0, 60, 0, 0, 90, 0]})
    rules = factory.scenario.overtime
    play(factory, Edd())
    minutes = stayed(factory)
    assert set(minutes[minutes > 0].tolist()) <= {120.0, 60.0, 90.0}
    assert (minutes[:, 0] == 120.0).any()  # day 0 is a Monday
    assert not minutes[:, 1].any()
    weeks = minutes[:, : minutes.shape[1] // WEEK * WEEK].reshape(len(factory.lines), -1, WEEK)
    assert weeks.sum(axis=2).max() <= rules.max_week_min


def test_a_week_that_is_full_ends_overtime_and_the_next_begins_anew() -> None:
    plan = {"overtime.plan_min": [120] * 6 + [0], "overtime.max_week_min": 300}
    factory = run("plan", **plan)
    play(factory, Edd())
    minutes = stayed(factory)
    busiest = minutes[int(minutes.sum(axis=1).argmax())]
    assert busiest[:6].tolist() == [120.0, 120.0, 60.0, 0.0, 0.0, 0.0]
    assert busiest[7] == 120.0


def test_the_rule_lets_nobody_stay_where_nothing_is_late() -> None:
    calm = run("rule", **{"demand.load": 0.2, "demand.backlog_days": 0})
    play(calm, Edd())
    assert not stayed(calm).any()


def test_the_rule_takes_the_longest_evening_that_pays() -> None:
    late = run("rule", **{"demand.load": 1.8, "horizon_days": 30, "demand.days": 25})
    play(late, Edd())
    minutes = stayed(late)
    rules = late.scenario.overtime
    longest = max(m for m in rules.options_min if m <= rules.max_day_min)
    assert minutes.max() == longest
    assert late.cost_parts_usd["overtime"] > 0.0


def test_what_is_paid_is_the_people_who_have_come_for_as_long_as_they_stay() -> None:
    factory = run("plan", **{"overtime.plan_min": [60] * 6 + [0], "absence.enabled": False})
    play(factory, Edd())
    rules, costs = factory.scenario.overtime, factory.scenario.costs
    operators = np.array([line.operators for line in factory.lines])
    expected = (stayed(factory) * operators[:, None]).sum() * costs.labour_usd_per_min
    assert factory.cost_parts_usd["overtime"] == pytest.approx(expected * rules.pay_factor)


def test_whoever_listens_hears_of_every_busy_line_where_the_policy_decides() -> None:
    factory = run("agent")
    heard: list[tuple[int, int]] = []
    evenings = Evenings(factory.world, factory.lines, factory.house.planner)
    evenings.listen(lambda line, day: heard.append((line.number, day)))
    factory.world.env.process(evenings.process())
    factory.world.idle[0] = False
    factory.world.env.run(until=3 * MIN_PER_DAY)  # nobody answers: line 0 alone is not idle
    assert heard == [(0, 0), (0, 1), (0, 2)]
    assert not stayed(factory).any()


def test_lengths_within_day_and_week_are_allowed() -> None:
    factory = run("agent", **{"overtime.max_day_min": 120, "overtime.max_week_min": 150})
    evenings = Evenings(factory.world, factory.lines, factory.house.planner)
    line = factory.lines[0]
    allowed = evenings.minutes[evenings.allowed(0)]
    assert allowed.max() <= 120.0
    evenings.stay(line, 0, 90.0)
    assert evenings.week_min(0) == 90.0
    assert evenings.minutes[evenings.allowed(0)].max() <= 60.0
    assert evenings.minutes[evenings.allowed(1)].max() == allowed.max()  # the others are free
    evenings.stay(line, 1, 0.0)  # who goes home adds nothing
    assert evenings.week_min(0) == 90.0
