"""A day of the calendar is turned round: off instead of worked, or worked instead of off."""

from __future__ import annotations

from factory_env.sim.days.reach import Reach


def turn_day(day: int, reach: Reach) -> None:
    """From now on everybody knows that ``day``, which has not begun, is the other way round."""
    world = reach.world
    clocks = reach.clocks
    tables = {id(table): table for table in (world.shifts, *(clock.shifts for clock in clocks))}
    for table in tables.values():
        table.turn_day(day)
    for clock in clocks:
        clock.retime()
    world.book.time_anew()
    if reach.site is not None:
        reach.site.open_anew(world.shifts, day)
