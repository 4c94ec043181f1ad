"""Registers the environments with Gymnasium; called by `import factory_env`."""

from __future__ import annotations

import gymnasium as gym

SCHEDULING = "GarmentFactory/Scheduling-v0"


def register() -> None:
    """Make ``gymnasium.make("GarmentFactory/Scheduling-v0")`` work; safe to call twice."""
    if SCHEDULING not in gym.registry:
        gym.register(id=SCHEDULING, entry_point="factory_env.envs.factory_gym:SchedulingEnv")
