"""Environments of one process, stepped in turn; what they give lands in one batch of arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.vector import AutoresetMode
from numpy.typing import NDArray

from factory_env.envs.one_agent import OneAgentEnv
from factory_env.envs.vector.infos import FINAL_INFO, FINAL_OBS, Infos
from factory_env.envs.vector.layout import Batch

Env = gym.Env[Any, Any]


class Group:
    """Steps environments, and starts them anew as Gymnasium's autoreset mode says.

    ``memory`` is for whoever runs functions beside the environments: it stays from one call to
    the next.
    """

    def __init__(self, envs: Sequence[Env], batch: Batch, autoreset: AutoresetMode) -> None:
        self.envs = tuple(envs)
        self.batch = batch
        self.memory: dict[str, Any] = {}
        self._autoreset = autoreset
        self._is_over = np.zeros(len(self.envs), dtype=np.bool_)
        share_balances(self.envs)

    def reset(
        self,
        seeds: Sequence[int | None],
        options: dict[str, Any] | None = None,
        chosen: NDArray[np.bool_] | None = None,
    ) -> list[Infos]:
        """Start all environments, or the chosen ones; an info each."""
        infos: list[Infos] = [{} for _ in self.envs]
        for row, env in enumerate(self.envs):
            if chosen is None or chosen[row]:
                self._leave(row)
                observation, infos[row] = env.reset(seed=seeds[row], options=options)
                self.batch.write(row, observation)
        return infos

    def step(self, actions: Any) -> list[Infos]:
        """A step of every environment; an info each.

        With autoreset in the same step, the info of one that ended holds ``final_obs`` and
        ``final_info``, and the rest is of the new run.
        """
        return [self._step(row, env, actions[row]) for row, env in enumerate(self.envs)]

    def call(self, name: str, arguments: Sequence[Any], named: dict[str, Any]) -> list[Any]:
        """What a method of every environment gives, or an attribute's value."""
        values = (env.get_wrapper_attr(name) for env in self.envs)
        return [value(*arguments, **named) if callable(value) else value for value in values]

    def get_attr(self, name: str) -> list[Any]:
        """An attribute of every environment."""
        return [env.get_wrapper_attr(name) for env in self.envs]

    def set_attr(self, name: str, values: Sequence[Any]) -> None:
        """Set an attribute of every environment."""
        for env, value in zip(self.envs, values, strict=True):
            env.set_wrapper_attr(name, value)

    def render(self) -> list[Any]:
        """A picture of every environment."""
        return [env.render() for env in self.envs]

    def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """What ``function(self, *arguments)`` gives."""
        return function(self, *arguments)

    def close(self) -> None:
        """Close the environments."""
        for env in self.envs:
            env.close()

    def _step(self, row: int, env: Env, action: Any) -> Infos:
        batch = self.batch
        if self._is_over[row]:
            if self._autoreset is not AutoresetMode.NEXT_STEP:
                raise gym.error.ResetNeeded(f"environment {row} has ended: reset it")
            self._leave(row)
            batch.rewards[row] = 0.0
            observation, info = env.reset()
        else:
            observation, reward, terminated, truncated, info = env.step(action)
            batch.rewards[row] = reward
            batch.terminations[row], batch.truncations[row] = terminated, truncated
            if terminated or truncated:
                if self._autoreset is AutoresetMode.SAME_STEP:
                    last = {FINAL_OBS: observation, FINAL_INFO: info}
                    observation, info = env.reset()
                    info = {**last, **info}
                else:
                    self._is_over[row] = True
        batch.write(row, observation)
        return info

    def _leave(self, row: int) -> None:
        """Forget that an environment has ended."""
        self._is_over[row] = self.batch.terminations[row] = self.batch.truncations[row] = False


def share_balances(envs: Sequence[Env]) -> None:
    """Let environments of one scenario share what each of them would work out anew."""
    owners: list[OneAgentEnv[Any, Any]] = []
    for env in envs:
        inner = env.unwrapped
        if not isinstance(inner, OneAgentEnv):
            continue
        alike = next((other for other in owners if other.scenario == inner.scenario), None)
        if alike is None:
            owners.append(inner)
        else:
            inner.share_balances(alike)
