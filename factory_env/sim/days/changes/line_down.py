"""A line does nothing for a while; what it holds waits."""

from __future__ import annotations

from factory_env.domain.changes import LineDown
from factory_env.sim.days.changes import Cause
from factory_env.sim.days.reach import Reach
from factory_env.sim.planning.pace import lose_time

DOWN = "down"  # factor of a line's clock


def begin(change: LineDown, reach: Reach) -> None:
    """Line and gate stand; whoever plans learns it when it happens, and until when."""
    world = reach.world
    (line,) = reach.lines(change.line)
    end_min = min(change.to_min, world.scenario.calendar_days * 1440.0)

    def set_down(is_down: bool) -> None:
        world.down[line.number] = is_down
        for clock in (line.clock, line.gate.clock):
            clock.set_factor(DOWN, 0.0 if is_down else 1.0)

    def stop() -> None:
        now = world.env.now
        set_down(True)
        lost = world.shifts.shift_at(end_min) - world.now_shift
        lose_time(reach.planner, line.number, lost, world.now_shift)
        world.recorder.event("line down", now, end_min, line=line.number)

    def go_on() -> None:
        set_down(False)
        reach.floor.wake(line)

    reach.at(change.from_min, stop)
    reach.at(change.to_min, go_on)


PLUG = Cause(kind=LineDown, begin=begin)
