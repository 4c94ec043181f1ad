"""The battery's linear program over the slots that can be foreseen: the core of ``mpc``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csc_array

from agents.energy.reckoning.outlook import Floats
from factory_env.decisions.energy_choice import AHEAD, EnergyChoice
from factory_env.domain.series import SLOT_H

Ints = NDArray[np.int64]

# periods: the next two hours by slots, the rest of the day in half hours
STARTS: Final = np.concatenate([np.arange(8), np.arange(8, AHEAD, 2)])
N: Final = len(STARTS)
LENGTHS: Final = np.diff(np.append(STARTS, AHEAD))  # slots
HOURS: Final = LENGTHS * SLOT_H
CHARGE, DISCHARGE, BOUGHT, SOLD, HELD = range(5)  # blocks of N columns; then a peak for each rule
BLOCKS: Final = 5
NEXT_MONTH_DAYS: Final = 30.0
EMPTY_MARGINS: Final = 0.15  # of the margin at work: an empty house holds few surprises


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do in the coming slots, (8,) each [kW at the bus]."""

    first_slot: int
    charge_kw: Floats
    discharge_kw: Floats
    import_kw: Floats
    cap_kw: Floats  # import that raises no maximum beyond the plan's


@dataclass(frozen=True, slots=True)
class Rule:
    """A demand rule of this month, or of the next one."""

    peak_kw: float  # running maximum
    periods: Ints
    weight_usd: float  # what a kW above it counts


def solve(
    choice: EnergyChoice, net: Floats, haste: float, margin_kw: float, hold_usd: float = 0.0
) -> Plan:
    """The cheapest battery for a forecast.

    Parameters
    ----------
    net
        Load less sun, (96,) kW.
    haste
        A kW above the running maximum of a month counts (1 / days left) ** haste of its rate: it
        is paid once, and serves on all days that are left.
    margin_kw
        While people work, maxima are planned for so much more import than foreseen; less in an
        empty house.
    hold_usd
        Worth of a kWh that lies in the battery for an hour, against what is not foreseen.
    """
    rules = _rules(choice, haste)
    net = _mean(net)
    cost = _costs(choice, rules, hold_usd)
    lows, highs = _limits(choice, net, rules)
    spare = np.where(_mean(choice.open_share) > 0.0, margin_kw, EMPTY_MARGINS * margin_kw)
    upper, bound = _upper_rows(net, rules, spare)
    equal, start = _held_rows(choice, len(cost))
    solution = linprog(
        cost,
        A_ub=upper,
        b_ub=bound,
        A_eq=equal,
        b_eq=start,
        bounds=np.column_stack([lows, highs]),
        method="highs",
    )
    # an overloaded site has no solution: its battery rests
    x = np.zeros(len(cost)) if solution.x is None else solution.x
    cap_kw = np.full(N, np.inf)
    for rule, above in zip(rules, x[BLOCKS * N :], strict=True):
        cap_kw[rule.periods] = np.minimum(cap_kw[rule.periods], rule.peak_kw + above)
    parts = x[: BLOCKS * N].reshape(BLOCKS, N)[:, :8]
    return Plan(choice.slot, parts[CHARGE], parts[DISCHARGE], parts[BOUGHT], cap_kw[:8])


def _mean(values: Floats) -> Floats:
    """Slots as periods, (N,)."""
    return np.asarray(np.add.reduceat(values, STARTS) / LENGTHS)


def _rules(choice: EnergyChoice, haste: float) -> list[Rule]:
    """Every demand rule that holds in the day ahead."""
    in_month = min(AHEAD, round(choice.days_left * AHEAD))
    slot = np.arange(AHEAD)
    rules = []
    for is_now in (True, False):
        days = max(1.0, choice.days_left) if is_now else NEXT_MONTH_DAYS
        for number, rate in enumerate(choice.demand_usd):
            holds = (slot < in_month) == is_now
            if number:
                holds &= choice.demand_band == number
            if rate > 0.0 and holds.any():
                peak_kw = float(choice.peak_kw[number]) if is_now else 0.0
                periods = np.flatnonzero(np.logical_or.reduceat(holds, STARTS))
                rules.append(Rule(peak_kw, periods, float(rate) / days**haste))
    return rules


def _costs(choice: EnergyChoice, rules: list[Rule], hold_usd: float) -> Floats:
    """Of every column [USD]; what is held at the end of the day is worth its cheapest purchase."""
    battery = choice.site.battery
    held = -hold_usd * HOURS
    held[-1] -= max(0.0, float(choice.price_usd.min())) * battery.one_way
    return np.concatenate(
        [
            np.zeros(N),
            HOURS * battery.wear_usd_per_kwh,
            HOURS * _mean(choice.price_usd),
            -HOURS * _mean(choice.export_usd),
            held,
            [rule.weight_usd for rule in rules],
        ]
    )


def _limits(choice: EnergyChoice, net: Floats, rules: list[Rule]) -> tuple[Floats, Floats]:
    """Lowest and highest value of every column."""
    battery, grid = choice.site.battery, choice.site.grid
    low, high = (battery.capacity_kwh * share for share in (battery.soc_min, battery.soc_max))
    out_kw = min(battery.discharge_kw, battery.connection_kw)
    highs = np.concatenate(
        [
            np.full(N, min(battery.charge_kw, battery.connection_kw)),
            np.minimum(np.maximum(net, 0.0), out_kw),
            np.full(N, grid.connection_kw),
            np.minimum(np.maximum(-net, 0.0), grid.export_kw),
            np.full(N, max(high, choice.soc_kwh)),
            np.full(len(rules), np.inf),
        ]
    )
    lows = np.zeros(len(highs))
    lows[HELD * N : BLOCKS * N] = min(low, choice.soc_kwh)
    return lows, highs


def _upper_rows(net: Floats, rules: list[Rule], spare: Floats) -> tuple[csc_array, Floats]:
    """net + charge - discharge - bought + sold <= 0 (surplus may be lost); maxima by rule."""
    period = np.arange(N)
    rows = [period] * 4
    columns = [block * N + period for block in (CHARGE, DISCHARGE, BOUGHT, SOLD)]
    values = [np.ones(N), -np.ones(N), -np.ones(N), np.ones(N)]
    bounds = [-net]
    at = N
    for k, rule in enumerate(rules):
        n = len(rule.periods)
        rows += [np.arange(at, at + n)] * 2
        columns += [BOUGHT * N + rule.periods, np.full(n, BLOCKS * N + k)]
        values += [np.ones(n), -np.ones(n)]
        bounds.append(rule.peak_kw - spare[rule.periods])
        at += n
    triplets = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
    return csc_array(triplets, shape=(at, BLOCKS * N + len(rules))), np.concatenate(bounds)


def _held_rows(choice: EnergyChoice, columns: int) -> tuple[csc_array, Floats]:
    """held - held before - charge x way + discharge / way = 0."""
    period, way = np.arange(N), choice.site.battery.one_way
    rows = np.concatenate([period, period[1:], period, period])
    where = np.concatenate(
        [HELD * N + period, HELD * N + period[:-1], CHARGE * N + period, DISCHARGE * N + period]
    )
    values = np.concatenate([np.ones(N), -np.ones(N - 1), -HOURS * way, HOURS / way])
    start = np.zeros(N)
    start[0] = choice.soc_kwh
    return csc_array((values, (rows, where)), shape=(N, columns)), start
