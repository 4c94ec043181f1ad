"""A department's working clock: wall minutes in, working minutes out.

The rate is shift (0 or 1) times a product of named factors (attendance, heat, curtailment,
...). Whoever waits says "until this much work is done"; one SimPy timeout is armed for the
nearest waiter and re-armed when a factor changes, so calm hours cost no events.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from heapq import heappop, heappush
from typing import Any

import numpy as np
from numpy.typing import NDArray
from simpy import Environment, Timeout

from factory_env.domain.calendar import ShiftTable

Ring = Callable[[Any], None]
INFINITY = float("inf")


class WorkingClock:
    """The clock of one department."""

    __slots__ = (
        "_armed_work",
        "_base",
        "_env",
        "_factors",
        "_heap",
        "_history",
        "_rate",
        "_serial",
        "_shifts",
        "_token",
        "_work",
        "lost_min",
        "name",
    )

    def __init__(self, env: Environment, shifts: ShiftTable, name: str) -> None:
        self._env = env
        self._shifts = shifts
        self.name = name
        self._factors: dict[str, float] = {}
        self._rate = 1.0  # product of the factors, without the shift
        self._work = 0.0  # working minutes at the last change of rate
        self._base = 0.0  # shift minutes at the last change of rate
        self._heap: list[tuple[float, int, Ring, Any]] = []
        self._serial = 0
        self._history: list[tuple[float, float, float]] = [(0.0, 0.0, 1.0)]  # work, shift, rate
        self._token = 0  # of the armed timeout; older ones are stale
        self._armed_work = INFINITY
        self.lost_min: dict[str, float] = {}  # shift minutes lost so far by factor

    @property
    def now(self) -> float:
        """Working minutes done so far."""
        return self._work + (self._shifts.shift_at(self._env.now) - self._base) * self._rate

    @property
    def wall_now(self) -> float:
        """Wall minutes since the start of the run."""
        return float(self._env.now)

    @property
    def rate(self) -> float:
        """Working minutes per shift minute at present."""
        return self._rate

    @property
    def shifts(self) -> ShiftTable:
        """When the department is on duty."""
        return self._shifts

    def set_factor(self, name: str, value: float) -> None:
        """Change one cause of speed; everybody waiting is re-timed.

        Raises
        ------
        ValueError
            If ``value`` is negative or not a number.
        """
        if self._factors.get(name, 1.0) != value:
            self.set_factors({name: value})

    def set_factors(self, values: Mapping[str, float]) -> None:
        """Change several causes of speed at once."""
        factors, is_new = self._factors, False
        for name, value in values.items():
            if not value >= 0.0:
                raise ValueError(f"clock {self.name}: factor {name} must be 0 or more, got {value}")
            is_new = is_new or factors.get(name, 1.0) != value
        if not is_new:
            return
        base = self._shifts.shift_at(self._env.now)
        self._account(base - self._base, self.lost_min)
        self._work += (base - self._base) * self._rate
        self._base = base
        self._factors.update(values)
        rate = 1.0
        for factor in self._factors.values():
            rate *= factor
        self._rate = rate
        self._history.append((self._work, base, rate))
        self.retime()

    @property
    def shift_now(self) -> float:
        """Minutes of duty so far, worked or lost."""
        return self._shifts.shift_at(self._env.now)

    def lost_now(self) -> dict[str, float]:
        """Shift minutes lost so far by factor; with the minutes worked they add up to the shift.

        A standstill takes the whole minute; of the others each takes its part of what the
        factors before it have left. A factor above 1 has lost less than nothing.
        """
        lost = dict(self.lost_min)
        self._account(self.shift_now - self._base, lost)
        return lost

    def _account(self, span_min: float, lost: dict[str, float]) -> None:
        if span_min <= 0.0 or self._rate == 1.0:
            return
        for name, factor in self._factors.items():
            if factor == 0.0:
                lost[name] = lost.get(name, 0.0) + span_min
                return
        left = span_min
        for name, factor in self._factors.items():
            if factor != 1.0:
                lost[name] = lost.get(name, 0.0) + left * (1.0 - factor)
                left *= factor

    def retime(self) -> None:
        """The shift table has changed after the present minute: time everybody anew."""
        self._token += 1
        self._armed_work = INFINITY
        self._arm()

    def call_at(self, work_min: float, ring: Ring, argument: Any) -> None:
        """Call ``ring(argument)`` when ``work_min`` working minutes are done."""
        self._serial += 1
        heappush(self._heap, (work_min, self._serial, ring, argument))
        if work_min < self._armed_work:
            self._arm()

    def call_after(self, work_min: float, ring: Ring, argument: Any) -> None:
        """Call ``ring(argument)`` after that much work from now."""
        self.call_at(self.now + work_min, ring, argument)

    @property
    def waiting(self) -> list[Any]:
        """The arguments of all calls that are still to come, in no order."""
        return [argument for _, _, _, argument in self._heap]

    def wall_at(self, work_min: float) -> float:
        """Wall time at which ``work_min`` will be done if the rate stays; infinite if never."""
        if self._rate == 0.0:
            return INFINITY
        return self._shifts.wall_at(self._base + (work_min - self._work) / self._rate)

    def history_wall_at(self, work_min: NDArray[np.float64]) -> NDArray[np.float64]:
        """Wall times at which ``work_min`` was done, by the rates as they really were."""
        work, base, rate = (np.array(column) for column in zip(*self._history, strict=True))
        i = np.maximum(np.searchsorted(work, work_min, side="left") - 1, 0)
        safe = np.where(rate[i] > 0, rate[i], 1.0)
        return self._shifts.wall_at_many(base[i] + (work_min - work[i]) / safe)

    def work_at_many(self, wall_min: NDArray[np.float64]) -> NDArray[np.float64]:
        """Working minutes done by wall times in the past, shape (n,)."""
        work, base, rate = (np.array(column) for column in zip(*self._history, strict=True))
        shift = self._shifts.shift_at_many(np.minimum(wall_min, self._env.now))
        i = np.searchsorted(base, shift, side="right") - 1
        return np.asarray(work[i] + (shift - base[i]) * rate[i])

    def _arm(self) -> None:
        if not self._heap:
            return
        work = self._heap[0][0]
        wall = self.wall_at(work)
        if wall == INFINITY:
            return
        self._token += 1
        self._armed_work = work
        timeout = Timeout(self._env, max(wall - self._env.now, 0.0), self._token)
        timeout.callbacks.append(self._ring)  # type: ignore[union-attr]

    def _ring(self, event: Any) -> None:
        if event._value != self._token:
            return  # re-timed since
        work = self._armed_work
        self._armed_work = INFINITY
        heap = self._heap
        while heap and heap[0][0] <= work:
            _, _, ring, argument = heappop(heap)
            ring(argument)
        if heap and heap[0][0] < self._armed_work:
            self._arm()


class OwnClock(WorkingClock):
    """A clock with a time of its own: a station can be run on it without a factory."""

    __slots__ = ()

    def __init__(self, shifts: ShiftTable, name: str) -> None:
        super().__init__(Environment(), shifts, name)

    def run(self) -> None:
        """Let time pass until nobody waits any more."""
        self._env.run()
