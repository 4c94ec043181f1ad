"""What the wrappers of the scheduling environment share."""

from __future__ import annotations

from typing import Any

import gymnasium as gym

from factory_env.envs.scheduling.env import SchedulingEnv
from factory_env.errors import InputError


def check_floor(env: gym.Env[Any, Any], who: str) -> SchedulingEnv:
    """The scheduling environment under ``env``.

    Raises
    ------
    InputError
        If there is another one.
    """
    inner = env.unwrapped
    if not isinstance(inner, SchedulingEnv):
        rule = "must be a scheduling environment"
        right = "gymnasium.make('GarmentFactory/Scheduling-v1')"
        raise InputError.of(who, "env", rule, type(inner).__name__, right)
    return inner
