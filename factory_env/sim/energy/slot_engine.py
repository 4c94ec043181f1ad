"""The site's energy, slot by slot: activity, weather and decisions in, a log of powers out.

`advance` moves the site through one slot of 15 minutes, `run_slots` through many by calling it.
All arrays are structured, one row per slot of the run: `FEED` (what the factory did: `Use`),
`OUTSIDE` (weather, sun, grid), `ACT` (the energy decision), and ``LOG``, whose columns
`SLOT_COLUMNS` describes; parameters and state are one row each.
``np.zeros(n, FEED)["run_kw"] = ...`` fills a column.
"""

from __future__ import annotations

import inspect
import zlib
from dataclasses import fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from factory_env.compiled import Record, compiled
from factory_env.domain.series import SLOT_H, SLOT_MIN
from factory_env.domain.site import MachinePower, Site
from factory_env.domain.slot_columns import PROCESS, SLOT_COLUMNS
from factory_env.sim.energy import services, storage
from factory_env.sim.energy.services import (
    boiler_slot,
    compressor_kw,
    hall_slot,
    heat_factors,
    rooms_kw,
    steam_share,
)
from factory_env.sim.energy.storage import battery_slot, bus
from factory_env.sim.work.use import Use

Rows = NDArray[np.void]

FEED: Final = np.dtype([(name, "f8") for name in Use._fields])
OUTSIDE: Final = np.dtype(
    [
        ("outdoor_c", "f8"),
        ("pv_kw_per_kwp", "f8"),  # what one installed kilowatt gives; also the sun on the roof
        ("usual_pv_kw_per_kwp", "f8"),  # the same on a day as clear as its month's mean
        ("grid_share", "f8"),  # share of the slot with grid, 1 = no outage
        ("carbon_kg_per_kwh", "f8"),  # of imported energy
        ("month", "i8"),  # any number that changes with the billing month
    ]
)
ACT: Final = np.dtype(
    [
        ("battery_kw", "f8"),  # wish at the bus: charge > 0 > discharge
        ("set_point_c", "f8"),  # of the cooling; COOLING_OFF_C = fans off
        ("boiler_mode", "i8"),  # BOILER_OFF, BOILER_HOLD, BOILER_ON
        ("lines_allowed", "i8"),  # lines that may run; only logged here
        ("standby", "i8"),  # 1 = machines ready for longer than the timer go to standby
    ]
)
STATE: Final = np.dtype(
    [
        ("indoor_c", "f8"),
        ("boiler_warm_min", "f8"),  # minutes of heating stored; cold_start_min = steam
        ("soc_kwh", "f8"),
        ("open_min", "f8"),  # since the site was opened; 0 = closed
        ("month", "i8"),
        ("month_peak_kw", "f8"),  # highest import of a slot in the running month
    ]
)

LOG: Final = np.dtype([(name, kind) for name, (kind, _, _) in (SLOT_COLUMNS | PROCESS).items()])

# machine types outside the lines whose powers the engine needs
ROOM_MACHINES: Final = ("CUTTER", "KNIFE", "SPREADER", "FUS", "IRON", "VACUUM")
NOTHING: Final = MachinePower(machine="", rated_kw=0.0, run_kw=0.0, idle_kw=0.0, standby_kw=0.0)
PARTS: Final = (  # of a site whose numbers the kernels read
    "rooms",
    "boiler",
    "steam",
    "compressor",
    "hall",
    "cooling",
    "heat",
    "solar",
    "battery",
    "grid",
    "fuels",
)


def _numbers(site: Site) -> dict[str, float]:
    """Every number of a site by ``part_field``, and what the kernels derive from them."""
    found = {
        f"{part}_{item.name}": float(value)
        for part in PARTS
        for item in fields(getattr(site, part))
        if isinstance(value := getattr(getattr(site, part), item.name), int | float)
    }
    known = {power.machine: power for power in site.machine_powers}
    for code in ROOM_MACHINES:
        power = known.get(code, NOTHING)
        for name in ("rated_kw", "run_kw", "idle_kw", "standby_kw", "start_min"):
            found[f"{code.lower()}_{name}"] = float(getattr(power, name))
    if site.rooms.vacuum_pedal:
        found["vacuum_idle_kw"] = 0.0
    boiler, battery = site.boiler, site.battery
    rated_kw = boiler.steam_kg_h * boiler.heat_kwh_per_kg
    combustion = boiler.efficiency * (1.0 + boiler.fixed_loss_share)
    start_kw = boiler.start_fire * rated_kw / boiler.efficiency
    return found | {
        "boiler_is_electric": float(boiler.kind == "electric"),
        "boiler_loss_kw": rated_kw * boiler.fixed_loss_share,
        "boiler_full_heat_kw": rated_kw * (1.0 + boiler.fixed_loss_share),
        "boiler_combustion": combustion,
        "boiler_start_kw": start_kw,
        "boiler_start_heat_kw": start_kw * combustion,
        "battery_one_way": battery.one_way,
        "battery_low_kwh": battery.capacity_kwh * battery.soc_min,
        "battery_high_kwh": battery.capacity_kwh * battery.soc_max,
        "battery_aux_kw": battery.standby_share * max(battery.charge_kw, battery.discharge_kw),
    }


# The compiled `run_slots` is kept on disk by this file's content and the types of its arguments;
# the last field makes the content of the files it calls one of them.
_CALLED: Final = zlib.crc32("".join(map(inspect.getsource, (services, storage))).encode())
SITE: Final = np.dtype([(name, "f8") for name in (*_numbers(Site()), f"code_{_CALLED}")])


def site_record(site: Site) -> Rows:
    """Parameters of the kernels, shape (1,)."""
    numbers = _numbers(site)  # of an optional field, too, which the kernels do not read
    names = (SITE.names or ())[:-1]
    return np.array([(*(numbers[name] for name in names), 0.0)], dtype=SITE)


def fresh_state(site: Site, outdoor_c: float) -> Rows:
    """The site on its first midnight: boiler cold, the hall a degree above the air outside."""
    start_kwh = site.battery.capacity_kwh * site.battery.soc_start
    return np.array([(outdoor_c + 1.0, 0.0, start_kwh, 0.0, -1, 0.0)], dtype=STATE)


def slot_table(log: Rows) -> dict[str, NDArray[Any]]:
    """The log's rows as the columns of the table "slots"; of `PROCESS` those that were used."""
    used = [name for name in PROCESS if log[name].any()]
    return {name: np.ascontiguousarray(log[name]) for name in (*SLOT_COLUMNS, *used)}


@compiled
def _consumers(
    site: Record, state: Record, feed: Record, act: Record, row: Record
) -> tuple[float, float]:
    """Electric consumers that depend on work alone; returns their sum and the hall's heat [kW]."""
    is_asleep = act.standby != 0
    row.sewing_run_kw = feed.run_kw
    row.sewing_idle_kw = feed.idle_kw + (0.0 if is_asleep else feed.rest_idle_kw)
    row.sewing_standby_kw = feed.rest_standby_kw if is_asleep else 0.0
    row.standby_saves_kw = feed.rest_idle_kw - feed.rest_standby_kw
    cutting, fusing, pressing, packing = rooms_kw(site, feed, state.open_min)
    row.cutting_kw, row.fusing_kw = cutting, fusing
    row.pressing_kw, row.packing_kw = pressing, packing
    row.process_kw = feed.process_kw
    row.lighting_kw = site.hall_lighting_w_per_m2 * site.hall_floor_m2 / 1000.0 * feed.open_share
    row.compressor_kw = compressor_kw(site, feed.machines_running, feed.open_share)
    row.base_kw = site.hall_base_kw + site.hall_office_kw * feed.open_share
    row.battery_aux_kw = site.battery_aux_kw
    indoors = row.sewing_run_kw + row.sewing_idle_kw + row.sewing_standby_kw
    indoors += cutting + fusing + pressing + packing + row.lighting_kw
    indoors += feed.process_kw
    total = indoors + row.compressor_kw + row.base_kw + row.battery_aux_kw
    return total, indoors + feed.people * site.hall_person_kw


@compiled
def _steam(
    site: Record, state: Record, feed: Record, act: Record, row: Record
) -> tuple[float, float]:
    """The boiler's slot; returns its electric power and the heat its steam leaves in the hall."""
    idle = max(0.0, site.rooms_irons * feed.open_share - feed.press_busy) + feed.line_irons_ready
    wish = site.steam_iron_kg_h * (feed.press_busy + feed.line_irons_busy)
    wish += site.steam_iron_idle_kg_h * idle
    wish += feed.process_steam_kg_h
    warm_min, used, factor, input_kw, auxiliary_kw = boiler_slot(
        site, state.boiler_warm_min, act.boiler_mode, wish
    )
    is_electric = site.boiler_is_electric > 0.0
    state.boiler_warm_min = warm_min
    row.boiler_warm_min = warm_min
    row.steam_kg = used * SLOT_H
    row.steam_factor = factor
    row.fuel_kwh = 0.0 if is_electric else input_kw * SLOT_H
    row.boiler_kw = auxiliary_kw + (input_kw if is_electric else 0.0)
    # what processes use goes down the drain or out with the dryers' air
    process = used * feed.process_steam_kg_h / wish if wish > 0.0 else 0.0
    row.process_steam_kg = process * SLOT_H
    return row.boiler_kw, (used - process) * site.boiler_heat_kwh_per_kg * site.steam_hall_share


@compiled
def _flows(
    site: Record, state: Record, weather: Record, act: Record, load: float, row: Record
) -> None:
    """Sun, battery, grid: the bus of one slot and what it costs the air and the battery."""
    pv = site.solar_kwp * weather.pv_kw_per_kwp
    charge, discharge, soc = battery_slot(
        site, state.soc_kwh, act.battery_kw, load, pv, weather.grid_share
    )
    bought, sold, curtailed, diesel, unserved = bus(
        site, load, pv, charge, discharge, weather.grid_share
    )
    state.soc_kwh = soc
    row.load_kw, row.pv_kw, row.pv_used_kw = load, pv, pv - sold - curtailed
    row.curtailed_kw, row.charge_kw, row.discharge_kw, row.soc_kwh = (
        curtailed,
        charge,
        discharge,
        soc,
    )
    row.import_kwh, row.export_kwh = bought * SLOT_H, sold * SLOT_H
    row.diesel_kwh, row.unserved_kwh = diesel * SLOT_H, unserved * SLOT_H
    row.wear_usd = discharge * SLOT_H * site.battery_wear_usd_per_kwh
    row.carbon_kg = (
        row.import_kwh * weather.carbon_kg_per_kwh
        + row.fuel_kwh * site.fuels_gas_carbon_kg_per_kwh
        + row.diesel_kwh * site.fuels_diesel_carbon_kg_per_kwh
    )
    if weather.month != state.month:
        state.month = weather.month
        state.month_peak_kw = 0.0
    state.month_peak_kw = max(state.month_peak_kw, bought)
    row.month_peak_kw = state.month_peak_kw


@compiled
def advance(
    i: int, site: Rows, state: Rows, feed: Rows, outside: Rows, act: Rows, log: Rows
) -> None:
    """One slot: row ``i`` of ``feed``, ``outside`` and ``act``; writes ``log[i]`` and the state.

    ``site`` and ``state`` have shape (1,), the others (n,).
    """
    params, now, work, weather, answer, row = (
        site[0],
        state[0],
        feed[i],
        outside[i],
        act[i],
        log[i],
    )
    row.slot = i
    row.heat_factor, row.defect_factor = heat_factors(params, now.indoor_c)
    load, heat_kw = _consumers(params, now, work, answer, row)
    boiler_kw, steam_kw = _steam(params, now, work, answer, row)
    indoor_c, fans = hall_slot(
        params, now.indoor_c, weather, heat_kw + steam_kw, answer.set_point_c
    )
    now.indoor_c = indoor_c
    row.indoor_c, row.outdoor_c = indoor_c, weather.outdoor_c
    row.fans_kw = fans * params.cooling_fans * params.cooling_fan_kw
    _flows(params, now, weather, answer, load + boiler_kw + row.fans_kw, row)
    is_open = work.open_share > 0.0
    now.open_min = now.open_min + work.open_share * SLOT_MIN if is_open else 0.0
    row.asked_battery_kw, row.set_point_c = answer.battery_kw, answer.set_point_c
    row.boiler_mode, row.lines_allowed, row.standby = (
        answer.boiler_mode,
        answer.lines_allowed,
        answer.standby,
    )


@compiled
def run_slots(
    first: int, last: int, site: Rows, state: Rows, feed: Rows, outside: Rows, act: Rows, log: Rows
) -> None:
    """Slots ``first`` to ``last`` (not included), one after the other."""
    for i in range(first, last):
        advance(i, site, state, feed, outside, act, log)


@compiled
def ahead(site: Rows, state: Rows, mode: int) -> tuple[float, float, float]:
    """Factors of the coming slot, before it is run: efficiency, defects, pressing.

    The pressing factor counts the time with steam under ``mode``; it does not know yet whether
    the boiler is large enough. Returns floats.
    """
    efficiency, defects = heat_factors(site[0], state[0].indoor_c)
    return efficiency, defects, steam_share(site[0], state[0].boiler_warm_min, mode)
