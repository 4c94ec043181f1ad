"""Who of a line's operators has come today, and how well they can be placed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from factory_env.sim.world import World


class LinePeople:
    """The operators of one line.

    ``are_counted``: absent people are missed by head; otherwise absence slows the line evenly.
    """

    __slots__ = (
        "_after_moving",
        "_line",
        "_world",
        "are_counted",
        "lacking",
        "machines",
        "present",
    )

    def __init__(self, world: World, line: int) -> None:
        rules = world.scenario.rebalance
        self._world = world
        self._line = line
        self.are_counted = rules.mode != "even"
        spec = world.scenario.plant.lines[line]
        self.machines = spec.machines
        self.lacking: dict[str, int] = {}  # machines out of order, by type
        self.present = np.ones(spec.operators, dtype=np.bool_)
        shift_min = world.scenario.calendar.shift_min
        self._after_moving = max(0.0, 1.0 - rules.cost_min / shift_min)

    def come(self, present: NDArray[np.bool_]) -> float:
        """These have come this morning; returns their share."""
        self.present = present
        return float(np.count_nonzero(present) / present.shape[0])

    def pace(self, *, is_morning: bool = False) -> float:
        """How well the people who have come can be placed: pace of the line / share present.

        Without re-balancing the thinnest station limits the line; moving people costs minutes.
        """
        rules, world = self._world.scenario.rebalance, self._world
        here, operators = np.count_nonzero(self.present), self.present.shape[0]
        if not self.are_counted or here == operators or not here:
            return 1.0
        product = world.tables.styles[int(world.setups.current[self._line])].product
        kept, moved = world.crews.capacities(self._line, product, self.present)
        pace = kept
        if rules.mode == "shift" and moved >= kept * (1.0 + rules.min_gain):
            pace = moved
            if is_morning:
                pace *= self._after_moving
        return pace * operators / here

    def lack(self, machine: str, more: int) -> None:
        """So many more machines of a type are out of order, or fewer if negative."""
        self.lacking[machine] = self.lacking.get(machine, 0) + more

    def machine_pace(self) -> float:
        """What the machines in order allow of the pace of the style at work, 0 to 1.

        Whose machine is out shares that of a neighbour: a station of the type has as much less to
        give as the type has machines less than people who need one.
        """
        world = self._world
        product = world.tables.styles[int(world.setups.current[self._line])].product
        plan = world.crews.plan(self._line, product)
        crews = np.diff(plan.crew_start)
        longest_min = plan.bottleneck_min
        for machine, out in self.lacking.items():
            at = np.array([code == machine for code in plan.machines])
            used, left = int(crews[at].sum()), self.machines.get(machine, 0) - out
            if left >= used:
                continue
            if left <= 0:
                return 0.0
            for k in np.flatnonzero(at).tolist():
                crew = plan.crew[plan.crew_start[k] : plan.crew_start[k + 1]]
                power = float(plan.efficiency[crew].sum()) * left / used
                longest_min = max(longest_min, float(plan.smv_min[k]) / power)
        return plan.bottleneck_min / longest_min
