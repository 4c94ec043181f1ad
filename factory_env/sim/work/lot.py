"""A transfer lot on its way from the line to the carton."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from factory_env.sim.orders.order_run import OrderRun
    from factory_env.sim.world import World

# Positions in Lot.times. SEWN is wall time; a station writes its start and, one further, its
# end in its own working minutes, which the logbook turns into wall time.
SEWN, CAMERA, INSPECT, REPAIR, AGAIN, PRESS, PACK = 0, 1, 3, 5, 7, 9, 11
N_TIMES = 13


class Found(NamedTuple):
    """Pieces of a lot by what inspection and bench made of them; columns of the log's lots."""

    defective: int = 0
    flagged: int = 0  # at the first inspection
    false_alarms: int = 0  # of these, sound
    repaired: int = 0  # at least once
    repairs: int = 0
    rounds: int = 0  # most repairs of one piece
    seconds: int = 0
    escapes: int = 0  # defective pieces that go on


class Lot:
    """Some bundles of one order; its pieces, what is wrong with them, and when it was where."""

    __slots__ = (
        "bench_min",
        "check_min",
        "found",
        "good",
        "has_fallen",
        "is_void",
        "number",
        "pieces",
        "run",
        "times",
        "world",
    )

    def __init__(self, world: World, run: OrderRun, number: int, pieces: int) -> None:
        self.world = world
        self.run = run
        self.number = number
        self.pieces = pieces
        self.good = pieces
        self.found = Found()
        self.bench_min = 0.0  # of one mender
        self.check_min = 0.0  # of one inspector; the table writes it
        self.times = [0.0] * N_TIMES
        self.has_fallen = False  # off the end of the line
        self.is_void = False  # the pass it belonged to has been done again

    def becomes(self, found: Found, bench_min: float) -> None:
        """What will come of the lot at the line's end."""
        self.found = found
        self.good = self.pieces - found.seconds
        self.bench_min = bench_min
