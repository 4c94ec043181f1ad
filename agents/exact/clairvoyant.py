"""What a run without luck must cost at least, whoever decides: a bound for those who know it all.

An order may be sewn in pieces, on several lines at once and at any time after its fabric has come;
a line sews no more than it has minutes. Every piece pays the lateness of the time at which it is
sewn, or at which the order could end at the earliest if it was alone. No plan is cheaper: its last
piece is sewn no later than it ends, and lateness never falls.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agents.exact.program import Program

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownWork:
    """Orders (n), lines (L) and steps of lateness (S) of a run; times are shift minutes."""

    release_min: Floats  # (n,) fabric comes
    busy_min: Floats  # (L, n) for which the line can take no other order, at least; inf = never
    limit_min: Floats  # (n, S) after which a step is charged
    late_usd: Floats  # (n, S) in all from that step on
    open_usd: Floats  # (n,) of an order that is not shipped by the end
    end_min: float  # of the run


def least_cost_usd(work: KnownWork, buckets: int = 60) -> float:
    """A lower bound of the lateness of every plan [USD]; more buckets give a higher one."""
    if not work.release_min.shape[0]:
        return 0.0
    edges = _edges(work, buckets)
    program = Program()
    open_share = program.columns(work.release_min.shape[0], high=1.0, cost=work.open_usd)
    line, order, bucket, usd = _pieces(work, edges)
    share = program.columns(line.shape[0], high=1.0, cost=usd)
    for o in range(work.release_min.shape[0]):
        mine = [(share[i : i + 1], 1.0) for i in np.flatnonzero(order == o)]
        program.equal([*mine, (open_share[o : o + 1], 1.0)], 1.0)
    key = line * edges.shape[0] + bucket
    for k in np.unique(key):
        here = np.flatnonzero(key == k)
        minutes = work.busy_min[line[here], order[here]]
        terms = [(share[i : i + 1], m) for i, m in zip(here, minutes, strict=True)]
        at = int(bucket[here[0]])
        program.at_most(terms, float(edges[at + 1] - edges[at]))
    return program.solve()[0]


def _edges(work: KnownWork, buckets: int) -> Floats:
    """Where buckets begin and end, (buckets + 1,): at releases and limits, if these are few."""
    moments = np.concatenate([work.release_min, work.limit_min.ravel()])
    moments = moments[(moments > 0.0) & (moments < work.end_min)]
    even = np.linspace(0.0, work.end_min, buckets + 1)
    return np.unique(np.concatenate([even, moments])) if moments.size <= buckets else even


def _pieces(work: KnownWork, edges: Floats) -> tuple[NDArray[np.int64], ...]:
    """Line, order, bucket and cost [USD] of everything that may be sewn there and then."""
    able = np.isfinite(work.busy_min)
    soonest = work.release_min + np.where(able, work.busy_min, np.inf).min(axis=0)
    lines, orders, places, costs = [], [], [], []
    for o in range(work.release_min.shape[0]):
        place = np.flatnonzero(edges[1:] > work.release_min[o])
        # some work is done after a bucket's beginning, so a limit that lies there is passed
        begun = edges[place][:, None] >= work.limit_min[o]
        alone = soonest[o] > work.limit_min[o]
        usd = np.where(begun | alone, work.late_usd[o], 0.0).max(axis=1, initial=0.0)
        for line in np.flatnonzero(able[:, o]):
            lines.append(np.full(place.shape[0], line))
            orders.append(np.full(place.shape[0], o))
            places.append(place)
            costs.append(usd)
    return tuple(np.concatenate(part) for part in (lines, orders, places, costs))
