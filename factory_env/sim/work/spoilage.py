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


@dataclass(frozen=True, slots=True, kw_only=True)
class Lots:
    """What falls off the line, lot by lot, shape (lots,)."""

    sewn: Floats  # line working minutes
    pieces: Ints
    defective: Ints
    caught: Ints  # flagged at the first inspection
    false_alarms: Ints  # likewise, but sound
    fates: Fates

    def found(self) -> list[tuple[Found, float]]:
        """What a lot is told, lot by lot: its pieces by fate, and its minutes at the bench."""
        fates = self.fates
        columns = (
            self.defective,
            self.caught + self.false_alarms,
            self.false_alarms,
            fates.repaired,
            fates.repairs,
            fates.rounds,
            fates.seconds,
            self.defective - self.caught + fates.let_go,
        )
        pieces = map(Found, *(column.tolist() for column in columns))
        return list(zip(pieces, fates.bench_min.tolist(), strict=True))

    def table(self) -> Floats:
        """The same as rows: pieces, the columns of `Found`, minutes at the bench, (lots, 10)."""
        fates = self.fates
        return np.stack(
            (
                self.pieces,
                self.defective,
                self.caught + self.false_alarms,
                self.false_alarms,
                fates.repaired,
                fates.repairs,
                fates.rounds,
                fates.seconds,
                self.defective - self.caught + fates.let_go,
                fates.bench_min,
            ),
            axis=1,
        )


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
    counts = _plain_counts(world, part, luck, judged)
    return Lots(
        sewn=left.sewn,
        pieces=left.pieces,
        defective=counts.defective,
        caught=counts.caught,
        false_alarms=counts.false_alarms,
        fates=_loop(world, part, luck, judged) if is_on else _plain_fates(counts),
    )


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


def _plain_counts(world: World, part: LinePass, luck: PieceLuck, judged: Judged) -> Counts:
    """One look, one bench that always succeeds."""
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


def _plain_fates(counts: Counts) -> Fates:
    repaired = counts.caught - counts.seconds
    return Fates(
        repaired=repaired,
        repairs=repaired,
        rounds=np.minimum(repaired, 1),
        seconds=counts.seconds,
        let_go=np.zeros_like(counts.seconds),
        returns=np.zeros(counts.seconds.shape[0]),  # nobody asks what becomes of escapes
        bench_min=counts.bench_min,
    )


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


class Counts(NamedTuple):
    """Pieces by lot after one look, and the minutes at the bench; (lots,) each."""

    defective: Ints
    caught: Ints
    false_alarms: Ints
    seconds: Ints
    bench_min: Floats


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
) -> Counts:
    pieces = bundles.pieces
    defective = np.zeros(lots, dtype=np.int64)
    caught = np.zeros(lots, dtype=np.int64)
    false_alarms = np.zeros(lots, dtype=np.int64)
    seconds = np.zeros(lots, dtype=np.int64)
    bench_min = np.zeros(lots)
    i = 0
    for b in range(pieces.shape[0]):
        lot = lot_of[b]
        key = find_key(luck, bundles.done[b])
        for _ in range(int(pieces[b])):
            code = codes[i]
            if code > 0:
                defective[lot] += 1
            if flagged[i]:
                if code == 0:
                    false_alarms[lot] += 1
                    bench_min[lot] += bench.inspect_min  # nothing is found: it is sent on
                else:
                    caught[lot] += 1
                    if uniform_at(key, 4 * i + 2) < bench.repairable[code - 1]:
                        bench_min[lot] += bench.repair_min[code - 1] + bench.inspect_min
                    else:
                        seconds[lot] += 1
            i += 1
    return Counts(defective, caught, false_alarms, seconds, bench_min)
