"""The memory of an off-policy learner as tensors: the rows of its replay buffer that are filled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import torch
from stable_baselines3.common.base_class import BaseAlgorithm
from torch import Tensor

from factory_env.errors import ArtifactError

ARRAYS: Final = ("observations", "next_observations", "actions", "rewards", "dones", "timeouts")


def read_replay(model: BaseAlgorithm, place: Sequence[Any] | None) -> dict[str, Tensor]:
    """Rows of the buffer, array by array; nothing of a learner without one.

    Parameters
    ----------
    place
        Next row and whether all are filled, when the training stood where it is written down.
    """
    if place is None:
        return {}
    buffer: Any = model.replay_buffer  # type: ignore[attr-defined]
    position, is_full = place
    rows = buffer.buffer_size if is_full else int(position)
    return {name: torch.from_numpy(getattr(buffer, name)[:rows].copy()) for name in ARRAYS}


def fill_replay(
    model: BaseAlgorithm, place: Sequence[Any] | None, rows: Mapping[str, Tensor]
) -> None:
    """Fill the buffer with what `read_replay` gave."""
    if place is None:
        return
    buffer: Any = model.replay_buffer  # type: ignore[attr-defined]
    for name in ARRAYS:
        array = getattr(buffer, name)
        given = rows[name].numpy()
        if given.shape[1:] != array.shape[1:] or len(given) > len(array):
            raise ArtifactError(f"replay buffer: {name} do not fit this learner; train anew")
        array[: len(given)] = np.asarray(given)
    buffer.pos, buffer.full = int(place[0]), bool(place[1])
