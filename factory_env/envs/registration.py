"""Registers the environments with Gymnasium; called by `import factory_env`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import gymnasium as gym

SCHEDULING: Final = "GarmentFactory/Scheduling-v0"
SCHEDULING_V1: Final = "GarmentFactory/Scheduling-v1"
SHORT: Final = "GarmentFactory/Scheduling-short-v0"  # ten days of the small plant
ENERGY: Final = "GarmentFactory/Energy-v0"
JOINT: Final = "GarmentFactory/Joint-v0"
# scenarios of one ability each (docs/suite.md), on each of these plants
_SUITE: Final = Path(__file__).resolve().parents[2] / "conf" / "scenario" / "suite"
SIZES: Final = ("small", "mid", "large")
_V1: Final = "factory_env.envs.scheduling.env_v1:SchedulingEnvV1"


def _list_suite() -> dict[str, dict[str, Any]]:
    """Arguments of the suite's ids: of ``tight.yaml`` version 1, of ``tight_v2.yaml`` version 2."""
    ids = {}
    for stem in sorted(path.stem for path in _SUITE.glob("*.yaml")):
        name, _, version = stem.partition("_v")
        for size in SIZES:
            env_id = f"GarmentFactory/Suite-{name}-{size}-v{version or 1}"
            ids[env_id] = {"plant": size, "scenario": f"suite/{stem}"}
    return ids


SUITE: Final = _list_suite()
ENTRY_POINTS: Final = {
    SCHEDULING: "factory_env.envs.scheduling.env:SchedulingEnv",
    SCHEDULING_V1: _V1,
    SHORT: _V1,
    **{f"GarmentFactory/Scheduling-{name}-v1": _V1 for name in ("small", "mid", "large", "real")},
    **dict.fromkeys(SUITE, _V1),
    ENERGY: "factory_env.envs.energy.env:EnergyEnv",
    JOINT: "factory_env.envs.joint.env:JointEnv",
}
# what an id stands for beside its class; who gives one of these arguments replaces it
ARGUMENTS: Final[dict[str, dict[str, Any]]] = {
    SHORT: {"plant": "small", "overrides": {"demand.days": 8, "horizon_days": 10}},
    "GarmentFactory/Scheduling-small-v1": {"plant": "small"},
    "GarmentFactory/Scheduling-mid-v1": {"plant": "mid"},
    "GarmentFactory/Scheduling-large-v1": {"plant": "large"},
    "GarmentFactory/Scheduling-real-v1": {"scenario": "real", "disruptions": "normal"},
    **SUITE,
}
VECTOR_ENTRY_POINTS: Final = {
    ENTRY_POINTS[SCHEDULING]: "factory_env.envs.vector.entry:make_scheduling",
    ENTRY_POINTS[SCHEDULING_V1]: "factory_env.envs.vector.entry:make_scheduling_v1",
    ENTRY_POINTS[ENERGY]: "factory_env.envs.vector.entry:make_energy",
    ENTRY_POINTS[JOINT]: "factory_env.envs.vector.entry:make_joint",
}


def register() -> None:
    """Make ``gymnasium.make("GarmentFactory/Scheduling-v1")`` work; safe to call twice."""
    for env_id, entry_point in ENTRY_POINTS.items():
        if env_id not in gym.registry:
            gym.register(
                id=env_id,
                entry_point=entry_point,
                vector_entry_point=VECTOR_ENTRY_POINTS[entry_point],
                kwargs=ARGUMENTS.get(env_id, {}),
            )
