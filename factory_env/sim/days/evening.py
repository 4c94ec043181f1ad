"""The evening: which lines work on, by plan or by rule, or as whoever listens decides."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence

import numpy as np
from numpy.typing import NDArray
from simpy.events import Event

from factory_env.sim.planning.planner import Planner
from factory_env.sim.stations.spine.sewing import SewingLine
from factory_env.sim.world import World
from factory_env.units import DAYS_PER_WEEK, MIN_PER_DAY


class Evenings:
    """Goes line by line, some time before the shift ends; lines without work go home."""

    def __init__(self, world: World, lines: Sequence[SewingLine], planner: Planner) -> None:
        self._world = world
        self._lines = lines
        self._planner = planner
        self._listeners: list[Callable[[SewingLine, int], None]] = []
        self._rules = world.scenario.overtime
        self._week = -1
        self._week_min = np.zeros(len(lines))  # overtime of this week
        self._ordered: dict[int, float] = {}  # minutes by line, whatever plan, rule or policy say
        self.minutes = np.asarray(self._rules.options_min, dtype=np.float64)

    def order(self, line: int, minutes: float) -> None:
        """From now on the line works so long every evening, if it has work; 0 = as usual."""
        self._ordered[line] = minutes

    def listen(self, ask: Callable[[SewingLine, int], None]) -> None:
        """From now on call ``ask`` with line and day where neither plan nor rule decides."""
        self._listeners.append(ask)

    def process(self) -> Generator[Event, None, None]:
        """SimPy process: one event per working day."""
        world, calendar = self._world, self._world.scenario.calendar
        end = calendar.shift_end_min + calendar.overtime_min - self._rules.ask_before_end_min
        for day in range(world.scenario.calendar_days):
            if not calendar.is_working_day(day):
                continue
            yield world.env.timeout(day * MIN_PER_DAY + end - world.env.now)
            if world.shifts.is_worked(day):
                self.ask(day)

    def ask(self, day: int) -> None:
        """The evening of a day that is worked."""
        world = self._world
        if day // DAYS_PER_WEEK != self._week:
            self._week = day // DAYS_PER_WEEK
            self._week_min[:] = 0.0
        late_usd = self._planner.expected_late_usd() if self._rules.mode == "rule" else 0.0
        for line in self._lines:
            if not world.idle[line.number] and not world.down[line.number]:
                self._evening(line, day, late_usd)

    def _evening(self, line: SewingLine, day: int, late_usd: float) -> None:
        rules = self._rules
        if minutes := self._ordered.get(line.number, 0.0):
            self.stay(line, day, minutes)
        elif rules.mode == "plan":
            minutes = rules.plan_min[day % DAYS_PER_WEEK]
            left = rules.max_week_min - self._week_min[line.number]
            self.stay(line, day, float(min(minutes, left)))
        elif rules.mode == "agent":
            for ask in self._listeners:
                ask(line, day)
        elif late_usd > 0.0:
            self.stay(line, day, self._longest_if_it_pays(line, late_usd))

    def _longest_if_it_pays(self, line: SewingLine, late_usd: float) -> float:
        """The house's rule: the longest evening allowed if it saves more lateness than it costs."""
        minutes = self.minutes[self.allowed(line.number)][-1:]
        after_usd = float(self._planner.late_after_evenings(line.number, minutes)[0])
        is_worth_it = late_usd - after_usd > float(self.labour_usd(line, minutes)[0])
        return float(minutes[0]) if is_worth_it else 0.0

    def allowed(self, line: int) -> NDArray[np.bool_]:
        """Which lengths are within the limits of day and week, shape (n,)."""
        rules, minutes = self._rules, self.minutes
        week = self._week_min[line] + minutes
        return np.asarray((minutes <= rules.max_day_min) & (week <= rules.max_week_min + 1e-9))

    def labour_usd(self, line: SewingLine, minutes: NDArray[np.float64]) -> NDArray[np.float64]:
        """What an evening costs by its length."""
        people = self._people(line)
        rate = self._world.scenario.costs.labour_usd_per_min * self._rules.pay_factor
        return np.asarray(minutes * people * rate)

    def week_min(self, line: int) -> float:
        """Overtime of a line so far this week."""
        return float(self._week_min[line])

    def stay(self, line: SewingLine, day: int, minutes: float) -> None:
        """The line works on tonight."""
        if minutes <= 0.0:
            return
        world = self._world
        line.stay(day, minutes)
        self._week_min[line.number] += minutes
        self._planner.gain(line.number, minutes)
        world.ledger.work_overtime(self._people(line) * minutes, self._rules.pay_factor)

    def _people(self, line: SewingLine) -> float:
        """Who is here of a line."""
        world, number = self._world, line.number
        return float(world.attendance[number]) * line.operators * float(world.heads[number])
