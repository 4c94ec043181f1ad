"""The electricity bill of a log once more, by dates and loops, with none of the engine's code.

It reads the load of each slot and the tariff as the user wrote it, and walks through the calendar.
Slow and plain on purpose: the engine's bill (`factory_env/kpi/bill.py`) must equal it.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from holidays import country_holidays

from factory_env.domain.energy import EnergySetup
from factory_env.domain.records import RunLog, Table
from factory_env.domain.scenario import Scenario
from factory_env.domain.series import SLOT_H
from factory_env.domain.tariff import Contract, Tariff

Month = tuple[int, int]  # year, month


def _nothing(at: datetime) -> float:
    return 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """A tariff as answers about a moment [USD]."""

    price: Callable[[datetime], float]  # per kWh bought
    demand: Callable[[datetime], Mapping[str, float]]  # rule -> per kW of its month's maximum
    export: Callable[[datetime], float] = _nothing  # per kWh fed in
    contract_kw: float = 0.0
    per_contract_kw: float = 0.0  # and month
    penalty_factor: float = 2.0  # a kW above the contract costs so many times that
    per_month: float = 0.0
    per_day: float = 0.0
    window_slots: int = 1  # demand is the mean over so many


def recomputed(slots: Table, first_day: date, days: int, prices: Prices) -> float:
    """Electricity bill of a log [USD]; months are charged by the days the run may have in them.

    Parameters
    ----------
    days
        Calendar days of the run's horizon; the log may end before.
    """
    start = datetime(first_day.year, first_day.month, first_day.day)
    months = [_month(start + timedelta(days=day)) for day in range(days)]
    share = {m: months.count(m) / _length(m) for m in months}
    total, highest = 0.0, {}
    window: list[float] = []
    for slot, bought in enumerate(slots["import_kwh"].tolist()):
        at = start + timedelta(minutes=15 * slot)
        total += bought * prices.price(at) - float(slots["export_kwh"][slot]) * prices.export(at)
        window.append(bought)
        if (slot + 1) % prices.window_slots == 0 or slot + 1 == 96 * days:
            kw = sum(window) / (SLOT_H * len(window))
            _raise(highest, _month(at), kw, prices.demand(at))
            if prices.per_contract_kw:
                rate = prices.penalty_factor * prices.per_contract_kw
                _raise(highest, _month(at), kw - prices.contract_kw, {"contract": rate})
            window = []
    total += sum(kw * rate * share[month] for (month, _), (kw, rate) in highest.items())
    passed = [_month(start + timedelta(minutes=15 * i)) for i in range(len(slots["slot"]))]
    for month in share:
        part = share[month] * passed.count(month) / (96 * months.count(month))
        total += part * (prices.per_contract_kw * prices.contract_kw + prices.per_month)
        total += part * prices.per_day * _length(month)
    return total


def _raise(
    highest: dict[Any, tuple[float, float]], month: Month, kw: float, rates: Mapping[str, float]
) -> None:
    """Keep the maximum of every rule that holds now."""
    for rule, rate in rates.items():
        highest[month, rule] = (max(highest.get((month, rule), (0.0, 0.0))[0], kw), rate)


def _month(at: datetime) -> Month:
    return at.year, at.month


def _length(month: Month) -> int:
    year, number = month
    following = datetime(year + number // 12, number % 12 + 1, 1)
    return (following - datetime(year, number, 1)).days


def prices_of(tariff: Tariff, first_day: date, slots: int) -> Prices:
    """The answers that a tariff's tables give; it must have no ratchet and no tiers.

    Parameters
    ----------
    slots
        Of the run, for a tariff with a price of the moment.
    """
    start = datetime(first_day.year, first_day.month, first_day.day)
    spot = None if tariff.spot is None else tariff.spot.part(first_day.isoformat(), slots).tolist()
    hours, demand_hours = tariff.hours.numbers.tolist(), tariff.demand_hours.numbers.tolist()
    on_holidays, off = _holidays(tariff)
    usd = tariff.usd_per_unit

    def extra(at: datetime) -> float:
        return 0.0 if spot is None else spot[int((at - start).total_seconds() // 900)]

    def price(at: datetime) -> float:
        number = _at(on_holidays if at.date() in off else hours, at)
        return usd * (tariff.bands[number].price + extra(at))

    def demand(at: datetime) -> dict[str, float]:
        rates = {"any": usd * tariff.any_time_rates[at.month - 1]}
        if number := _at(demand_hours, at):
            band = tariff.demand_bands[number - 1]
            rates[band.name] = usd * band.rates[at.month - 1]
        return rates

    def export(at: datetime) -> float:
        if (rule := tariff.export.rule) == "net":
            return price(at)
        if rule == "net_offpeak":
            numbers = {n for day in hours[at.month - 1] for n in day}
            return usd * (min(tariff.bands[n].price for n in numbers) + extra(at))
        return usd * tariff.export.price if rule == "price" else 0.0

    contract = tariff.contract or Contract(kw=0.0, rate=0.0, penalty_factor=0.0)
    return Prices(
        price=price,
        demand=demand,
        export=export,
        contract_kw=contract.kw,
        per_contract_kw=usd * contract.rate,
        penalty_factor=contract.penalty_factor,
        per_month=usd * tariff.fixed_per_month,
        per_day=usd * tariff.fixed_per_day,
        window_slots=tariff.window_min // 15,
    )


def _holidays(tariff: Tariff) -> tuple[list[list[list[int]]], Container[date]]:
    """Bands on public holidays, and which days are some; none without hours of their own."""
    if tariff.holiday_hours is None:
        return [], ()
    return tariff.holiday_hours.numbers.tolist(), country_holidays(tariff.country)


def _at(numbers: list[list[list[int]]], at: datetime) -> int:
    return numbers[at.month - 1][at.weekday()][4 * at.hour + at.minute // 15]


def bill_error_usd(log: RunLog, scenario: Scenario) -> float:
    """How far the run's electricity bill is from the plain one [USD].

    NaN under a ratchet or tiers.
    """
    setup = scenario.energy
    assert isinstance(setup, EnergySetup)
    tariff = setup.tariff
    if tariff.ratchet is not None or tariff.energy_steps or tariff.demand_steps:
        return float("nan")
    first_day = date.fromisoformat(setup.site.first_day)
    days = scenario.calendar.calendar_days(scenario.horizon_days)
    prices = prices_of(setup.tariff, first_day, 96 * days)
    slots = log.tables["slots"]
    return abs(log.cost_usd["energy"] - recomputed(slots, first_day, days, prices))
