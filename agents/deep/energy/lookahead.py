"""A compiled look-ahead over the next day: which import is held, and what a stored kWh is worth.

`plan` looks at the forecast of 96 slots and gives the import to hold in each of them and the value
of the battery's content after each, by backward recursion; `battery_kw` then finds the best power
of one slot. What is uncertain (tomorrow's sun, load against yesterday's, how much margin pays, what
is worth holding down for the rest of the month) are weights that are learned; see `WEIGHTS`.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit

from factory_env.domain.site import COOLING_OFF_C

AHEAD: Final = 96
LEVELS: Final = 17  # of the battery's content
SLOT_H: Final = 0.25
SUNRISE_SLOT: Final = 24.0  # of the bell a clear day is: 6 to 18 h
SUN_SLOTS: Final = 48.0
DEAR_STEPS: Final = 7  # levels tried for the dear bands
NIGHT_SLOT: Final = 84  # 21 h, when the coming day is planned
REPLAN: Final = 4  # slots between two looks ahead
PLANNED, BEFORE, FANS, EXPECTED, OFF, WORKS = range(6)  # what `decide` remembers
MEMORY: Final = 6

# name: (start, lowest, highest); powers are shares of the sanctioned load
WEIGHTS: Final[dict[str, tuple[float, float, float]]] = {
    "floor": (0.18, 0.0, 0.8),  # import that is held from the first day of a month on
    "floor_slope": (0.0, -0.5, 0.5),  # more of it in a whole month than in a part of one
    "dear_floor": (0.0, 0.0, 0.5),  # import held in bands that charge more than any time does
    "dear_worth": (1.0, 0.2, 3.0),  # weight of that demand against demand at any time
    "load_up": (0.02, -0.1, 0.3),  # what the look-ahead adds to the forecast load
    "load_base": (0.01, 0.0, 0.1),
    "first_day": (0.5, 0.2, 1.0),  # load of work on the first day, before one has been seen
    "today": (0.6, 0.0, 1.0),  # of what the last slot's load differed from its forecast is expected to last
    "fading": (0.9, 0.3, 1.0),  # of it is left a slot later
    "sun_kept": (0.4, 0.0, 1.0),  # weight of today's sun in the forecast of tomorrow's
    "sun_mean": (0.40, 0.1, 0.8),  # kW per kWp at noon of the other part
    "sun_low": (0.5, 0.0, 1.2),  # factor on tomorrow's sun in what must be held in reserve
    "reserve": (0.5, 0.0, 5.0),  # USD a kWh that is missing in it
    "ready": (0.6, 0.0, 1.0),  # content to have when work begins
    "sun_down": (1.0, 0.3, 1.2),  # factor on all forecast sun
    "margin": (0.06, 0.0, 0.2),  # how far below the import held is aimed at work
    "charge_margin": (0.2, 0.0, 0.5),  # and if the battery is charged beside it
    "sun_stored": (0.9, 0.0, 1.0),  # of a surplus, at least
    "excess": (0.5, 0.01, 1.0),  # of a demand rate, for a kW too much in one slot
    "end_value": (0.6, 0.0, 1.5),  # of a kWh in a day's time, in mean prices
    "day_c": (31.9, 30.0, 32.2),  # set point while people work
    "cool_c": (25.5, 24.0, 30.0),  # down to which the hall is cooled before work
    "cool_by_heat": (0.3, -1.0, 2.0),  # lower by so much per K that the coming day is hotter
    "night_slots": (14.0, 0.0, 40.0),  # before work in which it is cooled
    "gain": (1.1, 0.3, 2.0),  # heat in the hall per kW of load without fans
    "cool_power": (1.0, 0.1, 1.0),  # of the fans then
    "sunny_c": (28.0, 24.0, 32.0),  # down to which surplus sun cools in the day
    "sunny_share": (0.5, 0.0, 1.0),  # of the surplus that goes to the fans
    "dear_c": (32.0, 30.5, 32.3),  # set point in dear bands and hours
}
NAMES: Final = tuple(WEIGHTS)
START: Final = np.array([w[0] for w in WEIGHTS.values()])
LOW: Final = np.array([w[1] for w in WEIGHTS.values()])
HIGH: Final = np.array([w[2] for w in WEIGHTS.values()])
(FLOOR, FLOOR_SLOPE, DEAR_FLOOR, DEAR_WORTH, LOAD_UP, LOAD_BASE, FIRST_DAY, TODAY, FADING, SUN_KEPT, SUN_MEAN, SUN_LOW, RESERVE, READY, SUN_DOWN,
 MARGIN, CHARGE_MARGIN, SUN_STORED, EXCESS, END_VALUE, DAY_C, COOL_C, COOL_BY_HEAT, NIGHT_SLOTS, GAIN, COOL_POWER, SUNNY_C,
 SUNNY_SHARE, DEAR_C) = range(len(NAMES))  # fmt: skip


@njit(cache=True)  # type: ignore[untyped-decorator]
def _sun(w, slot, sun, site, expected, low):  # type: ignore[no-untyped-def]
    """Forecast of the sun [kW], and a low one; both (96,)."""
    begun = slot % AHEAD
    now = max(0.0, np.sin(np.pi * (begun + 0.5 - SUNRISE_SLOT) / SUN_SLOTS))
    for k in range(AHEAD):
        quarter = (begun + k) % AHEAD
        bell = max(0.0, np.sin(np.pi * (quarter + 0.5 - SUNRISE_SLOT) / SUN_SLOTS))
        kw, factor = sun[k], 1.0
        if slot < AHEAD:  # the question shows the present sun for all the day to come
            kw = sun[0] * bell / now if now > 0.1 else 0.0
        if begun + k >= AHEAD or now < 0.1:
            kw = w[SUN_KEPT] * kw + (1.0 - w[SUN_KEPT]) * w[SUN_MEAN] * bell * site.solar_kwp
            factor = w[SUN_LOW]
        expected[k] = w[SUN_DOWN] * kw
        low[k] = w[SUN_DOWN] * kw * factor


@njit(cache=True)  # type: ignore[untyped-decorator]
def _hall(w, base, surplus, wait, is_day, dear, indoor_c, outdoor_c, hottest_c, sun_kw, site, limits):  # type: ignore[no-untyped-def]
    """Set point of a slot, the fans' power it takes [kW] and the temperature after it."""
    low, high = limits
    most = site.cooling_fans * site.cooling_fan_kw
    air = outdoor_c - site.cooling_pad_drop_k
    gain = w[GAIN] * max(0.0, base - site.hall_base_kw)
    if site.solar_kwp > 0.0:
        gain += site.hall_roof_m2 * site.hall_sun_share * sun_kw / site.solar_kwp / 0.8
    loss, store = site.hall_loss_kw_per_k, site.hall_store_kwh_per_k
    still = outdoor_c + gain / loss
    without = still + (indoor_c - still) * np.exp(-loss * SLOT_H / store)
    stream = site.cooling_fans * site.cooling_fan_kw_per_k
    total = loss + stream
    blown = outdoor_c + (gain - stream * site.cooling_pad_drop_k) / total
    cooled = blown + (indoor_c - blown) * np.exp(-total * SLOT_H / store)
    sunny = min(1.0, w[SUNNY_SHARE] * max(0.0, surplus) / most)
    if is_day:
        point = w[DEAR_C] if dear else w[DAY_C]
        point = min(point, max(w[SUNNY_C], without - sunny * max(0.0, without - cooled)))
    else:
        share = sunny if wait <= 48 else 0.0
        if wait <= w[NIGHT_SLOTS]:
            share = max(share, min(1.0, w[COOL_POWER]))
        aim = w[COOL_C] - w[COOL_BY_HEAT] * (hottest_c - 33.0)
        point = max(aim, without - share * max(0.0, without - cooled))
        if share <= 0.0:
            point = COOLING_OFF_C
    if point < COOLING_OFF_C:
        point = min(max(point, low), high)
    if cooled >= without or without <= point:
        return point, 0.0, without
    next_c = max(point, cooled)
    return point, most * (without - next_c) / (without - cooled), next_c


@njit(cache=True)  # type: ignore[untyped-decorator]
def decide(w, seen, memory, usual, caps, spare, value, site, limits, tariff, ahead, answer):  # type: ignore[no-untyped-def]
    """Fill ``answer``: battery power, set point, is the boiler lit.

    ``seen``: slot, soc (above its least), indoor, boiler_warm, last load, days_left, is_day.
    ``tariff``: price, export (96,), band, rate, paid. ``ahead``: outdoor, sun, open_share (96,).
    ``memory`` (6,), ``usual`` (2, 96) and the three arrays of `plan` last from slot to slot.
    """
    slot, soc, indoor, warm_min, last, days_left, is_day = seen
    price, export, band, rate, paid = tariff
    outdoor, sun, open_share = ahead
    slot = int(slot)
    begun = slot % AHEAD
    _remember(w, slot, last, memory, usual)
    if begun == 0 or slot == 0:
        memory[WORKS] = 0.0
    for k in range(AHEAD - begun):
        if open_share[k] > 0.0:
            memory[WORKS] = 1.0
    tomorrow = 0
    for k in range(AHEAD - begun, AHEAD):
        if open_share[k] > 0.0:
            tomorrow = 1
    expected, low, base = np.empty(AHEAD), np.empty(AHEAD), np.empty(AHEAD)
    _sun(w, slot, sun, site, expected, low)
    off = memory[OFF]
    for k in range(AHEAD):
        kind = int(memory[WORKS]) if begun + k < AHEAD else tomorrow
        kw = usual[kind, (begun + k) % AHEAD]
        if np.isnan(kw):
            kw = w[FIRST_DAY] * site.grid_sanctioned_kw * open_share[k]
            kw = max(kw, site.hall_base_kw + site.battery_aux_kw)
        base[k] = kw + off
        off *= w[FADING]
    memory[EXPECTED] = base[0]
    wait = AHEAD
    for k in range(AHEAD - 1, -1, -1):
        if open_share[k] > 0.0:
            wait = k
    dear = band[0] > 0 and rate[band[0]] > rate[0]
    point, fans, next_c = _hall(w, base[0], expected[0] - base[0], wait, is_day > 0.0, dear, indoor,
                                outdoor[0], outdoor.max(), expected[0], site, limits)  # fmt: skip
    if slot - memory[PLANNED] >= REPLAN or slot < memory[PLANNED] or slot == 0:
        nets = np.empty((2, AHEAD))
        _nets(w, base, expected, low, open_share, is_day > 0.0, band, rate, indoor, outdoor, site, limits, nets)
        plan(w, slot, nets, open_share, price, export, band, rate, paid, days_left, soc, site, caps,
             spare, value)  # fmt: skip
        memory[PLANNED] = slot
    at = slot - int(memory[PLANNED])
    cap = max(caps[at], paid[0] if band[0] == 0 else min(paid[0], paid[band[0]]))
    top = rate[0] if band[0] == 0 else max(rate[0], rate[band[0]])
    answer[0] = battery_kw(w, base[0] + fans - expected[0], price[0], export[0], cap, top, soc, wait == 0, site,
                           value[at + 1], spare[at + 1])  # fmt: skip
    answer[1] = point
    answer[2] = 1.0 if boiler_on(wait, warm_min, site) else 0.0
    memory[FANS], memory[BEFORE] = fans, slot


@njit(cache=True)  # type: ignore[untyped-decorator]
def _remember(w, slot, last, memory, usual):  # type: ignore[no-untyped-def]
    """Keep the last slot's load without fans as the usual one of its kind."""
    if slot == 0 or slot <= memory[BEFORE]:
        usual[:] = np.nan
        memory[:] = 0.0
        memory[BEFORE] = -1.0
        return
    seen = last - memory[FANS]
    memory[OFF] = 0.0
    if not np.isnan(usual[int(memory[WORKS]), (slot - 1) % AHEAD]) or slot < AHEAD:
        memory[OFF] = w[TODAY] * (seen - memory[EXPECTED])
    usual[int(memory[WORKS]), (slot - 1) % AHEAD] = seen


@njit(cache=True)  # type: ignore[untyped-decorator]
def _nets(w, base, expected, low, open_share, is_day, band, rate, indoor, outdoor, site, limits, nets):  # type: ignore[no-untyped-def]
    """Load with the fans to come, less the sun; the hall is followed for a day; (2, 96)."""
    hottest, wait = outdoor.max(), np.empty(AHEAD, np.int64)
    following = AHEAD
    for k in range(AHEAD - 1, -1, -1):
        following = 0 if open_share[k] > 0.0 else following + 1
        wait[k] = following
    for k in range(AHEAD):
        # a break is as the work around it: work was less than two hours ago and comes in two
        worked = is_day and k == 0
        for j in range(max(0, k - 7), k + 1):
            worked = worked or open_share[j] > 0.0
        day = worked and wait[k] <= 7
        dear = band[k] > 0 and rate[band[k]] > rate[0]
        _, fans, indoor = _hall(w, base[k], expected[k] - base[k], wait[k], day, dear, indoor,
                                outdoor[k], hottest, expected[k], site, limits)  # fmt: skip
        nets[0, k] = base[k] + fans - expected[k]
        nets[1, k] = base[k] + fans - low[k]


@njit(cache=True)  # type: ignore[untyped-decorator]
def _holds(net, caps, soc_kwh, room_kwh, site):  # type: ignore[no-untyped-def]
    """Is the battery enough to hold the import in every slot to come?"""
    way, held = site.battery_one_way, soc_kwh
    for k in range(AHEAD):
        spare = caps[k] - net[k]
        if spare >= 0.0:
            held = min(room_kwh, held + min(spare, site.battery_charge_kw) * way * SLOT_H)
        else:
            held += spare * SLOT_H / way
            if held < 0.0 or -spare > site.battery_discharge_kw:
                return False
    return True


@njit(cache=True)  # type: ignore[untyped-decorator]
def _fill_caps(caps, level, dear, band, rate, paid):  # type: ignore[no-untyped-def]
    """The import to hold in each slot: ``level``, and ``dear`` where demand costs more than that."""
    for k in range(AHEAD):
        caps[k] = max(level, paid[0])
        b = band[k]
        if b > 0:
            held = level
            if rate[b] > rate[0]:
                held = dear
            caps[k] = min(caps[k], max(held, paid[b]))


@njit(cache=True)  # type: ignore[untyped-decorator]
def _find_caps(caps, net, low, dear, band, rate, paid, soc_kwh, room_kwh, worth, site):  # type: ignore[no-untyped-def]
    """The cheapest pair of levels that the battery can hold, the floors if it can hold those."""
    _fill_caps(caps, low, dear, band, rate, paid)
    if _holds(net, caps, soc_kwh, room_kwh, site):
        return
    top, dear_rate, dear_paid = max(low, dear, net.max()), 0.0, 0.0
    for r in range(1, rate.shape[0]):
        if rate[r] > max(rate[0], dear_rate):
            dear_rate, dear_paid = rate[r], paid[r]
    best_usd, best_level, best_dear = np.inf, top, top
    for i in range(DEAR_STEPS if dear_rate > 0.0 else 1):
        y = dear + (top - dear) * (i / (DEAR_STEPS - 1.0)) ** 2
        first, last = low, top
        for _ in range(9):
            level = 0.5 * (first + last)
            _fill_caps(caps, level, y, band, rate, paid)
            if _holds(net, caps, soc_kwh, room_kwh, site):
                last = level
            else:
                first = level
        usd = rate[0] * max(last, paid[0]) + worth * dear_rate * max(y, dear_paid)
        if usd < best_usd - 1e-9:
            best_usd, best_level, best_dear = usd, last, y
    _fill_caps(caps, best_level, best_dear, band, rate, paid)


@njit(cache=True)  # type: ignore[untyped-decorator]
def plan(w, slot, nets, open_share, price, export, band, rate, paid, days_left, soc_kwh, site, caps, spare, value):  # type: ignore[no-untyped-def]
    """Fill ``caps`` (96,), ``spare`` (97,) and ``value`` (97, LEVELS).

    The import to hold; the content needed to hold it if the sun fails [kWh]; USD still to pay.
    """
    ref = site.grid_sanctioned_kw
    room_kwh = site.battery_high_kwh - site.battery_low_kwh
    net, careful = nets[0], nets[1] + w[LOAD_BASE] * ref
    for k in range(AHEAD):
        careful[k] += w[LOAD_UP] * max(careful[k], 0.0)
        # what the levels must hold is one day: the night refills the battery for the next one
        if slot % AHEAD < NIGHT_SLOT and slot % AHEAD + k >= AHEAD:
            careful[k] = 0.0
    low = max(0.0, (w[FLOOR] + w[FLOOR_SLOPE] * (days_left / 31.0 - 0.5)) * ref)
    _find_caps(caps, careful, low, w[DEAR_FLOOR] * ref, band, rate, paid, soc_kwh, room_kwh,
               w[DEAR_WORTH], site)  # fmt: skip
    _fill_spare(spare, careful, caps, open_share, w[READY] * room_kwh, room_kwh, site)
    mean = price.mean()
    for s in range(LEVELS):
        value[AHEAD, s] = -w[END_VALUE] * mean * room_kwh * s / (LEVELS - 1.0)
    for k in range(AHEAD - 1, -1, -1):
        top = rate[0] if band[k] == 0 else max(rate[0], rate[band[k]])
        for s in range(LEVELS):
            held = room_kwh * s / (LEVELS - 1.0)
            _, value[k, s] = best(net[k], price[k], export[k], caps[k], w[EXCESS] * top, held,
                                  room_kwh, site, value[k + 1], spare[k + 1], w[RESERVE])  # fmt: skip


@njit(cache=True)  # type: ignore[untyped-decorator]
def _fill_spare(spare, net, caps, open_share, ready_kwh, room_kwh, site):  # type: ignore[no-untyped-def]
    """The least content with which the import is held from each slot on; (97,) kWh."""
    way = site.battery_one_way
    spare[AHEAD] = 0.0
    for k in range(AHEAD - 1, -1, -1):
        left = caps[k] - net[k]
        change = min(left, site.battery_charge_kw) * way if left >= 0.0 else left / way
        spare[k] = min(max(spare[k + 1] - change * SLOT_H, 0.0), room_kwh)
        if k >= 8 and open_share[k] > 0.0 and open_share[k - 1] <= 0.0 and open_share[k - 8] <= 0.0:
            spare[k] = max(spare[k], ready_kwh)


@njit(cache=True)  # type: ignore[untyped-decorator]
def best(net, price, export, cap, excess_usd, held, room_kwh, site, after, spare_kwh, spare_usd):  # type: ignore[no-untyped-def]
    """Best power of a slot (charge > 0) and what is then still to pay [USD]."""
    way = site.battery_one_way
    most = min(site.battery_charge_kw, (room_kwh - held) / (way * SLOT_H))
    least = -min(site.battery_discharge_kw, held * way / SLOT_H, max(net, 0.0))
    best_kw, best_usd = 0.0, np.inf
    for option in range(6):
        if option == 0:
            kw = 0.0
        elif option == 1:
            kw = -net  # neither bought nor sold
        elif option == 2:
            kw = cap - net
        elif option == 3:
            kw = most
        elif option == 4:
            kw = least
        else:
            kw = 0.5 * (cap - net)
        kw = min(max(kw, least), most)
        grid = net + kw
        usd = -grid * SLOT_H * export if grid < 0.0 else 0.0
        usd = grid * SLOT_H * price if grid > 0.0 else grid * SLOT_H * export
        usd += excess_usd * max(0.0, grid - cap)
        if kw < 0.0:
            usd -= kw * SLOT_H * site.battery_wear_usd_per_kwh
            then = held + kw * SLOT_H / way
        else:
            then = held + kw * SLOT_H * way
        at = min(max(then / room_kwh, 0.0), 1.0) * (LEVELS - 1.0)
        i = min(int(at), LEVELS - 2)
        usd += spare_usd * max(0.0, spare_kwh - then)
        usd += after[i] + (at - i) * (after[i + 1] - after[i])
        if usd < best_usd - 1e-9:
            best_kw, best_usd = kw, usd
    return best_kw, best_usd


@njit(cache=True)  # type: ignore[untyped-decorator]
def battery_kw(w, net, price, export, cap, rate, soc_kwh, works, site, after, spare_kwh):  # type: ignore[no-untyped-def]
    """Power of the coming slot; what is aimed at lies a margin under the import to hold at work."""
    room_kwh = site.battery_high_kwh - site.battery_low_kwh
    ref = site.grid_sanctioned_kw if works else 0.0
    kw, _ = best(net, price, export, cap, w[EXCESS] * rate, soc_kwh, room_kwh, site, after,
                 spare_kwh, w[RESERVE])  # fmt: skip
    if net < 0.0:
        return max(kw, min(-net, site.battery_charge_kw) * w[SUN_STORED])
    if kw > 0.0:  # charging beside the work can wait, a new maximum stays
        kw = max(0.0, min(kw, cap - w[CHARGE_MARGIN] * ref - net))
    return min(kw, max(0.0, cap - w[MARGIN] * ref) - net)


@njit(cache=True)  # type: ignore[untyped-decorator]
def boiler_on(wait, warm_min, site):  # type: ignore[no-untyped-def]
    """Is the boiler lit: while people work, and before just as long as it takes."""
    if wait == 0:
        return True
    cold = site.boiler_cold_start_min
    if site.boiler_loss_kw > 0.0:
        tau = cold * site.boiler_start_heat_kw / site.boiler_loss_kw
        warm_min = warm_min * np.exp(-wait * 15.0 / tau)
    return wait * 15.0 <= np.ceil(max(cold - warm_min, 1e-6) / 15.0) * 15.0
