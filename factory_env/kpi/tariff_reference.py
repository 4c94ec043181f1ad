"""The tariff engine against the worked values of the domain reference, sections 13 and 14.

Every figure comes out of `bill`. What the reference leaves unsaid is chosen here, and said:

- Peak doubled: the energy part of the bill, at a given share of the kWh in the peak band.
- Demand share: the bill of June 2026 for the load of section 20 (188 kW mean and 235 kW peak from
  8 to 17 h, 12 kW else); bd_*: six-day week, the contract on the 235 kW peak; us_demand: five-day
  week (with six days it is 0.52).
- Battery of 500 kWh, 250 kW, round trip 0.88: one cycle on up to 25 working days of each month
  delivers 440 kWh in the peak band. All three values come out (within 5 %) only if the lost 60 kWh
  of a cycle are not bought; `battery_with_losses` buys them: bd_industry then falls to 2,100, the
  others stay within their rounding. In us_demand 100 kW come off every maximum besides, and cycles
  pay in summer only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from factory_env.domain.series import SLOTS_PER_HOUR, Floats, slot_dates
from factory_env.domain.tariff import Tariff
from factory_env.kpi.bill import Bill, bill

YEAR: Final = ("2026-01-01", 365 * 96)
JUNE: Final = ("2026-06-01", 30 * 96)
MEAN_KW, PEAK_KW, NIGHT_KW, SHAVED_KW = 188.0, 235.0, 12.0, 100.0
DELIVERED_KWH: Final = 440.0  # 0.88 x 500
LOST_KWH: Final = 60.0
CYCLE_DAYS: Final = 25  # of each month: 300 a year
CHARGE_H: Final = (0, 6)
TARIFFS: Final = ("bd_industry", "bd_ehv", "cn_zhejiang", "us_demand")
SUMMER: Final = (6, 7, 8, 9)
ALL_YEAR: Final = tuple(range(1, 13))


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """A worked value and what the engine makes of it."""

    name: str
    expected: float
    spread: float  # rounding of the reference, or the width of its "about"
    got: float


def worked_values(tariffs: Mapping[str, Tariff]) -> tuple[Worked, ...]:
    """Every worked value; ``tariffs`` holds the presets of `TARIFFS` by name."""
    bd, ehv, cn, us = (tariffs[name] for name in TARIFFS)
    doubled = ((0.05, 0.066, 0.0005), (0.12, 0.15, 0.005), (0.20, 0.25, 0.005), (0.30, 0.36, 0.005))
    rows = [
        (f"peak doubled at {share:.0%}", value, spread, peak_doubled(bd, share))
        for share, value, spread in doubled
    ]
    rows += [  # "2-4 %" and "about 60 %": half a point and five points of rounding
        ("demand share bd_industry", 0.02, 0.005, demand_share(bd, 6)),
        ("demand share bd_ehv", 0.04, 0.005, demand_share(ehv, 6)),
        ("demand share us_demand", 0.60, 0.05, demand_share(us, 5)),
    ]
    rows += [  # "about": 5 %
        ("battery bd_industry", 3600.0, 180.0, battery_usd(bd, (17, 23))),
        ("battery cn_zhejiang", 17000.0, 850.0, battery_usd(cn, (17, 22))),
        ("battery us_demand", 24000.0, 1200.0, battery_usd(us, (16, 21), SUMMER) + shaved_usd(us)),
    ]
    return tuple(Worked(name=n, expected=e, spread=s, got=g) for n, e, s, g in rows)


def battery_with_losses(tariffs: Mapping[str, Tariff]) -> dict[str, float]:
    """Yearly value of the battery [USD] if what it loses has to be bought."""
    bd, _, cn, us = (tariffs[name] for name in TARIFFS)
    return {
        "bd_industry": battery_usd(bd, (17, 23), with_losses=True),
        "cn_zhejiang": battery_usd(cn, (17, 22), with_losses=True),
        "us_demand": battery_usd(us, (16, 21), SUMMER, with_losses=True) + shaved_usd(us),
    }


def peak_doubled(tariff: Tariff, peak_share: float, band: str = "peak") -> float:
    """Rise of the energy bill of a fixed load when the price of ``band`` doubles."""
    first_day, n = JUNE
    slots = tariff.slots(first_day, n)
    is_peak = slots.band == slots.band_names.index(band)
    load = np.where(is_peak, peak_share / is_peak.sum(), (1.0 - peak_share) / (~is_peak).sum())
    before = bill(slots, first_day, load)
    after = bill(tariff.with_band_factor(band, 2.0), first_day, load)
    return _energy_usd(after) / _energy_usd(before) - 1.0


def demand_share(tariff: Tariff, days_per_week: int) -> float:
    """Demand and contract charge as a share of the bill of June, load of section 20."""
    return bill(
        tariff.with_contract_kw(PEAK_KW), JUNE[0], factory_load(*JUNE, days_per_week)
    ).demand_share


def shaved_usd(tariff: Tariff) -> float:
    """Demand charge of a year that `SHAVED_KW` less at every maximum saves [USD]."""
    load = factory_load(*YEAR, 6)
    lower = np.minimum(load, (PEAK_KW - SHAVED_KW) / SLOTS_PER_HOUR)
    before, after = bill(tariff, YEAR[0], load), bill(tariff, YEAR[0], lower)
    return sum(before.demand_usd.values()) - sum(after.demand_usd.values())


def battery_usd(
    tariff: Tariff,
    peak_h: tuple[int, int],
    months: tuple[int, ...] = ALL_YEAR,
    *,
    with_losses: bool = False,
) -> float:
    """Energy cost of a year that the cycles save [USD], on a load they never exceed."""
    first_day, n = YEAR
    dates = slot_dates(first_day, n)
    day = np.arange(n) // 96
    works = (dates.weekday < 6) & np.isin(dates.calendar_month + 1, months)
    rank = np.zeros(n, dtype=np.int64)  # of the working day in its month, from 1
    for month in range(12):
        days = np.unique(day[works & (dates.month == month)])
        rank += np.searchsorted(days, day, side="right") * (dates.month == month)
    cycles = works & (rank <= CYCLE_DAYS)
    drawn = DELIVERED_KWH + (LOST_KWH if with_losses else 0.0)
    change = cycles * (
        _hours(dates.quarter, CHARGE_H) * drawn / (SLOTS_PER_HOUR * (CHARGE_H[1] - CHARGE_H[0]))
        - _hours(dates.quarter, peak_h) * DELIVERED_KWH / (SLOTS_PER_HOUR * (peak_h[1] - peak_h[0]))
    )
    load = np.full(n, DELIVERED_KWH)
    return _energy_usd(bill(tariff, first_day, load)) - _energy_usd(
        bill(tariff, first_day, load + change)
    )


def factory_load(first_day: str, n: int, days_per_week: int) -> Floats:
    """The load of section 20, kWh per slot: its peak in the first quarter of each shift hour."""
    dates = slot_dates(first_day, n)
    in_shift = (dates.weekday < days_per_week) & _hours(dates.quarter, (8, 17))
    rest_kw = (MEAN_KW * SLOTS_PER_HOUR - PEAK_KW) / (SLOTS_PER_HOUR - 1)
    shift_kw = np.where(dates.quarter % SLOTS_PER_HOUR == 0, PEAK_KW, rest_kw)
    return np.where(in_shift, shift_kw, NIGHT_KW) / SLOTS_PER_HOUR


def _hours(
    quarter: np.ndarray[tuple[int], np.dtype[np.int64]], span_h: tuple[int, int]
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return (quarter >= span_h[0] * SLOTS_PER_HOUR) & (quarter < span_h[1] * SLOTS_PER_HOUR)


def _energy_usd(whole: Bill) -> float:
    return sum(whole.energy_usd.values())
