"""Which import can be held: the least for which the battery is enough on a dull day; compiled."""

from __future__ import annotations

from typing import Final

import numpy as np

from agents.lookahead.memory import AHEAD, Floats, Ints
from factory_env.compiled import Record, compiled_fast
from factory_env.domain.series import SLOT_H

DEAR_STEPS: Final = 7  # levels tried for dear bands
HALVINGS: Final = 9
MONTH_SLOTS: Final = 31.0 * AHEAD
FREE_KW: Final = 1e6  # import to hold where no kW costs anything


@compiled_fast
def fill_aims(
    w: Record,
    house: Record,
    month_end: int,
    band: Ints,
    rate: Floats,
    paid: Floats,
    open_share: Floats,
    first: bool,
    caps: Floats,
    soft: Floats,
    hard: Floats,
    rate_usd: Floats,
) -> None:
    """Fill what is aimed at: import free of demand and import to hold [kW], and its rate [USD].

    Both lie a margin below what is paid and what is held, as a load is known only afterwards; the
    margin is wider where work begins. From ``month_end`` on nothing is paid yet.
    """
    for k in range(AHEAD):
        b = band[k] if rate[band[k]] > 0.0 else 0
        share = 0.0
        if open_share[k] > 0.0:
            begins = first if k == 0 else open_share[k - 1] <= 0.0
            share = w.margin_first if begins else w.margin
        margin_kw = share * house.ref_kw
        hard[k] = max(0.0, caps[k] - margin_kw)
        paid_kw = min(paid[0], paid[b]) if k < month_end else 0.0
        soft[k] = min(hard[k], max(0.0, paid_kw - margin_kw))
        rate_usd[k] = rate[0] + (rate[b] if b > 0 else 0.0)
        if rate_usd[k] <= 0.0:
            soft[k] = hard[k] = FREE_KW


@compiled_fast
def fill_caps(
    caps: Floats, level: float, dear: float, band: Ints, rate: Floats, paid: Floats, month_end: int
) -> None:
    """The import to hold in each slot: ``level``, and ``dear`` in bands that charge demand, too.

    Nothing is held where no demand is charged: a battery that shaves there wears for nothing.
    """
    for k in range(AHEAD):
        is_paid = k < month_end
        caps[k] = max(level, paid[0]) if is_paid else level
        if rate[0] <= 0.0:
            caps[k] = FREE_KW
        b = band[k]
        if b > 0 and rate[b] > 0.0:
            caps[k] = min(caps[k], max(dear, paid[b]) if is_paid else dear)


@compiled_fast
def can_hold(house: Record, net: Floats, caps: Floats, held_kwh: float) -> bool:
    """Is the battery enough to hold the import in every slot to come?"""
    for k in range(AHEAD):
        spare = caps[k] - net[k]
        if spare >= 0.0:
            held_kwh += min(spare, house.charge_kw) * house.way * SLOT_H
            held_kwh = min(house.room_kwh, held_kwh)
        else:
            held_kwh += spare * SLOT_H / house.way
            if held_kwh < 0.0 or -spare > house.discharge_kw:
                return False
    return True


@compiled_fast
def find_caps(
    w: Record,
    house: Record,
    net: Floats,
    month_end: int,
    held_kwh: float,
    band: Ints,
    rate: Floats,
    paid: Floats,
    caps: Floats,
) -> None:
    """Fill ``caps`` (96,) with the cheapest pair of levels that can be held."""
    low = max(0.0, (w.floor - w.floor_late * (0.5 - month_end / MONTH_SLOTS)) * house.ref_kw)
    floor = w.dear_floor * house.ref_kw
    fill_caps(caps, low, floor, band, rate, paid, month_end)
    if can_hold(house, net, caps, held_kwh):
        return
    top, dear_usd, dear_paid = max(low, floor, net.max()), 0.0, 0.0
    for r in range(1, rate.shape[0]):
        if rate[r] > dear_usd and (band == r).any():
            dear_usd, dear_paid = rate[r], paid[r]
    best_usd, best_level, best_dear = np.inf, top, top
    for i in range(DEAR_STEPS if dear_usd > 0.0 else 1):
        dear = floor + (top - floor) * (i / (DEAR_STEPS - 1.0)) ** 2
        first, last = low, top
        for _ in range(HALVINGS):
            level = 0.5 * (first + last)
            fill_caps(caps, level, dear, band, rate, paid, month_end)
            if can_hold(house, net, caps, held_kwh):
                last = level
            else:
                first = level
        usd = rate[0] * max(last, paid[0]) + w.dear_worth * dear_usd * max(dear, dear_paid)
        if usd < best_usd - 1e-9:
            best_usd, best_level, best_dear = usd, last, dear
    fill_caps(caps, best_level, best_dear, band, rate, paid, month_end)
