"""The random states that a learner draws from, as tensors.

Stable-Baselines3 takes its minibatches and noise from NumPy's global generator, torch its samples
from its own; both are this process's, so both belong to where a training stands.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor

TORCH, NUMPY, PYTHON, CUDA = "torch", "numpy", "python", "cuda"
_WORDS = 624  # of the Mersenne Twister that both NumPy and Python use


def read_random_states() -> dict[str, Tensor]:
    """A copy of each state."""
    state: Any = np.random.get_state(legacy=True)  # noqa: NPY002
    _, keys, position, has_normal, normal = state
    words = np.array([*keys.tolist(), int(position), int(has_normal)], dtype=np.int64)
    _, own, _ = random.getstate()
    states = {
        TORCH: torch.get_rng_state().clone(),
        NUMPY: torch.from_numpy(words),
        NUMPY + "_normal": torch.tensor([float(normal)], dtype=torch.float64),
        PYTHON: torch.tensor(own, dtype=torch.int64),
    }
    if torch.cuda.is_available():
        states[CUDA] = torch.cuda.get_rng_state()
    return states


def set_random_states(states: Mapping[str, Tensor]) -> None:
    """Go on from states that `read_random_states` gave."""
    torch.set_rng_state(states[TORCH])
    words = states[NUMPY].tolist()
    keys = np.array(words[:_WORDS], dtype=np.uint32)
    normal = float(states[NUMPY + "_normal"][0])
    state = ("MT19937", keys, words[_WORDS], words[_WORDS + 1], normal)
    np.random.set_state(state)  # noqa: NPY002
    random.setstate((3, tuple(states[PYTHON].tolist()), None))
    if CUDA in states and torch.cuda.is_available():
        torch.cuda.set_rng_state(states[CUDA])
