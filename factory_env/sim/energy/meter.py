"""The site's meter: adds up what the stations report, slot by slot of 15 minutes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.calendar import ShiftTable
from factory_env.domain.series import SLOT_MIN
from factory_env.sim.energy.slot_engine import FEED
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.work.use import NO_USE, Consumer, Use

Floats = NDArray[np.float64]
ADDED: Final = tuple(name for name in Use._fields if name != "open_share")


class Meter:
    """Activity of past slots at one go; needs no event while the run goes on."""

    def __init__(self, consumers: Sequence[Consumer], shifts: ShiftTable) -> None:
        self._consumers = consumers
        self._shifts = shifts
        self._staff = _staff(consumers)

    def feed(self, first: int, last: int) -> NDArray[np.void]:
        """Activity of slots ``first`` to ``last`` (not included), rows of `FEED`."""
        wall: Floats = np.arange(first, last + 1, dtype=np.float64) * SLOT_MIN
        out = np.zeros(last - first, dtype=FEED)
        open_ = np.diff(self._shifts.shift_at_many(wall)) / SLOT_MIN
        for consumer in self._consumers:
            use = consumer.used(wall)
            open_ = np.maximum(open_, use.open_share)
            for name in ADDED:
                out[name] += getattr(use, name)
        out["open_share"] = open_
        out["people"] += open_ * self._staff
        return out


class LiveMeter:
    """The same slot by slot, while the run goes on; ``clock`` keeps the site's shifts.

    Without arrays: runs that are decided on ask at every slot.
    """

    def __init__(self, consumers: Sequence[Consumer], clock: WorkingClock) -> None:
        self._consumers = consumers
        self._clock = clock
        self._staff = _staff(consumers)
        self._seen = 0.0  # minutes of the shift at the last slot's end

    def feed(self, first: int, last: int) -> Use:
        """Activity of the slot ``first``, which ends now: a row of `FEED`."""
        shift = self._clock.shift_now
        open_ = (shift - self._seen) / SLOT_MIN
        self._seen = shift
        uses = [use for consumer in self._consumers if (use := consumer.used_now()) is not NO_USE]
        if not uses:  # most of the night
            return NO_USE._replace(open_share=open_, people=open_ * self._staff)
        shares, people, *rest = zip(*uses, strict=True)
        open_ = max(open_, *shares)
        return Use(open_, sum(people) + open_ * self._staff, *map(sum, rest))


def _staff(consumers: Sequence[Consumer]) -> float:
    """People outside the lines, in the house while it is open."""
    return float(sum(consumer.staff for consumer in consumers))
