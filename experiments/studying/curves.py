"""Learning curves of a study's agents: validation cost against decisions and minutes."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from agents.card import find_saved
from agents.deep.looks import FILE
from experiments.studying.board import Board
from experiments.studying.entrants import Entrant
from factory_env.plain_json import read_json

STEPS, SECONDS = "time/total_timesteps", "time/time_elapsed"  # of Stable-Baselines3's log
LOG: Final = Path("logs", "progress.csv")
_NOT_THE_GOAL: Final = ("steps", "best_so_far_usd")


def read_curves(board: Board) -> list[dict[str, Any]]:
    """A row a look: policy, training seed, decisions, minutes if they are known, cost [USD].

    Of agents without a run folder, or whose run kept no looks, there is none.
    """
    return [row for entrant in board.entrants for row in _read_curve(entrant)]


def _read_curve(entrant: Entrant) -> list[dict[str, Any]]:
    word = entrant.player.lines if entrant.player.site is None else entrant.player.site
    folder = find_saved(word) if entrant.training_seed is not None else None
    if folder is None or not (folder / FILE).is_file():
        return []
    with (folder / FILE).open(newline="", encoding="utf-8") as file:
        looks = list(csv.DictReader(file))
    if not looks:
        return []
    goal = next(key for key in looks[0] if key not in _NOT_THE_GOAL)
    steps = [float(look["steps"]) for look in looks]
    minutes = read_minutes(folder, steps)
    return [
        {
            "policy": entrant.policy,
            "training_seed": entrant.training_seed,
            "decisions": int(step),
            "minutes": minute,
            "validation_usd": float(look[goal]),
        }
        for look, step, minute in zip(looks, steps, minutes, strict=True)
    ]


def read_minutes(folder: Path, steps: Sequence[float]) -> list[float | None]:
    """Minutes of training after so many decisions, between the lines of its log.

    Without a log the whole training's minutes are spread evenly; None where nobody knows.
    """
    path = folder / LOG
    if path.is_file():
        with path.open(newline="", encoding="utf-8") as file:
            lines = [line for line in csv.DictReader(file) if line.get(STEPS) and line.get(SECONDS)]
        if lines:
            done = [0.0, *(float(line[STEPS]) for line in lines)]
            spent = [0.0, *(float(line[SECONDS]) / 60.0 for line in lines)]
            order = np.argsort(done, kind="stable")
            return [
                float(x) for x in np.interp(steps, np.array(done)[order], np.array(spent)[order])
            ]
    try:
        total = read_json(folder / "summary.json").get("train_minutes")
    except (OSError, ValueError, AttributeError):
        total = None
    last = max(steps)
    if not isinstance(total, int | float) or last <= 0:
        return [None] * len(steps)
    return [float(total) * step / last for step in steps]
