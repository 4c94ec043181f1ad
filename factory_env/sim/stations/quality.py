"""Which pieces of an order are spoiled, which of them the gate finds, and what repair takes.

All luck is hashed from the order's own keys by piece number, so the same piece has the same
luck under every policy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from factory_env.sim.streams import hash64, uniforms
from factory_env.sim.world import World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """Counts per lot, shape (lots,)."""

    defective: Ints
    caught: Ints
    false_alarms: Ints
    seconds: Ints
    repair_min: Floats  # repair and second check of everything flagged


def judge_order(
    world: World, order: int, probability: Floats, pieces: Floats, lot_of: Ints, shift_hour: Floats,
    op_smv_min: float, inspect_min: float,
) -> Verdicts:  # fmt: skip
    """Draw defects and let the scenario's inspector judge every piece.

    ``probability``, ``pieces``, ``lot_of`` and ``shift_hour`` are per bundle, shape (B,).
    """
    kinds = world.scenario.library.defects
    cumulative = np.cumsum([k.share for k in kinds])
    repairable = np.array([k.repairable for k in kinds])
    minutes = np.array([k.repair_op_smv_factor * op_smv_min + k.repair_fixed_min for k in kinds])
    key = world.streams.key("order", order, "defects")
    codes = _draw(key, probability, pieces, cumulative / cumulative[-1])
    per_bundle = pieces.astype(np.int64)
    hours = np.repeat(shift_hour, per_bundle)
    luck = uniforms(world.streams.key("order", order, "inspection"), codes.shape[0])
    flagged = world.inspector.judge(codes, hours, luck)
    counts = _tally(codes, flagged, per_bundle, lot_of, repairable, minutes, inspect_min, key)
    return Verdicts(
        defective=counts[0],
        caught=counts[1],
        false_alarms=counts[2],
        seconds=counts[3],
        repair_min=counts[4],
    )


@njit(cache=True)  # type: ignore[untyped-decorator]
def _unit(key, counter):  # type: ignore[no-untyped-def]
    return np.float64(hash64(key, counter) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@njit(cache=True)  # type: ignore[untyped-decorator]
def _draw(key, probability, pieces, cumulative):  # type: ignore[no-untyped-def]
    codes = np.zeros(int(pieces.sum()), dtype=np.int8)
    i = 0
    for b in range(pieces.shape[0]):
        for _ in range(int(pieces[b])):
            if _unit(key, 4 * i) < probability[b]:
                kind = np.searchsorted(cumulative, _unit(key, 4 * i + 1), side="right")
                codes[i] = min(kind, cumulative.shape[0] - 1) + 1
            i += 1
    return codes


@njit(cache=True)  # type: ignore[untyped-decorator]
def _tally(  # type: ignore[no-untyped-def]
    codes, flagged, per_bundle, lot_of, repairable, minutes, inspect_min, key
):
    lots = lot_of.max() + 1
    defective = np.zeros(lots, dtype=np.int64)
    caught = np.zeros(lots, dtype=np.int64)
    false_alarms = np.zeros(lots, dtype=np.int64)
    seconds = np.zeros(lots, dtype=np.int64)
    repair = np.zeros(lots)
    i = 0
    for b in range(per_bundle.shape[0]):
        lot = lot_of[b]
        for _ in range(per_bundle[b]):
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
