"""One answer of the look-ahead: forecasts, hall, import to hold, battery; compiled."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from agents.lookahead.battery_plan import best, fill_marginal, fill_value
from agents.lookahead.foresight import AT_WORK, load_ahead, remember, sun_ahead
from agents.lookahead.hall_plan import plan_fans, set_point
from agents.lookahead.levels import fill_aims, find_caps
from agents.lookahead.memory import AHEAD, BEFORE, FANS, PLANNED, PRICED, Floats, Ints, Memory
from factory_env.compiled import Record, compiled
from factory_env.domain.series import SLOT_MIN

REPLAN: Final = 4  # slots between two looks ahead
NOTHING: Final = 0.01  # of the sanctioned load, taken for none
EVENING: Final = 84  # 21 h, from which on the coming day must be held, too
SEEN: Final = np.dtype(
    [
        (name, "f8")
        for name in ("slot", "soc_kwh", "indoor_c", "boiler_warm_min", "last_load_kw", "days_left")
    ]
)


class Prices(NamedTuple):
    """What the coming day costs: 96 slots, r demand rules."""

    price_usd: Floats  # (96,) per kWh bought
    export_usd: Floats  # (96,) per kWh fed in
    band: Ints  # (96,) demand rule that holds beside any_time; 0 = none
    rate_usd: Floats  # (r,) per kW of the month's maximum
    paid_kw: Floats  # (r,) maximum that the month pays already


class Outlook(NamedTuple):
    """What the coming day brings, (96,) each."""

    outdoor_c: Floats
    pv_kw: Floats
    usual_pv_kw: Floats
    open_share: Floats  # of the slot in which people work


class Setting(NamedTuple):
    """What is done in the coming slot."""

    battery_kw: float  # charge > 0
    set_point_c: float  # infinite = fans off
    is_lit: bool  # the boiler


@compiled
def decide(
    w: Record, house: Record, seen: Record, prices: Prices, outlook: Outlook, memory: Memory
) -> Setting:
    """The setting of the coming slot; the memory goes on.

    ``w``: record of `learned`; ``house``: of `house`; ``seen``: of `SEEN`.
    """
    outdoor, open_share = outlook.outdoor_c, outlook.open_share
    load, sun = np.empty(AHEAD), np.empty(AHEAD)
    remember(house, seen, memory)
    load_ahead(w, house, seen, open_share, memory, load)
    dawn = sun_ahead(w, seen, outlook.pv_kw, outlook.usual_pv_kw, memory, sun)
    facts, slot = memory.facts, int(seen.slot)
    held = seen.soc_kwh - house.low_kwh
    first = open_share[0] > 0.0 and seen.last_load_kw < AT_WORK * house.empty_kw + house.fans_kw
    waited = slot - facts[PLANNED] >= (2.0 if open_share[0] > 0.0 else REPLAN)
    if facts[PLANNED] < 0.0 or waited or first:
        _plan(w, house, seen, prices, outlook, load, sun, dawn, held, first, memory)
        facts[PLANNED] = slot
    at = slot - int(facts[PLANNED])
    fans = memory.fans[at]
    point = set_point(w, house, seen.indoor_c, load[0], sun[0], outdoor[0], fans)
    is_lit = _is_lit(house, open_share, seen.boiler_warm_min)
    battery_kw = 0.0
    if house.room_kwh > 0.0:
        battery_kw = _battery_kw(
            w,
            house,
            load[0] + fans - sun[0],
            prices.price_usd[0],
            prices.export_usd[0],
            memory,
            at,
            held,
            open_share[0] > 0.0,
        )
    facts[FANS], facts[BEFORE] = fans, slot
    return Setting(battery_kw, point, is_lit)


@compiled
def _plan(
    w: Record,
    house: Record,
    seen: Record,
    prices: Prices,
    outlook: Outlook,
    load: Floats,
    sun: Floats,
    dawn: int,
    held: float,
    first: bool,
    memory: Memory,
) -> None:
    """Fans, import to hold and value of the content for the coming day."""
    price, export, band = prices.price_usd, prices.export_usd, prices.band
    rate, paid = prices.rate_usd, prices.paid_kw
    outdoor, open_share = outlook.outdoor_c, outlook.open_share
    facts, begun = memory.facts, int(seen.slot) % AHEAD
    moved = int(seen.slot - facts[PLANNED]) if facts[PRICED] >= 0.0 else AHEAD
    for k in range(AHEAD):  # prices of load as the last plan found them
        memory.marginal[k] = memory.marginal[k + moved] if k + moved < AHEAD else price[k]
    plan_fans(w, house, seen.indoor_c, load, sun, outdoor, open_share, memory.marginal, memory.fans)
    if house.room_kwh <= 0.0:
        return
    whole, careful = load + memory.fans, np.empty(AHEAD)
    month_end = int(seen.days_left * AHEAD + 0.5)
    for k in range(AHEAD):
        kw = whole[k] * (1.0 + w.load_up) + w.load_more * house.ref_kw
        careful[k] = kw - sun[k] * (w.sun_careful if k >= dawn else 1.0)
        # the night fills the battery for the next day, and a new month begins anew
        if (begun < EVENING and begun + k >= AHEAD) or k >= month_end:
            careful[k] = 0.0
    caps, soft, hard, rate_usd = memory.caps, memory.soft, memory.hard, memory.rate_usd
    find_caps(w, house, careful, month_end, held, band, rate, paid, caps)
    fill_aims(w, house, month_end, band, rate, paid, open_share, first, caps, soft, hard, rate_usd)
    fill_value(w, house, whole, sun, dawn, price, export, soft, hard, rate_usd, memory.value)
    fill_marginal(
        w,
        house,
        whole - sun,
        price,
        export,
        soft,
        hard,
        rate_usd,
        held,
        memory.value,
        memory.marginal,
    )
    facts[PRICED] = 1.0


@compiled
def _battery_kw(
    w: Record,
    house: Record,
    net: float,
    price: float,
    export: float,
    memory: Memory,
    at: int,
    held: float,
    works: bool,
) -> float:
    """Power of the coming slot."""
    soft, hard, after = memory.soft[at], memory.hard[at], memory.value[1, at + 1]
    kw, _ = best(w, house, net, price, export, hard, soft, memory.rate_usd[at], held, after)
    if memory.caps[at] <= NOTHING * house.ref_kw and net > 0.0:
        return float(-house.discharge_kw)  # no more is given than is used: nothing is bought
    if kw > 0.0 and net > 0.0 and works:  # charging beside the work can wait, a maximum stays
        return float(max(0.0, min(kw, hard - w.margin_charge * house.ref_kw - net)))
    return kw


@compiled
def _is_lit(house: Record, open_share: Floats, warm_min: float) -> bool:
    """Is the boiler lit: while people work, and before just as long as heating up takes."""
    wait = AHEAD
    for k in range(AHEAD - 1, -1, -1):
        if open_share[k] > 0.0:
            wait = k
    if wait == 0:
        return True
    warm_min *= np.exp(-wait * SLOT_MIN / house.cooling_min)
    slots = np.ceil(max(house.cold_min - warm_min, 1e-6) / SLOT_MIN)
    return bool(wait <= slots)
