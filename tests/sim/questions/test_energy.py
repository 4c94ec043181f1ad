"""Slot by slot: the site accounts, asks every so often, and heat and steam act on the work."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from simpy import Environment

from factory_env import load_scenario
from factory_env.domain.calendar import ShiftTable
from factory_env.domain.series import SLOTS_PER_DAY
from factory_env.sim.energy.site_run import SiteRun, Tape
from factory_env.sim.energy.slot_engine import FEED
from factory_env.sim.kernel.desk import Desk
from factory_env.sim.questions.energy import SlotProcess

DAYS = 2
N = DAYS * SLOTS_PER_DAY
LINES = 3


@dataclass
class Floor:
    """Line 1 has most slack, line 0 least."""

    ran_at: list[tuple[float, float, frozenset[int]]] = field(default_factory=list)

    def slack_days(self) -> np.ndarray:
        return np.array([1.0, 9.0, 4.0])

    def backlog_days(self) -> float:
        return 2.5

    def run_at(self, efficiency: float, defects: float, standing: frozenset[int]) -> None:
        self.ran_at.append((efficiency, defects, standing))


class Site:
    """A site on recorded work in which nobody does anything."""

    def __init__(self, decision_slots: int = 1) -> None:
        scenario = load_scenario("small", site="pv_battery", tariff="us_demand")
        setup = scenario.energy
        assert setup is not None
        control = replace(setup.control, mode="agent", decision_slots=decision_slots)
        shifts = ShiftTable(scenario.calendar, DAYS + 1)
        rows = np.zeros(N, FEED)
        rows["open_share"] = np.diff(shifts.shift_at_many(np.arange(N + 1) * 15.0)) / 15.0
        self.paid: list[tuple[float, ...]] = []
        self.run = SiteRun(
            replace(setup, control=control),
            DAYS,
            LINES,
            shifts,
            np.random.default_rng(0),
            Tape(rows),
            lambda *usd: self.paid.append(usd),
        )
        self.floor, self.steam, self.desk, self.env = Floor(), [], Desk(), Environment()
        process = SlotProcess(self.run, scenario.calendar, self.floor, self.steam.append)
        self.env.process(process.process(self.env, self.desk))

    def questions(self, until_min: float, **changes):
        """Answer as the house does, with these changes; the questions."""
        asked = []
        while self.env.peek() < until_min:
            self.env.step()
            if (question := self.desk.pending()) is not None:
                asked.append(question)
                self.desk.answer(replace(question.usual(), **changes))
        return asked


@pytest.mark.parametrize(("every", "count"), [(1, 8), (4, 2), (8, 1)])
def test_the_policy_is_asked_once_in_so_many_slots(every, count) -> None:
    asked = Site(every).questions(119.0)
    assert [q.slot for q in asked] == [every * i for i in range(count)]
    assert [q.now_min for q in asked] == [15.0 * every * i for i in range(count)]


def test_a_question_shows_the_floor_and_the_clock() -> None:
    first, *_ = Site().questions(10.0)
    assert first.lines == LINES
    assert first.backlog_days == 2.5
    assert first.slack_days.tolist() == [1.0, 9.0, 4.0]
    assert not first.is_day
    assert first.days_left == DAYS  # the run ends before the month


def test_every_slot_acts_on_the_floor_also_between_questions() -> None:
    site = Site(decision_slots=8)
    site.questions(119.0)
    assert len(site.floor.ran_at) == len(site.steam) == 8


def test_lines_beyond_the_allowed_number_stand_those_with_most_slack_first() -> None:
    for allowed, standing in ((3, set()), (2, {1}), (1, {1, 2}), (0, {0, 1, 2})):
        site = Site()
        site.questions(10.0, lines_allowed=allowed)
        assert site.floor.ran_at[-1][2] == standing


def test_what_has_passed_is_paid_before_the_next_slot_is_asked() -> None:
    site = Site()
    asked = site.questions(61.0)
    assert len(asked) == 5
    assert len(site.paid) == 4  # slots 0 to 3
    assert site.run.at == 4
    assert asked[-1].last_load_kw.tolist() == site.run.log["load_kw"][:4].tolist()
