"""One order on its way through a line: what went into the pass, what came out, who is affected.

A pass is computed as a whole when the line takes the order. It can be done again from any
working minute on: cut short when the customer cancels, or with luck drawn anew for a fork. What
lies before that minute comes out the same, because nothing later reaches back: bundles that have
not been loaded and operations that have not begun change only what follows them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.orders.parts import colour_lots
from factory_env.sim.work.line_flow import (
    NOTHING,
    LineEngine,
    PassInput,
    PassResult,
    loading_times,
)
from factory_env.sim.work.lot import Lot
from factory_env.sim.work.piece_luck import PieceLuck

Floats = NDArray[np.float64]


class Shift(NamedTuple):
    """How the line's working minutes map to hours of the shift."""

    now_shift: float
    now_work: float
    rate: float
    day_min: float


class Wear(NamedTuple):
    """State of a line's machines after some pass."""

    service_min: float = 0.0  # running minutes since the last service
    needle_min: float = 0.0  # and since the needles were changed
    at_shift: float = 0.0  # shift minute at which that was


@dataclass(slots=True, kw_only=True)
class LinePass:
    """A pass and what it takes to do it again. Times are the line's working minutes."""

    run: OrderRun
    style: int
    share: float  # learned share when the pass began
    setup_min: float
    taken_work: float  # when the line took the order
    at: Shift
    job: PassInput  # ``job.free`` is the line's own array; ``free`` below is what it was
    free: Floats  # (L,) when each operator was set up and free
    result: PassResult
    luck: PieceLuck
    people: float  # factor of the present operators on defects
    strictness: float = 1.0  # of the inspector on this order; see domain/ports.py
    before: LinePass | None = None  # the pass before it on the line
    wear: Wear = field(default_factory=Wear)  # of the line's machines after it
    lots: Sequence[Lot] = field(default_factory=list)
    version: int = 0  # of the result; timers of older ones are stale

    def loaded_bundles(self, now_work: float) -> int:
        """Bundles that have been put on the line."""
        job = self.job
        times = loading_times(
            job.pieces, job.start_min, job.pace_min, job.learn_loss, job.learn_tau_min
        )
        return int(np.searchsorted(times, now_work, side="right"))

    def cut_after(self, bundles: int) -> None:
        """Keep the first ``bundles`` bundles only; run the pass again to see what follows."""
        job = self.job
        self.job = replace(
            job,
            pieces=job.pieces[:bundles],
            noise=job.noise[:bundles],
            stop=job.stop[:bundles],
            change=job.change[:bundles],
        )

    def take_back_load(self, engine: LineEngine) -> None:
        """Take what the pass added to the line's load curve off again, before it is changed."""
        if self.job.load.shape[0]:
            weight = -self.job.load_weight
            engine(replace(self.job, free=self.free.copy(), load_weight=weight), False)

    def run_again(self, engine: LineEngine, record: bool) -> None:
        """Compute the pass from ``free`` on; the line's free times follow."""
        self.job.free[:] = self.free
        self.result = engine(self.job, record)
        self.version += 1

    def recorded(self, engine: LineEngine) -> PassResult:
        """The same pass with start and end of every operation; the line is left alone."""
        if self.result.start.shape[0]:
            return self.result
        quiet = replace(self.job, free=self.free.copy(), load_weight=NOTHING, load=NOTHING)
        return engine(quiet, True)

    def by_operator(self, engine: LineEngine, now_work: float) -> Floats:
        """Minutes of work, of these learning, stops and colour changes until now, shape (4, L)."""
        if float(self.result.done[-1]) <= now_work:
            return self.result.by_operator
        full, job = self.recorded(engine), self.job
        length = full.end - full.start
        done = np.clip((now_work - full.start) / np.maximum(length, 1e-12), 0.0, 1.0)
        stop = job.stop if job.stop.shape[0] else np.zeros_like(length)
        change = job.change if job.change.shape[0] else np.zeros_like(length)
        work = length - stop - change
        lost = work * job.learn_loss * np.exp(-(full.start - job.start_min) / job.learn_tau_min)
        n = self.free.shape[0]
        rows = (work * done, lost * done, stop * done, change * done)
        who = full.operator.ravel()
        return np.array([np.bincount(who, weights=row.ravel(), minlength=n) for row in rows])

    def setup_by_operator(self, now_work: float) -> Floats:
        """Minutes each operator has spent changing over to the order, shape (L,)."""
        return np.clip(now_work - (self.free - self.setup_min), 0.0, self.setup_min)


def bundles_of(pieces: int, colours: int, bundle_pieces: int) -> tuple[Floats, list[int]]:
    """Pieces in each bundle, shape (B,), and the bundles that begin a new colour but the first."""
    lots = [divmod(lot, bundle_pieces) for lot in colour_lots(pieces, max(1, colours))]
    ends = list(accumulate(full + (rest > 0) for full, rest in lots))
    sizes = np.full(ends[-1], float(bundle_pieces))
    for end, (_, rest) in zip(ends, lots, strict=True):
        if rest:
            sizes[end - 1] = rest
    return sizes, ends[:-1]


def colour_changes(
    bundles: int, begins: list[int], crew_start: NDArray[np.int64], minutes: float
) -> Floats:
    """Minutes of changing thread, shape (B, K): everybody's first bundle of each new colour."""
    out = np.zeros((bundles, crew_start.shape[0] - 1))
    people = np.diff(crew_start)
    each = np.where(np.arange(int(people.max()))[:, None] < people, minutes, 0.0)
    for first in begins:
        rows = out[first : first + each.shape[0]]
        np.maximum(rows, each[: rows.shape[0]], out=rows)
    return out
