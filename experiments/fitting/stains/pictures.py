"""The page of the stain branch: ROC with interval, scores by class, hits and misses with maps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from experiments.report.palette import save
from factory_env.learned.scores import roc_curve
from factory_env.learned.stain.eye import StainEye
from factory_env.learned.stain.photos import FabricPhotos
from factory_env.learned.stain.quality import StainQuality

# Okabe and Ito's palette; classes differ by hatching as well
STAINED, CLEAN, EVEN = "#0072B2", "#E69F00", "#999999"
RIGHT, WRONG = "#009E73", "#D55E00"
COLUMNS = 8
ALARMS = np.linspace(0, 1, 101)
RESAMPLES = 500


def draw_stains(quality: StainQuality, photos: FabricPhotos, eye: StainEye, path: Path) -> Path:
    """Two charts above, four rows of photographs below, as PNG."""
    figure = Figure(figsize=(15, 12.5), layout="constrained")
    charts, sheet = figure.subfigures(2, 1, height_ratios=(1, 2.1))
    left, right = charts.subplots(1, 2)
    _roc(left, quality)
    _histogram(right, quality)
    sheet.suptitle(
        "Above each photograph its score. Lines: where the network sees a stain "
        "(yellow from 30 %, pink from 60 %)",
        fontsize=11,
    )
    _sheet(sheet.subplots(4, COLUMNS), quality, photos, eye)
    return save(figure, path)


def _title(axes: Axes, text: str) -> None:
    axes.set_title(text, loc="left", fontweight="bold", fontsize=11)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _roc(axes: Axes, quality: StainQuality) -> None:
    """Mean over the splits; band: the middle 95 % of resampled pictures."""
    rng = np.random.default_rng(0)
    stained, clean = quality.score[:, quality.is_stained], quality.score[:, ~quality.is_stained]
    bands = []
    for _ in range(RESAMPLES):
        hit = stained[:, rng.integers(stained.shape[1], size=stained.shape[1])]
        calm = clean[:, rng.integers(clean.shape[1], size=clean.shape[1])]
        bands.append(_mean_roc(hit, calm))
    low, high = np.quantile(bands, [0.025, 0.975], axis=0)
    axes.fill_between(ALARMS, low, high, color=STAINED, alpha=0.2, linewidth=0, label="95 %")
    axes.plot(ALARMS, _mean_roc(stained, clean), color=STAINED, label="mean of the splits")
    axes.plot([0, 1], [0, 1], ":", color=EVEN, label="guessing")
    axes.plot(
        1 - quality.passed_share,
        quality.found_share,
        "o",
        color=WRONG,
        markersize=8,
        label="threshold from the training parts",
    )
    axes.set_xlabel("clean photographs flagged (share)")
    axes.set_ylabel("stained photographs found (share)")
    axes.legend(loc="lower right")
    _title(
        axes,
        f"AUC {quality.stain_auc:.3f} ({quality.stain_auc_low:.3f} to "
        f"{quality.stain_auc_high:.3f})",
    )


def _mean_roc(stained: np.ndarray, clean: np.ndarray) -> np.ndarray:
    curves = (roc_curve(h, m) for h, m in zip(stained, clean, strict=True))
    return np.mean([np.interp(ALARMS, alarms, hits) for alarms, hits in curves], axis=0)


def _histogram(axes: Axes, quality: StainQuality) -> None:
    score = quality.score.mean(0)
    bins = np.linspace(*np.quantile(score, [0.0, 0.99]), 31)
    shown = np.clip(score, bins[0], bins[-1])
    for name, is_it, colour, hatch in (
        ("stained", quality.is_stained, STAINED, ""),
        ("clean", ~quality.is_stained, CLEAN, "//"),
    ):
        weight = np.full(int(is_it.sum()), 1 / is_it.sum())
        axes.hist(
            shown[is_it],
            bins,
            weights=weight,
            color=colour,
            alpha=0.6,
            hatch=hatch,
            edgecolor="white",
            label=f"{name} ({int(is_it.sum())})",
        )
    axes.axvline(0, color="black", linestyle="--", linewidth=1)
    axes.set_xlabel("score, photograph unseen by its heads; flagged above 0")
    axes.set_ylabel("share of the class")
    axes.legend()
    _title(
        axes,
        f"Balanced accuracy {quality.stain_balanced_accuracy:.3f} "
        f"({quality.stain_balanced_accuracy_low:.3f} to "
        f"{quality.stain_balanced_accuracy_high:.3f}): finds "
        f"{quality.found_share:.0%}, passes {quality.passed_share:.0%}",
    )


def _sheet(axes: np.ndarray, quality: StainQuality, photos: FabricPhotos, eye: StainEye) -> None:
    score, stained = quality.score.mean(0), quality.is_stained
    rows = (
        ("stained, found", stained & (score > 0), RIGHT),
        ("stained, MISSED", stained & (score <= 0), WRONG),
        ("clean, passed", ~stained & (score <= 0), RIGHT),
        ("clean, FLAGGED", ~stained & (score > 0), WRONG),
    )
    for line, (name, is_in, colour) in zip(axes, rows, strict=True):
        chosen = _spread(np.flatnonzero(is_in), score)
        maps = eye.places(photos.pictures[chosen]) if len(chosen) else []
        for one in line:
            one.set_axis_off()
        for one, number, found in zip(line, chosen, maps, strict=False):
            _photo(one, photos.pictures[number], found, colour)
            one.set_title(f"{score[number]:+.2f}", fontsize=9)
        line[0].text(
            -0.06,
            0.5,
            f"{name}\n{int(is_in.sum())}",
            transform=line[0].transAxes,
            rotation=90,
            ha="right",
            va="center",
            fontweight="bold",
            color=colour,
        )


def _spread(rows: np.ndarray, score: np.ndarray) -> np.ndarray:
    """Up to eight of the rows, from the lowest to the highest score at equal steps."""
    rows = rows[np.argsort(score[rows])]
    steps = np.unique(np.linspace(0, len(rows) - 1, min(COLUMNS, len(rows))).round().astype(int))
    return rows[steps] if len(rows) else rows


def _photo(axes: Axes, picture: np.ndarray, found: np.ndarray, colour: str) -> None:
    """The photograph with its contrast stretched, and the lines where the map says stain."""
    low, high = np.quantile(picture, [0.01, 0.99])
    axes.imshow(picture, cmap="gray", vmin=low - 1, vmax=high + 1)
    side = picture.shape[0]
    place = (np.arange(found.shape[0]) + 0.5) * side / found.shape[0]
    if found.max() > 0.3:
        axes.contour(
            place, place, found, levels=[0.3, 0.6], colors=["#F0E442", "#CC79A7"], linewidths=1.3
        )
    axes.add_patch(Rectangle((0, 0), side - 1, side - 1, fill=False, edgecolor=colour, linewidth=4))
