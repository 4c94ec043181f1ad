"""How often intervals hold the truth: studies of a few runs, drawn from a pool that is the truth.

A study draws its seeds from the pool with replacement. Its runs are therefore independent, and the
truth is the pool's own mean, exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.futures.statistics.differences import paired_difference
from experiments.futures.statistics.estimate import Estimate
from experiments.futures.statistics.replications import enough
from experiments.futures.statistics.shares import wilson
from experiments.futures.statistics.ship_dates import SHARES, ship_quantile
from experiments.validating.luck_pool import BASE, Floats, Pool

# dollars, shares, days, pieces: what an answer shows
FIGURES = (
    "total_cost_usd",
    "tardiness_cost_usd",
    "changeover_cost_usd",
    "holding_cost_usd",
    "on_time_share",
    "mean_tardiness_days",
    "throughput_days",
    "wip_pieces",
    "pieces_per_day",
    "line_efficiency",
)
COST = FIGURES[0]
MOST_RUNS = 200
Counts = NDArray[np.int64]
Share = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Shares of intervals that hold the truth, by what they are of."""

    differences: Share  # variant: figure
    on_time: Share  # variant: order
    ship_dates: Share  # variant: P50 ...
    stopped: Share  # variant: total cost, runs until a half-width is reached
    runs_to_stop: float  # on average


def average(shares: Share) -> float:
    """Mean share of intervals that hold the truth."""
    return float(np.mean([*shares.values()]))


def measure_coverage(pool: Pool, studies: int, runs: int) -> Coverage:
    """Repeat a study of so many pairs of runs."""
    seeds = next(iter(pool.ship_min.values())).shape[0]
    rng = np.random.default_rng(0)
    draws = rng.integers(0, seeds, (studies, runs))
    stopped, lengths = _stop(pool, studies, runs, rng)
    return Coverage(
        differences=_differences(pool, draws),
        on_time=_on_time(pool, draws),
        ship_dates=_ship_dates(pool, draws),
        stopped=stopped,
        runs_to_stop=lengths,
    )


def _share(truth: float, draws: Counts, estimate: Callable[[Counts], Estimate]) -> float:
    ends = (estimate(rows) for rows in draws)
    return float(np.mean([low <= truth <= high for _, low, high in ends]))


def _differences(pool: Pool, draws: Counts) -> dict[str, float]:
    held: dict[str, float] = {}
    for name in pool.variants:
        for figure in FIGURES:
            base, other = pool.figures[BASE][figure], pool.figures[name][figure]
            differences = pool.difference(name, figure)
            if np.ptp(differences) == 0.0:  # nothing to be unsure of
                continue

            def estimate(rows: Counts, base: Floats = base, other: Floats = other) -> Estimate:
                return paired_difference(base[rows], other[rows])

            held[f"{name}: {figure}"] = _share(float(differences.mean()), draws, estimate)
    return held


def _on_time(pool: Pool, draws: Counts) -> dict[str, float]:
    """Of orders that are neither on time in every run of the pool nor late in every one."""
    held: dict[str, float] = {}
    for name in (BASE, *pool.variants):
        for order, column in enumerate(pool.on_time(name).T):
            truth = float(column.mean())
            if not 0.0 < truth < 1.0:
                continue

            def estimate(rows: Counts, column: NDArray[np.bool_] = column) -> Estimate:
                return wilson(int(column[rows].sum()), rows.shape[0])

            held[f"{name}: {order}"] = _share(truth, draws, estimate)
    return held


def _ship_dates(pool: Pool, draws: Counts) -> dict[str, float]:
    held: dict[str, float] = {}
    for share in SHARES:
        shares = []
        for column in pool.ship_min[BASE].T:

            def estimate(rows: Counts, column: Floats = column, share: float = share) -> Estimate:
                return ship_quantile(column[rows], share)

            truth = ship_quantile(column, share).value
            shares.append(_share(truth, draws, estimate))
        held[f"P{100 * share:.0f}"] = float(np.mean(shares))
    return held


def _stop(
    pool: Pool, studies: int, runs: int, rng: np.random.Generator
) -> tuple[dict[str, float], float]:
    """Runs are added until half an interval is what 1.5 times ``runs`` give on average."""
    held: dict[str, float] = {}
    lengths: list[int] = []
    for name in pool.variants:
        differences = pool.difference(name, COST)
        width = 2.0 * float(differences.std()) / np.sqrt(1.5 * runs)
        truth, hits = float(differences.mean()), 0
        for _ in range(studies):
            drawn = differences[rng.integers(0, differences.shape[0], MOST_RUNS)]
            count = runs
            while count < (needed := min(MOST_RUNS, enough(drawn[:count], width))):
                count = needed
            _, low, high = paired_difference(np.zeros(count), drawn[:count])
            hits += low <= truth <= high
            lengths.append(count)
        held[f"{name}: {COST}"] = hits / studies
    return held, float(np.mean(lengths))
