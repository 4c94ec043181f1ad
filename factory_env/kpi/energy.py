"""What did the site use, what did that cost, and how much of it is in a piece?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.energy import EnergySetup
from factory_env.domain.records import RunLog, Table
from factory_env.domain.series import SLOT_H, SLOT_MIN, SLOTS_PER_HOUR
from factory_env.domain.tariff import TariffSlots
from factory_env.kpi.bill import Bill, RunningBill

MJ_PER_KWH: Final = 3.6
# parts of a run's cost that the site causes; the others are those of scheduling
SITE_PARTS: Final = ("energy", "fuel", "wear", "carbon")
Kind = Literal["energy", "demand", "standing", "export", "fuel", "wear"]

# key -> (label, unit); "used" = all consumers, whether grid, sun, battery or diesel fed them
ENERGY_LABELS: Final[dict[str, tuple[str, str]]] = {
    "scheduling_cost_usd": ("cost of scheduling alone, without energy", "USD"),
    "energy_bill_usd": ("electricity bill", "USD"),
    "energy_total_usd": ("electricity, fuel and battery wear", "USD"),
    "energy_usd_per_piece": ("of this, per piece", "USD"),
    "kwh": ("electricity used", "kWh"),
    "kwh_per_piece": ("electricity per piece", "kWh"),
    "mj_per_piece": ("electricity and fuel per piece", "MJ"),
    "grid_kwh": ("bought from the grid", "kWh"),
    "export_kwh": ("fed into the grid", "kWh"),
    "fuel_kwh": ("gas of the boiler", "kWh"),
    "diesel_kwh": ("electricity of the back-up", "kWh"),
    "unserved_kwh": ("not served", "kWh"),
    "peak_kw": ("highest demand, mean of 15 min", "kW"),
    "peak_min": ("when it began", "wall min"),
    "mean_load_kw": ("mean load", "kW"),
    "pv_kwh": ("offered by the sun", "kWh"),
    "self_consumption_share": ("of this, used on the site", "share"),
    "curtailed_kwh": ("of this, lost", "kWh"),
    "battery_cycles": ("full cycles of the battery", ""),
    "co2_kg": ("CO2 of grid, gas and diesel", "kg"),
    "co2_kg_per_piece": ("CO2 per piece", "kg"),
}


def energy_kpis(log: RunLog) -> dict[str, float]:
    """The figures of `ENERGY_LABELS`; all zero if the run has no site."""
    slots = log.tables["slots"]
    if not slots["slot"].shape[0]:
        return dict.fromkeys(ENERGY_LABELS, 0.0)
    pieces = max(1.0, float(log.tables["lots"]["good"].sum()))
    bill = sum(_sum(slots, name) for name in ("energy_usd", "demand_usd", "standing_usd"))
    total = bill + _sum(slots, "fuel_usd") + _sum(slots, "wear_usd")
    used = _sum(slots, "load_kw") * SLOT_H - _sum(slots, "unserved_kwh")
    fuel = _sum(slots, "fuel_kwh")
    pv, pv_used = _sum(slots, "pv_kw") * SLOT_H, _sum(slots, "pv_used_kw") * SLOT_H
    battery = log.facts.get("battery_kwh", 0.0)
    discharged = _sum(slots, "discharge_kw") * SLOT_H
    top = int(slots["import_kwh"].argmax())
    site_usd = sum(log.cost_usd.get(part, 0.0) for part in SITE_PARTS)
    return {
        "scheduling_cost_usd": sum(log.cost_usd.values()) - site_usd,
        "energy_bill_usd": bill,
        "energy_total_usd": total,
        "energy_usd_per_piece": total / pieces,
        "kwh": used,
        "kwh_per_piece": used / pieces,
        "mj_per_piece": (used + fuel) * MJ_PER_KWH / pieces,
        "grid_kwh": _sum(slots, "import_kwh"),
        "export_kwh": _sum(slots, "export_kwh"),
        "fuel_kwh": fuel,
        "diesel_kwh": _sum(slots, "diesel_kwh"),
        "unserved_kwh": _sum(slots, "unserved_kwh"),
        "peak_kw": float(slots["import_kwh"][top]) * SLOTS_PER_HOUR,
        "peak_min": float(slots["slot"][top]) * SLOT_MIN,
        "mean_load_kw": float(slots["load_kw"].mean()),
        "pv_kwh": pv,
        "self_consumption_share": pv_used / pv if pv > 0.0 else 0.0,
        "curtailed_kwh": _sum(slots, "curtailed_kw") * SLOT_H,
        "battery_cycles": discharged / battery if battery > 0.0 else 0.0,
        "co2_kg": _sum(slots, "carbon_kg"),
        "co2_kg_per_piece": _sum(slots, "carbon_kg") / pieces,
    }


def _sum(slots: Table, name: str) -> float:
    return float(slots[name].sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """A line of the bill; what it does not measure is 0."""

    kind: Kind
    name: str
    kwh: float = 0.0
    month_kw: tuple[float, ...] = ()  # maximum of each month, or the contracted load
    usd: float


def bill_lines(log: RunLog, setup: EnergySetup, days: int) -> tuple[BillLine, ...]:
    """The bill part by part: what was paid in the slots of the log; in all `energy_total_usd`.

    Parameters
    ----------
    days
        Calendar days of the run's horizon: they say which share of a month is charged.
    """
    table = log.tables["slots"]
    slots = setup.tariff_slots(days)
    bill = _bill(table, slots)
    month = slots.month[: table["slot"].shape[0]]
    passed = np.bincount(month, minlength=len(slots.months)) / slots.run_slots
    peaks = {name: tuple(m.peak_kw[name] for m in bill.months) for name in slots.demand_names}
    lines = [
        BillLine(kind="energy", name=name, kwh=bill.energy_kwh[name], usd=usd)
        for name, usd in bill.energy_usd.items()
    ]
    demand = dict(bill.demand_usd)
    contract_usd = float(passed @ slots.contract_usd) * slots.contract_kw
    demand.pop("contract")
    lines += [
        BillLine(kind="demand", name=name, month_kw=peaks.get(name, ()), usd=usd)
        for name, usd in demand.items()
    ]
    lines += [
        BillLine(kind="standing", name="contract", usd=contract_usd, month_kw=(slots.contract_kw,)),
        BillLine(kind="standing", name="fixed", usd=float(passed @ slots.fixed_usd)),
        BillLine(kind="export", name="export", kwh=bill.export_kwh, usd=0.0 - bill.export_usd),
        *_fuel(table, setup),
        BillLine(
            kind="wear",
            name="battery wear",
            kwh=_sum(table, "discharge_kw") * SLOT_H,
            usd=_sum(table, "wear_usd"),
        ),
    ]
    used = tuple(line for line in lines if line.usd or line.kwh)
    return used or tuple(lines[:1])


def _fuel(table: Table, setup: EnergySetup) -> list[BillLine]:
    fuels = setup.site.fuels
    gas, diesel = _sum(table, "fuel_kwh"), _sum(table, "diesel_kwh")
    return [
        BillLine(kind="fuel", name="gas", kwh=gas, usd=gas * fuels.gas_usd_per_kwh),
        BillLine(kind="fuel", name="diesel", kwh=diesel, usd=diesel * fuels.diesel_usd_per_kwh),
    ]


def _bill(table: Table, slots: TariffSlots) -> Bill:
    """The bill of a log that may end before the run's horizon."""
    at, n = table["slot"].shape[0], len(slots)
    running = RunningBill(slots, _longer(table["import_kwh"], n), _longer(table["export_kwh"], n))
    running.advance(at)
    return running.bill()


def _longer(values: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    padded = np.zeros(n)
    padded[: values.shape[0]] = values
    return padded


def month_peaks(log: RunLog) -> dict[int, int]:
    """Month of the run -> slot of its highest import; months without any are left out."""
    slots = log.tables["slots"]
    peaks = {}
    for month in np.unique(slots["month"]):
        inside = np.flatnonzero(slots["month"] == month)
        top = int(inside[slots["import_kwh"][inside].argmax()])
        if slots["import_kwh"][top] > 0.0:
            peaks[int(month)] = top
    return peaks
