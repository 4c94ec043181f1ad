"""A day off that is worked: a Saturday, a holiday."""

from __future__ import annotations

from factory_env.domain.changes import WorkDay
from factory_env.sim.days.changes import Cause
from factory_env.sim.days.reach import Reach
from factory_env.sim.days.turned_day import turn_day
from factory_env.units import MIN_PER_DAY


def begin(change: WorkDay, reach: Reach) -> None:
    """It is known from its midnight on, and has luck of its own; the other days keep theirs."""
    calendar, day = reach.world.scenario.calendar, change.day
    midnight = day * MIN_PER_DAY

    def open_doors() -> None:
        turn_day(day, reach)
        reach.world.recorder.event("work day", reach.world.env.now)

    reach.at(midnight, open_doors)
    reach.at(midnight + calendar.shift_start_min, lambda: reach.days.extra_morning(day))
    evenings = reach.evenings
    if evenings is not None:
        end = calendar.shift_end_min + calendar.overtime_min
        ask_min = end - reach.world.scenario.overtime.ask_before_end_min
        reach.at(midnight + ask_min, lambda: evenings.ask(day))


PLUG = Cause(kind=WorkDay, begin=begin)
