"""Fits the stain network on drawn cloth, or measures the one that is there, on photographs."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import torch
from omegaconf import DictConfig

from experiments.command.run_folder import RunFolder, write_text
from experiments.fitting.stains.course import read_card, train, write_figures
from experiments.fitting.stains.measure import measure_all, stain_table
from experiments.fitting.stains.options import StainOptions, options_from
from experiments.fitting.stains.pictures import draw_stains
from factory_env.learned.stain.eye import StainEye
from factory_env.learned.stain.photos import FabricPhotos, read_fabric
from factory_env.learned.stain.places import Masked, read_masked
from factory_env.learned.stain.quality import KEYS, StainSettings


def fit_stain(cfg: DictConfig, run: RunFolder) -> Mapping[str, Any]:
    """Train, and measure if there are photographs; or with ``evaluate_only`` measure alone.

    Training looks at no photograph. Returns the summary; its six figures are null if nothing was
    measured.
    """
    torch.set_num_threads(1)  # a small network: threads that wait for each other are slower
    options = options_from(cfg)
    weights = options.weights
    if options.evaluate_only:
        card = read_card(weights)
        eye = StainEye.shipped(weights)  # a bad weights file is told before any reading
        pictures = _pictures(options)
    else:
        pictures = _pictures(options)  # a bad photograph is told before any training
        weights = run.path / "weights"
        card = train(options.stages, weights)
        eye = StainEye.shipped(weights)
    figures: Mapping[str, Any] = dict.fromkeys(KEYS)
    if pictures is not None:
        figures = _measured(*pictures, eye, options, run)
        if not options.evaluate_only:
            write_figures(card, figures, weights)
    return {
        **figures,
        "train_minutes": card["train_minutes"],
        "parameters": card["parameters"],
        "weights": str(weights),
    }


def _pictures(options: StainOptions) -> tuple[FabricPhotos, Masked | None] | None:
    """Photographs, and those with masks, if there are any."""
    if options.photos is None:
        print("no data_dir: stains are not measured", file=sys.stderr, flush=True)
        return None
    photos = read_fabric(options.photos)
    return photos, None if options.masks is None else read_masked(options.masks)


def _measured(
    photos: FabricPhotos,
    masked: Masked | None,
    eye: StainEye,
    options: StainOptions,
    run: RunFolder,
) -> dict[str, Any]:
    """The figures; leaves page and table in the run folder."""
    settings = StainSettings(resamples=options.measure.resamples)
    findings = measure_all(photos, masked, eye, settings, options.measure.neighbours)
    draw_stains(findings.quality, photos, eye, run.path / "stains.png")
    table = stain_table(findings)
    write_text(run.path / "quality.md", table)
    print(table)
    return dict(findings.figures)


PLUG = fit_stain
