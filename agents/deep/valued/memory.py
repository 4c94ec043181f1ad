"""What was seen and done, step by step, each observation once; goals are made when drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from gymnasium import spaces
from numpy.typing import NDArray
from torch import Tensor

from agents.deep.valued.playing import Moves
from factory_env.errors import ArtifactError

MASK: Final = "mask"


@dataclass(frozen=True, slots=True)
class Batch:
    """Decisions to learn from; a row each."""

    seen: dict[str, Tensor]
    actions: Tensor
    earned: Tensor  # within the decisions that are looked ahead, discounted
    discounts: Tensor  # of what comes then; 0 where the run was over
    then: dict[str, Tensor]


class Memory:
    """The last steps of all environments.

    Parameters
    ----------
    kept
        Steps that are drawn from.
    spare
        Older ones that are not forgotten yet: a checkpoint may be some steps old.
    """

    def __init__(self, space: spaces.Dict, envs: int, kept: int, spare: int) -> None:
        self._kept = kept
        self._rows = kept + spare
        self.total = 0  # steps that were ever added
        shape = (self._rows, envs)
        self._arrays: dict[str, NDArray[Any]] = {
            name: np.zeros((*shape, *(box.shape or ())), np.int8 if name == MASK else np.float16)
            for name, box in space.spaces.items()
        }
        self._blocks = tuple(self._arrays)
        self._arrays["actions"] = np.zeros(shape, np.int16)
        self._arrays["rewards"] = np.zeros(shape, np.float32)
        self._arrays["discounts"] = np.zeros(shape, np.float32)

    def add(self, parts: Sequence[Moves]) -> None:
        """What each worker's environments did, steps of the same time."""
        rows = np.arange(self.total, self.total + len(parts[0].actions)) % self._rows
        for name in self._blocks:
            self._arrays[name][rows] = np.concatenate([p.observations[name] for p in parts], axis=1)
        for name in ("actions", "rewards", "discounts"):
            self._arrays[name][rows] = np.concatenate([getattr(p, name) for p in parts], axis=1)
        self.total += len(rows)

    def draw(self, size: int, ahead: int) -> Batch:
        """Decisions at random, by torch's own luck."""
        first, end = max(0, self.total - self._kept), self.total - ahead
        envs = self._arrays["actions"].shape[1]
        drawn = torch.randint(first * envs, end * envs, (size,)).numpy()
        at, env = drawn // envs, drawn % envs
        earned, discounts = np.zeros(size, np.float32), np.ones(size, np.float32)
        for k in range(ahead):
            row = (at + k) % self._rows
            earned += discounts * self._arrays["rewards"][row, env]
            discounts *= self._arrays["discounts"][row, env]
        return Batch(
            seen=self._observe(at, env),
            actions=torch.from_numpy(self._arrays["actions"][at % self._rows, env]).long(),
            earned=torch.from_numpy(earned),
            discounts=torch.from_numpy(discounts),
            then=self._observe(at + ahead, env),
        )

    def read(self, total: int) -> dict[str, Tensor]:
        """The steps that were drawn from when ``total`` had been added."""
        rows = np.arange(max(0, total - self._kept), total) % self._rows
        return {name: torch.from_numpy(array[rows]) for name, array in self._arrays.items()}

    def fill(self, total: int, tensors: Mapping[str, Tensor]) -> None:
        """Go on from what `read` gave."""
        rows = np.arange(max(0, total - self._kept), total) % self._rows
        for name, array in self._arrays.items():
            given = tensors[name].numpy()
            if given.shape != (len(rows), *array.shape[1:]):
                raise ArtifactError(f"memory: {name} do not fit this learner; train anew")
            array[rows] = given
        self.total = total

    def _observe(self, at: NDArray[np.int64], env: NDArray[np.int64]) -> dict[str, Tensor]:
        row = at % self._rows
        return {
            name: torch.from_numpy(self._arrays[name][row, env].astype(np.float32))
            for name in self._blocks
        }
