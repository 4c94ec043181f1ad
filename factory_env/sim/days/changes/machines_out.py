"""Machines of a type are out of order for a while."""

from __future__ import annotations

from collections.abc import Sequence

from factory_env.domain.changes import MachinesOut
from factory_env.sim.days.changes import Cause
from factory_env.sim.days.reach import Reach
from factory_env.sim.stations.spine.sewing import SewingLine


def begin(change: MachinesOut, reach: Reach) -> None:
    """Those that are missed least go first: of the line that has most of the type."""
    world = reach.world
    lost = _shares(change, reach.lines(change.line))

    def take(sign: int) -> None:
        for line, count in lost.items():
            line.people.lack(change.machine, sign * count)
            line.set_machine_pace()
            amount = float(line.people.lacking.get(change.machine, 0))
            world.recorder.event("machines out", world.env.now, line=line.number, amount=amount)

    reach.at(change.from_min, lambda: take(1))
    reach.at(change.to_min, lambda: take(-1))


def _shares(change: MachinesOut, lines: Sequence[SewingLine]) -> dict[SewingLine, int]:
    """How many machines each line loses; none loses more than it has."""
    left = {line: line.people.machines.get(change.machine, 0) for line in lines}
    lost = dict.fromkeys(left, 0)
    for _ in range(min(change.count, sum(left.values()))):
        line = max(left, key=lambda line: left[line])
        left[line] -= 1
        lost[line] += 1
    return {line: count for line, count in lost.items() if count}


PLUG = Cause(kind=MachinesOut, begin=begin)
