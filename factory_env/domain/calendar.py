"""When the factory works: shifts, breaks, days off, overtime; shift time as a function of wall."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.limits import CountOrNone, MinuteOfDay
from factory_env.units import DAYS_PER_WEEK, MIN_PER_DAY

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCalendar:
    """The weekly plan. Day 0 is a Monday; times of day are minutes after midnight."""

    shift_start_min: MinuteOfDay = 480.0
    shift_end_min: MinuteOfDay = 1020.0
    breaks: tuple[tuple[MinuteOfDay, MinuteOfDay], ...] = ((720.0, 780.0),)
    days_off: tuple[CountOrNone, ...] = (6,)
    overtime_min: MinuteOfDay = 0.0  # worked after shift_end_min on every working day
    closed_days: tuple[CountOrNone, ...] = ()  # calendar days of the run on which nobody works
    holidays: str = ""  # country whose public holidays are off; "country" = that of the site
    closed_dates: tuple[str, ...] = ()  # likewise, by date: YYYY-MM-DD
    holiday_days: tuple[CountOrNone, ...] = ()  # those of them in the run, once it has dates

    @property
    def shift_min(self) -> float:
        """Working minutes of one working day [min]."""
        return sum(end - start for start, end in self.day_intervals())

    @property
    def working_days_per_week(self) -> int:
        return DAYS_PER_WEEK - len(set(self.days_off))

    def is_working_day(self, day: int) -> bool:
        if day in self.closed_days or day in self.holiday_days:
            return False
        return day % DAYS_PER_WEEK not in self.days_off

    def day_intervals(self) -> tuple[tuple[float, float], ...]:
        """Working spans of one working day, minutes after midnight; breaks may overlap."""
        spans: list[tuple[float, float]] = []
        start = self.shift_start_min
        end = self.shift_end_min + self.overtime_min
        for break_start, break_end in sorted(self.breaks):
            spans.append((start, break_start))
            start = max(start, break_end)
        spans.append((start, end))
        return tuple(s for s in spans if s[1] > s[0])

    def calendar_days(self, working_days: int) -> int:
        """Calendar days that hold the first ``working_days`` working days."""
        day = 0
        while working_days > 0:
            working_days -= self.is_working_day(day)
            day += 1
        return day


class ShiftTable:
    """Shift minutes S(t) since the start of the run, and its inverse, by table.

    S grows with slope 1 while the shift is on and stays flat otherwise. The table
    covers ``days`` calendar days; after its end nothing is worked any more.
    """

    def __init__(self, calendar: WorkCalendar, days: int) -> None:
        self._calendar = calendar
        self._turned: set[int] = set()  # days that are the other way round than the calendar says
        wall: list[float] = [0.0]
        shift: list[float] = [0.0]
        for day in range(days):
            if not calendar.is_working_day(day):
                continue
            for start, end in calendar.day_intervals():
                wall += [day * MIN_PER_DAY + start, day * MIN_PER_DAY + end]
                shift += [shift[-1], shift[-1] + end - start]
        wall.append(days * MIN_PER_DAY)
        shift.append(shift[-1])
        self._wall, self._shift = wall, shift
        self._wall_a, self._shift_a = np.asarray(wall), np.asarray(shift)
        self._last = (0.0, 0.0)  # most questions repeat the present minute
        self.end_wall_min = wall[-1]
        self.end_shift_min = shift[-1]

    @property
    def knots(self) -> tuple[list[float], list[float]]:
        """Wall minutes at which duty begins or ends, and the shift minutes worked until then."""
        return self._wall, self._shift

    def is_worked(self, day: int) -> bool:
        """Does anybody work on a calendar day, as things stand?"""
        return self._calendar.is_working_day(day) != (day in self._turned)

    def turn_day(self, day: int) -> None:
        """A day to come that would be worked is off, or the other way round."""
        begin, end = day * MIN_PER_DAY, (day + 1) * MIN_PER_DAY
        first, last = bisect_right(self._wall, begin), bisect_right(self._wall, end)
        before = self._shift[first - 1]
        if self.is_worked(day):
            gone = self.shift_at(end) - before
            self._shift[first:last] = [before] * (last - first)
            self._shift[last:] = [shift - gone for shift in self._shift[last:]]
        else:
            del self._wall[first:last], self._shift[first:last]
            for start, stop in self._calendar.day_intervals():
                self._wall[first:first] = [begin + start, begin + stop]
                self._shift[first:first] = [before, before + stop - start]
                before, first = before + stop - start, first + 2
            more = before - self._shift[first]
            self._shift[first:] = [shift + more for shift in self._shift[first:]]
        self._turned ^= {day}
        self._renew()

    def _renew(self) -> None:
        """The knots have changed after the present minute."""
        self._wall_a, self._shift_a = np.asarray(self._wall), np.asarray(self._shift)
        self._last = (0.0, 0.0)
        self.end_shift_min = self._shift[-1]

    def shift_at(self, wall_min: float) -> float:
        """Shift minutes worked until wall time ``wall_min``."""
        last_wall, last_shift = self._last
        if wall_min == last_wall:
            return last_shift
        i = bisect_right(self._wall, wall_min) - 1
        if i + 1 >= len(self._wall):
            return self.end_shift_min
        shift = self._shift[i]
        if self._shift[i + 1] > shift:
            shift += wall_min - self._wall[i]
        self._last = (wall_min, shift)
        return shift

    def wall_at(self, shift_min: float) -> float:
        """Earliest wall time at which ``shift_min`` shift minutes have been worked.

        Infinite if the table ends before.
        """
        if shift_min > self.end_shift_min:
            return float("inf")
        i = bisect_left(self._shift, shift_min)  # first breakpoint that reaches the target
        return self._wall[i] - (self._shift[i] - shift_min)

    def shift_at_many(self, wall_min: Floats) -> Floats:
        """``shift_at`` for an array."""
        return np.asarray(np.interp(wall_min, self._wall_a, self._shift_a))

    def wall_at_many(self, shift_min: Floats) -> Floats:
        """``wall_at`` for an array (targets beyond the table are cut to its end)."""
        i = np.minimum(np.searchsorted(self._shift_a, shift_min, side="left"), len(self._shift) - 1)
        return np.asarray(self._wall_a[i] - np.maximum(0.0, self._shift_a[i] - shift_min))


class DutyTable(ShiftTable):
    """The shift table of one department, to which evenings of overtime can be added."""

    def __init__(self, calendar: WorkCalendar, days: int) -> None:
        super().__init__(calendar, days)
        self.overtime_min: dict[int, float] = {}  # by calendar day
        self._are_arrays_old = False  # the lists are ahead of them
        self._evening_min = calendar.shift_end_min + calendar.overtime_min

    def stay(self, day: int, minutes: float) -> None:
        """Work ``minutes`` longer on the evening of ``day``, which must not be over yet."""
        start = day * MIN_PER_DAY + self._evening_min
        i = bisect_right(self._wall, start) - 1  # the breakpoint at which the shift ends
        if not self.is_worked(day) or not minutes > 0.0:
            raise ValueError(f"day {day} has no shift to prolong by {minutes:g} min")
        if self._wall[i] != start:  # a break ends the shift: the evening begins after it
            i += 1
            self._wall.insert(i, start)
            self._shift.insert(i, self._shift[i - 1])
        self._wall.insert(i + 1, start + minutes)
        self._shift.insert(i + 1, self._shift[i])
        self._shift[i + 1 :] = [shift + minutes for shift in self._shift[i + 1 :]]
        self._are_arrays_old = True
        self._last = (0.0, 0.0)
        self.end_shift_min = self._shift[-1]
        self.overtime_min[day] = self.overtime_min.get(day, 0.0) + minutes

    def shift_at_many(self, wall_min: Floats) -> Floats:
        self._renew_arrays()
        return super().shift_at_many(wall_min)

    def wall_at_many(self, shift_min: Floats) -> Floats:
        self._renew_arrays()
        return super().wall_at_many(shift_min)

    def _renew_arrays(self) -> None:
        if self._are_arrays_old:
            self._wall_a, self._shift_a = np.asarray(self._wall), np.asarray(self._shift)
            self._are_arrays_old = False
