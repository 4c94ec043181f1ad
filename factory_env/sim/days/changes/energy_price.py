"""Energy costs more, or less, for a while."""

from __future__ import annotations

from math import ceil

from factory_env.domain.changes import EnergyPrice
from factory_env.domain.series import SLOT_MIN
from factory_env.sim.days.changes import Cause
from factory_env.sim.days.reach import Reach


def begin(change: EnergyPrice, reach: Reach) -> None:
    """Whole slots of the window, in every band; demand and fixed charges stay as they are."""
    world, site = reach.world, reach.site
    if site is None:
        return
    end_min = min(change.to_min, world.scenario.calendar_days * 1440.0)

    def start() -> None:
        now = world.env.now
        slots = slice(ceil(now / SLOT_MIN), int(end_min // SLOT_MIN))
        site.slots.price_usd[slots] *= change.factor  # nobody else's: every run has its own
        site.prices.ring()
        world.recorder.event("energy price", now, end_min, amount=change.factor)

    reach.at(change.from_min, start)


PLUG = Cause(kind=EnergyPrice, begin=begin)
