"""Lines work on after the shift, because somebody has said so."""

from __future__ import annotations

from factory_env.domain.changes import Overtime
from factory_env.sim.days.changes import Cause
from factory_env.sim.days.reach import Reach
from factory_env.units import MIN_PER_DAY, MIN_PER_HOUR


def begin(change: Overtime, reach: Reach) -> None:
    """It goes before plan, rule and policy; lines without work go home, none stays past midnight.

    The other rooms keep their hours, and it is paid as any overtime.
    """
    evenings, calendar = reach.evenings, reach.world.scenario.calendar
    assert evenings is not None  # see `World.may_stay`
    longest_min = MIN_PER_DAY - calendar.shift_end_min - calendar.overtime_min
    minutes = min(change.hours * MIN_PER_HOUR, longest_min)
    lines = [line.number for line in reach.lines(change.line)]

    def say(minutes: float) -> None:
        for line in lines:
            evenings.order(line, minutes)

    reach.at(change.from_min, lambda: say(minutes))
    reach.at(change.to_min, lambda: say(0.0))


PLUG = Cause(kind=Overtime, begin=begin)
