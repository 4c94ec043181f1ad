"""Many environments in few processes, as Stable-Baselines3 wants them.

One process per environment drowns in messages when a step costs half a millisecond; one
process for all leaves the other cores idle. Here a message carries a group's whole step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.vector import AutoresetMode
from stable_baselines3.common.vec_env import VecEnv

from factory_env.envs.vector.crew import hire
from factory_env.envs.vector.infos import FINAL_INFO, FINAL_OBS, Infos

Maker = Callable[[], gym.Env[Any, Any]]


class GroupedVecEnv(VecEnv):
    """A ``VecEnv`` over ``workers`` processes, each with an equal share of the environments.

    Parameters
    ----------
    makers
        One per environment; must be picklable, unless all stay in this process.
    workers
        Processes; 1 = all in this one, without starting any.
    """

    def __init__(self, makers: Sequence[Maker], workers: int) -> None:
        if workers < 1 or len(makers) % workers:
            raise ValueError(
                f"envs must divide evenly over workers, got {len(makers)} envs, {workers} workers"
            )
        self.crew = hire(makers, 0 if workers == 1 else workers, AutoresetMode.SAME_STEP)
        self.pupil: object = None  # whose network the workers have a copy of
        observation_space, action_space, *_ = self.crew.description
        super().__init__(len(makers), observation_space, action_space)

    def reset(self) -> Any:
        """Start every environment anew; what `seed` and `set_options` gave counts once."""
        shared = self._options[0] or None
        if any(own != self._options[0] for own in self._options):
            raise ValueError(f"all environments take the same options, got {self._options}")
        answers = self.crew.ask_all("reset", ((self._seeds[r], shared) for r in self.crew.rows))
        self.reset_infos = _flatten(answers)
        self._reset_seeds()
        self._reset_options()
        return self.crew.batch.observe(copy=True)

    def step_async(self, actions: np.ndarray) -> None:
        for worker, rows in enumerate(self.crew.rows):
            self.crew.ask(worker, "step", actions[rows])

    def step_wait(self) -> Any:
        listed = _flatten([self.crew.answer(worker) for worker in range(len(self.crew.workers))])
        batch = self.crew.batch
        dones = batch.terminations | batch.truncations
        is_cut = batch.truncations & ~batch.terminations
        infos = [_tell(*step) for step in zip(listed, dones.tolist(), is_cut.tolist(), strict=True)]
        for row in np.flatnonzero(dones):
            self.reset_infos[row] = listed[row]
        return batch.observe(copy=True), batch.rewards.astype(np.float32), dones, infos

    def close(self) -> None:
        """End the workers."""
        self.crew.close()

    def env_method(self, method_name: str, *args: Any, indices: Any = None, **kwargs: Any) -> Any:
        """What a method of each environment gives; ``action_masks`` came with the observation."""
        masks = self.crew.batch.observations.get("mask")
        if method_name == "action_masks" and masks is not None:
            return [masks[i].astype(np.bool_) for i in self._get_indices(indices)]
        values = _flatten(
            self.crew.ask_all("call", ((method_name, args, kwargs) for _ in self.crew.rows))
        )
        return [values[i] for i in self._get_indices(indices)]

    def go_to(self, places: Any) -> Any:
        """Bring every environment to its place; the observation of all."""
        for row, observation in enumerate(self.env_method("go_to", places)):
            self.crew.batch.write(row, observation)
        return self.crew.batch.observe(copy=True)

    def has_attr(self, attr_name: str) -> bool:
        if attr_name == "action_masks":
            return "mask" in self.crew.batch.observations
        return super().has_attr(attr_name)

    def get_attr(self, attr_name: str, indices: Any = None) -> list[Any]:
        """An attribute of each environment; a copy where it comes from another process."""
        values = _flatten(self.crew.ask_all("get_attr", ((attr_name,) for _ in self.crew.rows)))
        return [values[i] for i in self._get_indices(indices)]

    def set_attr(self, attr_name: str, value: Any, indices: Any = None) -> None:
        raise AttributeError(f"{attr_name}: environments in other processes cannot be changed")

    def env_is_wrapped(self, wrapper_class: type[Any], indices: Any = None) -> list[bool]:
        return [False for _ in self._get_indices(indices)]


def _flatten(answers: Sequence[Sequence[Any]]) -> list[Any]:
    """What each worker said of its environments, in their order."""
    return [value for values in answers for value in values]


def _tell(info: Infos, is_over: bool, is_cut: bool) -> Infos:
    """The info of a step as SB3 has it: of the run that ended, if one did."""
    if not is_over:
        return {**info, "TimeLimit.truncated": False}
    last = {"terminal_observation": info[FINAL_OBS], "TimeLimit.truncated": is_cut}
    return {**info[FINAL_INFO], **last}
