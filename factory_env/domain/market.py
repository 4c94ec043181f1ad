"""How designs become demand: taste, life cycles, forecasts. One file of conf/demand per market."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from annotated_types import Interval

from factory_env.domain.limits import Days, Positive, Ratio, Share, Spread, Times

SomeWeeks = Annotated[float, Interval(gt=0, le=520)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """A market for drawn designs (domain reference, section 17).

    ``designs`` None = the scenario's own source. Styles without a picture know neither taste nor
    life cycle: for them nothing of this has an effect.
    """

    name: str = "default"
    designs: str | None = None  # design source: gan, drawn, ...; None = as the scenario says
    styles_per_product: Times = 6  # in a season's collection
    taste_strength: Spread = 1.0  # sd of theta . z over the styles of a product [assumed]
    taste_half_life_weeks: Positive = 7.0  # of the taste's walk [assumed]
    trend_strength: Spread = 0.5  # the same for the part that turns with the season [assumed]
    window_weeks: tuple[SomeWeeks, SomeWeeks] = (8.0, 12.0)  # selling window [source: FBUY]
    forecast_sigma: Spread = 0.7  # lognormal error on new styles [assumed]
    feedback_days: Days = 14.0  # working days until a style's sales are known [assumed]
    winner_power: Annotated[float, Interval(gt=0, le=10)] = (
        1.5  # repeat orders go by popularity to this power [assumed]
    )
    repeat_window_factor: Ratio = 0.8  # repeat orders are due sooner: this x the window [assumed]
    price_premium: Share = 0.1  # an order in fashion fetches up to so much more [assumed]
    distance_effect: Share = 0.6  # of the distance of two designs on setup and learning [assumed]
