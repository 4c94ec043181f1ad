"""Trains the stain network, and measures the stain branch on photographs: table and page.

``fit.py model=cnn`` calls `measure_fabric`; training takes no photographs and stands alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from experiments.report.stains import draw_stains
from experiments.rundir import RunFolder, write_json
from factory_env.learned.stain_eye import STAIN_CARD_FILE, STAIN_FILE, StainEye
from factory_env.learned.stain_photos import read_fabric
from factory_env.learned.stain_quality import StainQuality, StainSettings, judged, views_of
from factory_env.learned.stain_training import STAGES, StainCourse, train_stages
from factory_env.learned.weights_file import SHIPPED, save_network

TARGET = 0.90  # of the balanced accuracy
SEC_PER_MIN = 60.0


def train_network(
    folder: Path, done: Callable[[StainCourse, float], None] = lambda course, loss: None
) -> dict[str, Any]:
    """Trains on drawn cloth alone; leaves weights and card in ``folder``. Returns the card."""
    start = time.process_time()
    network = train_stages(STAGES, done)
    save_network(folder / STAIN_FILE, "stain", network, network.sizes)
    card = {
        "cpu_minutes": (time.process_time() - start) / SEC_PER_MIN,
        "parameters": sum(p.numel() for p in network.parameters()),
        "stages": [asdict(stage) for stage in STAGES],
    }
    write_json(folder / STAIN_CARD_FILE, card)
    return card


def measure_fabric(
    folder: Path, run: RunFolder, weights: Path = SHIPPED, settings: StainSettings | None = None
) -> StainQuality:
    """Judge the photographs in ``folder``, draw ``stains.png`` into the run; the quality, whose
    ``figures`` go into the summary. ``weights``: the folder of the network.

    Raises `InputError` with every bad file of the folder or if the weights are not there.
    """
    eye = StainEye.shipped(weights)
    photos = read_fabric(folder)
    quality = judged(views_of(photos.pictures, eye), photos, settings or StainSettings())
    draw_stains(quality, photos, eye, run.path / "stains.png")
    return quality


def stain_table(quality: StainQuality) -> str:
    """The figures as lines of Markdown."""
    reached = "yes" if quality.stain_balanced_accuracy >= TARGET else "no"
    splits = ", ".join(f"{value:.3f}" for value in quality.balanced_accuracy_by_split)
    return "\n".join([
        "| figure | value | 95 % interval | target | reached |",
        "|---|---|---|---|---|",
        f"| stain_balanced_accuracy | {quality.stain_balanced_accuracy:.3f} | "
        f"{quality.stain_balanced_accuracy_low:.3f} to {quality.stain_balanced_accuracy_high:.3f} "
        f"| >= {TARGET} | {reached} |",
        f"| stain_auc | {quality.stain_auc:.3f} | {quality.stain_auc_low:.3f} to "
        f"{quality.stain_auc_high:.3f} | | |",
        "",
        f"Balanced accuracy by split: {splits}. Found {quality.found_share:.1%} of the stained, "
        f"passed {quality.passed_share:.1%} of the clean photographs.",
    ])  # fmt: skip
