"""Fits the GAN that draws designs, or measures the one that is there; prints its quality table."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from experiments.command.options import read_options
from experiments.command.run_folder import RunFolder, write_text
from experiments.designing.timing import designs_seconds
from experiments.fitting.every.card import read_card
from experiments.fitting.every.options import PARTS, FitOptions
from experiments.fitting.generator.course import CARD, train
from experiments.fitting.generator.options import GanModel
from experiments.fitting.generator.sample_sheet import save_sheet
from experiments.fitting.generator.table import quality_table
from factory_env.door.gather import Gather
from factory_env.learned.gan.designer import Designer
from factory_env.learned.gan.quality.measure import measure
from factory_env.learned.pictures.garments import GARMENTS
from factory_env.learned.pictures.images import ORIGINALS, Garments, read_garments
from factory_env.learned.pictures.publisher import cache_folder, fetch_originals

SHEET_ROWS = 10


def fit_gan(options: FitOptions, run: RunFolder, gather: Gather) -> Mapping[str, Any]:
    """Train and measure, or with ``evaluate_only`` measure alone; the summary."""
    torch.set_num_threads(1)  # small networks: threads that wait for each other are slower
    model = read_options(GanModel, options.model, gather, PARTS)
    gather.done()
    weights = options.measured_weights
    if options.evaluate_only:
        card = read_card(weights / CARD, ["warnings"])
        designer = Designer.shipped(weights)  # a bad weights file is told before any reading
        garments = _garments(options)
    else:
        garments = _garments(options)
        weights = run.path / "weights"
        card = train(model, garments, run, options.resume)
        designer = Designer.shipped(weights)
    quality = measure(designer, garments, model.measure, _say)
    sample = np.arange(SHEET_ROWS * 2 * len(GARMENTS)) % len(GARMENTS)
    drawn = designer.draw(sample, np.random.default_rng(model.measure.seed))
    save_sheet(run.path / "samples.png", drawn, columns=2 * len(GARMENTS))
    designs_200_s = designs_seconds(designer)
    table = quality_table(quality, {**card, "designs_200_s": designs_200_s})
    write_text(run.path / "quality.md", table)
    print(table)
    return {
        "train_minutes": card["train_minutes"],
        **quality.figures,
        "designs_200_s": designs_200_s,
        "diversity": quality.diversity,
        "table": {r.name: {k: getattr(r, k) for k in r.__slots__} for r in quality.rows},
        "warnings": card["warnings"],
        "weights": str(weights),
    }


def _garments(options: FitOptions) -> Garments:
    folder: Path | None = options.data_dir
    if folder is None:
        folder = fetch_originals(cache_folder(), say=_say)
    return read_garments(folder, ORIGINALS if options.check_originals else None)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


PLUG = fit_gan
