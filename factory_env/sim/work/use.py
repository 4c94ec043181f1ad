"""What a station reports to the site's meter, and the busy spans it is reckoned from."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from factory_env.compiled import compiled
from factory_env.domain.series import SLOT_MIN
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.units import MIN_PER_HOUR

Floats = NDArray[np.float64]
Values = Floats | float  # of many slots, or of one


class Use(NamedTuple):
    """What a station used, slot by slot: means over the slot. The columns of the engine's feed."""

    open_share: Values = 0.0  # share of the slot on duty
    people: Values = 0.0  # in the house; those there all day are the station's ``staff``
    machines_running: Values = 0.0  # sewing machines at work (machine minutes / 15)
    run_kw: Values = 0.0  # sewing machines at work (run_kw of their types), without FUS
    idle_kw: Values = 0.0  # sewing machines ready for less than the standby timer, at idle_kw
    rest_idle_kw: Values = 0.0  # sewing machines ready for longer, at idle_kw ...
    rest_standby_kw: Values = 0.0  # ... and the same minutes at standby_kw
    cutting_share: Values = 0.0  # share of the cutting tables at work
    fusing_busy: Values = 0.0  # fusing presses at work, lines and cutting room
    press_busy: Values = 0.0  # press stations at work
    line_irons_busy: Values = 0.0  # irons in the lines at work: steam only
    line_irons_ready: Values = 0.0  # irons in the lines switched on and waiting
    packers_busy: Values = 0.0
    process_kw: Values = 0.0  # machines of rooms that not every plant has
    process_steam_kg_h: Values = 0.0  # the steam they wish for


NO_USE = Use()


class Consumer(Protocol):
    """A station as the meter sees it."""

    @property
    def staff(self) -> int:
        """People in the house while it is open, beside those in `Use.people`."""
        ...

    def used(self, wall_min: Floats) -> Use:
        """What it used in past slots, between successive wall minutes."""
        ...

    def used_now(self) -> Use:
        """The same for the slot that ends now, asked slot by slot."""
        ...


class Spans:
    """Spans of service in a room's working minutes, each with the weight at which it counts."""

    __slots__ = ("_end", "_seen", "_start", "_weight")

    def __init__(self) -> None:
        self._start: list[float] = []
        self._end: list[float] = []
        self._weight: list[float] = []
        self._seen = 0.0

    def add(self, start: float, end: float, weight: float = 1.0) -> None:
        """Somebody is served from ``start`` to ``end``."""
        self._start.append(start)
        self._end.append(end)
        self._weight.append(weight)

    def busy(self, work_min: Floats) -> Floats:
        """Weighted minutes between successive working minutes, shape (n,) for (n + 1,)."""
        start, end, weight = (np.array(c) for c in (self._start, self._end, self._weight))
        return busy_minutes(start, end, weight, work_min)

    def busy_since(self, work_min: float) -> float:
        """The same from the last call to ``work_min``; spans that are over are forgotten."""
        before, self._seen = self._seen, work_min
        rows = list(zip(self._start, self._end, self._weight, strict=True))
        later = [row for row in rows if row[1] > work_min]
        self._start, self._end, self._weight = ([row[i] for row in later] for i in range(3))
        return sum(max(0.0, min(end, work_min) - max(start, before)) * w for start, end, w in rows)


class RoomUse:
    """Reports a room in which crews of equal size serve lots: people at work, in one column."""

    def __init__(self, clock: WorkingClock, column: str, crew: int, staff: int) -> None:
        self.staff = staff
        self.spans = Spans()  # of service, which the room adds
        self._clock = clock
        self._column = column
        self._crew = crew
        self._seen = 0.0  # working minute of the last report

    def used(self, wall_min: Floats) -> Use:
        """In past slots, between successive wall minutes."""
        busy = self.spans.busy(self._clock.work_at_many(wall_min))
        return NO_USE._replace(**{self._column: busy * self._crew / SLOT_MIN})

    def used_now(self) -> Use:
        """In the slot that ends now, asked slot by slot."""
        now = self._clock.now
        if now == self._seen:
            return NO_USE
        self._seen = now
        busy = self.spans.busy_since(now)
        return NO_USE._replace(**{self._column: busy * self._crew / SLOT_MIN})


class ProcessUse:
    """Reports a room whose machines run programs: each uses so much from its start to its end."""

    def __init__(self, clock: WorkingClock, staff: int) -> None:
        self.staff = staff
        self._clock = clock
        self._kw = Spans()
        self._steam = Spans()  # weights in kg/h
        self._seen = 0.0  # working minute of the last report

    def add(self, start: float, end: float, kwh: float, steam_kg: float) -> None:
        """A program runs from one working minute to another and takes this in all."""
        hours = (end - start) / MIN_PER_HOUR
        self._kw.add(start, end, kwh / hours)
        self._steam.add(start, end, steam_kg / hours)

    def used(self, wall_min: Floats) -> Use:
        """In past slots, between successive wall minutes."""
        work = self._clock.work_at_many(wall_min)
        kw, steam = self._kw.busy(work) / SLOT_MIN, self._steam.busy(work) / SLOT_MIN
        return NO_USE._replace(process_kw=kw, process_steam_kg_h=steam)

    def used_now(self) -> Use:
        """In the slot that ends now, asked slot by slot."""
        now = self._clock.now
        if now == self._seen:
            return NO_USE
        self._seen = now
        kw, steam = self._kw.busy_since(now) / SLOT_MIN, self._steam.busy_since(now) / SLOT_MIN
        return NO_USE._replace(process_kw=kw, process_steam_kg_h=steam)


@compiled
def busy_minutes(start: Floats, end: Floats, weight: Floats, edges: Floats) -> Floats:
    """Weighted minutes of the spans [start, end) between successive edges, shape (n,)."""
    n = edges.shape[0] - 1
    out = np.zeros(n)
    for j in range(start.shape[0]):
        i = max(np.searchsorted(edges, start[j], side="right") - 1, 0)
        while i < n and edges[i] < end[j]:
            inside = min(end[j], edges[i + 1]) - max(start[j], edges[i])
            out[i] += max(0.0, inside) * weight[j]
            i += 1
    return out
