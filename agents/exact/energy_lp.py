"""The clairvoyant bound: the least that a run's energy can have cost, seen from its end.

A linear program over all slots of a run. It knows the realised work, weather and prices, and
chooses battery, cooling, boiler and standby. It bounds from below what every policy pays that
leaves production alone, that is: all lines may run; while people work the hall is not hotter than
`Heat.from_c` (where heat begins to cost work) or than it was in the log, whichever is more; and
wherever the log used steam, there is as much of it.

What is not linear is relaxed, so that the program may do a little more than the site can:
the fans' effect is (air exchanged) x (temperature difference), replaced by its McCormick envelope;
the boiler's part-load loss is left out, and what cools while it heats up is heated at a discount;
charging and discharging in the same slot is not forbidden.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agents.exact.boiler_lp import add_boiler
from agents.exact.demand_lp import add_demand
from agents.exact.hall_lp import add_hall
from agents.exact.program import Ints, Program, Term
from factory_env.domain.energy import EnergySetup
from factory_env.domain.records import Table
from factory_env.domain.series import SLOT_H
from factory_env.domain.site import Site
from factory_env.domain.tariff import TariffSlots

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Least:
    """The cheapest way to run the site [USD], and how; powers are (n,) kW at the bus."""

    total_usd: float  # electricity bill, fuel, wear, and carbon at the goal's price
    wear_usd: float
    charge_kw: Floats
    discharge_kw: Floats
    import_kw: Floats
    load_kw: Floats  # of all consumers


@dataclass(frozen=True, slots=True, kw_only=True)
class _Load:
    """What the consumers take, and what of it is decided."""

    fixed_kw: Floats  # (n,)
    most_kw: Floats  # fixed and decided, at most; (n,)
    decided: list[Term]
    fixed_fuel_kwh: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Flows:
    """Columns of the bus, (n,) each [kW]."""

    bought: Ints
    sold: Ints
    curtailed: Ints
    charge: Ints
    discharge: Ints
    diesel: Ints
    unserved: Ints


def cheapest_run(
    slots: Table,
    tariff: TariffSlots,
    setup: EnergySetup,
    grid_share: Floats | None = None,
    *,
    only_battery: bool = False,
) -> Least:
    """The bound for one run.

    Parameters
    ----------
    slots
        Table ``slots`` of the log of a whole run, from its first slot; of any policy.
    tariff
        The tariff of the run, compiled up to its horizon.
    grid_share
        Share of each slot with grid, (n,); None = always.
    only_battery
        Hall, boiler and machines are run as in the log: the value of a perfect battery alone.
    """
    n, site = len(slots["slot"]), setup.site
    program = Program()
    carbon_usd = setup.control.carbon_usd_per_kg
    gas_usd = site.fuels.gas_usd_per_kwh + site.fuels.gas_carbon_kg_per_kwh * carbon_usd
    load = _as_in_log(slots) if only_battery else _decided(program, slots, site, gas_usd)
    most_kw = np.maximum(0.0, load.most_kw - slots["pv_kw"])
    share = np.ones(n) if grid_share is None else grid_share
    flows = _add_flows(program, tariff, setup, most_kw, np.asarray(slots["pv_kw"]), share)
    program.equal(
        [
            (flows.bought, 1.0),
            (flows.discharge, 1.0),
            (flows.diesel, 1.0),
            (flows.unserved, 1.0),
            (flows.charge, -1.0),
            (flows.sold, -1.0),
            (flows.curtailed, -1.0),
            *((columns, -np.asarray(kw)) for columns, kw in load.decided),
        ],
        load.fixed_kw - slots["pv_kw"],
    )
    _add_battery(program, site, flows)
    add_demand(program, tariff, flows.bought)
    cost, x = program.solve()
    standing_usd = float((tariff.standing_usd / tariff.run_slots)[tariff.month[:n]].sum())
    return Least(
        total_usd=cost + standing_usd + load.fixed_fuel_kwh * gas_usd,
        wear_usd=float(x[flows.discharge].sum()) * SLOT_H * site.battery.wear_usd_per_kwh,
        charge_kw=x[flows.charge],
        discharge_kw=x[flows.discharge],
        import_kw=x[flows.bought],
        load_kw=load.fixed_kw + sum(x[columns] * kw for columns, kw in load.decided),
    )


def _as_in_log(slots: Table) -> _Load:
    return _Load(
        fixed_kw=np.asarray(slots["load_kw"]),
        most_kw=np.asarray(slots["load_kw"]),
        decided=[],
        fixed_fuel_kwh=float(slots["fuel_kwh"].sum()),
    )


def _decided(program: Program, slots: Table, site: Site, gas_usd: float) -> _Load:
    """Hall, boiler and standby at their cheapest."""
    asleep_kw = np.where(slots["standby"] > 0, 0.0, slots["standby_saves_kw"])
    fans = add_hall(program, slots, site, asleep_kw)
    fans_kw = site.cooling.fans * site.cooling.fan_kw
    boiler = add_boiler(program, slots, site, gas_usd)
    fixed_kw = slots["load_kw"] - slots["fans_kw"] - slots["boiler_kw"] - asleep_kw
    return _Load(
        fixed_kw=fixed_kw + boiler.fixed_kw,
        most_kw=fixed_kw + boiler.most_kw + fans_kw,
        decided=[(fans, fans_kw), *boiler.load],
        fixed_fuel_kwh=float(boiler.fixed_fuel_kwh.sum()),
    )


def _add_flows(
    program: Program,
    tariff: TariffSlots,
    setup: EnergySetup,
    most_kw: Floats,
    sun_kw: Floats,
    share: Floats,
) -> _Flows:
    """Columns of the bus; ``most_kw`` is the most that is asked of grid and battery, (n,)."""
    n, site = len(most_kw), setup.site
    grid, fuels, battery = site.grid, site.fuels, site.battery
    carbon_usd = setup.control.carbon_usd_per_kg
    grid_kg = (
        tariff.carbon_kg_per_kwh[:n]
        if setup.carbon is None
        else setup.carbon.part(site.first_day, n)
    )
    diesel_usd = fuels.diesel_usd_per_kwh + fuels.diesel_carbon_kg_per_kwh * carbon_usd
    unserved_kw = share * np.maximum(0.0, most_kw - grid.connection_kw)
    unserved_kw += (1.0 - share) * np.maximum(0.0, most_kw - fuels.diesel_kw)
    flows = _Flows(
        bought=program.columns(
            n,
            high=grid.connection_kw * share,
            cost=SLOT_H * (_least_price_usd(tariff, n) + carbon_usd * grid_kg),
        ),
        sold=program.columns(
            n, high=np.minimum(grid.export_kw * share, sun_kw), cost=-SLOT_H * tariff.export_usd[:n]
        ),
        curtailed=program.columns(n, high=sun_kw),
        charge=program.columns(n, high=min(battery.charge_kw, battery.connection_kw)),
        discharge=program.columns(
            n,
            high=np.minimum(most_kw, min(battery.discharge_kw, battery.connection_kw)),
            cost=SLOT_H * battery.wear_usd_per_kwh,
        ),
        diesel=program.columns(n, high=fuels.diesel_kw * (1.0 - share), cost=SLOT_H * diesel_usd),
        unserved=program.columns(n, high=unserved_kw),
    )
    # nobody buys what neither load nor battery takes, not even at negative prices
    program.at_most([(flows.bought, 1.0), (flows.charge, -share)], share * most_kw)
    return flows


def _least_price_usd(tariff: TariffSlots, n: int) -> Floats:
    """The price per kWh of each slot in the cheapest of its tiers: no bill is below it."""
    falls = np.minimum(tariff.tiers.energy_usd, 0.0).sum(axis=0)  # (bands,)
    return np.asarray(tariff.price_usd[:n] + falls[tariff.band[:n]])


def _add_battery(program: Program, site: Site, flows: _Flows) -> None:
    """The state of charge from slot to slot."""
    battery, n = site.battery, len(flows.charge)
    low, high = (battery.capacity_kwh * share for share in (battery.soc_min, battery.soc_max))
    start = battery.capacity_kwh * battery.soc_start
    held = program.columns(
        n + 1,
        low=np.append(start, np.full(n, min(low, start))),
        high=np.append(start, np.full(n, max(high, start))),
    )
    way = battery.one_way
    program.equal(
        [
            (held[1:], 1.0),
            (held[:-1], -1.0),
            (flows.charge, -SLOT_H * way),
            (flows.discharge, SLOT_H / way),
        ],
        0.0,
    )
