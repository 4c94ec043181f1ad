"""Which designs sell on which day: a taste that wanders through feature space, and short lives.

    score_k(t)  = theta_t . z_k          z: features of the designs of a product, scaled
    theta_t     = a walk that forgets (OU, half-life 7 weeks) + a turn with the season
    life_k(t)   = 27/4 a (1 - a)^2       a: share of the selling window that has passed
    pop_k(t)    ~ exp(score) x life      softmax over the styles of the product on sale

Until its sales are known a style is ordered by what buyers expect of it: the first orders are
forecast factor x as large. After that it is ordered by pop ^ winner power: winners are repeated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.design import Design
from factory_env.domain.market import Market
from factory_env.domain.product import Style
from factory_env.sim.kernel.streams import Streams
from factory_env.units import DAYS_PER_WEEK, MIN_PER_DAY

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
History = Sequence[tuple[float, Streams]]  # from which wall minute on whose luck it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Fashion:
    """Arrays (days, styles of a group): row d is working day ``first_day + d``."""

    first_day: int
    weights: Floats  # probability that an order is of each style
    mean_days: Floats  # (days,) planned line days of an order
    score: Floats
    is_new: Bools  # its sales are not known yet
    forecast: Floats  # (styles,)

    def row(self, day: float) -> int:
        """The row of a working day, the nearest if it lies outside."""
        return int(np.clip(np.floor(day) - self.first_day, 0, len(self.weights) - 1))


def fashion(
    styles: Sequence[Style],
    shares: Floats,
    mean_days: Floats,
    market: Market,
    span: tuple[float, float, float, float],
    history: History,
) -> Fashion | None:
    """The fashion of one group's styles; None unless every one of them was drawn.

    Parameters
    ----------
    shares, mean_days
        Share of the group's sewing minutes that its product has, and planned line days of an
        order, (styles,) each.
    span
        First and last working day, working days a week, weeks of a season.
    """
    drawn = [s.design for s in styles if s.design is not None]
    if not drawn or len(drawn) < len(styles):
        return None
    first, last, week_days, season_weeks = span
    days = np.arange(np.floor(first), np.ceil(last) + 1)
    products = np.array([s.product.name for s in styles])
    score = scores(scaled(drawn, products), market, days / week_days, season_weeks, history)
    launch = np.array([d.launch_day for d in drawn])
    window = np.array([d.window_days for d in drawn])
    age = (days[:, None] - launch) / window
    is_new = days[:, None] - launch < market.feedback_days
    power = np.where(is_new, 1.0, market.winner_power)
    wish = np.where(on_sale(age, products), np.exp(power * score) * life(age), 0.0)
    weights = np.zeros_like(wish)
    for product in dict.fromkeys(products.tolist()):
        own = products == product
        total = wish[:, own].sum(axis=1, keepdims=True)
        weights[:, own] = shares[own] * wish[:, own] / total / mean_days[own]
    weights /= weights.sum(axis=1, keepdims=True)
    return Fashion(
        first_day=int(days[0]),
        weights=weights,
        mean_days=weights @ mean_days,
        score=score,
        is_new=is_new,
        forecast=np.array([d.forecast_factor for d in drawn]),
    )


def scaled(designs: Sequence[Design], products: NDArray[np.str_]) -> Floats:
    """Features less their product's mean, with variance 1 in every direction, (styles, d)."""
    z = np.array([design.features for design in designs])
    for product in dict.fromkeys(products.tolist()):
        own = products == product
        z[own] -= z[own].mean(axis=0)
    spread = np.sqrt((z**2).mean(axis=0))
    return np.asarray(z / np.where(spread > 1e-9, spread, 1.0))


def scores(
    z: Floats, market: Market, weeks: Floats, season_weeks: float, history: History
) -> Floats:
    """theta . z on days that lie so many weeks into the run, shape (days, styles)."""
    d = z.shape[1]
    start = history[0][1].generator("market", "trend")
    trend, phase = start.standard_normal(d), start.uniform(0.0, 2.0 * np.pi)
    turn = np.sqrt(2.0) * np.sin(2.0 * np.pi * weeks / season_weeks + phase)
    steps = np.floor(weeks).astype(np.int64)
    walk = taste_walk(d, int(steps[0]), int(steps[-1]), market.taste_half_life_weeks, history)
    theta = market.taste_strength * walk[steps - steps[0]]
    theta = theta + market.trend_strength * turn[:, None] * trend
    return np.asarray(theta @ z.T / np.sqrt(d))


def taste_walk(d: int, first: int, last: int, half_life_weeks: float, history: History) -> Floats:
    """A stationary walk with variance 1 in ``d`` directions, one row a week from ``first`` on.

    Each week's step is drawn from the luck that holds when the week begins: a fork with fresh luck
    shares the taste of its past.
    """
    keep = 0.5 ** (1.0 / half_life_weeks)
    fresh = np.sqrt(1.0 - keep**2)
    rows = [history[0][1].generator("market", "taste").standard_normal(d)]
    for week in range(first + 1, last + 1):
        starts = week * DAYS_PER_WEEK * MIN_PER_DAY
        luck = [streams for since, streams in history if since <= starts][-1]
        step = luck.generator("market", "taste", week - first).standard_normal(d)
        rows.append(keep * rows[-1] + fresh * step)
    return np.array(rows)


def life(age: Floats) -> Floats:
    """Sales over a selling window: 0 at both ends, 1 at a third of it; never quite nothing."""
    a = np.clip(age, 0.0, 1.0)
    return np.asarray(np.maximum(6.75 * a * (1.0 - a) ** 2, 0.02))


def on_sale(age: Floats, products: NDArray[np.str_]) -> Bools:
    """Which styles are within their window; of a product that has none, the nearest to it."""
    found = (age >= 0.0) & (age < 1.0)
    away = np.maximum(-age, age - 1.0)
    for product in dict.fromkeys(products.tolist()):
        own = np.flatnonzero(products == product)
        empty = np.flatnonzero(~found[:, own].any(axis=1))
        found[empty, own[away[np.ix_(empty, own)].argmin(axis=1)]] = True
    return np.asarray(found)
