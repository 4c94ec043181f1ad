"""Lays: the layers of fabric in which an order is cut, and which table cuts which lay when."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from heapq import heapify, heapreplace

from factory_env.sim.orders.order_run import OrderRun


@dataclass(slots=True, kw_only=True)
class LayPlan:
    """The lays of one order by their beginning; times in working minutes of the cutting room."""

    run: OrderRun
    work_days: float  # planner's sewing work of the order
    pieces: list[int]
    table: list[int]
    start: list[float]
    end: list[float]
    before: dict[int, float]  # table -> when it was done with the orders before this one

    def begun(self, now: float) -> int:
        """Number of lays begun by ``now``; a lay begun is cut to its end."""
        return bisect_right(self.start, now)

    def cut_by(self, now: float) -> int:
        """Pieces in lays begun by ``now``."""
        return sum(self.pieces[: self.begun(now)])

    def ends(self) -> dict[int, float]:
        """When each table is done with this order."""
        return dict(zip(self.table, self.end, strict=True))  # the last lay of a table stands

    def stop(self, now: float) -> set[int]:
        """Forget the lays that nobody has begun; returns the tables that would have cut them."""
        keep = self.begun(now)
        tables = set(self.table[keep:])
        for column in (self.pieces, self.table, self.start, self.end):
            del column[keep:]
        return tables


def lay_sizes(pieces: int, lay_pieces: int) -> list[int]:
    """Pieces of each lay: full ones, then the rest."""
    full, rest = divmod(pieces, lay_pieces)
    return [lay_pieces] * full + [rest] * (rest > 0)


def lay_out(
    minutes: list[float], free: list[tuple[float, int]]
) -> tuple[list[int], list[float], list[float]]:
    """Table, start and end of each lay: the next lay goes to the table that is free first.

    ``free``: (working minute at which it is free, table) for each table that may be used.
    """
    heap = list(free)
    heapify(heap)
    tables, starts, ends = [], [], []
    for span in minutes:
        start, table = heap[0]
        heapreplace(heap, (start + span, table))
        tables.append(table)
        starts.append(start)
        ends.append(start + span)
    return tables, starts, ends
