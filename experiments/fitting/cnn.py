"""Fits the inspection network, or measures the one that is there; table, page, summary."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from omegaconf import DictConfig

from experiments.command.run_folder import RunFolder, write_text
from experiments.fitting.camera.bank_overhead import measure
from experiments.fitting.camera.course import read_card, train
from experiments.fitting.camera.factory import factory_study, ratios_of
from experiments.fitting.camera.options import CnnOptions, options_from
from experiments.fitting.camera.pictures import draw_inspection
from experiments.fitting.camera.table import inspection_table
from experiments.fitting.stains.measure import measure_fabric
from factory_env.learned.gan.designer import Designer
from factory_env.learned.inspection.eye import Eye
from factory_env.learned.inspection.quality import measure_inspection
from factory_env.learned.inspection.verdict_bank import SHIPPED_BANK
from factory_env.learned.inspection.verdict_drawing import draw_bank
from factory_env.learned.pictures.images import ORIGINALS, AllClasses, read_all_classes
from factory_env.learned.pictures.publisher import cache_folder, fetch_originals
from factory_env.learned.pictures.sheet import sheet_of

BANK_PAIRS = 8  # runs timed with the shipped bank, some seconds
PICTURES, PHOTOS = "fashion_mnist", "fabric_stain"  # folders in data_dir; photos also beside


def fit_cnn(cfg: DictConfig, run: RunFolder) -> Mapping[str, Any]:
    """Train and measure, or with ``evaluate_only`` measure alone; the summary."""
    torch.set_num_threads(1)  # small networks: threads that wait for each other are slower
    options = options_from(cfg)
    weights = options.weights
    if options.bank_only:
        eye = Eye.shipped(weights)  # a bad weights file is told before any reading
        return {"weights": str(weights), **_leave_bank(eye, _pictures(options), options, run)}
    if options.evaluate_only:
        card = read_card(weights)
        eye = Eye.shipped(weights)  # a bad weights file is told before any reading
        data = _pictures(options)
    else:
        data = _pictures(options)
        weights = run.path / "weights"
        card = train(options, data, run)
        eye = Eye.shipped(weights)
        _leave_bank(eye, data, options, run)
    quality = measure_inspection(eye, data, Designer.shipped(), options.measure)
    draw_inspection(quality, options.measure, run.path / "inspection.png")
    more = _elsewhere(options, run)
    table = inspection_table(quality, card, more)
    write_text(run.path / "quality.md", table)
    print(table)
    return {
        **quality.figures,
        **more,
        "train_minutes": card["train_minutes"],
        "parameters": card["parameters"],
        "recall_by_severity": quality.recall,
        "auc_by_kind": quality.auc,
        "weights": str(weights),
    }


def _elsewhere(options: CnnOptions, run: RunFolder) -> dict[str, float | None]:
    """Real stains, the bank's share of a run, and cost in the factory, by the shipped files."""
    found: dict[str, float | None] = {"stain_balanced_accuracy": None}
    photos = _photos(options.data_dir)
    if photos is None:
        _say(f"no folder {PHOTOS} in or beside data_dir: real stains are not measured")
    else:
        found |= measure_fabric(photos, run).figures
    return found | {
        "bank_overhead": measure(BANK_PAIRS).share,
        **ratios_of(factory_study(options.factory)),
    }


def _leave_bank(eye: Eye, data: AllClasses, options: CnnOptions, run: RunFolder) -> dict[str, Any]:
    """Draw the bank of verdicts and leave it in ``weights/`` of the run."""
    folder = run.path / "weights"
    folder.mkdir(exist_ok=True)
    sheet = sheet_of(data, options.bank.pictures)
    bank = draw_bank(eye, sheet, Designer.shipped(), options.bank)
    bank.save(folder / SHIPPED_BANK.name)
    return {"bank": str(folder / SHIPPED_BANK.name), "answers": bank.ratio[..., 0].size}


def _pictures(options: CnnOptions) -> AllClasses:
    folder: Path | None = options.data_dir
    if folder is None:
        folder = fetch_originals(cache_folder(), say=_say)
    elif (folder / PICTURES).is_dir():
        folder = folder / PICTURES
    return read_all_classes(folder, ORIGINALS if options.check_originals else None)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _photos(data_dir: Path | None) -> Path | None:
    """The folder of fabric photographs in ``data_dir`` or beside it."""
    if data_dir is None:
        return None
    places = (data_dir / PHOTOS, data_dir.resolve().parent / PHOTOS)
    return next((place for place in places if place.is_dir()), None)


PLUG = fit_cnn
