"""Fits the GAN that draws designs, or measures the one that is there; prints its quality table."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from omegaconf import DictConfig

from experiments.command.run_folder import RunFolder, write_text
from experiments.designing.timing import designs_seconds
from experiments.fitting.generator.course import read_card, train
from experiments.fitting.generator.options import GanOptions, options_from
from experiments.fitting.generator.sample_sheet import save_sheet
from experiments.fitting.generator.table import quality_table
from factory_env.learned.gan.designer import Designer
from factory_env.learned.gan.quality.measure import measure
from factory_env.learned.pictures.garments import GARMENTS
from factory_env.learned.pictures.images import ORIGINALS, Garments, read_garments
from factory_env.learned.pictures.publisher import cache_folder, fetch_originals

SHEET_ROWS = 10


def fit_gan(cfg: DictConfig, run: RunFolder) -> Mapping[str, Any]:
    """Train and measure, or with ``evaluate_only`` measure alone; the summary."""
    torch.set_num_threads(1)  # small networks: threads that wait for each other are slower
    options = options_from(cfg)
    weights = options.weights
    if options.evaluate_only:
        card = read_card(weights)
        designer = Designer.shipped(weights)  # a bad weights file is told before any reading
        garments = _garments(options)
    else:
        garments = _garments(options)
        weights = run.path / "weights"
        card = train(options, garments, run)
        designer = Designer.shipped(weights)
    quality = measure(designer, garments, options.measure, _say)
    sample = np.arange(SHEET_ROWS * 2 * len(GARMENTS)) % len(GARMENTS)
    drawn = designer.draw(sample, np.random.default_rng(options.measure.seed))
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


def _garments(options: GanOptions) -> Garments:
    folder: Path | None = options.data_dir
    if folder is None:
        folder = fetch_originals(cache_folder(), say=_say)
    return read_garments(folder, ORIGINALS if options.check_originals else None)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


PLUG = fit_gan
