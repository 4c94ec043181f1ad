"""The grid gives nothing for a while."""

from __future__ import annotations

from factory_env.domain.changes import Outage
from factory_env.sim.days.changes import Cause
from factory_env.sim.days.reach import Reach

GRID = "grid"  # factor of all clocks


def begin(change: Outage, reach: Reach) -> None:
    """With a generator the factory stands only until it runs; the energy side pays for it."""
    world = reach.world
    outages = world.scenario.disruptions.outages
    end_min = min(change.to_min, world.scenario.calendar_days * 1440.0)
    still_min = end_min
    if outages.has_generator:
        still_min = min(end_min, change.from_min + outages.start_min)
    clocks = reach.clocks

    def set_all(value: float) -> None:
        for clock in clocks:
            clock.set_factor(GRID, value)

    def start() -> None:
        now = world.env.now
        set_all(0.0)
        world.recorder.event("outage", now, still_min)
        if reach.site is not None:
            reach.site.blow_out(now, end_min - now)

    reach.at(change.from_min, start)
    reach.at(still_min, lambda: set_all(1.0))


PLUG = Cause(kind=Outage, begin=begin)
