"""Where the environments of a training stand, and how fresh ones are brought there.

A place is small and JSON: the order of the training seeds still to come, the seed of the running
episode and the actions given in it. Going there lives that episode again, so nothing of a
factory has to be written down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np
from stable_baselines3.common.vec_env import VecEnv

Place = Mapping[str, Any]


@runtime_checkable
class Led(Protocol):
    """Environments that bring themselves to places, and remember what is shown there."""

    def go_to(self, places: Mapping[str, Place]) -> Any:
        """The observation of all."""


def read_places(envs: VecEnv) -> dict[str, Place] | None:
    """Each environment's place by its key; None if they can not tell."""
    try:
        places = envs.env_method("place")
    except AttributeError:
        return None
    return {str(place["key"]): place for place in places}


def go_to_places(envs: VecEnv, places: Mapping[str, Place]) -> Any:
    """Bring every environment to its place; the observation of all, as `VecEnv.reset` gives it."""
    if isinstance(envs, Led):
        return envs.go_to(places)
    return join_observations(envs.env_method("go_to", places))


def join_observations(parts: Sequence[Any]) -> Any:
    """Observations of single environments as one batch."""
    if isinstance(parts[0], Mapping):
        return {key: np.stack([part[key] for part in parts]) for key in parts[0]}
    return np.stack(parts)
