"""Lays: the layers of fabric in which an order is cut, and which table cuts which lay when."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import heapify, heapreplace
from itertools import islice

import numpy as np

from factory_env.domain.plant import Rooms
from factory_env.domain.scenario import Cutting
from factory_env.domain.series import SLOT_MIN
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.work.use import NO_USE, Floats, Use, busy_minutes


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


def order_lays(run: OrderRun, rules: Cutting, crew: int) -> tuple[list[int], list[float]]:
    """Pieces of each lay of an order, and the minutes of a crew of so many; without lays one."""
    product, pieces, lay_min = run.product, [run.cut], 0.0
    if rules.lays:
        plies = dict(rules.plies)[product.fabric_group]
        pieces, lay_min = lay_sizes(run.cut, plies * rules.pieces_per_ply), rules.lay_min
    piece_min = product.cutting_min + product.fusing_min
    return pieces, [lay_min + n * piece_min / crew for n in pieces]


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


class LayUse:
    """Reports the cutting room: the share of its tables at work.

    ``plans`` is the room's own table of all orders ever begun, in the order of beginning.
    """

    def __init__(self, clock: WorkingClock, plans: Mapping[int, LayPlan], rooms: Rooms) -> None:
        self.staff = rooms.cutting_tables * rooms.cutting_crew
        self._clock = clock
        self._plans = plans
        self._tables = rooms.cutting_tables
        self._seen = 0.0  # working minute of the last report
        self._over = 0  # orders whose cutting is over

    def used(self, wall_min: Floats) -> Use:
        """In past slots, between successive wall minutes."""
        spans = [
            span for plan in self._plans.values() for span in zip(plan.start, plan.end, strict=True)
        ]
        lays = np.array(spans, dtype=np.float64).reshape(-1, 2)
        edges = self._clock.work_at_many(wall_min)
        busy = busy_minutes(lays[:, 0], lays[:, 1], np.ones(lays.shape[0]), edges)
        return NO_USE._replace(cutting_share=busy / (SLOT_MIN * self._tables))

    def used_now(self) -> Use:
        """In the slot that ends now, asked slot by slot."""
        before, now = self._seen, self._clock.now
        if now == before:
            return NO_USE
        self._seen = now
        plans = list(islice(self._plans.values(), self._over, None))
        busy = sum(_minutes(zip(p.start, p.end, strict=True), before, now) for p in plans)
        for plan in plans:  # those at the head that are done are not looked at again
            if max(plan.end, default=0.0) > now:
                break
            self._over += 1
        return NO_USE._replace(cutting_share=busy / (SLOT_MIN * self._tables))


def _minutes(spans: Iterable[tuple[float, float]], before: float, now: float) -> float:
    """Minutes of the spans between two moments."""
    return sum(max(0.0, min(end, now) - max(start, before)) for start, end in spans)
