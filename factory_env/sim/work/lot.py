"""A transfer lot on its way from the line to the carton."""

from __future__ import annotations

from typing import Final, NamedTuple

from factory_env.sim.orders.order_run import OrderRun

# Stages of the line's end, in order; a room after it is a stage under its own name.
CAMERA, INSPECT, REPAIR, AGAIN = "camera", "inspect", "repair", "again"
LINE_END: Final = (CAMERA, INSPECT, REPAIR, AGAIN)


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
        "sewn_min",
        "times",
    )

    def __init__(self, run: OrderRun, number: int, pieces: int) -> None:
        self.run = run
        self.number = number
        self.pieces = pieces
        self.good = pieces
        self.found = Found()
        self.bench_min = 0.0  # of one mender
        self.check_min = 0.0  # of one inspector; the table writes it
        self.sewn_min = 0.0  # wall minute at which it fell off the line
        # stage -> its start and end in working minutes of the station, which the logbook turns
        # into wall time
        self.times: dict[str, tuple[float, float]] = {}
        self.has_fallen = False  # off the end of the line
        self.is_void = False  # the pass it belonged to has been done again

    def becomes(self, fate: Found, bench_min: float) -> None:
        """What will come of the lot at the line's end."""
        self.found = fate
        self.good = self.pieces - fate.seconds
        self.bench_min = bench_min
