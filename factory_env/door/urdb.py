"""The door for published tariffs: JSON of the OpenEI Utility Rate Database (API version 7).

Periods are numbered in 12 x 24 schedules, month by hour, for weekdays and weekends; rate structures
hold a list of tiers for every period. What the house does not charge is left out and listed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, cast

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
from factory_env.door.series_units import PER_KWH_LIMIT_USD
from factory_env.door.urdb_fields import Fields
from factory_env.errors import InputError

KW_PER_HP: Final = 0.7457
HOURS: Final = 24
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
    fields = Fields(str(path), _item(path, label))
    energy, hours = _energy(fields)
    demand_bands, demand_hours = _demand(fields)
    per_month, per_day = _fixed(fields)
    tariff = dict[str, Any](
        name=fields.text("name") or path.stem,
        currency="USD",
        usd_per_unit=1.0,
        source=fields.text("uri") or fields.text("source"),
        bands=energy,
        hours=hours,
        any_time_rates=_any_time(fields),
        demand_bands=demand_bands,
        demand_hours=demand_hours,
        window_min=_window(fields),
        ratchet=_ratchet(fields),
        fixed_per_month=per_month,
        fixed_per_day=per_day,
        export=_export(fields),
    )
    fields.leave_out("carbon factor: the format has none, carbon counts as 0")
    for name, what in _IGNORED:
        if _is_charged(fields.raw.get(name)):
            fields.leave_out(f"{name}: {what}")
    if fields.problems:
        raise InputError(fields.problems)
    return UrdbTariff(tariff=Tariff(**tariff), left_out=tuple(fields.left_out))


def _item(path: Path, label: str) -> Mapping[str, Any]:
    """The one tariff of a file."""
    where = str(path)
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise _unusable(where, "must be a readable file", str(error.strerror)) from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise _unusable(where, "must be JSON", str(error)) from None
    items = content.get("items", content) if isinstance(content, dict) else content
    items = items if isinstance(items, list) else [items]
    items = [item for item in items if isinstance(item, dict)]
    known = {str(item.get("label", "")): item for item in items}
    if label:
        items = [known[label]] if label in known else []
    if len(items) != 1:
        got = f"{len(items)} tariffs" + (f" labelled {label!r}" if label else "")
        names = ", ".join(f"{k} ({v.get('name', '')})" for k, v in list(known.items())[:5])
        right = f"labels: {names}" if names else "a file of the API, detail=full"
        raise _unusable(where, "must hold one tariff, or its label must be given", got, right)
    return cast(Mapping[str, Any], items[0])


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
    for i, (name, tier) in enumerate(zip(names, periods, strict=True)):
        price = tier.rate + tier.adj
        if abs(price) > PER_KWH_LIMIT_USD:
            rule = f"is in USD per kWh, at most {PER_KWH_LIMIT_USD:g}"
            right = f"if it is per MWh: {price / 1000:g}"
            fields.wrong(f"energyratestructure[{i}]", rule, f"{price:g}", right)
        bands.append(EnergyBand(name=name, price=price))
    units = sorted({tier.unit for tier in periods if tier.unit not in ("", "kWh")})
    if units:
        fields.leave_out(f"energyratestructure: unit {', '.join(units)} read as kWh")
    return tuple(bands), _timetable(fields, "energy", len(periods))


def _demand(fields: Fields) -> tuple[tuple[DemandBand, ...], Timetable]:
    """Demand by period; periods without a rate are no bands."""
    periods = fields.tiers("demandratestructure")
    if periods is None:
        return (), always()
    factor = _per_kw(fields, "demandrateunit")
    table = _timetable(fields, "demand", len(periods)).numbers
    names = fields.period_names("demandattrs", len(periods), "demand")
    charged = [i for i, tier in enumerate(periods) if (tier.rate + tier.adj) * factor != 0.0]
    number = np.zeros(len(periods) + 1, dtype=np.int8)
    number[charged] = np.arange(1, len(charged) + 1)
    bands = tuple(
        DemandBand(name=names[i], rates=((periods[i].rate + periods[i].adj) * factor,) * MONTHS)
        for i in charged
    )
    return bands, Timetable(number[np.minimum(table, len(periods))])


def _any_time(fields: Fields) -> tuple[float, ...]:
    periods = fields.tiers("flatdemandstructure")
    if periods is None:
        return (0.0,) * MONTHS
    factor = _per_kw(fields, "flatdemandunit")
    by_month = fields.by_month("flatdemandmonths", len(periods))
    return tuple((periods[i].rate + periods[i].adj) * factor for i in by_month)


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
    days: list[NDArray[np.int8]] = [week] * 5 + [end] * 2
    return Timetable(np.repeat(np.stack(days, axis=1), SLOTS_PER_HOUR, axis=2))


def _fixed(fields: Fields) -> tuple[float, float]:
    """Fixed charge per month and per day [USD]."""
    per_month = fields.number("fixedmonthlycharge")
    first = fields.number("fixedchargefirstmeter")
    unit = fields.text("fixedchargeunits") or "$/month"
    if first == 0.0:
        return per_month, 0.0
    if unit == "$/day":
        return per_month, first
    if unit not in ("$/month", "$/year"):
        fields.wrong(
            "fixedchargeunits", "must be a known unit", repr(unit), "$/day, $/month or $/year"
        )
    return per_month + first / (MONTHS if unit == "$/year" else 1), 0.0


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
    shares = [_fraction(v) for v in fields.numbers("demandratchetpercentage")]
    if any(shares):
        if len(shares) != MONTHS:
            fields.wrong(
                "demandratchetpercentage",
                "must have 12 numbers",
                f"{len(shares)}",
                "one for each month",
            )
        return Ratchet(shares=tuple(shares))
    share = _fraction(fields.number("lookbackpercent"))
    if share == 0.0:
        return None
    flags = fields.numbers("lookbackmonths")
    months = tuple(i + 1 for i, flag in enumerate(flags) if flag) or tuple(range(1, MONTHS + 1))
    back = int(fields.number("lookbackrange")) or MONTHS - 1
    return Ratchet(shares=(share,) * MONTHS, months=back, peak_months=months)


def _fraction(number: float) -> float:
    return number / 100.0 if number > 1.0 else number


def _export(fields: Fields) -> Export:
    """What feeding in earns. Sell rates differ by period and tier: their mean is not a rule."""
    rule = fields.text("dgrules")
    periods = fields.tiers("energyratestructure") or []
    if any(tier.sell for tier in periods):
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


def _unusable(where: str, rule: str, got: str, right: str = "a file of the API") -> InputError:
    return InputError.of(where, "file", rule, got, right)
