"""Many working clocks whose timers compiled kernels keep; see `clock_timers`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.calendar import ShiftTable
from factory_env.sim.kernel.agenda import HouseEnvironment
from factory_env.sim.kernel.clock import Ring, WorkingClock
from factory_env.sim.work import clock_timers as timers

Floats = NDArray[np.float64]
FIRST_CAPACITY = 256


class ClockAgenda:
    """Tables of the clocks and of those who wait for them."""

    def __init__(self, env: HouseEnvironment, clocks: int) -> None:
        self.env = env
        self.state = np.zeros(timers.STATE_SIZE)
        self.state[timers.NEXT_WALL] = np.inf
        self.state[timers.RINGING] = timers.NO_ID
        self._clocks = np.zeros((clocks, timers.CLOCK_SIZE))
        self._clocks[:, timers.RATE] = 1.0
        self._clocks[:, [timers.ARMED_WORK, timers.ARMED_WALL]] = np.inf
        self._heaps = np.zeros((clocks, FIRST_CAPACITY, timers.WAITER_SIZE))
        self._shifts = np.zeros((1, 2, 1))
        self._duties: list[tuple[ShiftTable, float]] = []  # and the minutes it had when written
        self._count = 0  # clocks in use
        self._rings: dict[int, tuple[Ring, Any]] = {}
        self._serial = 0  # of the rings
        self._waiting = 0  # at most so many wait for all clocks

    @property
    def tables(self) -> tuple[Floats, Floats, Floats, Floats]:
        """What the kernels take: the columns of `clock_timers.Timers`."""
        return self.state, self._clocks, self._heaps, self._shifts

    def make_clock(self, shifts: ShiftTable, name: str) -> AgendaClock:
        """A new clock."""
        number, self._count = self._count, self._count + 1
        known = [i for i, (duty, _) in enumerate(self._duties) if duty is shifts]
        table = known[0] if known else len(self._duties)
        self._clocks[number, timers.TABLE] = table
        if not known:
            self._duties.append((shifts, shifts.end_shift_min))
        self._write_duty(table)
        return AgendaClock(self, number, shifts, name)

    def _write_duty(self, table: int) -> None:
        """Keep a table of duty as it stands."""
        shifts, knots = self._duties[table][0], self._duties[table][0].knots
        n, (tables, _, longest) = len(knots[0]), self._shifts.shape
        if table >= tables or n > longest:
            wider = np.zeros((max(tables, table + 1), 2, max(longest, n)))
            wider[:tables, :, :longest] = self._shifts
            self._shifts = wider
        self._shifts[table, :, :n] = knots
        self._clocks[self._clocks[:, timers.TABLE] == table, timers.KNOTS] = n
        self._duties[table] = (shifts, shifts.end_shift_min)

    @property
    def next_min(self) -> float:
        """Wall minute of the next timer; infinite if there is none."""
        return float(self._clocks[:, timers.ARMED_WALL].min())

    def call_at(self, clock: int, work_min: float, ring: Ring, argument: Any) -> None:
        """Call ``ring(argument)`` when a clock has done so many working minutes."""
        self.make_room(1)
        self._serial += 1
        self._rings[self._serial] = ring, argument
        first, now = next(self.env._eid), float(self.env._now)
        self.go_on(first, timers.add_call(*self.tables, first, now, clock, work_min, self._serial))

    def retime(self, clock: AgendaClock, work_min: float, base_min: float, rate: float) -> None:
        """A clock goes at another rate, or its duty has changed: time everybody anew."""
        number, shifts = clock.number, clock.shifts
        table = int(self._clocks.item(number, timers.TABLE))
        if self._duties[table][1] != shifts.end_shift_min:
            self._write_duty(table)
        first, now = next(self.env._eid), float(self.env._now)
        self.go_on(first, timers.retime(*self.tables, first, now, number, work_min, base_min, rate))

    def go_on(self, first: int, after: float) -> None:
        """A kernel has numbered its timers from ``first`` on: SimPy counts on from ``after``."""
        if after > first:
            self.env._eid = count(int(after))

    def take_call(self, serial: int) -> tuple[Ring, Any]:
        """What somebody in Python has waited for, who waits no more."""
        return self._rings.pop(serial)

    def make_room(self, more: int) -> None:
        """See that so many more can wait for any one clock."""
        self._waiting += more
        if self._waiting > self._heaps.shape[1]:
            self._waiting = int(self._clocks[:, timers.WAITING].sum()) + more
            while self._waiting > self._heaps.shape[1]:
                self._heaps = np.concatenate((self._heaps, np.zeros_like(self._heaps)), axis=1)

    def waiting(self, clock: int) -> Iterator[tuple[int, Any]]:
        """Kind and argument of everybody who waits for a clock, in no order."""
        n = int(self._clocks[clock, timers.WAITING])
        for kind, argument in self._heaps[clock, :n, timers.KIND :].astype(np.int64).tolist():
            yield kind, self._rings[argument][1] if kind == timers.CALL else argument


class AgendaClock(WorkingClock):
    """A working clock whose timers an agenda keeps."""

    __slots__ = ("_agenda", "name_argument", "number")

    def __init__(self, agenda: ClockAgenda, number: int, shifts: ShiftTable, name: str) -> None:
        super().__init__(agenda.env, shifts, name)
        self._agenda = agenda
        self.number = number  # among the agenda's clocks
        self.name_argument: Callable[[int, Any], Any] = _plain

    def call_at(self, work_min: float, ring: Ring, argument: Any) -> None:
        self._agenda.call_at(self.number, work_min, ring, argument)

    def retime(self) -> None:
        self._agenda.retime(self, self._work, self._base, self._rate)

    @property
    def waiting(self) -> list[Any]:
        return [self.name_argument(*who) for who in self._agenda.waiting(self.number)]


def _plain(kind: int, argument: Any) -> Any:
    """The argument itself, where nobody but Python waits."""
    return argument
