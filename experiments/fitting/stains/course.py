"""A training of the stain network from first to last stage: bar, weights, card."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tqdm import tqdm

from experiments.command.run_folder import write_json
from factory_env.learned.stain.eye import STAIN_CARD_FILE, STAIN_FILE
from factory_env.learned.stain.training import StainCourse, StainRecipe, steps_of, train_stages
from factory_env.learned.weights_file import save_network

SEC_PER_MIN = 60.0


def train(stages: Sequence[StainRecipe], folder: Path) -> dict[str, Any]:
    """Train on drawn cloth alone; leaves weights and card in ``folder``. Returns the card:
    minutes by the clock and of the processor, parameters, stages."""
    start, worked = time.perf_counter(), time.process_time()
    total = sum(steps_of(stage) for stage in stages)
    with tqdm(total=total, desc="stain", unit="steps", file=sys.stderr, mininterval=1.0) as bar:

        def done(course: StainCourse, loss: float) -> None:
            bar.set_postfix(loss=f"{loss:.2f}", refresh=False)
            bar.update()

        network = train_stages(stages, done)
    card = {
        "train_minutes": (time.perf_counter() - start) / SEC_PER_MIN,
        "cpu_minutes": (time.process_time() - worked) / SEC_PER_MIN,
        "parameters": sum(p.numel() for p in network.parameters()),
        "stages": [asdict(stage) for stage in stages],
    }
    folder.mkdir(exist_ok=True)
    save_network(folder / STAIN_FILE, "stain", network, network.sizes)
    write_json(folder / STAIN_CARD_FILE, card)
    return card


def write_figures(card: Mapping[str, Any], figures: Mapping[str, Any], folder: Path) -> None:
    """The card once more, with what was measured on photographs."""
    write_json(folder / STAIN_CARD_FILE, {**card, "figures": dict(figures)})
