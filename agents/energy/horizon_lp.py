"""The battery's linear program over the slots that can be foreseen: the core of ``mpc``."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csc_array

from agents.energy.outlook import SLOT_H, Floats
from factory_env.decisions.energy_choice import AHEAD, EnergyChoice

CHARGE, DISCHARGE, BOUGHT, SOLD, HELD = range(5)  # blocks of AHEAD columns; then the peaks
BLOCKS = 5


@dataclass(frozen=True, slots=True)
class Plan:
    """A day's plan, (96,) each [kW at the bus]."""

    first_slot: int
    charge_kw: Floats
    discharge_kw: Floats
    import_kw: Floats
    cap_kw: Floats  # import that raises no maximum beyond the plan's


def solve(choice: EnergyChoice, net: Floats, haste: float, margin_kw: float) -> Plan:
    """The cheapest battery for a forecast.

    Parameters
    ----------
    net
        Load less sun, (96,) kW.
    haste
        A kW above the running maximum of a month counts (1 / days left) ** haste of its rate: it
        is paid once, and serves on all days that are left.
    margin_kw
        While people work, maxima are planned for so much more import than foreseen.
    """
    battery = choice.site.battery
    rules = _rules(choice)
    peaks = np.array([peak for peak, _, _ in rules])
    weights = _weights(choice, rules, haste)
    low, high = (battery.capacity_kwh * share for share in (battery.soc_min, battery.soc_max))
    high = max(high, choice.soc_kwh)
    value_usd = float(choice.price_usd.min()) / max(battery.one_way, 1e-9)
    held_cost = np.zeros(AHEAD)
    held_cost[-1] = -max(0.0, value_usd) * battery.one_way**2
    cost = np.concatenate([
        np.zeros(AHEAD), np.full(AHEAD, SLOT_H * battery.wear_usd_per_kwh),
        SLOT_H * choice.price_usd, -SLOT_H * choice.export_usd, held_cost, weights])  # fmt: skip
    most = np.minimum(battery.discharge_kw, np.maximum(net, 0.0))
    highs = np.concatenate([
        np.full(AHEAD, min(battery.charge_kw, battery.connection_kw)),
        np.minimum(most, battery.connection_kw),
        np.full(AHEAD, choice.site.grid.connection_kw),
        np.minimum(np.maximum(-net, 0.0), choice.site.grid.export_kw),
        np.full(AHEAD, high), np.full(len(rules), np.inf)])  # fmt: skip
    lows = np.zeros(len(cost))
    lows[HELD * AHEAD : BLOCKS * AHEAD] = min(low, choice.soc_kwh)
    spare = np.where(choice.open_share > 0.0, margin_kw, 0.0)
    upper, bound = _upper_rows(net, rules, spare)
    equal, start = _held_rows(choice, len(cost))
    found = linprog(
        cost, A_ub=upper, b_ub=bound, A_eq=equal, b_eq=start,
        bounds=np.column_stack([lows, highs]), method="highs",
    )  # fmt: skip
    x = np.zeros(len(cost)) if found.x is None else found.x  # an overloaded site: battery rests
    caps = peaks + x[BLOCKS * AHEAD :]
    cap_kw = np.full(AHEAD, np.inf)
    for cap, (_, slots, _) in zip(caps, rules, strict=True):
        cap_kw[slots] = np.minimum(cap_kw[slots], cap)
    parts = x[: BLOCKS * AHEAD].reshape(BLOCKS, AHEAD)
    return Plan(choice.slot, parts[CHARGE], parts[DISCHARGE], parts[BOUGHT], cap_kw)


def _rules(choice: EnergyChoice) -> list[tuple[float, np.ndarray, int]]:
    """Running maximum, slots and number of every demand rule of this month and of the next."""
    in_month = min(AHEAD, round(choice.days_left * AHEAD))
    found = []
    for first, last, is_now in ((0, in_month, True), (in_month, AHEAD, False)):
        for rule, rate in enumerate(choice.demand_usd):
            slots = np.arange(first, last)
            if rule:
                slots = slots[choice.demand_band[first:last] == rule]
            if len(slots) and rate > 0.0:
                found.append((float(choice.peak_kw[rule]) if is_now else 0.0, slots, rule))
    return found


def _weights(choice: EnergyChoice, rules: list[tuple[float, np.ndarray, int]], haste: float) -> Floats:
    """What a kW above each running maximum counts [USD]."""
    in_month = round(choice.days_left * AHEAD)
    left = [max(1.0, choice.days_left) if slots[0] < in_month else 30.0 for _, slots, _ in rules]
    rates = np.array([choice.demand_usd[rule] for _, _, rule in rules])
    return np.asarray(rates / np.array(left) ** haste)


def _upper_rows(
    net: Floats, rules: list[tuple[float, np.ndarray, int]], spare: Floats
) -> tuple[csc_array, Floats]:
    """net + charge - discharge - bought - sold <= 0 where there is need; maxima by rule."""
    slot = np.arange(AHEAD)
    rows = [slot] * 4
    columns = [CHARGE * AHEAD + slot, DISCHARGE * AHEAD + slot, BOUGHT * AHEAD + slot,
               SOLD * AHEAD + slot]  # fmt: skip
    values = [np.ones(AHEAD), -np.ones(AHEAD), -np.ones(AHEAD), np.ones(AHEAD)]
    bounds = [-net]
    at = AHEAD
    for k, (peak, slots, _) in enumerate(rules):
        row = np.arange(at, at + len(slots))
        rows += [row, row]
        columns += [BOUGHT * AHEAD + slots, np.full(len(slots), BLOCKS * AHEAD + k)]
        values += [np.ones(len(slots)), -np.ones(len(slots))]
        bounds.append(peak - spare[slots])
        at += len(slots)
    triplets = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
    shape = (at, BLOCKS * AHEAD + len(rules))
    return csc_array(triplets, shape=shape), np.concatenate(bounds)


def _held_rows(choice: EnergyChoice, columns: int) -> tuple[csc_array, Floats]:
    """held - held before - charge x way + discharge / way = 0."""
    slot, way = np.arange(AHEAD), choice.site.battery.one_way
    rows = np.concatenate([slot, slot[1:], slot, slot])
    where = np.concatenate([HELD * AHEAD + slot, HELD * AHEAD + slot[:-1], CHARGE * AHEAD + slot,
                            DISCHARGE * AHEAD + slot])  # fmt: skip
    values = np.concatenate([np.ones(AHEAD), -np.ones(AHEAD - 1), np.full(AHEAD, -SLOT_H * way),
                             np.full(AHEAD, SLOT_H / way)])  # fmt: skip
    start = np.zeros(AHEAD)
    start[0] = choice.soc_kwh
    return csc_array((values, (rows, where)), shape=(AHEAD, columns)), start
