"""Fits the inspection network, or measures the one that is there; table, page, summary."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from experiments.command.options import read_options
from experiments.command.run_folder import RunFolder, write_text
from experiments.fitting.camera.bank_overhead import measure
from experiments.fitting.camera.course import train
from experiments.fitting.camera.factory import FactoryTrial, factory_study, ratios_of
from experiments.fitting.camera.options import CnnModel, bank_problems
from experiments.fitting.camera.pictures import draw_inspection
from experiments.fitting.camera.table import inspection_table
from experiments.fitting.every.card import read_card
from experiments.fitting.every.options import PARTS, FitOptions
from experiments.fitting.stains.measure import measure_fabric
from factory_env.door.gather import Gather
from factory_env.learned.gan.designer import Designer
from factory_env.learned.inspection.eye import CARD_FILE, Eye
from factory_env.learned.inspection.quality import measure_inspection
from factory_env.learned.inspection.verdict_bank import SHIPPED_BANK
from factory_env.learned.inspection.verdict_drawing import BankRecipe, draw_bank
from factory_env.learned.pictures.images import ORIGINALS, AllClasses, read_all_classes
from factory_env.learned.pictures.publisher import cache_folder, fetch_originals
from factory_env.learned.pictures.sheet import sheet_of

BANK_PAIRS = 8  # runs timed with the shipped bank, some seconds
PICTURES, PHOTOS = "fashion_mnist", "fabric_stain"  # folders in data_dir; photos also beside


def fit_cnn(options: FitOptions, run: RunFolder, gather: Gather) -> Mapping[str, Any]:
    """Train and measure, or with ``evaluate_only`` measure alone; the summary."""
    torch.set_num_threads(1)  # small networks: threads that wait for each other are slower
    model = read_options(CnnModel, options.model, gather, PARTS)
    gather.add(bank_problems(options, model))
    gather.done()
    weights = options.measured_weights
    if model.bank_only:
        eye = Eye.shipped(weights)  # a bad weights file is told before any reading
        return {"weights": str(weights), **_leave_bank(eye, _pictures(options), model.bank, run)}
    if options.evaluate_only:
        card = read_card(weights / CARD_FILE)
        eye = Eye.shipped(weights)  # a bad weights file is told before any reading
        data = _pictures(options)
    else:
        data = _pictures(options)
        weights = run.path / "weights"
        card = train(model, data, run, options.resume)
        eye = Eye.shipped(weights)
        _leave_bank(eye, data, model.bank, run)
    quality = measure_inspection(eye, data, Designer.shipped(), model.measure)
    draw_inspection(quality, model.measure, run.path / "inspection.png")
    more = _elsewhere(options.data_dir, model.factory, run)
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


def _elsewhere(
    data_dir: Path | None, trial: FactoryTrial, run: RunFolder
) -> dict[str, float | None]:
    """Real stains, the bank's share of a run, and cost in the factory, by the shipped files."""
    found: dict[str, float | None] = {"stain_balanced_accuracy": None}
    photos = _photos(data_dir)
    if photos is None:
        _say(f"no folder {PHOTOS} in or beside data_dir: real stains are not measured")
    else:
        found |= measure_fabric(photos, run).figures
    return found | {
        "bank_overhead": measure(BANK_PAIRS).share,
        **ratios_of(factory_study(trial)),
    }


def _leave_bank(eye: Eye, data: AllClasses, recipe: BankRecipe, run: RunFolder) -> dict[str, Any]:
    """Draw the bank of verdicts and leave it in ``weights/`` of the run."""
    folder = run.path / "weights"
    folder.mkdir(exist_ok=True)
    sheet = sheet_of(data, recipe.pictures)
    bank = draw_bank(eye, sheet, Designer.shipped(), recipe)
    bank.save(folder / SHIPPED_BANK.name)
    return {"bank": str(folder / SHIPPED_BANK.name), "answers": bank.ratio[..., 0].size}


def _pictures(options: FitOptions) -> AllClasses:
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
