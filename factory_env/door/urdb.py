"""The door for published tariffs: JSON of the OpenEI Utility Rate Database (API version 7).

Periods are numbered in 12 x 24 schedules, month by hour, for weekdays and weekends; rate structures
hold a list of tiers for every period: a first rate, and steps above it. What the house does not
charge is left out and listed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.series import SLOTS_PER_HOUR
from factory_env.domain.tariff import (
    MONTHS,
    DemandBand,
    EnergyBand,
    Export,
    Ratchet,
    Tariff,
    Timetable,
    always,
)
from factory_env.domain.tariff_tiers import DemandStep, EnergyStep
from factory_env.door.series_units import PER_KWH_LIMIT_USD
from factory_env.door.tariff_limits import DEAR_USD_PER_KWH, MOST_FIXED_USD, PER_KW_LIMIT_USD
from factory_env.door.urdb_fields import Fields
from factory_env.door.urdb_file import read_item
from factory_env.door.urdb_tiers import Tier, demand_steps, energy_steps
from factory_env.errors import InputError

KW_PER_HP: Final = 0.7457
MOST_LOOKBACK: Final = 24  # months
LEAST_PERCENT: Final = 5.0  # a number above 1 and below it is neither share nor percentage
_IGNORED: Final = (  # charges of the format that the house does not know
    ("coincidentratestructure", "charge on the demand at the utility's own peak"),
    ("demandreactivepowercharge", "charge on reactive power (power factor is ignored)"),
    ("fueladjustmentsmonthly", "monthly fuel adjustment"),
    ("mincharge", "minimum charge"),
    ("annualmincharge", "minimum charge of a year"),
    ("minmonthlycharge", "minimum charge of a month"),
    ("fixedchargeeaaddl", "fixed charge of further meters"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UrdbTariff:
    """An imported tariff."""

    tariff: Tariff
    left_out: tuple[str, ...]  # what the file charges and the house does not, or reads otherwise


def read_urdb(path: Path, label: str = "") -> UrdbTariff:
    """A tariff from a URDB file: a bare tariff, or ``{"items": [...]}``.

    Parameters
    ----------
    label
        Which one, if the file holds several.

    Raises
    ------
    InputError
        With every problem found: field, rule, value and what would be right.
    """
    fields = Fields(str(path), read_item(path, label))
    energy, hours = _energy(fields)
    demand_bands, demand_hours, band_steps = _demand(fields)
    any_time, any_time_steps = _any_time(fields)
    per_month, per_day = _fixed(fields)
    tariff = dict[str, Any](
        name=fields.text("name") or path.stem,
        currency="USD",
        usd_per_unit=1.0,
        source=fields.text("uri") or fields.text("source"),
        bands=energy,
        hours=hours,
        any_time_rates=any_time,
        demand_bands=demand_bands,
        demand_hours=demand_hours,
        window_min=_window(fields),
        ratchet=_ratchet(fields),
        fixed_per_month=per_month,
        fixed_per_day=per_day,
        export=_export(fields),
        energy_steps=tuple(_energy_steps(fields)),
        demand_steps=(*any_time_steps, *band_steps),
    )
    fields.leave_out("carbon factor: the format has none, carbon counts as 0")
    for name, what in _IGNORED:
        if _is_charged(fields.raw.get(name)):
            fields.leave_out(f"{name}: {what}")
    if fields.problems:
        raise InputError(fields.problems)
    return UrdbTariff(tariff=Tariff(**tariff), left_out=tuple(fields.left_out))


def _energy(fields: Fields) -> tuple[tuple[EnergyBand, ...], Timetable]:
    periods = fields.tiers("energyratestructure")
    if periods is None:
        fields.wrong(
            "energyratestructure",
            "must hold energy rates",
            "nothing",
            "a tariff with energy charges, detail=full",
        )
        return (), always()
    names = fields.period_names("energyattrs", len(periods), "period")
    bands = []
    for i, (name, tiers) in enumerate(zip(names, periods, strict=True)):
        bands.append(EnergyBand(name=name, price=tiers[0].price))
        for j, tier in enumerate(tiers):
            at = f"energyratestructure[{i}]" + (f"[{j}]" if len(tiers) > 1 else "")
            _judge_price(fields, at, tier.price)
    return tuple(bands), _timetable(fields, "energy", len(periods))


def _judge_price(fields: Fields, name: str, price: float) -> None:
    if abs(price) > PER_KWH_LIMIT_USD:
        rule = f"is in USD per kWh, at most {PER_KWH_LIMIT_USD:g}"
        fields.wrong(name, rule, f"{price:g}", f"if it is per MWh: {price / 1000:g}")
    elif abs(price) > DEAR_USD_PER_KWH:
        fields.leave_out(
            f"{name}: {price:g} USD per kWh as it stands; cents would be {price / 100:g}"
        )


def _energy_steps(fields: Fields) -> list[EnergyStep]:
    name = "energyratestructure"
    return energy_steps(fields, name, fields.tiers(name) or [])


def _demand(fields: Fields) -> tuple[tuple[DemandBand, ...], Timetable, list[DemandStep]]:
    """Demand by period; periods without a rate are no bands."""
    name = "demandratestructure"
    periods = fields.tiers(name)
    if periods is None:
        return (), always(), []
    factor = _per_kw(fields, "demandrateunit")
    _judge_rates(fields, name, periods, factor)
    table = _timetable(fields, "demand", len(periods)).numbers
    names = fields.period_names("demandattrs", len(periods), "demand")
    charged = [i for i, tiers in enumerate(periods) if any(t.price * factor for t in tiers)]
    number = np.zeros(len(periods) + 1, dtype=np.int16)
    number[charged] = np.arange(1, len(charged) + 1)
    bands = tuple(
        DemandBand(name=names[i], rates=(periods[i][0].price * factor,) * MONTHS) for i in charged
    )
    steps = [
        step
        for rule, i in enumerate(charged, start=1)
        for step in demand_steps([periods[i]] * MONTHS, rule, factor, 1.0 / factor)
    ]
    return bands, Timetable(number[np.minimum(table, len(periods))]), steps


def _any_time(fields: Fields) -> tuple[tuple[float, ...], list[DemandStep]]:
    name = "flatdemandstructure"
    periods = fields.tiers(name)
    if periods is None:
        return (0.0,) * MONTHS, []
    factor = _per_kw(fields, "flatdemandunit")
    _judge_rates(fields, name, periods, factor)
    by_month = [periods[i] for i in fields.by_month("flatdemandmonths", len(periods))]
    steps = demand_steps(by_month, 0, factor, 1.0 / factor) if factor else []
    return tuple(tiers[0].price * factor for tiers in by_month), steps


def _judge_rates(
    fields: Fields, name: str, periods: Sequence[Sequence[Tier]], factor: float
) -> None:
    for i, tiers in enumerate(periods):
        for j, tier in enumerate(tiers):
            if not 0.0 <= tier.price * factor <= PER_KW_LIMIT_USD:
                rule = f"is in USD per kW and month, 0 to {PER_KW_LIMIT_USD:g}"
                fields.wrong(f"{name}[{i}][{j}]", rule, f"{tier.price:g}", "a rate per MW or year?")


def _per_kw(fields: Fields, name: str) -> float:
    """Factor from a rate's unit to one per kW and month; 0 = not charged."""
    unit = fields.text(name) or "kW"
    if unit.lower().endswith("daily"):
        fields.leave_out(f"{name}: {unit}: a charge on each day's maximum")
        return 0.0
    if unit.lower() == "kva":
        fields.leave_out(f"{name}: kVA read as kW (power factor is ignored)")
    elif unit.lower() not in ("kw", "hp"):
        fields.wrong(name, "must be a unit of power", repr(unit), "kW, kVA or hp")
    return 1.0 / KW_PER_HP if unit.lower() == "hp" else 1.0


def _timetable(fields: Fields, kind: str, periods: int) -> Timetable:
    week = fields.schedule(f"{kind}weekdayschedule", periods)
    end = fields.schedule(f"{kind}weekendschedule", periods)
    days: list[NDArray[np.int16]] = [week] * 5 + [end] * 2
    return Timetable(np.repeat(np.stack(days, axis=1), SLOTS_PER_HOUR, axis=2))


def _fixed(fields: Fields) -> tuple[float, float]:
    """Fixed charge per month and per day [USD]."""
    per_month, first = (_charge(fields, n) for n in ("fixedmonthlycharge", "fixedchargefirstmeter"))
    unit = fields.text("fixedchargeunits") or "$/month"
    if per_month and per_month == first and unit == "$/month":  # one charge under two names
        fields.leave_out("fixedmonthlycharge: the same as fixedchargefirstmeter, charged once")
        return per_month, 0.0
    if first == 0.0:
        return per_month, 0.0
    if unit == "$/day":
        return per_month, first
    if unit not in ("$/month", "$/year"):
        fields.wrong(
            "fixedchargeunits", "must be a known unit", repr(unit), "$/day, $/month or $/year"
        )
    return per_month + first / (MONTHS if unit == "$/year" else 1), 0.0


def _charge(fields: Fields, name: str) -> float:
    usd = fields.number(name)
    if not 0.0 <= usd <= MOST_FIXED_USD:
        fields.wrong(name, f"must be 0 to {MOST_FIXED_USD:g} USD", f"{usd:g}", "e.g. 260")
        return 0.0
    return usd


def _window(fields: Fields) -> Literal[15, 30, 60]:
    window = fields.number("demandwindow")
    if window in (0.0, 15.0):
        return 15
    if window in (30.0, 60.0):
        return 30 if window == 30.0 else 60
    fields.leave_out(f"demandwindow: {window:g} min read as 15 min")
    return 15


def _ratchet(fields: Fields) -> Ratchet | None:
    """Ratchet percentages by month, or a look back over months; fractions or percent."""
    name = "demandratchetpercentage"
    shares = [_share(fields, name, v) for v in fields.numbers(name)]
    if any(shares):
        if len(shares) != MONTHS:
            fields.wrong(name, "must have 12 numbers", f"{len(shares)}", "one for each month")
            return None
        return Ratchet(shares=tuple(shares))
    share = _share(fields, "lookbackpercent", fields.number("lookbackpercent"))
    if share == 0.0:
        return None
    flags = fields.numbers("lookbackmonths")
    if len(flags) > MONTHS:
        fields.wrong("lookbackmonths", "must have 12 flags", f"{len(flags)}", "one for each month")
    months = tuple(i + 1 for i, flag in enumerate(flags[:MONTHS]) if flag)
    back = fields.number("lookbackrange") or MONTHS - 1
    if back != int(back) or not 1 <= back <= MOST_LOOKBACK:
        rule = f"must be a number of months, 1 to {MOST_LOOKBACK}"
        fields.wrong("lookbackrange", rule, f"{back:g}", "e.g. 11")
        back = 1
    every = tuple(range(1, MONTHS + 1))
    return Ratchet(shares=(share,) * MONTHS, months=int(back), peak_months=months or every)


def _share(fields: Fields, name: str, number: float) -> float:
    """A share, of a share or a percentage; between them, above 1 and below 5, lies neither."""
    if not 0.0 <= number <= 100.0 or 1.0 < number < LEAST_PERCENT:
        rule = f"must be a share, 0 to 1, or a percentage, {LEAST_PERCENT:g} to 100"
        fields.wrong(name, rule, f"{number:g}", "e.g. 80")
        return 0.0
    return number / 100.0 if number > 1.0 else number


def _export(fields: Fields) -> Export:
    """What feeding in earns. Sell rates differ by period and tier: their mean is not a rule."""
    rule = fields.text("dgrules")
    periods = fields.tiers("energyratestructure") or []
    if any(tier.sell for tiers in periods for tier in tiers):
        fields.leave_out("energyratestructure.sell: rates for energy fed in")
    if rule == "Net Metering":
        fields.leave_out("dgrules: Net Metering read as export rule net_offpeak")
        return Export(rule="net_offpeak")
    if rule:
        fields.leave_out(f"dgrules: {rule}: energy fed in earns nothing")
    return Export()


def _is_charged(value: object) -> bool:
    """Does a field of unknown shape hold any number but zero?"""
    if isinstance(value, Mapping):
        return any(_is_charged(v) for k, v in value.items() if k != "max")
    if isinstance(value, Sequence) and not isinstance(value, str):
        return any(_is_charged(v) for v in value)
    return isinstance(value, int | float) and not isinstance(value, bool) and value != 0
