"""Measures the stain branch on real photographs: five parts, split by picture, no leakage.

Two views of a picture, each a row of numbers: fixed filters, and the map of a network that has seen
drawn stains only. Of every split, a head for each view learns from four parts and judges the fifth;
the score is the mean of both, its threshold comes from the four. The splits are not the one on
which views and recipe were chosen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factory_env.learned.scores import roc_auc
from factory_env.learned.stain.eye import StainEye
from factory_env.learned.stain.filters import filter_numbers
from factory_env.learned.stain.head import HeadRecipe, fit_head
from factory_env.learned.stain.photos import FabricPhotos
from factory_env.learned.stain.split import balanced_accuracy, split_by_picture

Floats = NDArray[np.floating[Any]]
Bools = NDArray[np.bool_]
Codes = NDArray[np.int64]
Views = tuple[Floats, ...]  # each (n, numbers of that view)


@dataclass(frozen=True, slots=True, kw_only=True)
class StainSettings:
    """How the stain branch is measured."""

    parts: int = 5
    seeds: tuple[int, ...] = (11, 12, 13, 14, 15)  # of the splits; recipes were chosen on seed 0
    head: HeadRecipe = field(default_factory=HeadRecipe)
    resamples: int = 2000  # of the bootstrap
    bootstrap_seed: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class StainQuality:
    """Figures on photographs, each the mean over the splits.

    Intervals: 2.5 % and 97.5 % of a bootstrap that draws stained and clean pictures anew, with
    the verdicts that they got; what another draw of pictures does to the training is not in it.
    """

    stain_balanced_accuracy: float
    stain_balanced_accuracy_low: float
    stain_balanced_accuracy_high: float
    stain_auc: float
    stain_auc_low: float
    stain_auc_high: float
    found_share: float  # of the stained pictures, flagged
    passed_share: float  # of the clean pictures, not flagged
    balanced_accuracy_by_split: tuple[float, ...]
    auc_by_split: tuple[float, ...]
    score: Floats  # (splits, n), above 0: stained; from heads that never saw the picture
    is_stained: Bools  # (n,)
    names: tuple[str, ...]

    @property
    def figures(self) -> dict[str, float]:
        """The six keys of the summary."""
        return {name: float(getattr(self, name)) for name in KEYS}


KEYS = (
    "stain_balanced_accuracy",
    "stain_balanced_accuracy_low",
    "stain_balanced_accuracy_high",
    "stain_auc",
    "stain_auc_low",
    "stain_auc_high",
)


def views_of(pictures: NDArray[np.uint8], eye: StainEye) -> Views:
    """The two rows of numbers of each picture, (n, 172) and (n, 24)."""
    return filter_numbers(pictures), eye.numbers(pictures)


def judged(
    views: Views, photos: FabricPhotos, settings: StainSettings, group: Codes | None = None
) -> StainQuality:
    """Figures from the views of each picture; pictures of a group stay together."""
    is_stained = photos.is_stained
    splits = [split_by_picture(is_stained, settings.parts, s, group) for s in settings.seeds]
    score = np.stack([unseen_scores(views, is_stained, part, settings) for part in splits])
    accuracy = tuple(balanced_accuracy(one > 0, is_stained) for one in score)
    auc = tuple(roc_auc(one[is_stained], one[~is_stained]) for one in score)
    low, high = _intervals(score, is_stained, settings)
    return StainQuality(
        stain_balanced_accuracy=float(np.mean(accuracy)),
        stain_balanced_accuracy_low=low[0],
        stain_balanced_accuracy_high=high[0],
        stain_auc=float(np.mean(auc)),
        stain_auc_low=low[1],
        stain_auc_high=high[1],
        found_share=float((score[:, is_stained] > 0).mean()),
        passed_share=float((score[:, ~is_stained] <= 0).mean()),
        balanced_accuracy_by_split=accuracy,
        auc_by_split=auc,
        score=score,
        is_stained=is_stained,
        names=photos.names,
    )


def unseen_scores(views: Views, is_stained: Bools, part: Codes, settings: StainSettings) -> Floats:
    """Score (n,) of every picture from the heads that learned from the other parts."""
    score = np.zeros(len(is_stained))
    for number in range(settings.parts):
        tested = part == number
        for rows in views:
            head = fit_head(rows[~tested], is_stained[~tested], settings.head)
            score[tested] += head.score(rows[tested]) / len(views)
    return score


def _intervals(
    score: Floats, is_stained: Bools, settings: StainSettings
) -> tuple[list[float], list[float]]:
    """Low and high ends for balanced accuracy and AUC, mean over the splits in every resample."""
    rng = np.random.default_rng(settings.bootstrap_seed)
    stained, clean = score[:, is_stained], score[:, ~is_stained]
    found = np.empty((settings.resamples, 2))
    for row in range(settings.resamples):
        hit = stained[:, rng.integers(stained.shape[1], size=stained.shape[1])]
        miss = clean[:, rng.integers(clean.shape[1], size=clean.shape[1])]
        aucs = [roc_auc(h, m) for h, m in zip(hit, miss, strict=True)]
        found[row] = ((hit > 0).mean() + (miss <= 0).mean()) / 2, np.mean(aucs)
    low, high = np.quantile(found, [0.025, 0.975], axis=0)
    return low.tolist(), high.tolist()
