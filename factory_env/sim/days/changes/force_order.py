"""An order is the next one on a line, whoever decides."""

from __future__ import annotations

from factory_env.domain.changes import ForceOrder
from factory_env.sim.days.changes import Cause
from factory_env.sim.days.reach import Reach


def begin(change: ForceOrder, reach: Reach) -> None:
    """The line takes it as soon as it is free and the order is cut, and no other line may.

    Until then the line goes on with other orders. An order that a line has already, or that the
    line cannot sew, stays where it is.
    """
    world = reach.world
    (line,) = reach.lines(change.line)

    def force() -> None:
        for part in reach.parts(change.order_id):
            if world.tables.capable[line.number, world.book.style[part]]:
                reach.floor.reserve(part, line)
                now = world.env.now
                world.recorder.event("order forced", now, line=line.number, order=part)

    reach.at(change.at_min, force)


PLUG = Cause(kind=ForceOrder, begin=begin)
