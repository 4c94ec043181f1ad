"""When the fans run in the coming day: a recursion over the hall's temperature; compiled."""

from __future__ import annotations

from typing import Final

import numpy as np

from agents.lookahead.memory import AHEAD, Floats, Ints
from factory_env.compiled import Record, compiled_fast
from factory_env.domain.series import SLOT_H

COOLEST_C: Final = 21.0
STEP_K: Final = 0.5
DEGREES: Final = 35  # temperatures of the recursion: 21 to 38 C
SHARES: Final = 5  # powers of the fans: none, a quarter, ... all


@compiled_fast
def moves(
    w: Record, house: Record, load_kw: float, sun_kw: float, outdoor_c: float
) -> tuple[float, float, float, float]:
    """Where a slot without fans leads, and one with all of them: (kept, level) of each."""
    heat = w.gain * max(0.0, load_kw - house.empty_kw) + house.roof_sun * sun_kw
    total = house.loss + house.stream
    still = outdoor_c + heat / house.loss
    blown = outdoor_c + (heat - house.stream * house.pad_drop_k) / total
    kept_still = np.exp(-house.loss * SLOT_H / house.store)
    kept_blown = np.exp(-total * SLOT_H / house.store)
    return kept_still, still, kept_blown, blown


@compiled_fast
def plan_fans(
    w: Record,
    house: Record,
    indoor_c: float,
    load: Floats,
    sun: Floats,
    outdoor: Floats,
    open_share: Floats,
    marginal: Floats,
    fans: Floats,
) -> None:
    """Fill ``fans`` (96,) [kW], cheapest where a kWh costs ``marginal`` (96,) [USD]."""
    choice = np.zeros((AHEAD, DEGREES), np.int64)
    after, before = np.zeros(DEGREES), np.zeros(DEGREES)
    bearable = house.heat_from_c - w.hot_margin_k
    full_kwh = house.fans_kw * SLOT_H
    for k in range(AHEAD - 1, -1, -1):
        kept, still, kept_blown, blown = moves(w, house, load[k], sun[k], outdoor[k])
        hot_usd = w.hot_usd * SLOT_H * open_share[k]
        for t in range(DEGREES):
            now = COOLEST_C + STEP_K * t
            without = still + (now - still) * kept
            cooled = max(blown + (now - blown) * kept_blown, min(without, house.coldest_c))
            best, best_usd = 0, np.inf
            for s in range(SHARES if cooled < without else 1):
                share = s / (SHARES - 1.0)
                usd = full_kwh * share * marginal[k]
                usd += _at(after, without - share * (without - cooled))
                if usd < best_usd - 1e-12:
                    best, best_usd = s, usd
            choice[k, t] = best
            before[t] = best_usd + hot_usd * max(0.0, now - bearable)
        after, before = before, after
    _follow(w, house, indoor_c, load, sun, outdoor, choice, fans)


@compiled_fast
def _at(values: Floats, celsius: float) -> float:
    """The value between two temperatures."""
    at = min(max((celsius - COOLEST_C) / STEP_K, 0.0), DEGREES - 1.001)
    i = int(at)
    return float(values[i] + (at - i) * (values[i + 1] - values[i]))


@compiled_fast
def _follow(
    w: Record,
    house: Record,
    indoor_c: float,
    load: Floats,
    sun: Floats,
    outdoor: Floats,
    choice: Ints,
    fans: Floats,
) -> None:
    """Powers along the way that begins at ``indoor_c``."""
    for k in range(AHEAD):
        t = int(min(max((indoor_c - COOLEST_C) / STEP_K + 0.5, 0.0), DEGREES - 1.0))
        share = choice[k, t] / (SHARES - 1.0)
        kept, still, kept_blown, blown = moves(w, house, load[k], sun[k], outdoor[k])
        without = still + (indoor_c - still) * kept
        cooled = max(blown + (indoor_c - blown) * kept_blown, min(without, house.coldest_c))
        if cooled >= without:
            share = 0.0
        fans[k] = share * house.fans_kw
        indoor_c = without - share * (without - cooled)


@compiled_fast
def set_point(
    w: Record,
    house: Record,
    indoor_c: float,
    load_kw: float,
    sun_kw: float,
    outdoor_c: float,
    fans_kw: float,
) -> float:
    """The set point for which the fans of a slot take about ``fans_kw``; infinite = off."""
    if fans_kw <= 0.0:
        return np.inf
    kept, still, kept_blown, blown = moves(w, house, load_kw, sun_kw, outdoor_c)
    without = still + (indoor_c - still) * kept
    cooled = blown + (indoor_c - blown) * kept_blown
    share = fans_kw / house.fans_kw
    point = house.coldest_c if share > 0.99 else without - share * (without - cooled)
    return float(min(max(point, house.coldest_c), house.hottest_c))
