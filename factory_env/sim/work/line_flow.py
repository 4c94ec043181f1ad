"""The sewing line as a compiled recursion: bundles through stations in working minutes.

A bundle's operation starts when the bundle has come and the earliest free operator of the
station is free: ``C[b, k] = max(arrival[b, k], free) + p[b, k]``, station after station,
bundles first in first out by arrival. Operators' free times are carried from order to
order. `tests/twin/` holds the same line with one SimPy process per bundle.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from factory_env.compiled import compiled, inlined
from factory_env.sim.plant.power import LOAD_BIN_MIN

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NOTHING = np.empty((0, 0))
WORK, LEARNING, STOPPED, COLOUR = range(4)  # rows of PassResult.by_operator


@dataclass(slots=True, kw_only=True)
class PassInput:
    """One order (or one part of it) about to go through a line. Times are working minutes."""

    pieces: Floats  # (B,) pieces in each bundle
    smv_min: Floats  # (K,) standard minutes per piece
    crew: Ints  # (C,) operator numbers, station after station
    crew_start: Ints  # (K + 1,)
    efficiency: Floats  # (L,) of each operator on this product, settled
    free: Floats  # (L,) when each operator is set up and free; updated by the pass
    noise: Floats  # (B, K) factor on each bundle's operation time
    stop: Floats  # (B, K) minutes lost during the operation, or (0, 0) for none
    start_min: float  # loading begins
    pace_min: float  # loading interval per piece, settled; 0 = all bundles at once
    learn_loss: float  # share of efficiency missing at start_min, (1 - e_0/e_max)(1 - g)
    learn_tau_min: float  # time constant of learning [working minutes]
    # (B, K) minutes of changing to another colour before the operation, or (0, 0) for none
    change: Floats = field(default_factory=lambda: NOTHING)
    # what an operation uses while it runs, by station (R, K), and the line's load curve
    # (R, bins of LOAD_BIN_MIN working minutes) to which use x minutes are added; or (0, 0)
    load_weight: Floats = field(default_factory=lambda: NOTHING)
    load: Floats = field(default_factory=lambda: NOTHING)


@dataclass(slots=True, kw_only=True)
class PassResult:
    """What the pass did. Times are working minutes."""

    done: Floats  # (B,) completion of each bundle, in order of leaving the line
    order: Ints  # (B,) which bundle left when
    loaded_min: float  # the first station is done with the last bundle
    work_min: float  # operator minutes spent sewing
    learning_lost_min: float  # of these, lost to learning
    wip_bundle_min: float  # integral of bundles in the line
    start: Floats  # (B, K) or (0, 0): start of each operation
    end: Floats  # (B, K) or (0, 0)
    operator: Ints  # (B, K) or (0, 0): who did it
    by_operator: Floats  # (4, L) minutes of work, of these lost to learning, stops, colour changes


class Extras(NamedTuple):
    """What a pass may have beside sewing; see `PassInput` for the shapes."""

    stop: Floats
    change: Floats
    weight: Floats
    load: Floats


class Learning(NamedTuple):
    """How the line is loaded, and how it learns from there on."""

    start_min: float
    pace_min: float  # a piece
    loss: float  # of efficiency, at the start
    tau_min: float


class Totals(NamedTuple):
    """Sums over a pass; see `PassResult`."""

    loaded_min: float
    work_min: float
    learning_lost_min: float
    wip_bundle_min: float


class LineEngine(Protocol):
    """Moves one order through a line."""

    def __call__(self, job: PassInput, record: bool) -> PassResult:
        """Run ``job``; keep every operation's times if ``record``."""
        ...


def run_pass(job: PassInput, record: bool = False) -> PassResult:
    """The compiled line; satisfies `LineEngine`."""
    shape = (job.pieces.shape[0], job.smv_min.shape[0]) if record else (0, 0)
    start, end = np.empty(shape), np.empty(shape)
    operator = np.empty(shape, dtype=np.int64)
    by_operator = np.zeros((4, job.free.shape[0]))
    done, order, totals = _recursion(
        job.pieces,
        job.smv_min,
        job.crew,
        job.crew_start,
        job.efficiency,
        job.free,
        job.noise,
        Extras(stop=job.stop, change=job.change, weight=job.load_weight, load=job.load),
        Learning(job.start_min, job.pace_min, job.learn_loss, job.learn_tau_min),
        start,
        end,
        operator,
        by_operator,
    )
    return PassResult(
        done=done,
        order=order,
        loaded_min=totals.loaded_min,
        work_min=totals.work_min,
        learning_lost_min=totals.learning_lost_min,
        wip_bundle_min=totals.wip_bundle_min,
        start=start,
        end=end,
        operator=operator,
        by_operator=by_operator,
    )


@compiled
def loading_times(
    pieces: Floats, start_min: float, pace_min: float, loss: float, tau_min: float
) -> Floats:
    """When each bundle is put on the line: paced by the bottleneck as learned so far."""
    times = np.empty(pieces.shape[0])
    now = start_min
    for b in range(pieces.shape[0]):
        times[b] = now
        if pace_min > 0.0:
            factor = 1.0 - loss * np.exp(-(now - start_min) / tau_min)
            now += pieces[b] * pace_min / factor
    return times


@inlined
def _add_load(load: Floats, weight: Floats, k: int, begin: float, end: float) -> None:
    """Spread what an operation of station ``k`` uses over the bins of the line's load curve."""
    first, last = int(begin / LOAD_BIN_MIN), int(end / LOAD_BIN_MIN)
    for i in range(first, min(last, load.shape[1] - 1) + 1):
        inside = min(end, (i + 1) * LOAD_BIN_MIN) - max(begin, i * LOAD_BIN_MIN)
        for r in range(weight.shape[0]):
            load[r, i] += weight[r, k] * inside


@compiled
def _recursion(
    pieces: Floats,
    smv: Floats,
    crew: Ints,
    crew_start: Ints,
    efficiency: Floats,
    free: Floats,
    noise: Floats,
    extras: Extras,
    learning: Learning,
    start_log: Floats,
    end_log: Floats,
    who_log: Ints,
    by_operator: Floats,
) -> tuple[Floats, Ints, Totals]:
    stop, change, weight, load = extras.stop, extras.change, extras.weight, extras.load
    loads = load.shape[0] > 0
    start_min, loss, tau_min = learning.start_min, learning.loss, learning.tau_min
    n_bundles, n_stations = pieces.shape[0], smv.shape[0]
    arrival = loading_times(pieces, start_min, learning.pace_min, loss, tau_min)
    order = np.arange(n_bundles)
    record = start_log.shape[0] > 0
    stops, changes = stop.shape[0] > 0, change.shape[0] > 0
    loaded = start_min
    work = 0.0
    lost = 0.0
    wip = -arrival.sum()
    for k in range(n_stations):
        first, last = crew_start[k], crew_start[k + 1]
        for i in range(n_bundles):
            b = order[i]
            who = crew[first]
            for c in range(first + 1, last):
                if free[crew[c]] < free[who]:
                    who = crew[c]
            begin = max(arrival[b], free[who])
            factor = 1.0
            if loss > 0.0:
                factor = 1.0 - loss * np.exp(-(begin - start_min) / tau_min)
            minutes = pieces[b] * smv[k] * noise[b, k] / (efficiency[who] * factor)
            work += minutes
            lost += minutes * (1.0 - factor)
            by_operator[0, who] += minutes
            by_operator[1, who] += minutes * (1.0 - factor)
            if loads:
                _add_load(load, weight, k, begin, begin + minutes)
            if stops:
                minutes += stop[b, k]
                by_operator[2, who] += stop[b, k]
            if changes:
                minutes += change[b, k]
                by_operator[3, who] += change[b, k]
            finish = begin + minutes
            free[who] = finish
            arrival[b] = finish
            if record:
                start_log[b, k] = begin
                end_log[b, k] = finish
                who_log[b, k] = who
        if k == 0:
            for i in range(n_bundles):
                loaded = max(loaded, arrival[i])
        # first in first out at the next station: stable insertion sort, nearly sorted input
        for i in range(1, n_bundles):
            b = order[i]
            j = i - 1
            while j >= 0 and arrival[order[j]] > arrival[b]:
                order[j + 1] = order[j]
                j -= 1
            order[j + 1] = b
    done = np.empty(n_bundles)
    for i in range(n_bundles):
        done[i] = arrival[order[i]]
    wip += done.sum()
    return done, order, Totals(loaded, work, lost, wip)
