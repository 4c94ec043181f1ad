"""What customers want: the parameters of the order stream."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from factory_env.domain.limits import (
    Days,
    NonNegative,
    Pieces,
    Positive,
    Ratio,
    Share,
    SomeDays,
    Spread,
    Times,
    WorkingDays,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Parameters of the order stream (domain reference, section 10)."""

    load: Ratio = 0.95  # planned minutes ordered / planned minutes the lines have
    mix: Mapping[str, NonNegative]  # product -> share of its fabric group's sewing minutes
    size_median: Positive = 3000.0
    size_sigma: Spread = 0.9
    size_min: Pieces = 600
    max_line_days: SomeDays = 3.0  # larger orders are booked in deliveries of this size
    rush_share: Share = 0.10
    rush_lead_factor: Ratio = 0.4
    rush_price_factor: Positive = 1.08
    rush_priority: Positive = 2.0
    window_factor: tuple[Days, Days] = (1.5, 3.0)  # x ideal sewing time
    window_days: Days = 6.0  # + this many days
    season_amplitude: Share = 0.25
    season_weeks: Positive = 26.0
    booking_lead_days: tuple[Days, Days] = (
        7.0,
        15.0,
    )  # order known before its fabric comes
    backlog_days: Days = 3.0  # work already released when the run starts
    days: WorkingDays = 45  # working days over which fabric arrives
    colours: tuple[Times, Times] = (1, 1)  # colour lots of an order
    colour_min: Pieces = 300  # pieces of a colour lot at least


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeNoise:
    """Lognormal noise on every bundle's operation time, mean 1."""

    enabled: bool = True
    cv: Spread = 0.20
