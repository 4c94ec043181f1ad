"""A line sews slower or faster for a while."""

from __future__ import annotations

from factory_env.domain.changes import LineSpeed
from factory_env.sim.days.changes import Cause
from factory_env.sim.days.reach import Reach


def begin(change: LineSpeed, reach: Reach) -> None:
    """Its people work on; only its pace changes."""
    (line,) = reach.lines(change.line)
    world = reach.world

    def start() -> None:
        line.clock.set_factor("speed", change.factor)
        world.recorder.event("line speed", world.env.now, line=line.number, amount=change.factor)

    reach.at(change.from_min, start)
    reach.at(change.to_min, lambda: line.clock.set_factor("speed", 1.0))


PLUG = Cause(kind=LineSpeed, begin=begin)
