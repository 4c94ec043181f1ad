"""Registers the environments with Gymnasium; called by `import factory_env`."""

from __future__ import annotations

from typing import Final

import gymnasium as gym

SCHEDULING: Final = "GarmentFactory/Scheduling-v0"
ENERGY: Final = "GarmentFactory/Energy-v0"
JOINT: Final = "GarmentFactory/Joint-v0"
ENTRY_POINTS: Final = {
    SCHEDULING: "factory_env.envs.scheduling.env:SchedulingEnv",
    ENERGY: "factory_env.envs.energy.env:EnergyEnv",
    JOINT: "factory_env.envs.joint.env:JointEnv",
}
VECTOR_ENTRY_POINTS: Final = {
    SCHEDULING: "factory_env.envs.vector.entry:make_scheduling",
    ENERGY: "factory_env.envs.vector.entry:make_energy",
    JOINT: "factory_env.envs.vector.entry:make_joint",
}


def register() -> None:
    """Make ``gymnasium.make("GarmentFactory/Scheduling-v0")`` work; safe to call twice."""
    for env_id, entry_point in ENTRY_POINTS.items():
        if env_id not in gym.registry:
            vector = VECTOR_ENTRY_POINTS[env_id]
            gym.register(id=env_id, entry_point=entry_point, vector_entry_point=vector)
