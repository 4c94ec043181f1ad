"""Where a training stands between two rollouts: all that it needs to go on as if it never stopped.

One safetensors file, so that a kill leaves the old one or the new one. Tensors: weights, their
average, the optimiser's state, random states, a replay buffer. The rest is JSON in the file's
metadata: counters, what validation said, and the place of every training environment (the seed
that it plays and the actions given so far: the run is lived again, see `Retraced`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol, runtime_checkable

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from stable_baselines3.common.base_class import BaseAlgorithm
from torch import Tensor, nn

from agents.card import write_card
from agents.deep import checkpoint
from agents.deep.checkpoint import MOST_MB, fill_optimizer, fill_weights, flatten_optimizer
from agents.deep.randomness import read_random_states
from agents.deep.replay import fill_replay, read_replay
from factory_env.errors import ArtifactError
from factory_env.whole_file import write_whole

FILE: Final = "training.safetensors"
FORMAT: Final = 1
APART: Final = 500  # decisions from one copy in memory to the next, at the least
COUNTERS: Final = ("num_timesteps", "_n_updates", "_episode_num")
WEIGHTS, AVERAGE, OPTIMIZER, RANDOM, SEEN, REPLAY, TEMPERATURE = (
    "weights.",
    "average.",
    "optimizer.",
    "random.",
    "seen.",
    "replay.",
    "temperature",
)
EXTRA, MEMORY = "extra.", "memory."


@runtime_checkable
class Remembering(Protocol):
    """A learner that has more to keep than weights, optimiser and a buffer of SB3's."""

    def memory_place(self) -> int:
        """Where its memory stands, when a snapshot is taken."""

    def copy_extra(self) -> Mapping[str, Tensor]:
        """Copies of further tensors, likewise."""

    def read_memory(self, place: int) -> Mapping[str, Tensor]:
        """The memory as it stood there."""

    def take_up(
        self, place: int, extra: Mapping[str, Tensor], memory: Mapping[str, Tensor]
    ) -> None:
        """Go on from there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A training between two rollouts."""

    numbers: Mapping[str, Any]  # as JSON knows them
    tensors: Mapping[str, Tensor]  # copies: what is learned on does not change them

    @property
    def steps(self) -> int:
        """Decisions so far."""
        return int(self.numbers["num_timesteps"])

    def part(self, prefix: str) -> dict[str, Tensor]:
        """The tensors under a prefix, without it."""
        return {k[len(prefix) :]: v for k, v in self.tensors.items() if k.startswith(prefix)}

    def adding(self, numbers: Mapping[str, Any]) -> Snapshot:
        """The same with further numbers."""
        return Snapshot(numbers={**self.numbers, **numbers}, tensors=self.tensors)

    def write(self, folder: Path, model: BaseAlgorithm) -> None:
        """Write it into a folder; of a replay buffer, what ``model`` holds of that time."""
        path = folder / FILE
        replay = read_replay(model, self.numbers["replay"])
        tensors = dict(self.tensors) | {REPLAY + key: value for key, value in replay.items()}
        if isinstance(model, Remembering):
            memory = model.read_memory(self.numbers["memory"])
            tensors |= {MEMORY + key: value for key, value in memory.items()}
        told = {"training": json.dumps({"format": FORMAT, **self.numbers})}
        write_whole(path, lambda part: save_file(tensors, part, metadata=told))

    def restore(self, model: BaseAlgorithm) -> None:
        """Give a model its weights, optimiser, counters and memory; random states come later."""
        fill_weights(model.policy, self.part(WEIGHTS), FILE)
        fill_optimizer(model.policy.optimizer, self.part(OPTIMIZER), FILE)
        for name in COUNTERS:
            setattr(model, name, int(self.numbers[name]))
        fill_replay(model, self.numbers["replay"], self.part(REPLAY))
        if isinstance(model, Remembering):
            model.take_up(int(self.numbers["memory"]), self.part(EXTRA), self.part(MEMORY))
        if TEMPERATURE in self.tensors:
            with torch.no_grad():
                model.log_ent_coef.copy_(self.tensors[TEMPERATURE])  # type: ignore[attr-defined]


def take_snapshot(
    model: BaseAlgorithm, average: Mapping[str, Tensor], numbers: Mapping[str, Any]
) -> Snapshot:
    """A copy of where a model stands.

    Parameters
    ----------
    average
        Averaged weights; empty if there are none.
    numbers
        What else is to be kept, as JSON knows it.
    """
    tensors = {WEIGHTS + name: _copy(value) for name, value in model.policy.named_parameters()}
    tensors |= {AVERAGE + name: _copy(value) for name, value in average.items()}
    tensors |= {OPTIMIZER + k: v for k, v in flatten_optimizer(model.policy).items()}
    tensors |= {RANDOM + name: value for name, value in read_random_states().items()}
    tensors |= {SEEN + name: value for name, value in _copy_observation(model).items()}
    if getattr(model, "log_ent_coef", None) is not None:
        tensors[TEMPERATURE] = _copy(model.log_ent_coef)  # type: ignore[attr-defined]
    if isinstance(model, Remembering):
        tensors |= {EXTRA + name: value for name, value in model.copy_extra().items()}
        numbers = {**numbers, "memory": model.memory_place()}
    replay = getattr(model, "replay_buffer", None)
    counters = {name: int(getattr(model, name)) for name in COUNTERS}
    starts = getattr(model, "_last_episode_starts", None)
    told = {
        "replay": None if replay is None else [int(replay.pos), bool(replay.full)],
        "starts": None if starts is None else np.asarray(starts, dtype=bool).tolist(),
        "pending": _pending(model),
    }
    return Snapshot(numbers={**counters, **told, **numbers}, tensors=tensors)


def write_agent(
    folder: Path, snapshot: Snapshot, model: BaseAlgorithm, card: Mapping[str, Any]
) -> None:
    """Write a checkpoint that can be played and gone on with; the card last."""
    folder.mkdir(parents=True, exist_ok=True)
    snapshot.write(folder, model)
    weights = snapshot.part(WEIGHTS)
    write_whole(folder / checkpoint.WEIGHTS, lambda path: save_file(weights, path))
    write_card(folder, {**card, **snapshot.numbers["kept"]})


def read_snapshot(folder: Path) -> Snapshot | None:
    """What `Snapshot.write` left; None in a folder of a version that wrote none.

    Raises
    ------
    ArtifactError
        If the file can not be read, or is of another format.
    """
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        if path.stat().st_size > MOST_MB * 1_000_000:
            raise ArtifactError(f"{path}: has more than {MOST_MB} MB")
        with safe_open(path, framework="pt") as file:
            numbers = json.loads((file.metadata() or {}).get("training", "{}"))
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, ValueError) as error:
        raise ArtifactError(f"{path}: not a readable checkpoint ({error})") from error
    if not isinstance(numbers, dict) or numbers.get("format") != FORMAT:
        raise ArtifactError(f"{path}: a checkpoint of another format; train anew")
    return Snapshot(numbers=numbers, tensors=tensors)


def show_observation(snapshot: Snapshot) -> Any:
    """What the environments showed last, as the learner keeps it; None before the first step."""
    seen = {name: value.numpy() for name, value in snapshot.part(SEEN).items()}
    return seen.get("", seen) if seen else None


def _copy_observation(model: BaseAlgorithm) -> dict[str, Tensor]:
    last = getattr(model, "_last_obs", None)
    if last is None:
        return {}
    blocks = last if isinstance(last, Mapping) else {"": last}
    return {name: torch.from_numpy(np.array(block)) for name, block in blocks.items()}


def _pending(model: BaseAlgorithm) -> dict[str, Any]:
    """Figures of the last update that no line of the log holds yet."""
    log = model.logger
    return {
        key: [float(value), log.name_to_excluded.get(key)]
        for key, value in log.name_to_value.items()
        if isinstance(value, int | float | np.number)
    }


def _copy(value: Tensor | nn.Parameter) -> Tensor:
    return value.detach().cpu().clone().contiguous()
