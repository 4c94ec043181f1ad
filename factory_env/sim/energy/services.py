"""Boiler, compressor, rooms and the hall's heat balance in one slot of 15 minutes, compiled.

``site`` is the record of `slot_engine.site_record`. Powers are means over the slot; shares are
shares of the slot. Nothing here knows a tariff.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from factory_env.compiled import Record, compiled
from factory_env.domain.series import SLOT_H, SLOT_MIN
from factory_env.domain.site import BOILER_HOLD, BOILER_ON


class Bank(NamedTuple):
    """Power of one of several equal machines [kW]."""

    rated_kw: float
    run_kw: float
    idle_kw: float
    standby_kw: float


@compiled
def bank_kw(
    count: float, power: Bank, open_share: float, warm_share: float, busy_share: float
) -> float:
    """Equal machines: standby while closed, rated while warming up, then working or ready.

    Work reported while they warm up is not counted beside it.
    """
    on_share = max(open_share, busy_share)
    busy_share = min(busy_share, on_share - warm_share)
    ready = on_share - warm_share - busy_share
    return count * (
        power.rated_kw * warm_share
        + power.run_kw * busy_share
        + power.idle_kw * ready
        + power.standby_kw * (1.0 - on_share)
    )


@compiled
def warming_share(start_min: float, open_min: float, open_share: float) -> float:
    """Share of the slot in which a machine with ``start_min`` of warm-up is still warming up.

    ``open_min`` is how long the site had been open when the slot began.
    """
    return min(max(start_min - open_min, 0.0), open_share * SLOT_MIN) / SLOT_MIN


@compiled
def rooms_kw(site: Record, feed: Record, open_min: float) -> tuple[float, float, float, float]:
    """Power of cutting, fusing, pressing (irons and vacuum tables) and packing."""
    share = feed.open_share
    cutter = Bank(
        site.cutter_rated_kw, site.cutter_run_kw, site.cutter_idle_kw, site.cutter_standby_kw
    )
    knife = Bank(site.knife_rated_kw, site.knife_run_kw, site.knife_idle_kw, site.knife_standby_kw)
    spreader = Bank(
        site.spreader_rated_kw,
        site.spreader_run_kw,
        site.spreader_idle_kw,
        site.spreader_standby_kw,
    )
    press = Bank(site.fus_rated_kw, site.fus_run_kw, site.fus_idle_kw, site.fus_standby_kw)
    iron = Bank(site.iron_rated_kw, site.iron_run_kw, site.iron_idle_kw, site.iron_standby_kw)
    vacuum = Bank(
        site.vacuum_rated_kw, site.vacuum_run_kw, site.vacuum_idle_kw, site.vacuum_standby_kw
    )
    busy = min(1.0, feed.cutting_share)
    warm = warming_share(site.cutter_start_min, open_min, share)
    cutting = bank_kw(site.rooms_auto_cutters, cutter, share, warm, busy)
    cutting += bank_kw(site.rooms_knives, knife, share, 0.0, busy)
    cutting += bank_kw(site.rooms_spreaders, spreader, share, 0.0, busy)
    busy = min(1.0, feed.fusing_busy / max(1.0, site.rooms_fusing_presses))
    warm = warming_share(site.fus_start_min, open_min, share)
    fusing = bank_kw(site.rooms_fusing_presses, press, share, warm, busy)
    busy = min(1.0, feed.press_busy / site.rooms_irons)
    warm = warming_share(site.iron_start_min, open_min, share)
    pressing = bank_kw(site.rooms_irons, iron, share, warm, busy)
    pressing += bank_kw(site.rooms_irons, vacuum, share, 0.0, busy)
    return cutting, fusing, pressing, feed.packers_busy * site.rooms_packer_kw


@compiled
def compressor_kw(site: Record, machines_running: float, open_share: float) -> float:
    """A load/unload screw: loaded for the air used and leaked, unloaded for the rest."""
    capacity = site.compressor_rated_kw / site.compressor_kw_per_m3_min
    if capacity <= 0.0 or open_share <= 0.0:
        return 0.0
    used = machines_running * site.compressor_m3_min_per_machine / capacity
    loaded = min(open_share, used + site.compressor_leak_share * open_share)
    pressure = 1.0 + site.compressor_per_bar * (site.compressor_pressure_bar - 7.0)
    unloaded = site.compressor_unloaded_share * (open_share - loaded)
    return float(site.compressor_rated_kw * max(0.0, pressure) * (loaded + unloaded))


@compiled
def boiler_target_min(site: Record, mode: int) -> float:
    """Minutes of heating a boiler in ``mode`` is kept at: full for on, short of it for hold."""
    if mode == BOILER_ON:
        return float(site.boiler_cold_start_min)
    if mode == BOILER_HOLD:
        return float(max(0.0, site.boiler_cold_start_min - site.boiler_hot_restart_min))
    return 0.0


@compiled
def steam_share(site: Record, warm_min: float, mode: int) -> float:
    """Share of the coming slot with steam, seen from its start."""
    if mode != BOILER_ON:
        return 0.0
    missing = site.boiler_cold_start_min - warm_min
    return float(1.0 - min(max(missing, 0.0), SLOT_MIN) / SLOT_MIN)


@compiled
def boiler_heat(site: Record, warm_min: float, mode: int) -> tuple[float, float, float]:
    """Heating up, holding or cooling down, before any steam is drawn.

    Returns the next ``warm_min`` (minutes of heating stored), minutes at start fire, and the
    mean heat [kW] that replaces the loss of the hot vessel. What cools is what was stored: one
    minute of start fire, lost at the rate of the fixed loss.
    """
    cold = site.boiler_cold_start_min
    target = boiler_target_min(site, mode)
    level = target / cold if cold > 0.0 else (1.0 if mode == BOILER_ON else 0.0)
    if warm_min <= target:
        fired = min(target - warm_min, SLOT_MIN)
        return warm_min + fired, fired, site.boiler_loss_kw * level * (1.0 - fired / SLOT_MIN)
    if site.boiler_loss_kw <= 0.0:
        return warm_min, 0.0, 0.0
    tau_min = cold * site.boiler_start_heat_kw / site.boiler_loss_kw
    cooling = SLOT_MIN
    if target > 0.0:
        cooling = min(SLOT_MIN, tau_min * math.log(warm_min / target))
    warm_min = max(target, warm_min * math.exp(-SLOT_MIN / tau_min))
    return warm_min, 0.0, site.boiler_loss_kw * level * (1.0 - cooling / SLOT_MIN)


@compiled
def boiler_slot(
    site: Record, warm_min: float, mode: int, use_kg_h: float
) -> tuple[float, float, float, float, float]:
    """One slot of the boiler, asked for ``use_kg_h`` of steam at the irons.

    Returns the next ``warm_min``, steam used [kg/h], the factor on pressing (time with steam,
    times the share of the wish that the boiler can make), energy taken in [kW of gas or of
    electricity] and auxiliary electricity [kW].
    """
    share = steam_share(site, warm_min, mode)
    warm_min, fired, holding_kw = boiler_heat(site, warm_min, mode)
    most = max(0.0, site.boiler_steam_kg_h - site.steam_loss_kg_h) / (1.0 + site.steam_loss_share)
    factor = share * (min(1.0, most / use_kg_h) if use_kg_h > 0.0 else 1.0)
    used = min(use_kg_h, share * most)
    made = used * (1.0 + site.steam_loss_share) + site.steam_loss_kg_h * share
    heat_kw = made * site.boiler_heat_kwh_per_kg + holding_kw
    running = 1.0 - fired / SLOT_MIN
    input_kw = site.boiler_start_kw * fired / SLOT_MIN
    if heat_kw > 0.0 and running > 0.0:
        load = min(1.0, heat_kw / running / site.boiler_full_heat_kw)
        loss = site.boiler_part_load_loss * (1.0 - load)
        input_kw += heat_kw / (site.boiler_combustion * (1.0 - loss))
    is_lit = fired > 0.0 or heat_kw > 0.0
    return warm_min, used, factor, input_kw, (site.boiler_auxiliary_kw if is_lit else 0.0)


@compiled
def hall_slot(
    site: Record, indoor_c: float, weather: Record, gain_kw: float, set_point_c: float
) -> tuple[float, float]:
    """Temperature at the end of the slot and the share of the fans that was needed.

    One heat store between a loss to the outside and, with fans, a stream of outside air cooled
    by the pads; exact for a constant slot. The fans run for the share of the slot that brings
    the hall to the set point, all the slot if that is not enough, and not at all where the air
    from outside would make it warmer.
    """
    loss, store = site.hall_loss_kw_per_k, site.hall_store_kwh_per_k
    sun_kw_m2 = weather.pv_kw_per_kwp / site.solar_performance
    gain_kw += site.hall_roof_m2 * site.hall_sun_share * sun_kw_m2
    still = weather.outdoor_c + gain_kw / loss
    without = still + (indoor_c - still) * math.exp(-loss * SLOT_H / store)
    stream = site.cooling_fans * site.cooling_fan_kw_per_k
    total = loss + stream
    blown = weather.outdoor_c + (gain_kw - stream * site.cooling_pad_drop_k) / total
    cooled = blown + (indoor_c - blown) * math.exp(-total * SLOT_H / store)
    if cooled >= without or without <= set_point_c:
        return without, 0.0
    next_c = max(set_point_c, cooled)
    return next_c, (without - next_c) / (without - cooled)


@compiled
def heat_factors(site: Record, indoor_c: float) -> tuple[float, float]:
    """Factor of a hot hall on efficiency, and on the defect probability."""
    excess = max(0.0, indoor_c - site.heat_from_c)
    return (
        max(0.0, 1.0 - site.heat_efficiency_per_k * excess),
        1.0 + site.heat_defects_per_k * excess,
    )
