"""Which pieces of an order are spoiled, which of them the gate finds, and what repair takes.

All luck is hashed from the order's own keys by piece number, so the same piece has the same
luck under every policy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from factory_env.compiled import compiled
from factory_env.domain.inspection import LEAST_SEVERITY
from factory_env.domain.ports import Bools, Codes, Pieces
from factory_env.sim.kernel.streams import uniform_at
from factory_env.sim.plant.tables import PlantTables
from factory_env.sim.work.line_pass import LinePass, Shift
from factory_env.sim.work.lot import Found
from factory_env.sim.work.piece_luck import (
    LuckKeys,
    PieceLuck,
    by_bundle,
    find_key,
    inspection_luck,
    piece_keys,
)
from factory_env.sim.work.repair_loop import Fates, Finished, beyond_repair, run_loop
from factory_env.sim.work.wear import weigh_causes
from factory_env.sim.world import World
from factory_env.units import MIN_PER_HOUR

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


# columns of `Lots.rows`: pieces, then what a lot is told, then its minutes at the bench
PIECES, DEFECTIVE, FLAGGED, FALSE_ALARMS, REPAIRED, REPAIRS, ROUNDS, SECONDS, ESCAPES, BENCH = (
    range(10)
)
ROW_SIZE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Lots:
    """What falls off the line, lot by lot."""

    sewn: Floats  # (lots,) line working minutes
    rows: Floats  # (lots, ROW_SIZE)
    returns: float  # escapes expected to come back, by their severity

    def found(self) -> list[tuple[Found, float]]:
        """What a lot is told, lot by lot: its pieces by fate, and its minutes at the bench."""
        counts = self.rows[:, DEFECTIVE:BENCH].astype(np.int64).tolist()
        return list(zip((Found(*row) for row in counts), self.rows[:, BENCH].tolist(), strict=True))

    def sums(self) -> list[int]:
        """Pieces of the whole pass by column; the last, minutes, is cut to whole ones."""
        return [int(total) for total in self.rows.sum(axis=0).tolist()]


def judged_lots(
    world: World,
    line: int,
    part: LinePass,
    luck: PieceLuck,
    at: Shift,
    people: float,
    evenings: Floats,
) -> Lots:
    """Group bundles into transfer lots as they leave, draw defects, let the inspector judge.

    Parameters
    ----------
    part
        The pass; its learned share when it began makes defects fall as the line learns.
    people
        Factor of the line's present operators on the defects of its planned ones.
    evenings
        The line's overtime, shape (E, 2), in its working minutes; the station alone heeds it.
    """
    scenario, tables, job, result = world.scenario, world.tables, part.job, part.result
    cumulative, repairable = tables.derive(_defect_constants)
    is_on = scenario.inspection.station.enabled
    causes = np.ones(result.done.shape[0])
    if is_on:
        causes, part.wear = weigh_causes(world, line, part, evenings)
    left = _leave(
        luck.defect_keys,
        Bundles(pieces=job.pieces, order=result.order, done=result.done),
        Risk(
            settled=float(tables.defect_probability[line, part.style]) * people,
            more=scenario.quality.first_day_factor - 1.0,
            unlearned=1.0 - part.share,
            start_min=job.start_min,
            tau_min=job.learn_tau_min,
            causes=causes,
            cumulative=cumulative,
        ),
        at,
        evenings,
        float(scenario.flow.lot_pieces),
    )
    judged = _judge_pieces(world, part, luck, at, left, repairable)
    rows = _plain_rows(world, part, luck, judged)
    returns = 0.0  # nobody asks what becomes of escapes
    if is_on:
        fates = _loop(world, part, luck, judged)
        _write_fates(rows, fates)
        returns = float(fates.returns.sum())
    return Lots(sewn=left.sewn, rows=rows, returns=returns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Pieces with the inspector's first verdict on each, and what the bench needs to know."""

    pieces: Pieces
    flagged: Bools
    lot_of: Ints  # (B,)
    lots: int
    repairable: Floats  # (kinds,) share
    repair_min: Floats  # (kinds,)


def _judge_pieces(
    world: World, part: LinePass, luck: PieceLuck, at: Shift, left: Left, repairable: Floats
) -> Judged:
    pieces = Pieces(
        defect=left.defect,
        severity=left.severity,
        shift_hour=left.shift_hour,
        luck=inspection_luck(luck, part.job, part.result, left.defect.shape[0]),
        style=part.style,
        day=at.now_shift / at.day_min,
        strictness=part.strictness,
    )
    return Judged(
        pieces=pieces,
        flagged=world.inspector.judge(pieces),
        lot_of=left.lot_of,
        lots=left.sewn.shape[0],
        repairable=repairable,
        repair_min=world.tables.derive(_repair_minutes)[part.style],
    )


def _plain_rows(world: World, part: LinePass, luck: PieceLuck, judged: Judged) -> Floats:
    """One look, one bench that always succeeds: the rows of `Lots`."""
    return _tally(
        luck.defect_keys,
        Bundles(pieces=part.job.pieces, order=part.result.order, done=by_bundle(part.result)),
        judged.lot_of,
        judged.lots,
        judged.pieces.defect,
        judged.flagged,
        PlainBench(
            repairable=judged.repairable,
            repair_min=judged.repair_min,
            inspect_min=world.tables.styles[part.style].product.inspect_min,
        ),
    )


def _write_fates(rows: Floats, fates: Fates) -> None:
    """Put what the repair loop has made of the lots where the plain bench stood."""
    caught = rows[:, FLAGGED] - rows[:, FALSE_ALARMS]
    rows[:, REPAIRED] = fates.repaired
    rows[:, REPAIRS] = fates.repairs
    rows[:, ROUNDS] = fates.rounds
    rows[:, SECONDS] = fates.seconds
    rows[:, ESCAPES] = rows[:, DEFECTIVE] - caught + fates.let_go
    rows[:, BENCH] = fates.bench_min


def _loop(world: World, part: LinePass, luck: PieceLuck, judged: Judged) -> Fates:
    """The repair loop of the inspection station."""
    defects = piece_keys(luck, luck.defects, part.job, part.result)
    finished = Finished(
        pieces=judged.pieces,
        flagged=judged.flagged,
        lot=np.repeat(judged.lot_of, part.job.pieces.astype(np.int64)),
        keys=piece_keys(luck, luck.inspection, part.job, part.result),
        is_beyond=beyond_repair(judged.pieces.defect, defects, judged.repairable),
        repair_min=judged.repair_min,
        inspect_min=world.tables.styles[part.style].product.inspect_min,
    )
    return run_loop(world, finished, judged.lots)


def _defect_constants(tables: PlantTables) -> tuple[Floats, Floats]:
    kinds = tables.scenario.library.defects
    cumulative = np.cumsum([k.share for k in kinds])
    return cumulative / cumulative[-1], np.array([k.repairable for k in kinds])


def _repair_minutes(tables: PlantTables) -> Floats:
    """Minutes to repair each kind of defect on each style, shape (styles, kinds)."""
    kinds = tables.scenario.library.defects
    factor = np.array([kind.repair_op_smv_factor for kind in kinds])
    fixed_min = np.array([kind.repair_fixed_min for kind in kinds])
    operation_min = np.array([style.operation_min for style in tables.styles])
    return np.asarray(factor * operation_min[:, None] + fixed_min)


class Bundles(NamedTuple):
    """What leaves the line, (B,) each; times are the line's working minutes."""

    pieces: Floats
    order: Ints  # which bundle left when
    done: Floats  # in order of leaving for `_leave`, by bundle for `_tally`


class Risk(NamedTuple):
    """How likely a piece is spoiled, and how."""

    settled: float  # probability, once the line has learned
    more: float  # by which it is higher at first, as a share
    unlearned: float  # share of that which the line has still to lose at ``start_min``
    start_min: float
    tau_min: float
    causes: Floats  # (B,) factors in order of leaving
    cumulative: Floats  # (kinds,) shares of the kinds of defect, summed up


class Left(NamedTuple):
    """Pieces that have left the line (n,), by bundle (B,) and by lot (lots,)."""

    defect: Codes  # (n,)
    severity: Floats  # (n,)
    shift_hour: Floats  # (n,)
    lot_of: Ints  # (B,)
    sewn: Floats  # (lots,) working minute
    pieces: Ints  # (lots,)


class PlainBench(NamedTuple):
    """A bench that sees every defect and mends what can be mended."""

    repairable: Floats  # (kinds,) share
    repair_min: Floats  # (kinds,)
    inspect_min: float


@compiled
def hour_of_shift(done: float, at: Shift, evenings: Floats) -> float:
    """Hours since the shift began at a working minute; an evening goes on with the day before."""
    stayed = 0.0  # working minutes of the evenings between
    for e in range(evenings.shape[0]):
        if evenings[e, 0] < done and done <= evenings[e, 1]:
            return float((at.day_min + (done - evenings[e, 0]) / at.rate) / MIN_PER_HOUR)
        if evenings[e, 1] < done:
            stayed += max(0.0, evenings[e, 1] - max(evenings[e, 0], at.now_work))
    now = at.now_shift + (done - at.now_work - stayed) / at.rate
    return float(now % at.day_min / MIN_PER_HOUR)


@compiled
def _leave(
    luck: LuckKeys, bundles: Bundles, risk: Risk, at: Shift, evenings: Floats, lot_pieces: float
) -> Left:
    """Lots are filled as bundles leave; the luck of each piece decides what is spoiled.

    A bundle leaves as a whole: where it holds more than ``lot_pieces``, it is a lot by itself.
    """
    pieces, order, done = bundles.pieces, bundles.order, bundles.done
    n_bundles = pieces.shape[0]
    lot_of = np.empty(n_bundles, dtype=np.int64)
    chance, hour, end = np.empty(n_bundles), np.empty(n_bundles), np.empty(n_bundles)
    before, lot, filled = 0.0, 0, 0.0  # ``filled``: whole lots until here
    for i in range(n_bundles):
        b = order[i]
        if i and before // lot_pieces > filled:
            lot, filled = lot + 1, before // lot_pieces
        lot_of[b] = lot
        before += pieces[b]
        end[b] = done[i]
        fading = np.exp(-(done[i] - risk.start_min) / risk.tau_min)
        learned = 1.0 + risk.more * risk.unlearned * fading
        chance[b] = risk.settled * learned * risk.causes[i]
        hour[b] = hour_of_shift(done[i], at, evenings)
    lots = lot + 1
    sewn, count = np.zeros(lots), np.zeros(lots, dtype=np.int64)
    for i in range(n_bundles):
        sewn[lot_of[order[i]]] = done[i]
    codes = np.zeros(int(before), dtype=np.int8)
    severity, hours = np.zeros(codes.shape[0]), np.empty(codes.shape[0])
    i = 0
    for b in range(n_bundles):
        count[lot_of[b]] += int(pieces[b])
        key = find_key(luck, end[b])
        for _ in range(int(pieces[b])):
            hours[i] = hour[b]
            if uniform_at(key, 4 * i) < chance[b]:
                kind = np.searchsorted(risk.cumulative, uniform_at(key, 4 * i + 1), side="right")
                codes[i] = min(kind, risk.cumulative.shape[0] - 1) + 1
                more = uniform_at(key, 4 * i + 3)
                severity[i] = LEAST_SEVERITY + (1.0 - LEAST_SEVERITY) * more
            i += 1
    return Left(codes, severity, hours, lot_of, sewn, count)


@compiled
def _tally(
    luck: LuckKeys,
    bundles: Bundles,
    lot_of: Ints,
    lots: int,
    codes: Codes,
    flagged: Bools,
    bench: PlainBench,
) -> Floats:
    """The rows of `Lots` after one look and a bench that always succeeds."""
    pieces = bundles.pieces
    rows = np.zeros((lots, ROW_SIZE))
    i = 0
    for b in range(pieces.shape[0]):
        lot = lot_of[b]
        key = find_key(luck, bundles.done[b])
        rows[lot, PIECES] += pieces[b]
        for _ in range(int(pieces[b])):
            code = codes[i]
            if code > 0:
                rows[lot, DEFECTIVE] += 1.0
            if flagged[i]:
                rows[lot, FLAGGED] += 1.0
                if code == 0:
                    rows[lot, FALSE_ALARMS] += 1.0
                    rows[lot, BENCH] += bench.inspect_min  # nothing is found: it is sent on
                elif uniform_at(key, 4 * i + 2) < bench.repairable[code - 1]:
                    rows[lot, REPAIRED] += 1.0
                    rows[lot, BENCH] += bench.repair_min[code - 1] + bench.inspect_min
                else:
                    rows[lot, SECONDS] += 1.0
            i += 1
    for lot in range(lots):
        rows[lot, REPAIRS] = rows[lot, REPAIRED]
        rows[lot, ROUNDS] = min(rows[lot, REPAIRED], 1.0)
        caught = rows[lot, FLAGGED] - rows[lot, FALSE_ALARMS]
        rows[lot, ESCAPES] = rows[lot, DEFECTIVE] - caught
    return rows
