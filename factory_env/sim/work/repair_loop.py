"""The repair loop: flagged pieces go to the bench, what was mended is inspected again.

A piece at the bench is looked at first. A sound one, and a defective one whose defect the bench
does not see, is let go. What cannot be repaired, or has been repaired as often as allowed, becomes
a second; the rest is mended, not always with success, and meets the inspector again. Luck belongs
to the piece and the turn.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from factory_env.compiled import compiled
from factory_env.domain.inspection_costs import (
    mender_time_factor,
    repair_failure,
    return_probability,
)
from factory_env.domain.ports import Bools, Codes, Marking, Pieces
from factory_env.sim.kernel.streams import uniform_at
from factory_env.sim.work.piece_luck import Keys, round_luck
from factory_env.sim.world import World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
VERDICT, LOOK, MEND = range(3)  # draws of a turn
SECOND = -1  # code of a piece that is sold as one


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """Pieces of an order at the end of the line and the inspector's first verdicts, (n,) each."""

    pieces: Pieces
    flagged: Bools
    lot: Ints
    keys: Keys  # of the inspector's and the bench's luck
    is_beyond: Bools  # cannot be repaired
    repair_min: Floats  # of each kind of defect, by a grade-B mender, shape (kinds,)
    inspect_min: float  # a look, at table or bench


@dataclass(frozen=True, slots=True, kw_only=True)
class Fates:
    """What became of the pieces, lot by lot, shape (lots,)."""

    repaired: Ints  # pieces mended at least once
    repairs: Ints  # each of them is followed by another verdict
    rounds: Ints  # most repairs of one piece
    seconds: Ints
    let_go: Ints  # defective, flagged, and defective when they left all the same
    returns: Floats  # escapes expected to come back, by their severity
    bench_min: Floats  # looks and repairs, minutes of one mender


def run_loop(world: World, finished: Finished, lots: int) -> Fates:
    """Send the flagged pieces through bench and inspection until none is left on the bench."""
    station = world.scenario.inspection.station
    minutes = finished.repair_min * mender_time_factor(world.scenario)
    code: Codes = finished.pieces.defect.copy()
    counts = np.zeros((3, lots), dtype=np.int64)
    bench_min = np.zeros(lots)
    bench_facts = Bench(
        detects=_detects(world, finished.pieces),
        fails=repair_failure(world.scenario),
        most_repairs=station.max_repairs,
        look_min=finished.inspect_min,
        mend_min=minutes,
    )
    bench = np.flatnonzero(finished.flagged)
    for turn in range(station.max_repairs + 1):
        pieces = BenchTurn(
            piece=bench,
            look_luck=round_luck(finished.keys, bench, turn, LOOK),
            mend_luck=round_luck(finished.keys, bench, turn, MEND),
            lot=finished.lot,
            is_beyond=finished.is_beyond,
        )
        again = _mend(turn, pieces, bench_facts, code, counts, bench_min)
        if not again.shape[0]:
            break
        bench = again[_judged_again(world, finished, code, again, turn + 1)]
    escaped = code > 0
    back = return_probability(world.scenario, finished.pieces.severity[escaped])
    returns: Any = np.bincount(finished.lot[escaped], weights=back, minlength=lots)
    return Fates(
        repaired=counts[0],
        repairs=counts[1],
        rounds=counts[2],
        seconds=np.bincount(finished.lot[code == SECOND], minlength=lots),
        let_go=np.bincount(finished.lot[escaped & finished.flagged], minlength=lots),
        returns=returns,
        bench_min=bench_min,
    )


def _detects(world: World, pieces: Pieces) -> Floats:
    """Share of the defects of each kind that the bench sees on flagged pieces, shape (kinds,)."""
    station = world.scenario.inspection.station
    marked = getattr(world.inspector, "marked", None)  # `isinstance` of a protocol is slow
    if marked is None:
        return np.full(len(world.scenario.library.defects), station.bench_detects)
    share: Floats = marked(pieces.style, pieces.day, pieces.strictness)
    return share * station.bench_detects + (1.0 - share) * unmarked_detects(world)


def unmarked_detects(world: World) -> Floats:
    """What the bench sees of the defects that nobody has marked, shape (kinds,).

    A person who looks for what another has looked for already finds fewer.
    """
    station = world.scenario.inspection.station
    looked_for = cast(Marking, world.inspector).looked_for()
    return np.where(looked_for, station.bench_second, station.bench_first)


def _judged_again(world: World, finished: Finished, code: Codes, again: Ints, turn: int) -> Bools:
    """The inspector's verdicts on pieces that have been mended, shape as ``again``."""
    first, defect = finished.pieces, code[again]
    return world.inspector.judge(
        replace(
            first,
            defect=defect,
            severity=np.where(defect > 0, first.severity[again], 0.0),
            shift_hour=first.shift_hour[again],
            luck=round_luck(finished.keys, again, turn, VERDICT),
        )
    )


class Bench(NamedTuple):
    """What the bench sees, manages and takes."""

    detects: Floats  # (kinds,) share of the defects that a look finds
    fails: float  # share of the repairs
    most_repairs: int  # of a piece
    look_min: float
    mend_min: Floats  # (kinds,)


class BenchTurn(NamedTuple):
    """Pieces that come to the bench, by number (m,), and what is known of all pieces (n,)."""

    piece: Ints  # (m,)
    look_luck: Floats  # (m,)
    mend_luck: Floats  # (m,)
    lot: Ints  # (n,)
    is_beyond: Bools  # (n,)


@compiled
def _mend(
    turn: int, pieces: BenchTurn, bench: Bench, code: Codes, counts: Ints, bench_min: Floats
) -> Ints:
    """One turn at the bench, in place; which pieces are mended and inspected again?"""
    again = np.empty(pieces.piece.shape[0], dtype=np.int64)
    n = 0
    for j in range(pieces.piece.shape[0]):
        i = pieces.piece[j]
        lot = pieces.lot[i]
        bench_min[lot] += bench.look_min
        if code[i] <= 0 or pieces.look_luck[j] >= bench.detects[code[i] - 1]:
            continue
        if turn == bench.most_repairs or pieces.is_beyond[i]:
            code[i] = SECOND
            continue
        bench_min[lot] += bench.mend_min[code[i] - 1]
        if turn == 0:
            counts[0, lot] += 1
        counts[1, lot] += 1
        counts[2, lot] = turn + 1
        if pieces.mend_luck[j] >= bench.fails:
            code[i] = 0
        again[n] = i
        n += 1
    return again[:n]


@compiled
def beyond_repair(codes: Codes, keys: Keys, repairable: Floats) -> Bools:
    """Which defective pieces cannot be repaired, by each piece's own luck, shape (n,)."""
    out = np.zeros(codes.shape[0], dtype=np.bool_)
    for i in range(codes.shape[0]):
        if codes[i] > 0:
            out[i] = uniform_at(keys[i], 4 * i + 2) >= repairable[codes[i] - 1]
    return out
