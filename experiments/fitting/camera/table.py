"""The quality table of the inspection network as Markdown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from factory_env.learned.inspection.quality import LEVELS, InspectionQuality

CLASSES = (
    "tee",
    "trouser",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)
TARGETS: Mapping[str, tuple[str, float]] = {
    "accuracy_10": (">=", 0.935),
    "accuracy_6": (">=", 0.905),
    "auc_real": (">=", 0.95),
    "auc_drop_gan": ("<=", 0.03),
    "ece": ("<=", 0.03),
    "live_pieces_per_s": (">=", 2000),
    "train_minutes": ("<=", 30),
    "parameters": ("<=", 500_000),
    "stain_balanced_accuracy": (">=", 0.90),
    "bank_overhead": ("<=", 0.05),
    "cnn_vs_human_ci_high": ("<=", 1.0),
}
NOT_MEASURED = "not measured"


def inspection_table(
    quality: InspectionQuality, card: Mapping[str, Any], more: Mapping[str, float | None]
) -> str:
    """Figures with targets, then precision, recall, F1 by class, then recall by severity.

    ``more``: figures that come from elsewhere; None = not measured.
    """
    figures = {**quality.figures, **{k: card[k] for k in ("train_minutes", "parameters")}, **more}
    lines = ["| figure | value | target | reached |", "|---|---|---|---|"]
    for key, value in figures.items():
        sign, target = TARGETS.get(key, ("", 0.0))
        if value is None:
            lines.append(f"| {key} | {NOT_MEASURED} | {sign} {target:g} | |")
            continue
        met = (value <= target) if sign == "<=" else (value >= target)
        wanted = f"{sign} {target:g} | {'yes' if met else 'no'}" if sign else "|"
        shown = f"{value:.4f}" if value < 10 else f"{value:,.0f}"
        lines.append(f"| {key} | {shown} | {wanted} |")
    return "\n".join([*lines, "", *_by_class(quality), "", *_by_severity(quality)]) + "\n"


def confusion(quality: InspectionQuality) -> np.ndarray:
    """Counts (10, 10): row the true class, column the one named."""
    n = len(CLASSES)
    return np.bincount(quality.category * n + quality.guess, minlength=n * n).reshape(n, n)


def _by_class(quality: InspectionQuality) -> list[str]:
    counts = confusion(quality)
    hits = counts.diagonal()
    precision = hits / np.maximum(counts.sum(0), 1)
    recall = hits / np.maximum(counts.sum(1), 1)
    f1 = 2 * hits / np.maximum(counts.sum(0) + counts.sum(1), 1)
    rows = zip(CLASSES, precision, recall, f1, strict=True)
    return [
        "| class | precision | recall | F1 |",
        "|---|---|---|---|",
        *(f"| {name} | {p:.3f} | {r:.3f} | {f:.3f} |" for name, p, r, f in rows),
    ]


def _by_severity(quality: InspectionQuality) -> list[str]:
    names = [f"{level:g}" for level in LEVELS]
    head = "| defect | AUC, visible | " + " | ".join(f"recall at {n}" for n in names) + " |"
    lines = [head, "|---" * (2 + len(names)) + "|"]
    for kind, found in quality.recall.items():
        shares = " | ".join(f"{found[n]:.3f}" for n in names)
        lines.append(f"| {kind} | {quality.auc[kind]:.3f} | {shares} |")
    return [*lines, "", f"Recall where the score is above {quality.threshold:.3f}."]
