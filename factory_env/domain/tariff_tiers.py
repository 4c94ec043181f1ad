"""Tiers of a tariff: what a kWh or kW costs more, or less, above a threshold of its month.

A step changes the rate from its threshold on; tiers are the first rate and the steps above it.
Energy counts by the month's total, each band at its share of it, as the System Advisor Model does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from factory_env.domain.series import Floats, Ints

TierUnit = Literal["kWh", "kWh daily", "kWh/kW", "kWh/kW daily"]
DAILY: Final = ("kWh daily", "kWh/kW daily")  # thresholds times the days of the month
BY_DEMAND: Final = ("kWh/kW", "kWh/kW daily")  # times the month's highest demand


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyStep:
    """Above a threshold of the month's energy, each band's kWh costs so much more."""

    above: float
    unit: TierUnit = "kWh"
    extra: tuple[float, ...]  # (bands,) currency per kWh, on top of the rate below


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandStep:
    """Above so many kW of a demand rule's month, a kW costs so much more."""

    rule: int  # 0 = any time, k = the k-th demand band
    above_kw: float
    extra: tuple[float, ...]  # (12,) currency per kW and month, January first


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class TierSlots:
    """The steps of a tariff over the m months of a run; k of energy, d of demand; in USD."""

    energy_usd: Floats  # (k, bands) per kWh above the threshold
    energy_kwh: Floats  # (k, m) threshold, or
    energy_h: Floats  # (k, m) threshold per kW of the month's highest demand
    demand_usd: Floats  # (d, m) per kW above the threshold, the month's share in it
    demand_kw: Floats  # (d,) threshold
    demand_rule: Ints  # (d,)
    is_below: Ints  # (d,) 1 = the rates of `TariffSlots` hold the step already


def compile_tiers(
    energy: Sequence[EnergyStep],
    demand: Sequence[DemandStep],
    *,
    bands: int,
    days: Floats,
    share: Floats,
    calendar: Ints,
    usd_per_unit: float,
    usual_kw: float,
) -> TierSlots:
    """The steps for a run.

    Parameters
    ----------
    days, share, calendar
        Days charged, share of the month charged and calendar month of every month, (m,).
    usual_kw
        Demand of the site: steps below it are part of the rates that a decision sees.
    """
    months = len(share)
    threshold = np.array([step.above for step in energy]).reshape(-1, 1)
    by_day = np.array([step.unit in DAILY for step in energy]).reshape(-1, 1)
    by_kw = np.array([step.unit in BY_DEMAND for step in energy]).reshape(-1, 1)
    scaled = threshold * np.where(by_day, days, share)
    rates = np.array([step.extra for step in demand]).reshape(-1, 12)
    return TierSlots(
        energy_usd=np.array([s.extra for s in energy]).reshape(-1, bands) * usd_per_unit,
        energy_kwh=np.where(by_kw, 0.0, scaled).reshape(-1, months),
        energy_h=np.where(by_kw, scaled, 0.0).reshape(-1, months),
        demand_usd=rates[:, calendar] * share * usd_per_unit,
        demand_kw=np.array([step.above_kw for step in demand]),
        demand_rule=np.array([step.rule for step in demand], dtype=np.int64),
        is_below=np.array([step.above_kw < usual_kw for step in demand], dtype=np.int64),
    )


def usual_rates(first: Floats, tiers: TierSlots) -> Floats:
    """The rates at the site's usual demand, from those of the first kW; (m, r)."""
    rates = first.copy()
    below = tiers.is_below == 1
    for usd, rule in zip(tiers.demand_usd[below], tiers.demand_rule[below], strict=True):
        rates[:, rule] += usd
    return rates
