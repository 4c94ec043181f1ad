"""A working day on which nobody works: a public holiday, a strike."""

from __future__ import annotations

from factory_env.domain.changes import ClosedDay
from factory_env.sim.days.changes import Cause
from factory_env.sim.days.reach import Reach
from factory_env.sim.days.turned_day import turn_day
from factory_env.units import MIN_PER_DAY


def begin(change: ClosedDay, reach: Reach) -> None:
    """It is known from its midnight on; the other days keep their luck."""

    def close() -> None:
        turn_day(change.day, reach)
        reach.world.recorder.event("closed day", reach.world.env.now)

    reach.at(change.day * MIN_PER_DAY, close)


PLUG = Cause(kind=ClosedDay, begin=begin)
