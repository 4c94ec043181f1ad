"""The end of a sewing line: a table where every piece is checked, and a bench that mends.

Both belong to one line and keep the order of lots, so in working minutes they are two
recursions and one timer a lot.
"""

from __future__ import annotations

from collections.abc import Callable

from factory_env.domain.plant import LineSpec
from factory_env.sim.clock import WorkingClock
from factory_env.sim.stations.lot import INSPECT, REPAIR, Lot


class Gate:
    """Inspectors share the lot on the table, menders the lot on the bench."""

    __slots__ = ("_bench_free", "_menders", "_people", "_table_free", "_then", "clock")

    def __init__(self, spec: LineSpec, clock: WorkingClock, then: Callable[[Lot], None]) -> None:
        self.clock = clock
        self._people = spec.inspectors
        self._menders = spec.repairers
        self._then = then
        self._table_free = 0.0
        self._bench_free = 0.0

    def arrive(self, lot: Lot) -> None:
        """A lot falls off the line; it goes on when checked and mended."""
        times = lot.times
        start = max(self.clock.now, self._table_free)
        checked = start + lot.pieces * lot.run.product.inspect_min / self._people
        self._table_free = checked
        times[INSPECT], times[INSPECT + 1] = start, checked
        begin = done = checked
        if lot.repair_min > 0.0:
            begin = max(checked, self._bench_free)
            done = begin + lot.repair_min / self._menders
            self._bench_free = done
        times[REPAIR], times[REPAIR + 1] = begin, done
        self.clock.call_at(done, self._then, lot)
