"""Many runs of many agents in one figure: IQM, probability of improvement, performance profile.

After Agarwal et al., Deep Reinforcement Learning at the Edge of the Statistical Precipice (2021),
with two differences: costs are paired evaluation seed by evaluation seed, because every policy met
the same luck there, and both kinds of seeds are resampled.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from experiments.comparing.statistics.intervals import Interval, span_middle
from experiments.studying.statistics.resampling import (
    Floats,
    Resampler,
    Runs,
    check_scenes,
    count_rows,
    resample_means,
)

CUT: Final = 0.25  # share at either end that the mean of the middle leaves out
SMALLEST_USD: Final = 1e-9  # of a cost in a ratio: nothing against nothing is 1


def take_iqm(values: Floats) -> Floats:
    """Interquartile mean along the last axis: of the middle half."""
    from scipy import stats

    return np.asarray(stats.trim_mean(values, CUT, axis=-1))


def estimate_ratio(runs: Runs, base: Runs, resampler: Resampler) -> Interval:
    """IQM, over training seeds and scenes, of a policy's mean cost over that of another.

    Intervals resample both policies' training seeds, and evaluation seeds in pairs.
    """
    check_scenes((runs, base))
    plain, resampled = [], []
    for scene, costs in enumerate(runs.scenes):
        plain.append(costs.mean(axis=1) / base.scenes[scene].mean())
        below = resample_means(base, scene, resampler).mean(axis=1, keepdims=True)
        resampled.append(resample_means(runs, scene, resampler) / below)
    value = float(take_iqm(np.concatenate(plain)))
    return span_middle(value, take_iqm(np.concatenate(resampled, axis=1)))


def estimate_improvement(runs: Runs, base: Runs, resampler: Resampler) -> Interval:
    """Probability that an agent of one policy is cheaper than one of another on the same luck.

    Mean over scenes, pairs of training seeds and evaluation seeds; equal costs are half a win. Of
    one evaluation seed it is the statistic of Mann and Whitney.
    """
    check_scenes((runs, base))
    mine = count_rows(
        resampler.training_rows(runs.policy, runs.training_seeds), runs.training_seeds
    )
    theirs = count_rows(
        resampler.training_rows(base.policy, base.training_seeds), base.training_seeds
    )
    plain, resampled = [], []
    for scene, (left, right) in enumerate(zip(runs.scenes, base.scenes, strict=True)):
        wins = (left[:, None] < right[None]) + 0.5 * (left[:, None] == right[None])  # (t, u, e)
        plain.append(wins.mean())
        weights = resampler.evaluation_weights(scene)
        resampled.append(np.einsum("rt,ru,re,tue->r", mine, theirs, weights, wins, optimize=True))
    return span_middle(float(np.mean(plain)), np.mean(resampled, axis=0))


def find_cheapest(everybody: Sequence[Runs]) -> tuple[Floats, ...]:
    """Lowest cost of any run on each evaluation seed, scene by scene, (e,)."""
    check_scenes(everybody)
    count = len(everybody[0].scenes)
    return tuple(
        np.concatenate([runs.scenes[scene] for runs in everybody]).min(axis=0)
        for scene in range(count)
    )


def profile_performance(
    runs: Runs, cheapest: Sequence[Floats], limits: Floats, resampler: Resampler
) -> tuple[Floats, Floats, Floats]:
    """Share of runs that cost at most so many times the cheapest run on the same luck.

    Parameters
    ----------
    cheapest
        As of `find_cheapest`.
    limits
        The multiples, (k,).

    Returns
    -------
    Shares, and the lower and upper ends of their intervals point by point, (k,) each. Dolan and
    More, Benchmarking optimization software with performance profiles (2002).
    """
    rows = count_rows(
        resampler.training_rows(runs.policy, runs.training_seeds), runs.training_seeds
    )
    plain, resampled = [], []
    for scene, (costs, least) in enumerate(zip(runs.scenes, cheapest, strict=True)):
        ratios = np.maximum(costs, SMALLEST_USD) / np.maximum(least, SMALLEST_USD)
        is_within = (ratios[..., None] <= limits * (1 + 1e-12)).astype(float)  # (t, e, k)
        plain.append(is_within.mean(axis=(0, 1)))
        weights = resampler.evaluation_weights(scene)
        resampled.append(np.einsum("rt,re,tek->rk", rows, weights, is_within, optimize=True))
    low, high = np.quantile(np.mean(resampled, axis=0), (0.025, 0.975), axis=0)
    return np.mean(plain, axis=0), low, high
