"""A transfer lot on its way from the line to the carton."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from factory_env.sim.stations.order_run import OrderRun
    from factory_env.sim.world import World

# Positions in Lot.times. SEWN is wall time; a station writes its start and, one further, its
# end in its own working minutes, which the logbook turns into wall time.
SEWN, INSPECT, REPAIR, PRESS, PACK = 0, 1, 3, 5, 7
N_TIMES = 9


class Lot:
    """Some bundles of one order; its pieces, what is wrong with them, and when it was where."""

    __slots__ = (
        "good", "has_fallen", "is_void", "number", "pieces", "repair_min", "run", "times", "world",
    )  # fmt: skip

    def __init__(self, world: World, run: OrderRun, number: int, pieces: int) -> None:
        self.world = world
        self.run = run
        self.number = number
        self.pieces = pieces
        self.good = pieces
        self.repair_min = 0.0
        self.times = [0.0] * N_TIMES
        self.has_fallen = False  # off the end of the line
        self.is_void = False  # the pass it belonged to has been done again
