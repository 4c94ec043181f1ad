"""A training of the inspection network: two trunks side by side, then the temperatures.

They share nothing, so each has a process and a core of its own. A trunk that is done is written at
once, with the minutes it took; ``resume`` takes it from there.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import nn
from tqdm import tqdm

from experiments.command.run_folder import RunFolder, write_json
from experiments.fitting.camera.options import CnnModel
from factory_env.domain.inspection import LEAST_SEVERITY
from factory_env.errors import InputError
from factory_env.learned.inspection.eye import CARD_FILE, INSPECTION_FILE, logits
from factory_env.learned.inspection.net import Detection, InspectionNet, Recognition
from factory_env.learned.inspection.training import (
    DetectionRecipe,
    Labels,
    Pictures,
    RecognitionRecipe,
    calibration,
    temperature,
    train_detection,
    train_recognition,
    twins,
)
from factory_env.learned.pictures.garments import LABELS
from factory_env.learned.pictures.images import AllClasses, unit
from factory_env.learned.weights_file import load_network, save_network
from factory_env.processes import end_with_parent

BUILD: Final[Mapping[str, Callable[[int], nn.Module]]] = {
    "recognition": Recognition,
    "detection": Detection,
}
SEC_PER_MIN = 60.0
RENDERINGS = 4  # of each picture kept back


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One trunk to be trained, complete, so that another process can do it."""

    name: str  # recognition or detection
    pictures: Pictures
    label: Labels
    width: int
    recipe: RecognitionRecipe | DetectionRecipe
    folder: Path  # of the run
    row: int  # of its progress bar on the screen

    @property
    def file(self) -> Path:
        return self.folder / f"{self.name}.safetensors"


def train(
    model: CnnModel, data: AllClasses, run: RunFolder, resume: Path | None = None
) -> dict[str, Any]:
    """Train, or go on behind the trunks that an earlier run finished.

    Leaves ``weights/`` (inspection.safetensors, inspection.json) and one file a trunk. Returns the
    card: minutes, recipes, temperatures.
    """
    learned = _training_slice(model, data)
    tasks = _tasks(model, data, learned, run)
    minutes = _learn_all(tasks, model.cores, resume)
    network = InspectionNet(model.width)
    network.recognition = load_network(tasks[0].file, tasks[0].name, Recognition)
    network.detection = load_network(tasks[1].file, tasks[1].name, Detection)
    network.eval()
    held_out = slice(learned.stop, None)
    _settle(
        network, unit(data.train_pictures[held_out]), data.train_label[held_out], model.detection
    )
    weights = run.path / "weights"
    weights.mkdir(exist_ok=True)
    save_network(weights / INSPECTION_FILE, "inspection", network, network.sizes)
    card = _card(network, minutes, model)
    write_json(weights / CARD_FILE, card)
    return card


def _training_slice(model: CnnModel, data: AllClasses) -> slice:
    """The training pictures that are learned from; the rest are held out."""
    if model.held_out >= len(data.train_pictures):
        raise InputError.of(
            "model",
            "held_out",
            "must leave pictures to learn from",
            model.held_out,
            f"less than {len(data.train_pictures)}",
        )
    return slice(0, len(data.train_pictures) - model.held_out)


def _tasks(model: CnnModel, data: AllClasses, learned: slice, run: RunFolder) -> tuple[Task, Task]:
    """What the two trunks learn."""
    pictures, label = unit(data.train_pictures[learned]), data.train_label[learned]
    sewn = np.isin(label, LABELS)
    return (
        Task(
            name="recognition",
            pictures=pictures,
            label=label,
            width=model.width,
            recipe=model.recognition,
            folder=run.path,
            row=0,
        ),
        Task(
            name="detection",
            pictures=pictures[sewn],
            label=label[sewn],
            width=model.width,
            recipe=model.detection,
            folder=run.path,
            row=1,
        ),
    )


def _card(network: InspectionNet, minutes: dict[str, float], model: CnnModel) -> dict[str, Any]:
    return {
        # side by side the longer one counts
        "train_minutes": (max if model.cores > 1 else sum)(minutes.values()),
        "cores": model.cores,
        "minutes": minutes,
        "parameters": sum(p.numel() for p in network.parameters()),
        "size": {key: getattr(model, key) for key in ("width", "held_out", "cores")},
        "recognition": asdict(model.recognition),
        "detection": asdict(model.detection),
        "temperatures": {
            "category": float(network.category_temperature),
            "defect": float(network.defect_temperature),
            "sound_offset": float(network.sound_offset),
        },
    }


def _learn_all(tasks: Sequence[Task], cores: int, resume: Path | None) -> dict[str, float]:
    """Train what no earlier run has finished, side by side if there are cores; minutes by trunk."""
    minutes = {task.name: _finished(task, resume) for task in tasks}
    open_tasks = [task for task in tasks if minutes[task.name] is None]
    if cores > 1 and len(open_tasks) > 1:
        # spawned: a forked process would inherit the locks of torch's threads
        with ProcessPoolExecutor(
            len(open_tasks), get_context("spawn"), initializer=end_with_parent
        ) as pool:
            found = list(pool.map(learn, open_tasks))
    else:
        found = [learn(task) for task in open_tasks]
    known = {name: took for name, took in minutes.items() if took is not None}
    return known | {task.name: took for task, took in zip(open_tasks, found, strict=True)}


def _finished(task: Task, resume: Path | None) -> float | None:
    """Minutes that an earlier run took for this trunk, which is copied; None if it has none."""
    old = None if resume is None else resume / task.file.name
    if old is None or not old.is_file():
        return None
    trunk = load_network(old, task.name, BUILD[task.name])
    minutes = float(json.loads(old.with_suffix(".json").read_text())["minutes"])
    _keep(task, trunk, minutes)
    return minutes


def learn(task: Task) -> float:
    """Train one trunk on one core and write it; the minutes it took."""
    torch.set_num_threads(1)
    start = time.perf_counter()
    total = task.recipe.epochs * len(task.pictures)
    with tqdm(
        total=total,
        desc=task.name,
        unit="pictures",
        file=sys.stderr,
        mininterval=1.0,
        position=task.row,
    ) as bar:
        trunk: nn.Module
        if isinstance(task.recipe, RecognitionRecipe):
            trunk = train_recognition(
                task.pictures, task.label, task.width, task.recipe, bar.update
            )
        else:
            trunk = train_detection(task.pictures, task.width, task.recipe, bar.update)
    minutes = (time.perf_counter() - start) / SEC_PER_MIN
    _keep(task, trunk, minutes)
    return minutes


def _keep(task: Task, trunk: nn.Module, minutes: float) -> None:
    write_json(task.file.with_suffix(".json"), {"minutes": minutes})
    save_network(task.file, task.name, trunk, {"width": task.width})


def _settle(
    network: InspectionNet, pictures: np.ndarray, label: np.ndarray, recipe: DetectionRecipe
) -> None:
    """Fit temperatures and offset on pictures that no trunk has learned from.

    Severities are those of a gate: what is judged there is what the probabilities are for.
    """
    rng = np.random.default_rng(recipe.seed + 1)
    sewn = np.tile(pictures[np.isin(label, LABELS)], (RENDERINGS, 1, 1))
    shown = twins(sewn, LEAST_SEVERITY, recipe.lighting, rng)
    with torch.inference_mode():
        named = logits(network.both_ways, pictures)
        found = logits(network.detection, shown.pictures)
    network.category_temperature.fill_(temperature(named, torch.from_numpy(label)))
    scale, offset = calibration(found.clone(), torch.from_numpy(shown.kind > 0))
    network.defect_temperature.fill_(scale)
    network.sound_offset.fill_(offset)
