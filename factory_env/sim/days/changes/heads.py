"""More or fewer operators stand on a line for a while."""

from __future__ import annotations

from factory_env.domain.changes import Heads
from factory_env.sim.days.changes import Cause
from factory_env.sim.days.reach import Reach
from factory_env.sim.planning.pace import change_pace
from factory_env.sim.stations.spine.sewing import SewingLine

HEADS = "heads"  # factor of a line's clock


def begin(change: Heads, reach: Reach) -> None:
    """The line is as fast as its people are many, as if it were balanced anew; planners know it."""
    for line in reach.lines(change.line):
        _begin_on(line, change, reach)


def _begin_on(line: SewingLine, change: Heads, reach: Reach) -> None:
    world = reach.world
    many = max((line.operators + change.heads) * (1.0 + change.share), 0.0)
    share = many / line.operators

    def man(heads: float) -> None:
        old = float(world.heads[line.number])
        world.heads[line.number] = heads
        line.clock.set_factor(HEADS, heads)
        if old > 0.0 and heads > 0.0:
            change_pace(reach.planner, line.number, heads / old, world.now_shift)

    def start() -> None:
        man(share)
        more = many - line.operators
        world.recorder.event("heads", world.env.now, line=line.number, amount=more)

    def end() -> None:
        man(1.0)
        world.recorder.event("heads", world.env.now, line=line.number, amount=0.0)

    reach.at(change.from_min, start)
    reach.at(change.to_min, end)


PLUG = Cause(kind=Heads, begin=begin)
