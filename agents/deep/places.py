"""Where the environments of a training stand, and how fresh ones are brought there.

A place is small and JSON: the order of the training seeds still to come, the seed of the running
episode and the actions given in it. Going there lives that episode again, so nothing of a
factory has to be written down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

import gymnasium as gym
import numpy as np
from stable_baselines3.common.vec_env import VecEnv

Place = Mapping[str, Any]


class Retraced(gym.Wrapper[Any, Any, Any, Any]):
    """Remembers the way through a run, so that another environment can go it again.

    Parameters
    ----------
    env
        Draws the seeds of its runs from a pool: `AgainstRule` with curves.
    key
        Its name among the environments of a training.
    """

    def __init__(self, env: gym.Env[Any, Any], key: int) -> None:
        super().__init__(env)
        self._key = str(key)
        self._draws: Mapping[str, Any] | None = None  # before the running episode was drawn
        self._actions: list[Any] = []

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        self._draws = self.env.get_wrapper_attr("tell_draws")()
        self._actions = []
        return self.env.reset(seed=seed, options=options)

    def step(self, action: Any) -> Any:
        self._actions.append(np.array(action))  # a learner may use its array again
        return self.env.step(action)

    def place(self) -> dict[str, Any]:
        """Where it stands, as JSON knows it."""
        actions = [action.tolist() for action in self._actions]
        return {"key": self._key, "draws": self._draws, "actions": actions}

    def go_to(self, places: Mapping[str, Place]) -> Any:
        """Live its own run among ``places`` again; the observation there."""
        own = places[self._key]
        self.env.get_wrapper_attr("set_draws")(own["draws"])
        observation, _ = self.reset()
        kind = self.action_space.dtype
        for action in own["actions"]:
            observation, *_ = self.step(np.asarray(action, dtype=kind))
        return observation


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
