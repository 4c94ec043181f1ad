"""Which training seeds and which evaluation seeds a resample takes: both are luck.

Evaluation seeds are drawn alike for all policies, because all met the same luck on them; training
seeds are each policy's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
RESAMPLES: Final = 5_000


@dataclass(frozen=True, slots=True)
class Resampler:
    """Resamples of a study, the same whenever they are asked for.

    Parameters
    ----------
    evaluation_seeds
        How many, scene by scene.
    """

    evaluation_seeds: tuple[int, ...]
    resamples: int = RESAMPLES

    def evaluation_weights(self, scene: int) -> Floats:
        """Weight of every evaluation seed of a scene in each resample, (r, e); a row sums to 1."""
        size = self.evaluation_seeds[scene]
        rng = np.random.default_rng((0, scene))
        return rng.multinomial(size, np.full(size, 1 / size), size=self.resamples) / size

    def training_rows(self, policy: int, size: int) -> NDArray[np.int64]:
        """Which of its training seeds stand for a policy in each resample, (r, t)."""
        rng = np.random.default_rng((1, policy))
        return rng.integers(0, size, size=(self.resamples, size))


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """One figure of a policy in every run."""

    policy: int  # its number in the study
    scenes: tuple[Floats, ...]  # (training seeds, evaluation seeds) each

    @property
    def training_seeds(self) -> int:
        """How many agents were trained; 1 of a policy that does not learn."""
        return int(self.scenes[0].shape[0])


def resample_means(runs: Runs, scene: int, resampler: Resampler) -> Floats:
    """Means over resampled evaluation seeds for the training seeds drawn, (r, t)."""
    means = resampler.evaluation_weights(scene) @ runs.scenes[scene].T
    rows = resampler.training_rows(runs.policy, runs.training_seeds)
    return np.take_along_axis(means, rows, axis=1)


def count_rows(rows: NDArray[np.int64], size: int) -> Floats:
    """Shares of each row number in resamples: (r, t) numbers below ``size`` -> (r, size)."""
    return np.stack([(rows == i).mean(axis=1) for i in range(size)], axis=1)


def check_scenes(runs: Sequence[Runs]) -> None:
    """Raise `ValueError` unless all have the same scenes with the same evaluation seeds."""
    shapes = {tuple(scene.shape[1] for scene in r.scenes) for r in runs}
    if len(shapes) > 1:
        raise ValueError(f"runs of different scenes: {sorted(shapes)}")
