"""The page of an inspection network: confusion, ROC, precision, calibration, recall, cost."""

from __future__ import annotations

from itertools import cycle
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.fitting.camera.table import CLASSES, confusion
from experiments.report.palette import save
from factory_env.learned.inspection.quality import (
    LEVELS,
    InspectionQuality,
    InspectionSettings,
    cost_curve,
)
from factory_env.learned.scores import reliability, roc_curve

# Okabe and Ito's palette; lines differ by dashes or marks as well
REAL, DRAWN, EVEN = "#0072B2", "#CC79A7", "#999999"
KIND_LINES = (
    ("#000000", "o"),
    ("#E69F00", "s"),
    ("#56B4E9", "D"),
    ("#009E73", "^"),
    ("#0072B2", "v"),
    ("#D55E00", "<"),
    ("#CC79A7", ">"),
)


def draw_inspection(quality: InspectionQuality, settings: InspectionSettings, path: Path) -> Path:
    """Six charts on one page, as PNG."""
    figure = Figure(figsize=(15, 9), layout="constrained")
    axes = figure.subplots(2, 3).ravel()
    _confusion(axes[0], quality)
    _roc(axes[1], quality)
    _precision(axes[2], quality)
    _calibration(axes[3], quality)
    _recall(axes[4], quality)
    _cost(axes[5], quality, settings)
    for one in axes[1:]:
        for side in ("top", "right"):
            one.spines[side].set_visible(False)
    return save(figure, path)


def _title(axes: Axes, text: str) -> None:
    axes.set_title(text, loc="left", fontweight="bold", fontsize=10)


def _confusion(axes: Axes, quality: InspectionQuality) -> None:
    counts = confusion(quality)
    axes.imshow(np.sqrt(counts), cmap="Blues")
    for row, column in zip(*np.nonzero(counts), strict=True):
        dark = counts[row, column] > counts.max() / 3
        axes.text(
            column,
            row,
            str(counts[row, column]),
            ha="center",
            va="center",
            fontsize=7,
            color="white" if dark else "black",
        )
    axes.set_xticks(range(len(CLASSES)), CLASSES, rotation=60, fontsize=8)
    axes.set_yticks(range(len(CLASSES)), CLASSES, fontsize=8)
    axes.set_xlabel("what the network says")
    axes.set_ylabel("what it is")
    _title(axes, f"Which garment is it? {quality.figures['accuracy_10']:.1%} named rightly")


def _roc(axes: Axes, quality: InspectionQuality) -> None:
    for name, judged, colour, dash in (
        ("real pictures", quality.real, REAL, "-"),
        ("designs", quality.drawn, DRAWN, "--"),
    ):
        alarms, hits = roc_curve(judged.score[judged.kind > 0], judged.score[judged.kind == 0])
        axes.plot(alarms, hits, dash, color=colour, label=f"{name}: area (AUC) {judged.auc:.3f}")
    axes.plot([0, 1], [0, 1], ":", color=EVEN, label="guessing: 0.5")
    axes.set_xlabel("share of the sound pieces flagged: false alarms")
    axes.set_ylabel("share of the defective pieces found")
    axes.legend(loc="lower right")
    _title(axes, "Defects found against false alarms (visible defects)")


def _precision(axes: Axes, quality: InspectionQuality) -> None:
    judged = quality.real
    order = np.argsort(-judged.score, kind="stable")
    hits = np.cumsum(judged.kind[order] > 0)
    axes.plot(hits / hits[-1], hits / np.arange(1, len(order) + 1), color=REAL)
    axes.set_ylim(0.4, 1.01)
    axes.set_xlabel("share of the defective pieces found (recall)")
    axes.set_ylabel(
        "share of the flagged that is defective\n(precision; half of the pieces are defective)"
    )
    _title(axes, "Is a flagged piece really defective? Real pictures")


def _calibration(axes: Axes, quality: InspectionQuality) -> None:
    shown = (
        ("real pictures", quality.gate, REAL, "o-"),
        ("designs, visible only", quality.drawn, DRAWN, "s--"),
    )
    for name, judged, colour, mark in shown:
        said, true, _ = reliability(judged.score, judged.kind > 0)
        axes.plot(said, true, mark, color=colour, label=name)
    axes.plot([0, 1], [0, 1], ":", color=EVEN, label="true probabilities")
    axes.set_xlabel("probability of a defect that the network says")
    axes.set_ylabel("share that is defective")
    axes.legend(loc="upper left")
    points = 100 * quality.figures["ece_defect"]
    _title(axes, f"Are its probabilities true? {points:.1f} points off on average")


def _recall(axes: Axes, quality: InspectionQuality) -> None:
    for (kind, found), (colour, mark) in zip(quality.recall.items(), cycle(KIND_LINES)):
        axes.plot(
            LEVELS, list(found.values()), marker=mark, color=colour, label=kind.replace("_", " ")
        )
    axes.set_ylim(0, 1.02)
    axes.set_xlabel("severity of the defect (1 = largest)")
    axes.set_ylabel("share found")
    axes.legend(fontsize=8)
    _title(axes, "Which defects does it find? Real pictures")


def _cost(axes: Axes, quality: InspectionQuality, settings: InspectionSettings) -> None:
    thresholds, cost = cost_curve(quality.gate, settings)
    best = settings.false_alarm_usd / (settings.false_alarm_usd + settings.escape_usd)
    axes.plot(thresholds, cost, color=REAL)
    axes.axvline(best, linestyle="--", color=DRAWN, label=f"cheapest by reckoning: {best:.3f}")
    axes.set_xlabel(
        f"flagged from this probability on ({settings.defective_share:.0%} of the pieces defective)"
    )
    axes.set_ylabel("USD per 1,000 pieces")
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.set_ylim(bottom=0)
    axes.legend()
    _title(axes, "What false alarms and missed defects cost")
