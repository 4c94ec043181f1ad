"""Laws of the books: pieces, operators' minutes, money and energy add up in every run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

from factory_env import Factory, RunLog
from factory_env.kpi.states import STATES

CONSUMERS: Final = (
    "sewing_run_kw",
    "sewing_idle_kw",
    "sewing_standby_kw",
    "cutting_kw",
    "fusing_kw",
    "pressing_kw",
    "packing_kw",
    "compressor_kw",
    "fans_kw",
    "lighting_kw",
    "base_kw",
    "boiler_kw",
    "battery_aux_kw",
    "process_kw",  # of rooms that not every plant has
)
NEAR: Final = 1e-6


def broken_laws(factory: Factory, log: RunLog) -> list[str]:
    """What does not add up in a run, in words; the order and the numbers included."""
    return [text for law in LAWS for text in law(factory, log)]


def _pieces(factory: Factory, log: RunLog) -> Iterator[str]:
    """Cut = scrapped + packed + inside."""
    orders, lots = log.tables["orders"], log.tables["lots"]
    n = len(orders["order"])
    made, fallen = np.zeros(n), np.zeros(n)
    for line in factory.lines:
        for part in line.passes:
            made[part.run.order] += sum(lot.pieces for lot in part.lots)
            fallen[part.run.order] += sum(lot.pieces for lot in part.lots if lot.has_fallen)
    packed = np.bincount(lots["order"], weights=lots["pieces"], minlength=n)
    good = np.bincount(lots["order"], weights=lots["good"], minlength=n)
    left = orders["cut"] - orders["scrapped"]
    taken = ~np.isnan(orders["taken_min"])
    shipped = ~np.isnan(orders["shipped_min"])
    dropped = ~np.isnan(orders["cancelled_min"])
    checks = {
        "pieces on the lines are those cut and not given back": taken & (made != left),
        "no more falls off the lines than was made": fallen > made,
        "no more is packed than has fallen off the lines": packed > fallen,
        "what is shipped is all that was cut": shipped & (packed != orders["cut"]),
        "good and seconds are the shipped pieces": shipped
        & (orders["good"] + orders["seconds"] != orders["cut"]),
        "good pieces are those of the lots": good != orders["good"],
        "what no line took is scrapped": dropped & ~taken & (orders["scrapped"] != orders["cut"]),
        "nobody is shipped and cancelled": shipped & dropped,
    }
    for law, wrong in checks.items():
        for order in np.flatnonzero(wrong)[:1].tolist():
            row = {name: orders[name][order] for name in ("cut", "scrapped", "good", "seconds")}
            yield f"{law}: order {order}: {row}, made {made[order]:g}, packed {packed[order]:g}"
    if (lots["pieces"] != lots["good"] + lots["seconds"]).any():
        yield "pieces of a lot are good ones and seconds"
    if len(lots["pieces"]) and lots["pieces"].min() < 1:
        yield "no lot is empty"


def _minutes(factory: Factory, log: RunLog) -> Iterator[str]:
    """Every operator is in some state at every minute."""
    states = log.tables["states"]
    minutes = {name: states[f"{name}_min"] for name in STATES}
    total = sum(minutes.values())
    if np.abs(total - log.end_min).max(initial=0.0) > NEAR * max(log.end_min, 1.0):
        yield f"states fill the run: {np.abs(total - log.end_min).max():g} min off"
    for name, values in minutes.items():
        if values.min(initial=0.0) < -NEAR * max(log.end_min, 1.0):
            yield f"no state is negative: {name} {values.min():g} min"


def _money(factory: Factory, log: RunLog) -> Iterator[str]:
    """Every part of the cost can be worked out from the log."""
    orders, usd, costs = log.tables["orders"], log.cost_usd, factory.scenario.costs
    slots, cut = log.tables["slots"], orders["cut"]
    taken = ~np.isnan(orders["taken_min"])
    shipped = ~np.isnan(orders["shipped_min"])
    dropped = ~np.isnan(orders["cancelled_min"])
    operators = np.array(log.operators)[orders["line"]]
    wage = costs.labour_usd_per_min
    missing = np.maximum(0, orders["quantity"] - orders["good"]) * orders["price_usd"]
    expected = {
        "lateness": float(orders["late_usd"].sum()) - usd["air"],
        "changeover": float((operators * orders["setup_min"])[taken].sum()) * wage,
        "learning": float(orders["learning_lost_min"].sum()) * wage,
        "short": float(missing[shipped].sum()) * costs.short_share,
        "cancelled": float((cut * orders["price_usd"])[dropped].sum()) * costs.cancel_share,
    }
    if factory.scenario.energy is not None:
        bill = ("energy_usd", "demand_usd", "standing_usd")
        expected["energy"] = float(sum(slots[name].sum() for name in bill))
        expected["fuel"] = float(slots["fuel_usd"].sum())
        expected["wear"] = float(slots["wear_usd"].sum())
        price = factory.scenario.energy.control.carbon_usd_per_kg
        expected["carbon"] = float(slots["carbon_kg"].sum()) * price
    for name, value in expected.items():
        if not np.isclose(usd[name], value, rtol=1e-9, atol=1e-6):
            yield f"{name}: {usd[name]!r} USD booked, {value!r} by the log"
    for name, value in usd.items():
        if not np.isfinite(value):
            yield f"{name} is a number of USD: {value!r}"
    if not np.isclose(sum(usd.values()), factory.cost_usd, rtol=1e-9):
        yield f"the parts add up: {sum(usd.values())!r} and {factory.cost_usd!r} USD"


def _energy(factory: Factory, log: RunLog) -> Iterator[str]:
    """The bus balances in every slot, and the battery keeps what it is given."""
    setup, slots = factory.scenario.energy, log.tables["slots"]
    if setup is None or not len(slots["slot"]):
        return
    given = 4.0 * (slots["import_kwh"] + slots["diesel_kwh"] + slots["unserved_kwh"])
    given = given + slots["pv_used_kw"] + slots["discharge_kw"]
    sun = slots["pv_used_kw"] + slots["curtailed_kw"] + 4.0 * slots["export_kwh"]
    load_kw = sum(slots[name] for name in CONSUMERS if name in slots)
    battery = setup.site.battery
    before = np.concatenate([[battery.capacity_kwh * battery.soc_start], slots["soc_kwh"][:-1]])
    way = battery.one_way
    change = 0.25 * (slots["charge_kw"] * way - slots["discharge_kw"] / way)
    gaps = {
        "the bus balances": given - slots["load_kw"] - slots["charge_kw"],
        "the sun goes somewhere": sun - slots["pv_kw"],
        "consumers are the load": load_kw - slots["load_kw"],
        "the battery keeps what it is given": before + change - slots["soc_kwh"],
    }
    for law, gap in gaps.items():
        if np.abs(gap).max() > NEAR:
            yield f"{law}: {np.abs(gap).max():g} off in slot {int(np.abs(gap).argmax())}"


LAWS: Final[tuple[Callable[[Factory, RunLog], Iterator[str]], ...]] = (
    _pieces,
    _minutes,
    _money,
    _energy,
)
