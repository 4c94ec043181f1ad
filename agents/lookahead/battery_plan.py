"""What a stored kWh is worth: a recursion over the battery's content, for three suns; compiled."""

from __future__ import annotations

from typing import Final

import numpy as np

from agents.lookahead.memory import AHEAD, CASES, LEVELS, Floats
from factory_env.compiled import Record, compiled_fast
from factory_env.domain.series import SLOT_H

OPTIONS: Final = 8
WEIGHTS: Final = (0.25, 0.5, 0.25)  # of the dull, the usual and the bright sun


@compiled_fast
def slot_usd(
    w: Record,
    house: Record,
    grid_kw: float,
    price: float,
    export: float,
    cap: float,
    soft: float,
    rate: float,
) -> float:
    """What an import costs, a new maximum foreboded in it [USD]; negative = fed in."""
    if grid_kw <= 0.0:
        return grid_kw * SLOT_H * export
    usd = grid_kw * SLOT_H * price
    if grid_kw > soft:
        span = max(cap - soft, 0.02 * house.ref_kw)
        part = min(grid_kw, cap) - soft
        if part > 0.0:
            usd += w.soft * 0.5 * part * part / span
        usd += (w.soft + w.excess * rate) * max(0.0, grid_kw - max(cap, soft))
    return usd


@compiled_fast
def best(
    w: Record,
    house: Record,
    net: float,
    price: float,
    export: float,
    cap: float,
    soft: float,
    rate: float,
    held: float,
    after: Floats,
) -> tuple[float, float]:
    """Best power of a slot (charge > 0) and what is then still to pay [USD].

    ``held``: content above the least [kWh]; ``after``: (LEVELS,) still to pay after the slot.
    """
    most = min(house.charge_kw, (house.room_kwh - held) / (house.way * SLOT_H))
    least = -min(house.discharge_kw, held * house.way / SLOT_H, max(net, 0.0))
    best_kw, best_usd = 0.0, np.inf
    for option in range(OPTIONS):
        if option == 0:
            kw = 0.0
        elif option == 1:
            kw = -net  # neither bought nor fed in
        elif option == 2:
            kw = soft - net
        elif option == 3:
            kw = cap - net
        elif option == 4:
            kw = 0.5 * (soft + cap) - net
        elif option == 5:
            kw = 0.5 * soft - net
        elif option == 6:
            kw = most
        else:
            kw = least
        kw = min(max(kw, least), most)
        usd = slot_usd(w, house, net + kw, price, export, cap, soft, rate)
        if kw < 0.0:
            usd -= kw * SLOT_H * house.wear_usd
            then = held + kw * SLOT_H / house.way
        else:
            then = held + kw * SLOT_H * house.way
        usd += content_usd(house, then, after)
        if usd < best_usd - 1e-9:
            best_kw, best_usd = kw, usd
    return best_kw, best_usd


@compiled_fast
def content_usd(house: Record, held: float, values: Floats) -> float:
    """The value between two contents."""
    at = min(max(held / house.room_kwh, 0.0), 1.0) * (LEVELS - 1.0)
    i = min(int(at), LEVELS - 2)
    return float(values[i] + (at - i) * (values[i + 1] - values[i]))


@compiled_fast
def fill_value(
    w: Record,
    house: Record,
    load: Floats,
    sun: Floats,
    dawn: int,
    price: Floats,
    export: Floats,
    soft: Floats,
    hard: Floats,
    rate_usd: Floats,
    value: Floats,
) -> None:
    """Fill ``value`` (CASES, 97, LEVELS); up to ``dawn`` all cases are the same, the second."""
    left_usd = w.end_value * price.mean() * house.way * house.room_kwh / (LEVELS - 1.0)
    for case in range(CASES):
        for s in range(LEVELS):
            value[case, AHEAD, s] = -left_usd * s
    for k in range(AHEAD - 1, -1, -1):
        if k + 1 == dawn:
            for s in range(LEVELS):
                mean = 0.0
                for case in range(CASES):
                    mean += WEIGHTS[case] * value[case, dawn, s]
                value[1, dawn, s] = mean
        for case in range(CASES):
            if k < dawn and case != 1:
                continue
            factor = (w.sun_low, 1.0, w.sun_high)[case] if k >= dawn else 1.0
            net = load[k] - factor * sun[k]
            for s in range(LEVELS):
                held = house.room_kwh * s / (LEVELS - 1.0)
                _, value[case, k, s] = best(
                    w,
                    house,
                    net,
                    price[k],
                    export[k],
                    hard[k],
                    soft[k],
                    rate_usd[k],
                    held,
                    value[case, k + 1],
                )


@compiled_fast
def fill_marginal(
    w: Record,
    house: Record,
    net: Floats,
    price: Floats,
    export: Floats,
    soft: Floats,
    hard: Floats,
    rate_usd: Floats,
    held: float,
    value: Floats,
    marginal: Floats,
) -> None:
    """Fill ``marginal`` (96,): what one more kWh of load costs on the expected way [USD]."""
    for k in range(AHEAD):
        cap, low, rate, after = hard[k], soft[k], rate_usd[k], value[1, k + 1]
        kw, usd = best(w, house, net[k], price[k], export[k], cap, low, rate, held, after)
        _, more = best(w, house, net[k] + 4.0, price[k], export[k], cap, low, rate, held, after)
        marginal[k] = more - usd  # 4 kW for a quarter of an hour
        held += kw * SLOT_H * (house.way if kw > 0.0 else 1.0 / house.way)
        held = min(max(held, 0.0), house.room_kwh)
