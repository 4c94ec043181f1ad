"""Rate structures of a URDB tariff: the tiers of every period, and the steps they make."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Protocol

from factory_env.domain.tariff import MONTHS
from factory_env.domain.tariff_tiers import DemandStep, EnergyStep, TierUnit

NO_LIMIT: Final = 1e9  # a tier that ends there, kWh or kW, is the last: files write 1e38
MOST_TIERS: Final = 24
MOST_PERIODS: Final = 1000  # an hour of every month for weekdays and weekends makes 576
UNITS: Final[Mapping[str, TierUnit]] = {
    "": "kWh",
    "kwh": "kWh",
    "kwh daily": "kWh daily",
    "kwh/kw": "kWh/kW",
    "kwh/kw daily": "kWh/kW daily",
}


class Asked(Protocol):
    """Numbers of a file, and what is wrong with it."""

    def wrong(self, name: str, rule: str, got: str, right: str) -> None: ...

    def leave_out(self, what: str) -> None: ...

    def as_number(self, name: str, value: object) -> float: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """A rate up to a threshold of the month."""

    price: float  # rate and adjustment
    sell: float
    unit: str
    most: float  # kWh, kW, ... up to which it holds; infinite = the last


def read_tiers(fields: Asked, name: str, structure: object) -> list[list[Tier]] | None:
    """The tiers of every period; None if there are none."""
    if not structure:
        return None
    if not isinstance(structure, list):
        _not_structure(fields, name, structure)
        return None
    if len(structure) > MOST_PERIODS:
        fields.wrong(
            name, f"must have at most {MOST_PERIODS} periods", f"{len(structure)}", "fewer"
        )
        return None
    return [_period(fields, f"{name}[{i}]", tiers) for i, tiers in enumerate(structure)]


def _period(fields: Asked, name: str, tiers: object) -> list[Tier]:
    good = isinstance(tiers, list) and tiers and all(isinstance(t, Mapping) for t in tiers)
    if not good or not isinstance(tiers, list):
        _not_structure(fields, name, tiers)
        return [Tier(price=0.0, sell=0.0, unit="", most=math.inf)]
    if len(tiers) > MOST_TIERS:
        fields.wrong(name, f"must have at most {MOST_TIERS} tiers", f"{len(tiers)}", "fewer")
    read = [_tier(fields, f"{name}[{j}]", tier) for j, tier in enumerate(tiers[:MOST_TIERS])]
    for j in range(len(read) - 1):
        below = read[j - 1].most if j else 0.0
        if not below < read[j].most < math.inf:
            got = "nothing" if tiers[j].get("max") in (None, "") else f"{read[j].most:g}"
            rule = f"must end above {below:g}, where the one before does, and before the next"
            fields.wrong(f"{name}[{j}].max", rule, got, "thresholds that rise from tier to tier")
    if math.isfinite(read[-1].most):
        fields.leave_out(f"{name}: the rate of the last tier also holds above {read[-1].most:g}")
    return read


def _tier(fields: Asked, name: str, tier: Mapping[str, object]) -> Tier:
    most = fields.as_number(f"{name}.max", tier.get("max")) if tier.get("max") else math.inf
    return Tier(
        price=fields.as_number(f"{name}.rate", tier.get("rate"))
        + fields.as_number(f"{name}.adj", tier.get("adj")),
        sell=fields.as_number(f"{name}.sell", tier.get("sell")),
        unit=" ".join(str(tier.get("unit") or "").split()),
        most=most if most < NO_LIMIT else math.inf,
    )


def energy_steps(fields: Asked, name: str, periods: Sequence[Sequence[Tier]]) -> list[EnergyStep]:
    """The steps of energy: one for every threshold, with what it adds in each period."""
    extra: dict[tuple[float, TierUnit], list[float]] = {}
    for i, tiers in enumerate(periods):
        _judge_units(fields, f"{name}[{i}]", tiers)
        for below, above in pairwise(tiers):
            unit = UNITS.get(below.unit.lower())
            if unit is not None and math.isfinite(below.most):
                row = extra.setdefault((below.most, unit), [0.0] * len(periods))
                row[i] += above.price - below.price
    return [
        EnergyStep(above=above, unit=unit, extra=tuple(row))
        for (above, unit), row in sorted(extra.items())
    ]


def _judge_units(fields: Asked, name: str, tiers: Sequence[Tier]) -> None:
    """Rates are per kWh, thresholds in one known unit: any other would be charged as kWh."""
    for j, tier in enumerate(tiers):
        if tier.unit.lower() not in UNITS:
            rule = "must be kWh, or a unit that thresholds of energy have"
            right = "kWh, kWh daily, kWh/kW or kWh/kW daily, and the rate in USD per kWh"
            fields.wrong(f"{name}[{j}].unit", rule, repr(tier.unit[:40]), right)
    known = [tier.unit for tier in tiers if tier.unit.lower() in UNITS and tier.unit]
    if len({unit.lower() for unit in known}) > 1:
        rule = "must have one unit in all its tiers"
        fields.wrong(name, rule, " and ".join(dict.fromkeys(known)), "e.g. kWh in every tier")


def demand_steps(
    by_month: Sequence[Sequence[Tier]], rule: int, per_kw: float, kw_per_unit: float
) -> list[DemandStep]:
    """The steps of a demand rule whose tiers are given for each month.

    Parameters
    ----------
    per_kw
        Factor from the rate's unit to one per kW.
    kw_per_unit
        kW in the unit of the thresholds.
    """
    extra: dict[float, list[float]] = {}
    for month, tiers in enumerate(by_month):
        for below, above in pairwise(tiers):
            row = extra.setdefault(below.most * kw_per_unit, [0.0] * MONTHS)
            row[month] += (above.price - below.price) * per_kw
    return [
        DemandStep(rule=rule, above_kw=kw, extra=tuple(row)) for kw, row in sorted(extra.items())
    ]


def _not_structure(fields: Asked, name: str, got: object) -> None:
    rule = "must be a list of periods, each a list of tiers"
    fields.wrong(name, rule, repr(got)[:60], '[[{"rate": 0.12}], ...]')
