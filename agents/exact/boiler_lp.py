"""The boiler in the clairvoyant program: steam as in the log, at the least fire.

Heat is stored in minutes of start fire, as in `factory_env/sim/energy/services.py`. A hot vessel
cools by ``1 - kept`` a slot; while it heats up it does not, which is allowed for by a discount on
the fire.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agents.exact.program import Ints, Program, Term
from factory_env.domain.records import Table
from factory_env.domain.series import SLOT_H, SLOT_MIN
from factory_env.domain.site import Boiler, Site

Floats = NDArray[np.float64]
TINY = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class BoilerPart:
    """What the boiler adds to the bus and to the bill; (n,) each."""

    fixed_kw: Floats  # electricity whatever is decided
    load: list[Term]  # electricity that is decided
    most_kw: Floats  # both together, at most
    fixed_fuel_kwh: Floats  # gas whatever is decided


def add_boiler(program: Program, slots: Table, site: Site, fuel_usd: float) -> BoilerPart:
    """Adds fire and heat held; ``fuel_usd`` is the price of a kWh of gas, its carbon included."""
    boiler, n = site.boiler, len(slots["slot"])
    rated_kw = boiler.steam_kg_h * boiler.heat_kwh_per_kg
    loss_kw = rated_kw * boiler.fixed_loss_share
    combustion = boiler.efficiency * (1.0 + boiler.fixed_loss_share)
    start_kw = boiler.start_fire * rated_kw / boiler.efficiency
    is_used = np.asarray(slots["steam_kg"]) > 0.0
    is_gas = boiler.kind == "gas"
    usd = fuel_usd * SLOT_H if is_gas else 0.0
    fire = program.columns(n, high=1.0, cost=usd * start_kw)  # share of the slot at start fire
    hold = program.columns(n, high=loss_kw, cost=usd / combustion)  # kW of heat
    _add_store(program, slots, boiler, fire, hold)
    steam_kw = _steam_heat_kw(slots, site) / combustion  # taken in for the steam made
    idle_kw = np.where(is_used, 0.0, boiler.auxiliary_kw)  # the pump runs with any fire
    pump_kw = boiler.auxiliary_kw - idle_kw
    held = idle_kw / max(loss_kw, TINY)
    if is_gas:
        return BoilerPart(
            fixed_kw=pump_kw,
            load=[(fire, idle_kw), (hold, held)],
            most_kw=pump_kw + 2.0 * idle_kw,
            fixed_fuel_kwh=steam_kw * SLOT_H,
        )
    return BoilerPart(
        fixed_kw=pump_kw + steam_kw,
        load=[(fire, idle_kw + start_kw), (hold, held + 1.0 / combustion)],
        most_kw=pump_kw + steam_kw + 2.0 * idle_kw + start_kw + loss_kw / combustion,
        fixed_fuel_kwh=np.zeros(n),
    )


def _add_store(program: Program, slots: Table, boiler: Boiler, fire: Ints, hold: Ints) -> None:
    """Minutes of heating stored: warm next <= kept warm + fired (1 + discount) + held."""
    share = _steam_share(slots, boiler)
    needed = boiler.cold_start_min - SLOT_MIN * (1.0 - share)
    low = np.append(np.where(slots["steam_kg"] > 0.0, needed, 0.0), 0.0).clip(0.0)
    high = np.full(len(low), boiler.cold_start_min)
    low[0] = high[0] = 0.0  # the run begins with a cold boiler
    warm = program.columns(len(low), low=low, high=high)
    # one minute of start fire, as heat, against what the hot vessel loses in a minute
    rated_kw = boiler.steam_kg_h * boiler.heat_kwh_per_kg
    start_heat_kw = boiler.start_fire * rated_kw * (1.0 + boiler.fixed_loss_share)
    discount = rated_kw * boiler.fixed_loss_share / max(start_heat_kw, TINY)
    kept = np.exp(-SLOT_MIN * discount / max(boiler.cold_start_min, TINY))
    program.at_most(
        [
            (warm[1:], 1.0),
            (warm[:-1], -kept),
            (fire, -SLOT_MIN * (1.0 + discount)),
            (hold, -SLOT_MIN / max(start_heat_kw, TINY)),
        ],
        0.0,
    )


def _steam_share(slots: Table, boiler: Boiler) -> Floats:
    """Share of each slot of the log with steam, (n,)."""
    warm = np.concatenate([[0.0], slots["boiler_warm_min"][:-1]])
    return 1.0 - np.clip(boiler.cold_start_min - warm, 0.0, SLOT_MIN) / SLOT_MIN


def _steam_heat_kw(slots: Table, site: Site) -> Floats:
    """Heat of the steam made where the log used any, losses on its way included, (n,)."""
    used = np.asarray(slots["steam_kg"]) / SLOT_H
    lost = used * site.steam.loss_share
    lost = lost + np.where(used > 0.0, site.steam.loss_kg_h * _steam_share(slots, site.boiler), 0.0)
    return np.asarray((used + lost) * site.boiler.heat_kwh_per_kg)
