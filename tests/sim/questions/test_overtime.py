"""Lines that work ask about the evening, where there is something to choose."""

from __future__ import annotations

import numpy as np
import pytest

from agents.rules.edd import Edd
from factory_env import Factory, load_scenario
from factory_env.decision import ask
from factory_env.decisions.overtime_choice import GO_HOME, OvertimeChoice


def run(**given) -> Factory:
    overrides = {"horizon_days": 14, "demand.days": 10, "overtime.mode": "agent", **given}
    return Factory(load_scenario("small", overrides=overrides), 3)


def evenings(factory: Factory, answer: int) -> list[OvertimeChoice]:
    """All questions about evenings, answered alike; the lines are run by EDD."""
    rule, seen = Edd(), []
    while (question := factory.advance()) is not None:
        if isinstance(question, OvertimeChoice):
            seen.append(question)
            legal = question.legal()
            factory.answer(answer if legal[answer] else int(np.flatnonzero(legal)[-1]))
        else:
            factory.answer(ask(rule, question))
    return seen


def test_a_busy_line_asks_every_evening_an_hour_before_the_shift_ends() -> None:
    factory = run()
    seen = evenings(factory, GO_HOME)
    calendar, rules = factory.scenario.calendar, factory.scenario.overtime
    end = calendar.shift_end_min + calendar.overtime_min - rules.ask_before_end_min
    assert len(seen) > 10
    assert {q.now_min % 1440.0 for q in seen} == {end}
    assert len({(q.asker, q.now_min) for q in seen}) == len(seen)
    assert not any(line.overtime_min(day) for line in factory.lines for day in range(14))


def test_who_stays_works_on_and_has_less_left_of_the_week() -> None:
    factory = run(**{"overtime.max_week_min": 240})
    seen = evenings(factory, 2)
    first = [q for q in seen if q.asker == seen[0].asker]
    assert first[0].week_min == 0.0
    longest = first[0].minutes[2]
    assert first[1].week_min == longest
    day = int(first[0].now_min // 1440.0)
    assert factory.lines[first[0].asker].overtime_min(day) == longest
    for question in seen:
        assert (question.week_min + question.minutes[question.allowed] <= 240.0).all()


def test_where_the_week_is_full_nobody_is_asked() -> None:
    factory = run(**{"overtime.max_week_min": 120})
    seen = evenings(factory, 2)
    stayed = {}
    for question in seen:
        week = int(question.now_min // (7 * 1440.0))
        assert stayed.get((question.asker, week), 0.0) < 120.0
        stayed[question.asker, week] = question.week_min + question.minutes[2]


def test_a_longer_evening_costs_more_people_minutes_and_never_more_lateness() -> None:
    factory = run()
    for question in evenings(factory, GO_HOME):
        assert question.labour_usd[0] == 0.0
        assert (np.diff(question.labour_usd) > 0.0).all()
        assert (np.diff(question.late_usd) <= 1e-9).all()
        assert question.labour_usd[2] == pytest.approx(2.0 * question.labour_usd[1])
