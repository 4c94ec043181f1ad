"""The evening: which lines work on, by plan, by rule or by the policy's answer."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from simpy.events import Event

from factory_env.decisions.overtime_choice import GO_HOME, OvertimeChoice
from factory_env.sim.kernel.desk import Desk
from factory_env.sim.stations.floor import Floor
from factory_env.sim.world import World
from factory_env.units import DAYS_PER_WEEK, MIN_PER_DAY

if TYPE_CHECKING:
    from factory_env.sim.stations.sewing import SewingLine


class Evenings:
    """Asks line by line, some time before the shift ends; lines without work go home."""

    def __init__(self, world: World, floor: Floor, desk: Desk) -> None:
        self._world = world
        self._floor = floor
        self._desk = desk
        self._rules = world.scenario.overtime
        self._week = -1
        self._week_min = np.zeros(len(floor.lines))  # overtime of this week
        self._minutes = np.asarray(self._rules.options_min, dtype=np.float64)

    def process(self, days: int) -> Generator[Event, None, None]:
        """SimPy process: one event per working day."""
        world, calendar = self._world, self._world.scenario.calendar
        end = calendar.shift_end_min + calendar.overtime_min - self._rules.ask_before_end_min
        for day in range(days):
            if not calendar.is_working_day(day):
                continue
            yield world.env.timeout(day * MIN_PER_DAY + end - world.env.now)
            if day // DAYS_PER_WEEK != self._week:
                self._week = day // DAYS_PER_WEEK
                self._week_min[:] = 0.0
            late_usd = (
                self._floor.planner.expected_late_usd() if self._rules.mode == "rule" else 0.0
            )
            for line in self._floor.lines:
                if not world.idle[line.number]:
                    self._evening(line, day, late_usd)

    def _evening(self, line: SewingLine, day: int, late_usd: float) -> None:
        rules = self._rules
        if rules.mode == "plan":
            minutes = rules.plan_min[day % DAYS_PER_WEEK]
            left = rules.max_week_min - self._week_min[line.number]
            self.stay(line, day, float(min(minutes, left)))
        elif rules.mode == "agent":
            self._desk.request(Asking(self, line, day))
        elif late_usd > 0.0:
            self.stay(line, day, self._longest_if_it_pays(line, late_usd))

    def _longest_if_it_pays(self, line: SewingLine, late_usd: float) -> float:
        """The house's rule: the longest evening allowed if it saves more lateness than it costs."""
        minutes = self._minutes[self._allowed(line)][-1:]
        after_usd = float(self._floor.planner.late_after_evenings(line.number, minutes)[0])
        is_worth_it = late_usd - after_usd > float(self._labour_usd(line, minutes)[0])
        return float(minutes[0]) if is_worth_it else 0.0

    def _allowed(self, line: SewingLine) -> NDArray[np.bool_]:
        """Lengths within the limits of day and week."""
        rules, minutes = self._rules, self._minutes
        week = self._week_min[line.number] + minutes
        return np.asarray((minutes <= rules.max_day_min) & (week <= rules.max_week_min + 1e-9))

    def _labour_usd(self, line: SewingLine, minutes: NDArray[np.float64]) -> NDArray[np.float64]:
        """What an evening costs by its length."""
        people = float(self._world.attendance[line.number]) * line.operators
        rate = self._world.scenario.costs.labour_usd_per_min * self._rules.pay_factor
        return np.asarray(minutes * people * rate)

    def choice(self, serial: int, line: SewingLine) -> OvertimeChoice:
        """The question as things stand now."""
        minutes, week = self._minutes, float(self._week_min[line.number])
        return OvertimeChoice(
            serial=serial,
            now_min=float(self._world.env.now),
            asker=line.number,
            minutes=minutes,
            allowed=self._allowed(line),
            labour_usd=self._labour_usd(line, minutes),
            late_usd=self._floor.planner.late_after_evenings(line.number, minutes),
            week_min=week,
            lines=self._floor.planner.lines_of(line.number),
            site=self._floor.planner.site_of(line.number),
        )

    def stay(self, line: SewingLine, day: int, minutes: float) -> None:
        """The line works on tonight."""
        if minutes <= 0.0:
            return
        world = self._world
        line.stay(day, minutes)
        self._week_min[line.number] += minutes
        self._floor.planner.gain(line.number, minutes)
        people = float(world.attendance[line.number]) * line.operators
        world.ledger.work_overtime(people * minutes, self._rules.pay_factor)


class Asking:
    """One line's question at the desk."""

    def __init__(self, evenings: Evenings, line: SewingLine, day: int) -> None:
        self._evenings = evenings
        self._line = line
        self._day = day

    def question(self, serial: int) -> OvertimeChoice | None:
        """The question; None if there is nothing to choose."""
        choice = self._evenings.choice(serial, self._line)
        return choice if choice.allowed.sum() > 1 else None

    def answer(self, choice: OvertimeChoice, answer: int) -> None:
        """Go home or stay."""
        if answer != GO_HOME:
            self._evenings.stay(self._line, self._day, float(choice.minutes[answer]))
