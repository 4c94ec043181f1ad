"""A training of the inspection network: two trunks one after the other, then the temperatures.

A trunk that is done is written at once, with the minutes it took; ``resume`` takes it from there.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from torch import nn
from tqdm import tqdm

from experiments.fitting.cnn_options import CnnOptions
from experiments.rundir import RunFolder, write_json
from factory_env.errors import InputError, Problem
from factory_env.learned.garments import LABELS
from factory_env.learned.images import AllClasses, unit
from factory_env.learned.inspection_net import Detection, InspectionNet, Recognition
from factory_env.learned.inspection_training import (
    Step,
    temperature,
    train_detection,
    train_recognition,
    twins,
)
from factory_env.learned.inspector_eye import CARD_FILE, INSPECTION_FILE, logits
from factory_env.learned.weights_file import load_network, save_network

Trunk = TypeVar("Trunk", bound=nn.Module)
SEC_PER_MIN = 60.0


def train(options: CnnOptions, data: AllClasses, run: RunFolder) -> dict[str, Any]:
    """Train, or go on behind the trunks that an earlier run finished.

    Leaves ``weights/`` (inspection.safetensors, inspection.json) and one file a trunk. Returns the
    card: minutes, recipes, temperatures.
    """
    size, minutes = options.size, {}
    if size.held_out >= len(data.train_pictures):
        raise InputError([Problem(
            where="model", field="held_out", rule="must leave pictures to learn from",
            got=str(size.held_out), right=f"less than {len(data.train_pictures)}")])  # fmt: skip
    known = slice(0, len(data.train_pictures) - size.held_out)
    pictures, label = unit(data.train_pictures[known]), data.train_label[known]
    garments = pictures[np.isin(label, LABELS)]

    def recognition(done: Step) -> Recognition:
        return train_recognition(pictures, label, size.width, options.recognition, done)

    def detection(done: Step) -> Detection:
        return train_detection(garments, size.width, options.detection, done)

    network = InspectionNet(size.width)
    total = options.recognition.epochs * len(pictures)
    network.recognition, minutes["recognition"] = _trunk(
        "recognition", Recognition, recognition, total, options, run)  # fmt: skip
    total = options.detection.epochs * len(garments)
    network.detection, minutes["detection"] = _trunk(
        "detection", Detection, detection, total, options, run)  # fmt: skip
    network.eval()
    _settle(network, unit(data.train_pictures[known.stop :]), data.train_label[known.stop :],
            options)  # fmt: skip
    weights = run.path / "weights"
    weights.mkdir(exist_ok=True)
    save_network(weights / INSPECTION_FILE, "inspection", network, network.sizes)
    card = _card(network, minutes, options)
    write_json(weights / CARD_FILE, card)
    return card


def _card(network: InspectionNet, minutes: dict[str, float], options: CnnOptions) -> dict[str, Any]:
    return {
        "train_minutes": sum(minutes.values()),
        "minutes": minutes,
        "parameters": sum(p.numel() for p in network.parameters()),
        "size": asdict(options.size),
        "recognition": asdict(options.recognition),
        "detection": asdict(options.detection),
        "temperatures": {
            "category": float(network.category_temperature),
            "defect": float(network.defect_temperature),
        },
    }


def _trunk(
    name: str, build: Callable[[int], Trunk], learn: Callable[[Step], Trunk], total: int,
    options: CnnOptions, run: RunFolder,
) -> tuple[Trunk, float]:  # fmt: skip
    """The trunk that an earlier run finished, or a new one; and the minutes it took."""
    mine = run.path / f"{name}.safetensors"
    old = None if options.resume is None else options.resume / mine.name
    if old is not None and old.is_file():
        trunk = load_network(old, name, build)
        minutes = float(json.loads(old.with_suffix(".json").read_text())["minutes"])
    else:
        start = time.perf_counter()
        with tqdm(total=total, desc=name, unit="pictures", file=sys.stderr, mininterval=1.0) as bar:
            trunk = learn(bar.update)
        minutes = (time.perf_counter() - start) / SEC_PER_MIN
    write_json(mine.with_suffix(".json"), {"minutes": minutes})
    save_network(mine, name, trunk, {"width": options.size.width})
    return trunk, minutes


def _settle(
    network: InspectionNet, pictures: np.ndarray, label: np.ndarray, options: CnnOptions
) -> None:
    """Fit both temperatures on pictures that no trunk has learned from."""
    rng = np.random.default_rng(options.detection.seed + 1)
    sewn, recipe = pictures[np.isin(label, LABELS)], options.detection
    shown = twins(sewn, recipe.faintest, recipe.lighting, rng)
    with torch.inference_mode():
        named = logits(network.both_ways, pictures)
        found = logits(network.detection, shown.pictures)
    network.category_temperature.fill_(temperature(named, torch.from_numpy(label)))
    network.defect_temperature.fill_(temperature(found, torch.from_numpy(shown.kind)))


def read_card(weights: Path) -> dict[str, Any]:
    """What `train` wrote beside the weights; raises `InputError` if it is not there."""
    path = weights / CARD_FILE
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
        return {**card, "train_minutes": float(card["train_minutes"])}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError([Problem(
            where=str(path), field="weights", rule="must hold the figures of a training",
            got=str(error), right="the folder weights/ of a fit.py run")]) from error  # fmt: skip
