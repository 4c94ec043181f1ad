"""What the meter reads after a run from the same consumers that reported while it went on."""

from __future__ import annotations

from typing import Any

from factory_env import Factory
from factory_env.sim.energy.meter import Meter
from factory_env.sim.house import reporting


def meter_after(run: Factory) -> Meter:
    """A meter that asks everybody once more."""
    house = run.house
    consumers = reporting(run.world, house.floor, house.finishing, house.cutting)
    return Meter(consumers, run.world.shifts)


def activity_after(run: Factory, slots: int) -> Any:
    """What machines and people did in the first slots of a run."""
    return meter_after(run).feed(0, slots)
