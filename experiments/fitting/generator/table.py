"""The quality table of a GAN as Markdown: figures beside their targets, floor and ceilings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from factory_env.learned.gan.quality.measure import Quality

TARGETS: Mapping[str, tuple[str, float]] = {
    "train_minutes": ("<=", 75),
    "coverage": (">=", 0.70),
    "density": (">=", 0.85),
    "fid_over_floor": ("<=", 40),
    "conditional_accuracy_drop": ("<=", 0.02),
    "tstr": (">=", 0.80),
    "memorised_share": ("<=", 0.02),
    "designs_200_s": ("<=", 0.5),
}


def quality_table(quality: Quality, card: Mapping[str, Any]) -> str:
    """Two tables: the figures with targets, then the generator among floor and ceilings."""
    seconds = {"designs_200_s": card["designs_200_s"]}
    figures = {"train_minutes": card["train_minutes"], **quality.figures, **seconds}
    lines = ["| figure | value | target | reached |", "|---|---|---|---|"]
    for key, value in figures.items():
        sign, target = TARGETS.get(key, ("", 0.0))
        met = (value <= target) if sign == "<=" else (value >= target)
        wanted = f"{sign} {target:g} | {'yes' if met else 'no'}" if sign else "|"
        lines.append(f"| {key} | {value:.4f} | {wanted} |")
    floor = quality.figures["fid_floor"]
    lines += [
        "",
        "| pictures | FID / floor | KID x 1000 | density | coverage | accuracy |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.name} | {row.fid / floor:.1f} | {row.kid * 1000:.3f} | {row.density:.3f} "
        f"| {row.coverage:.3f} | {row.accuracy:.3f} |"
        for row in quality.rows
    ]
    variety = ", ".join(f"{name} {share:.2f}" for name, share in quality.diversity.items())
    lines += ["", f"Diversity within class, as a share of the real pictures': {variety}."]
    warnings = card["warnings"]
    lines += ["", *(f"Warning from training: {text}" for text in warnings)] if warnings else []
    return "\n".join(lines) + "\n"
