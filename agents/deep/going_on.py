"""Going on with a training that was stopped: from its run folder into a new one."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.logger import Logger

from agents.card import BEST, CARD, LAST, ORIGIN, require
from agents.deep.checkpoint import load_optimizer, load_weights
from agents.deep.places import go_to_places
from agents.deep.snapshot import Snapshot, read_snapshot, show_observation
from factory_env.errors import ArtifactError

STEP: Final = "time/total_timesteps"  # the column of progress.csv that says when
# columns that are no curves: as Stable-Baselines3 keeps them from TensorBoard
NO_CURVES: Final = ("time/iterations", "time/episodes", STEP, "train/n_updates")
NOT_EXACT: Final = (
    "the checkpoint is one of an older version, without the places of its environments: "
    "training goes on with its weights, but not as if it had never stopped"
)
NEW_RUNS: Final = "these environments can not tell where they stand: they begin new runs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The run that is gone on with."""

    run: Path
    card: Mapping[str, Any]  # of its last checkpoint

    @property
    def place(self) -> Path:
        """The last checkpoint."""
        return self.run / LAST


def restore_run(
    origin: Origin, model: BaseAlgorithm, folder: Path
) -> tuple[Snapshot | None, tuple[str, ...]]:
    """Bring a model and its environments where a run stood, and its start and best into ``folder``.

    Returns where it stood (None if the run kept only weights), and notes for a person.

    Raises
    ------
    ArtifactError
        If the checkpoint can not be read or used, or the factory of this version does not live
        the saved runs again as they were.
    """
    snapshot = read_snapshot(origin.place)
    if snapshot is None:
        load_weights(origin.place, model.policy)
        load_optimizer(origin.place, model.policy.optimizer)
        require(origin.card, origin.place, {"steps": int})
        model.num_timesteps = int(origin.card["steps"])
        return None, (NOT_EXACT,)
    try:
        snapshot.restore(model)
        notes = _go_there(snapshot, model, origin.place)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise ArtifactError(
            f"{origin.place}: not a checkpoint that this version goes on with "
            f"({type(error).__name__}: {error}); train anew"
        ) from error
    for name in (ORIGIN, BEST):
        if (origin.run / name / CARD).is_file():
            shutil.copytree(origin.run / name, folder / name, dirs_exist_ok=True)
    tell_again(model.logger, origin.run / "logs" / "progress.csv", snapshot.steps)
    for key, (value, exclude) in snapshot.numbers["pending"].items():
        model.logger.record(key, value, tuple(exclude or ()))
    return snapshot, notes


def _go_there(snapshot: Snapshot, model: BaseAlgorithm, place: Path) -> tuple[str, ...]:
    """The environments live their runs again, and the learner sees what it saw last."""
    if not snapshot.numbers["has_begun"]:
        return ()
    places, envs = snapshot.numbers["places"], model.get_env()
    if places is None or envs is None:
        return (NEW_RUNS,)
    seen, before = go_to_places(envs, places), show_observation(snapshot)
    if not _is_same(seen, before):
        raise ArtifactError(
            f"{place}: the factory of this version lives the saved runs in another way; train anew"
        )
    learner: Any = model
    learner._last_obs = seen
    learner._last_episode_starts = np.array(snapshot.numbers["starts"], dtype=bool)
    return ()


def _is_same(seen: Any, before: Any) -> bool:
    if isinstance(seen, Mapping) and isinstance(before, Mapping):
        is_alike = seen.keys() == before.keys()
        return is_alike and all(np.array_equal(seen[key], before[key]) for key in seen)
    return bool(np.array_equal(seen, before))


def tell_again(logger: Logger, path: Path, steps: int) -> None:
    """Write the lines of another log up to ``steps`` into this one, CSV and TensorBoard alike."""
    if not path.is_file():
        return
    with path.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if _number(row.get(STEP)) is not None]
    for row in rows:
        at = _number(row[STEP])
        if at is None or at > steps:
            break
        for key, text in row.items():
            value = _number(text)
            if value is not None:
                logger.record(key, value, "tensorboard" if key in NO_CURVES else None)
        logger.dump(int(at))


def tell_schedule(snapshot: Snapshot, model: BaseAlgorithm, steps: int) -> str | None:
    """What another number of steps than planned means for the learning rate; None if it is none."""
    planned = int(snapshot.numbers["planned_steps"])
    if planned == steps:
        return None
    before, after = (_rate(model, snapshot.steps, total) for total in (planned, steps))
    text = f"planned were {planned:,} decisions, now {steps:,}: not the run that {steps:,} gives"
    if before == after:
        return f"{text} only where it was stopped, as its learning rate does not change"
    return (
        f"{text} from the beginning; the learning rate, {before:.3g} at {snapshot.steps:,} "
        f"decisions, goes on at {after:.3g}, as if {steps:,} had been planned"
    )


def _rate(model: BaseAlgorithm, steps: int, total: int) -> float:
    return float(model.lr_schedule(max(0.0, 1.0 - steps / total)))


def _number(text: Any) -> float | None:
    try:
        return float(text)
    except (TypeError, ValueError):
        return None
