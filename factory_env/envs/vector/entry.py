"""What ``gymnasium.make_vec`` calls: one function per class of environments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from gymnasium.vector import AutoresetMode

from factory_env.envs.vector.env import FactoryVectorEnv
from factory_env.envs.vector.group import Env

Wrap = Callable[[Env], Env]


@dataclass(frozen=True)
class EnvMaker:
    """Makes one environment; travels to a worker."""

    entry_point: str  # module:class
    arguments: dict[str, Any]
    wrappers: Sequence[Wrap] = ()

    def __call__(self) -> Env:
        module, _, name = self.entry_point.partition(":")
        # policies among the arguments belong to one environment each
        env: Env = getattr(import_module(module), name)(**deepcopy(self.arguments))
        for wrap in self.wrappers:
            env = wrap(env)
        return env


def make_vector(
    entry_point: str,
    num_envs: int = 1,
    *,
    workers: int = 0,
    autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
    copy: bool = True,
    inner_wrappers: Sequence[Wrap] = (),
    **arguments: Any,
) -> FactoryVectorEnv:
    """``num_envs`` environments of a class.

    Parameters
    ----------
    entry_point
        ``module:class``.
    inner_wrappers
        Put around every environment, in this order. (``wrappers`` of ``make_vec`` are refused by
        Gymnasium where a class has a vector environment of its own.)
    arguments
        Of the class.
    """
    maker = EnvMaker(entry_point, arguments, tuple(inner_wrappers))
    return FactoryVectorEnv([maker] * num_envs, workers, autoreset_mode=autoreset_mode, copy=copy)


def make_scheduling(num_envs: int = 1, **more: Any) -> FactoryVectorEnv:
    """Many `SchedulingEnv`; see `make_vector`."""
    return make_vector("factory_env.envs.scheduling.env:SchedulingEnv", num_envs, **more)


def make_scheduling_v1(num_envs: int = 1, **more: Any) -> FactoryVectorEnv:
    """Many `SchedulingEnvV1`; see `make_vector`."""
    return make_vector("factory_env.envs.scheduling.env_v1:SchedulingEnvV1", num_envs, **more)


def make_energy(num_envs: int = 1, **more: Any) -> FactoryVectorEnv:
    """Many `EnergyEnv`; see `make_vector`."""
    return make_vector("factory_env.envs.energy.env:EnergyEnv", num_envs, **more)


def make_joint(num_envs: int = 1, **more: Any) -> FactoryVectorEnv:
    """Many `JointEnv`; see `make_vector`."""
    return make_vector("factory_env.envs.joint.env:JointEnv", num_envs, **more)
