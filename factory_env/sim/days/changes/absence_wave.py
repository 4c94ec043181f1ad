"""A wave of illness: more operators than usual stay away."""

from __future__ import annotations

from factory_env.domain.changes import AbsenceWave
from factory_env.sim.days.changes import Cause
from factory_env.sim.days.reach import Reach


def begin(change: AbsenceWave, reach: Reach) -> None:
    """It counts on every morning of the window; whoever would be ill anyway is ill all the same."""
    world = reach.world

    def start() -> None:
        reach.days.more_absent = change.share
        end_min = min(change.to_min, world.scenario.calendar_days * 1440.0)
        world.recorder.event("absence wave", world.env.now, end_min, amount=change.share)

    def end() -> None:
        reach.days.more_absent = 0.0

    reach.at(change.from_min, start)
    reach.at(change.to_min, end)


PLUG = Cause(kind=AbsenceWave, begin=begin)
