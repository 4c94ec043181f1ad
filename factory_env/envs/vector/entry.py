"""What ``gymnasium.make_vec`` calls: one function per class of environments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

import numpy as np
from gymnasium.vector import AutoresetMode

from factory_env.envs.vector.env import FactoryVectorEnv
from factory_env.envs.vector.group import Env
from factory_env.errors import InputError, Problem, wrong

WHERE: Final = "make_vec"  # of problems
MOST_ENVS: Final = 65_536
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

    Raises
    ------
    InputError
        If the number of environments, their reset, or an argument of the class is wrong.
    """
    if problems := [*_check_number(num_envs), *_check_mode(autoreset_mode)]:
        raise InputError(problems)
    maker = EnvMaker(entry_point, arguments, tuple(inner_wrappers))
    return FactoryVectorEnv([maker] * num_envs, workers, autoreset_mode=autoreset_mode, copy=copy)


def _check_number(num_envs: object) -> list[Problem]:
    is_whole = isinstance(num_envs, int | np.integer) and not isinstance(num_envs, bool)
    if is_whole and 1 <= num_envs <= MOST_ENVS:  # type: ignore[operator]
        return []
    rule = f"must be a whole number from 1 to {MOST_ENVS}"
    return [wrong(WHERE, "num_envs", rule, repr(num_envs), "e.g. num_envs=8")]


def _check_mode(mode: object) -> list[Problem]:
    known = [known.value for known in AutoresetMode]
    if isinstance(mode, AutoresetMode) or mode in known:
        return []
    rule = f"must be one of {', '.join(known)}"
    right = f"e.g. {AutoresetMode.NEXT_STEP.value}"
    return [wrong(WHERE, "autoreset_mode", rule, repr(mode), right)]


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
