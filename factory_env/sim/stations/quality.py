"""Which pieces of an order are spoiled, which of them the gate finds, and what repair takes.

All luck is hashed from the order's own keys by piece number, so the same piece has the same
luck under every policy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from factory_env.domain.inspection import LEAST_SEVERITY
from factory_env.domain.ports import Bools, Codes, Pieces
from factory_env.sim.line_flow import PassInput, PassResult
from factory_env.sim.streams import hash64, uniforms
from factory_env.sim.tables import PlantTables
from factory_env.sim.world import World
from factory_env.units import MIN_PER_HOUR

if TYPE_CHECKING:
    from factory_env.sim.stations.line_pass import LinePass

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lots:
    """What falls off the line, lot by lot, shape (lots,)."""

    sewn: Floats  # line working minutes
    pieces: Ints
    defective: Ints
    caught: Ints
    false_alarms: Ints
    seconds: Ints
    repair_min: Floats  # repair and second check of everything flagged


@dataclass(slots=True, kw_only=True)
class PieceLuck:
    """Keys of an order's luck. A fork renews it: bundles done after ``since`` use the later key."""

    since: Floats  # (m,) line working minutes, rising; the first is -inf
    defects: NDArray[np.uint64]  # (m,)
    inspection: NDArray[np.uint64]  # (m,)

    @classmethod
    def of(cls, world: World, order: int) -> PieceLuck:
        """The luck of an order under the run's seed."""
        defects, inspection = _keys(world, order)
        return cls(
            since=np.array([-np.inf]),
            defects=np.array([defects], dtype=np.uint64),
            inspection=np.array([inspection], dtype=np.uint64),
        )

    def renew(self, world: World, order: int, now_work: float) -> None:
        """Whatever is done after ``now_work`` meets the luck of the streams' present seed."""
        defects, inspection = _keys(world, order)
        self.since = np.append(self.since, now_work)
        self.defects = np.append(self.defects, defects)
        self.inspection = np.append(self.inspection, inspection)


def _keys(world: World, order: int) -> tuple[np.uint64, np.uint64]:
    luck = int(world.book.luck[order])
    return (
        world.streams.key("order", luck, "defects"),
        world.streams.key("order", luck, "inspection"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """How the line's working minutes map to hours of the shift."""

    now_shift: float
    now_work: float
    rate: float
    day_min: float


def judged_lots(
    world: World, line: int, part: LinePass, luck: PieceLuck, at: Shift, people: float
) -> Lots:
    """Group bundles into transfer lots as they leave, draw defects, let the inspector judge.

    Parameters
    ----------
    part
        The pass; its learned share when it began makes defects fall as the line learns.
    people
        Factor of the line's present operators on the defects of its planned ones.
    """
    scenario, tables, job, result = world.scenario, world.tables, part.job, part.result
    product = tables.styles[part.style].product
    cumulative, repairable = tables.cached("defects", _defect_constants)
    codes, severity, hours, lot_of, sewn, pieces = _leave(
        (luck.defects, luck.since),
        job.pieces,
        result.order,
        result.done,
        (
            float(tables.defect_probability[line, part.style]) * people,
            scenario.quality.first_day_factor - 1.0,
        ),
        (1.0 - part.share, job.start_min, job.learn_tau_min),
        (at.now_shift, at.now_work, at.rate, at.day_min),
        cumulative,
        float(scenario.flow.lot_pieces),
    )
    found = (codes, severity, hours, _inspection(luck, job, result, codes.shape[0]))
    flagged = _judged(world, part, at, found)
    op_smv_min = product.smv_min * tables.styles[part.style].smv_factor / len(product.operations)
    counts = _tally(
        codes,
        flagged,
        job.pieces,
        lot_of,
        sewn.shape[0],
        repairable,
        _repair_minutes(world, op_smv_min),
        product.inspect_min,
        (luck.defects, luck.since, _by_bundle(result)),
    )
    return Lots(
        sewn=sewn,
        pieces=pieces,
        defective=counts[0],
        caught=counts[1],
        false_alarms=counts[2],
        seconds=counts[3],
        repair_min=counts[4],
    )


def _judged(
    world: World, part: LinePass, at: Shift, found: tuple[Codes, Floats, Floats, Floats]
) -> Bools:
    """The inspector's verdicts; ``found`` = defect, severity, hour and luck of each piece."""
    defect, severity, shift_hour, luck = found
    return world.inspector.judge(
        Pieces(
            defect=defect, severity=severity, shift_hour=shift_hour, luck=luck, style=part.style,
            day=at.now_shift / at.day_min, strictness=part.strictness,
        )
    )  # fmt: skip


def _by_bundle(result: PassResult) -> Floats:
    """Working minute at which each bundle is done, by bundle number, shape (B,)."""
    done = np.empty_like(result.done)
    done[result.order] = result.done
    return done


def _inspection(luck: PieceLuck, job: PassInput, result: PassResult, n: int) -> Floats:
    """The inspector's luck with each piece, shape (n,)."""
    found = uniforms(luck.inspection[0], n)
    for since, key in zip(luck.since[1:], luck.inspection[1:], strict=True):
        late = np.repeat(_by_bundle(result) > since, job.pieces.astype(np.int64))
        found = np.where(late, uniforms(key, n), found)
    return np.asarray(found)


def _defect_constants(tables: PlantTables) -> tuple[Floats, Floats]:
    kinds = tables.scenario.library.defects
    cumulative = np.cumsum([k.share for k in kinds])
    return cumulative / cumulative[-1], np.array([k.repairable for k in kinds])


def _repair_minutes(world: World, op_smv_min: float) -> Floats:
    """Minutes to repair each kind of defect on a style with this mean operation time."""

    def make(tables: PlantTables) -> Floats:
        kinds = tables.scenario.library.defects
        return np.array([k.repair_op_smv_factor * op_smv_min + k.repair_fixed_min for k in kinds])

    minutes: Any = world.tables.cached(f"repair {op_smv_min!r}", make)
    return np.asarray(minutes)


@njit(cache=True)  # type: ignore[untyped-decorator]
def _unit(key, counter):  # type: ignore[no-untyped-def]
    return np.float64(hash64(key, counter) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@njit(cache=True)  # type: ignore[untyped-decorator]
def _key_at(keys, since, done):  # type: ignore[no-untyped-def]
    j = keys.shape[0] - 1
    while j > 0 and done <= since[j]:
        j -= 1
    return keys[j]


@njit(cache=True)  # type: ignore[untyped-decorator]
def _leave(  # type: ignore[no-untyped-def]
    luck, pieces, order, done, defects, learning, shift, cumulative, lot_pieces
):
    """Per piece: defect code, severity, hour of the shift; per bundle: its lot; per lot: time,
    pieces."""
    keys, since = luck
    probability, more = defects
    left, start_min, tau_min = learning
    now_shift, now_work, rate, day_min = shift
    n_bundles = pieces.shape[0]
    lot_of = np.empty(n_bundles, dtype=np.int64)
    risk, hour, end = np.empty(n_bundles), np.empty(n_bundles), np.empty(n_bundles)
    before = 0.0
    for i in range(n_bundles):
        b = order[i]
        lot_of[b] = int(before // lot_pieces)
        before += pieces[b]
        end[b] = done[i]
        risk[b] = probability * (1.0 + more * left * np.exp(-(done[i] - start_min) / tau_min))
        hour[b] = (now_shift + (done[i] - now_work) / rate) % day_min / MIN_PER_HOUR
    lots = lot_of[order[n_bundles - 1]] + 1
    sewn, count = np.zeros(lots), np.zeros(lots, dtype=np.int64)
    for i in range(n_bundles):
        sewn[lot_of[order[i]]] = done[i]
    codes = np.zeros(int(before), dtype=np.int8)
    severity, hours = np.zeros(codes.shape[0]), np.empty(codes.shape[0])
    i = 0
    for b in range(n_bundles):
        count[lot_of[b]] += int(pieces[b])
        key = _key_at(keys, since, end[b])
        for _ in range(int(pieces[b])):
            hours[i] = hour[b]
            if _unit(key, 4 * i) < risk[b]:
                kind = np.searchsorted(cumulative, _unit(key, 4 * i + 1), side="right")
                codes[i] = min(kind, cumulative.shape[0] - 1) + 1
                severity[i] = LEAST_SEVERITY + (1.0 - LEAST_SEVERITY) * _unit(key, 4 * i + 3)
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
        key = _key_at(keys, since, done[b])
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
                    if _unit(key, 4 * i + 2) < repairable[code - 1]:
                        repair[lot] += minutes[code - 1] + inspect_min
                    else:
                        seconds[lot] += 1
            i += 1
    return defective, caught, false_alarms, seconds, repair
