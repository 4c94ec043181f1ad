"""Load and sun of the coming day, as learned from the days before; compiled."""

from __future__ import annotations

from typing import Final

import numpy as np

from agents.lookahead.memory import (
    AHEAD,
    BEFORE,
    EXPECTED,
    FANS,
    OFF,
    SUN_DAYS,
    SUN_SUM,
    SUN_TODAY,
    USUAL_TODAY,
    WORKS,
    Floats,
    Memory,
    forget,
)
from factory_env.compiled import Record, compiled

DARK_SLOT: Final = 24  # dawn where there is no sun to see
FIRST_WEIGHT: Final = 3.0  # days that the climate's mean counts beside days that were seen
AT_WORK: Final = 2.0  # times the load of an empty house


@compiled
def remember(house: Record, seen: Record, memory: Memory) -> None:
    """Learn from the slot that has passed; see `decide` for ``seen``."""
    slot, facts = int(seen.slot), memory.facts
    if slot == 0 or slot <= facts[BEFORE]:
        forget(memory)
    else:
        kind, at = int(facts[WORKS]), (slot - 1) % AHEAD
        load = seen.last_load_kw - facts[FANS]
        if load > AT_WORK * house.empty_kw:
            facts[OFF] = load - facts[EXPECTED]
        memory.usual[kind, at] = load
    if slot % AHEAD == 0 and slot > 0:
        if facts[SUN_TODAY] > 0.0 and facts[USUAL_TODAY] > 0.0:
            facts[SUN_SUM] += facts[SUN_TODAY] / facts[USUAL_TODAY]
            facts[SUN_DAYS] += 1.0
        facts[SUN_TODAY] = facts[USUAL_TODAY] = facts[OFF] = 0.0


@compiled
def load_ahead(
    w: Record, house: Record, seen: Record, open_share: Floats, memory: Memory, load: Floats
) -> None:
    """Fill ``load`` (96,) without fans [kW]; today's deviation fades."""
    facts, begun = memory.facts, int(seen.slot) % AHEAD
    today, tomorrow = (1 if facts[WORKS] > 0.0 and begun > 0 else 0), 0
    for k in range(AHEAD - begun):
        if open_share[k] > 0.0:
            today = 1
    for k in range(AHEAD - begun, AHEAD):
        if open_share[k] > 0.0:
            tomorrow = 1
    facts[WORKS] = today
    off = w.today * facts[OFF]
    for k in range(AHEAD):
        kind = today if begun + k < AHEAD else tomorrow
        kw = memory.usual[kind, (begun + k) % AHEAD]
        if np.isnan(kw):
            kw = max(w.first_day * house.ref_kw * open_share[k], house.empty_kw)
        if k == 0:
            facts[EXPECTED] = kw
        if open_share[k] > 0.0 and begun + k < AHEAD:
            kw = max(kw + off, house.empty_kw)
        load[k] = kw
        off *= w.fading


@compiled
def sun_ahead(
    w: Record, seen: Record, pv_kw: Floats, usual_kw: Floats, memory: Memory, sun: Floats
) -> int:
    """Fill ``sun`` (96,) with what is expected [kW]; returns the slot of the next dawn.

    ``usual_kw``: (96,) sun of the season's usual day.
    """
    facts = memory.facts
    share = (FIRST_WEIGHT + facts[SUN_SUM]) * w.sun_mean / (FIRST_WEIGHT + facts[SUN_DAYS])
    now, dawn = usual_kw[0], next_dawn(int(seen.slot) % AHEAD, usual_kw, facts[USUAL_TODAY])
    for k in range(AHEAD):
        if k >= dawn:
            sun[k] = share * usual_kw[k]
        elif seen.slot < AHEAD:  # the question shows the present sun for all of the first day
            sun[k] = pv_kw[0] * usual_kw[k] / now if now > 0.0 else 0.0
        else:
            sun[k] = pv_kw[k]
    facts[SUN_TODAY] += pv_kw[0]
    facts[USUAL_TODAY] += usual_kw[0]
    return dawn


@compiled
def next_dawn(begun: int, usual_kw: Floats, usual_today: float) -> int:
    """Slots until the sun of a day begins of which nothing has been seen."""
    if usual_today <= 0.0 and usual_kw[0] > 0.0:
        return 0
    for k in range(1, AHEAD):
        if usual_kw[k] > 0.0 and usual_kw[k - 1] <= 0.0:
            return k
    return (DARK_SLOT - begun) % AHEAD
