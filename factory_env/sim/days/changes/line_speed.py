"""A line sews slower or faster for a while."""

from __future__ import annotations

from factory_env.domain.changes import LineSpeed
from factory_env.sim.days.changes import Cause
from factory_env.sim.days.reach import Reach
from factory_env.sim.planning.pace import change_pace

SPEED = "speed"  # factor of a line's clock


def begin(change: LineSpeed, reach: Reach) -> None:
    """Its people work on; only its pace changes, and planners know it."""
    (line,) = reach.lines(change.line)
    world, factor = reach.world, change.factor

    def start() -> None:
        line.clock.set_factor(SPEED, factor)
        change_pace(reach.planner, line.number, factor, world.now_shift)
        world.recorder.event("line speed", world.env.now, line=line.number, amount=factor)

    def end() -> None:
        line.clock.set_factor(SPEED, 1.0)
        change_pace(reach.planner, line.number, 1.0 / factor, world.now_shift)
        world.recorder.event("line speed", world.env.now, line=line.number, amount=1.0)

    reach.at(change.from_min, start)
    reach.at(change.to_min, end)


PLUG = Cause(kind=LineSpeed, begin=begin)
