"""Fits the stain network on drawn cloth, or measures the one that is there, on photographs."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from experiments.command.options import read_options
from experiments.command.run_folder import RunFolder, write_text
from experiments.fitting.every.card import read_card
from experiments.fitting.every.options import PARTS, FitOptions
from experiments.fitting.stains.course import train, write_figures
from experiments.fitting.stains.measure import measure_all, stain_table
from experiments.fitting.stains.options import StainMeasure, StainModel, stain_problems
from experiments.fitting.stains.pictures import draw_stains
from factory_env.door.gather import Gather
from factory_env.learned.stain.eye import STAIN_CARD_FILE, StainEye
from factory_env.learned.stain.photos import FabricPhotos, read_fabric
from factory_env.learned.stain.places import Masked, read_masked
from factory_env.learned.stain.quality import KEYS, StainSettings

PHOTOS, MASKS = "fabric_stain", "fabric_stain_masks"  # folders in data_dir


def fit_stain(options: FitOptions, run: RunFolder, gather: Gather) -> Mapping[str, Any]:
    """Train, and measure if there are photographs; or with ``evaluate_only`` measure alone.

    Training looks at no photograph. Returns the summary; its six figures are null if nothing was
    measured.
    """
    torch.set_num_threads(1)  # a small network: threads that wait for each other are slower
    model = read_options(StainModel, options.model, gather, PARTS)
    gather.add(stain_problems(options))
    gather.done()
    weights = options.measured_weights
    if options.evaluate_only:
        card = read_card(weights / STAIN_CARD_FILE, ["parameters"])
        eye = StainEye.shipped(weights)  # a bad weights file is told before any reading
        pictures = _pictures(options.data_dir)
    else:
        pictures = _pictures(options.data_dir)  # a bad photograph is told before any training
        weights = run.path / "weights"
        card = train(model.recipes, weights)
        eye = StainEye.shipped(weights)
    figures: Mapping[str, Any] = dict.fromkeys(KEYS)
    if pictures is not None:
        figures = _measured(*pictures, eye, model.measure, run)
        if not options.evaluate_only:
            write_figures(card, figures, weights)
    return {
        **figures,
        "train_minutes": card["train_minutes"],
        "parameters": card["parameters"],
        "weights": str(weights),
    }


def _pictures(data_dir: Path | None) -> tuple[FabricPhotos, Masked | None] | None:
    """Photographs, and those with masks, if there are any."""
    if data_dir is None:
        print("no data_dir: stains are not measured", file=sys.stderr, flush=True)
        return None
    inside = data_dir / PHOTOS
    photos = inside if inside.is_dir() else data_dir
    masks = photos.resolve().parent / MASKS
    return read_fabric(photos), read_masked(masks) if masks.is_dir() else None


def _measured(
    photos: FabricPhotos,
    masked: Masked | None,
    eye: StainEye,
    measure: StainMeasure,
    run: RunFolder,
) -> dict[str, Any]:
    """The figures; leaves page and table in the run folder."""
    settings = StainSettings(resamples=measure.resamples)
    findings = measure_all(photos, masked, eye, settings, measure.neighbours)
    draw_stains(findings.quality, photos, eye, run.path / "stains.png")
    table = stain_table(findings)
    write_text(run.path / "quality.md", table)
    print(table)
    return dict(findings.figures)


PLUG = fit_stain
