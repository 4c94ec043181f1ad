"""Which pieces of an order are spoiled, which of them the gate finds, and what repair takes.

All luck is hashed from the order's own keys by piece number, so the same piece has the same
luck under every policy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from factory_env.domain.inspection import LEAST_SEVERITY
from factory_env.domain.ports import Bools, Codes, Pieces
from factory_env.sim.kernel.streams import uniform_at
from factory_env.sim.plant.tables import PlantTables
from factory_env.sim.work.line_pass import LinePass, Shift
from factory_env.sim.work.lot import Found
from factory_env.sim.work.piece_luck import (
    PieceLuck,
    by_bundle,
    inspection_luck,
    key_at,
    piece_keys,
)
from factory_env.sim.work.repair_loop import Fates, Finished, beyond_repair, run_loop
from factory_env.sim.work.wear import causes_of
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
    cumulative, repairable = tables.derived(_defect_constants)
    is_on = scenario.inspection.station.enabled
    causes = np.ones(result.done.shape[0])
    if is_on:
        causes, part.wear = causes_of(world, line, part, evenings)
    codes, severity, hours, lot_of, sewn, pieces = _leave(
        (luck.defects, luck.since),
        job.pieces,
        result.order,
        result.done,
        (
            float(tables.defect_probability[line, part.style]) * people,
            scenario.quality.first_day_factor - 1.0,
            causes,
        ),
        (1.0 - part.share, job.start_min, job.learn_tau_min),
        (at.now_shift, at.now_work, at.rate, at.day_min),
        evenings,
        cumulative,
        float(scenario.flow.lot_pieces),
    )
    found = (codes, severity, hours, inspection_luck(luck, job, result, codes.shape[0]))
    seen = _pieces(part, at, found)
    flagged = world.inspector.judge(seen)
    minutes = tables.derived(_repair_minutes)[part.style]
    fate = (seen, flagged, lot_of, sewn.shape[0], repairable, minutes)
    counts, plain = _plain_gate(world, part, luck, fate)
    return Lots(
        sewn=sewn,
        pieces=pieces,
        defective=counts[0],
        caught=counts[1],
        false_alarms=counts[2],
        fates=_loop(world, part, luck, fate) if is_on else plain,
    )


# pieces, flagged, lot by bundle, lots, and by kind the share repairable and minutes
Judged = tuple[Pieces, Bools, Ints, int, Floats, Floats]


def _plain_gate(
    world: World, part: LinePass, luck: PieceLuck, fate: Judged
) -> tuple[tuple[Ints, ...], Fates]:
    """One look, one bench that always succeeds: defective, caught, false alarms; and fates."""
    seen, flagged, lot_of, lots, repairable, minutes = fate
    product = world.tables.styles[part.style].product
    *counts, seconds, bench_min = _tally(
        seen.defect,
        flagged,
        part.job.pieces,
        lot_of,
        lots,
        repairable,
        minutes,
        product.inspect_min,
        (luck.defects, luck.since, by_bundle(part.result)),
    )
    repaired = counts[1] - seconds
    fates = Fates(
        repaired=repaired,
        repairs=repaired,
        rounds=np.minimum(repaired, 1),
        seconds=seconds,
        let_go=np.zeros_like(seconds),
        returns=np.zeros(lots),  # nobody asks what becomes of escapes
        bench_min=bench_min,
    )
    return tuple(counts), fates


def _loop(world: World, part: LinePass, luck: PieceLuck, fate: Judged) -> Fates:
    """The repair loop of the inspection station."""
    seen, flagged, lot_of, lots, repairable, minutes = fate
    defects = piece_keys(luck, luck.defects, part.job, part.result)
    finished = Finished(
        pieces=seen,
        flagged=flagged,
        lot=np.repeat(lot_of, part.job.pieces.astype(np.int64)),
        keys=piece_keys(luck, luck.inspection, part.job, part.result),
        is_beyond=beyond_repair(seen.defect, defects, repairable),
        repair_min=minutes,
        inspect_min=world.tables.styles[part.style].product.inspect_min,
    )
    return run_loop(world, finished, lots)


def _pieces(part: LinePass, at: Shift, found: tuple[Codes, Floats, Floats, Floats]) -> Pieces:
    """What the inspector meets; ``found`` = defect, severity, hour and luck of each piece."""
    defect, severity, shift_hour, luck = found
    return Pieces(
        defect=defect,
        severity=severity,
        shift_hour=shift_hour,
        luck=luck,
        style=part.style,
        day=at.now_shift / at.day_min,
        strictness=part.strictness,
    )


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


@njit(cache=True)  # type: ignore[untyped-decorator]
def hour_of_shift(done, shift, evenings):  # type: ignore[no-untyped-def]
    """Hours since the shift began at a working minute; an evening goes on with the day before."""
    now_shift, now_work, rate, day_min = shift
    stayed = 0.0  # working minutes of the evenings between
    for e in range(evenings.shape[0]):
        if evenings[e, 0] < done and done <= evenings[e, 1]:
            return (day_min + (done - evenings[e, 0]) / rate) / MIN_PER_HOUR
        if evenings[e, 1] < done:
            stayed += max(0.0, evenings[e, 1] - max(evenings[e, 0], now_work))
    return (now_shift + (done - now_work - stayed) / rate) % day_min / MIN_PER_HOUR


@njit(cache=True)  # type: ignore[untyped-decorator]
def _leave(  # type: ignore[no-untyped-def]
    luck, pieces, order, done, defects, learning, shift, evenings, cumulative, lot_pieces
):
    """Per piece: defect code, severity, hour of the shift; per bundle: its lot; per lot: time,
    pieces."""
    keys, since = luck
    probability, more, causes = defects
    left, start_min, tau_min = learning
    n_bundles = pieces.shape[0]
    lot_of = np.empty(n_bundles, dtype=np.int64)
    risk, hour, end = np.empty(n_bundles), np.empty(n_bundles), np.empty(n_bundles)
    before = 0.0
    for i in range(n_bundles):
        b = order[i]
        lot_of[b] = int(before // lot_pieces)
        before += pieces[b]
        end[b] = done[i]
        learned = 1.0 + more * left * np.exp(-(done[i] - start_min) / tau_min)
        risk[b] = probability * learned * causes[i]
        hour[b] = hour_of_shift(done[i], shift, evenings)
    lots = lot_of[order[n_bundles - 1]] + 1
    sewn, count = np.zeros(lots), np.zeros(lots, dtype=np.int64)
    for i in range(n_bundles):
        sewn[lot_of[order[i]]] = done[i]
    codes = np.zeros(int(before), dtype=np.int8)
    severity, hours = np.zeros(codes.shape[0]), np.empty(codes.shape[0])
    i = 0
    for b in range(n_bundles):
        count[lot_of[b]] += int(pieces[b])
        key = key_at(keys, since, end[b])
        for _ in range(int(pieces[b])):
            hours[i] = hour[b]
            if uniform_at(key, 4 * i) < risk[b]:
                kind = np.searchsorted(cumulative, uniform_at(key, 4 * i + 1), side="right")
                codes[i] = min(kind, cumulative.shape[0] - 1) + 1
                severity[i] = LEAST_SEVERITY + (1.0 - LEAST_SEVERITY) * uniform_at(key, 4 * i + 3)
            i += 1
    return codes, severity, hours, lot_of, sewn, count


@njit(cache=True)  # type: ignore[untyped-decorator]
def _tally(  # type: ignore[no-untyped-def]
    codes, flagged, pieces, lot_of, lots, repairable, minutes, inspect_min, luck
):
    keys, since, done = luck
    defective = np.zeros(lots, dtype=np.int64)
    caught = np.zeros(lots, dtype=np.int64)
    false_alarms = np.zeros(lots, dtype=np.int64)
    seconds = np.zeros(lots, dtype=np.int64)
    repair = np.zeros(lots)
    i = 0
    for b in range(pieces.shape[0]):
        lot = lot_of[b]
        key = key_at(keys, since, done[b])
        for _ in range(int(pieces[b])):
            code = codes[i]
            if code > 0:
                defective[lot] += 1
            if flagged[i]:
                if code == 0:
                    false_alarms[lot] += 1
                    repair[lot] += inspect_min  # the bench finds nothing and sends it on
                else:
                    caught[lot] += 1
                    if uniform_at(key, 4 * i + 2) < repairable[code - 1]:
                        repair[lot] += minutes[code - 1] + inspect_min
                    else:
                        seconds[lot] += 1
            i += 1
    return defective, caught, false_alarms, seconds, repair
