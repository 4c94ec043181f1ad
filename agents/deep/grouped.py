"""Many environments in few processes: each worker steps its group, the learner batches them all.

One process per environment drowns in messages when a step costs half a millisecond; one
process for all leaves the other cores idle. Here a message carries a group's whole step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

import gymnasium as gym
import numpy as np
from stable_baselines3.common.vec_env import DummyVecEnv, VecEnv

from agents.deep.places import join_observations
from factory_env.processes import end_with_parent

Maker = Callable[[], gym.Env[Any, Any]]


class GroupedVecEnv(VecEnv):
    """A ``VecEnv`` over ``workers`` processes, each with an equal share of the environments.

    Parameters
    ----------
    makers
        One per environment; must be picklable.
    """

    def __init__(self, makers: Sequence[Maker], workers: int) -> None:
        if workers < 1 or len(makers) % workers:
            raise ValueError(
                f"envs must divide evenly over workers, got {len(makers)} envs, {workers} workers"
            )
        context = get_context("spawn")
        size = len(makers) // workers
        self._pipes: list[Connection] = []
        self._processes = []
        for w in range(workers):
            here, there = context.Pipe()
            group = list(makers[w * size : (w + 1) * size])
            process = context.Process(target=_work, args=(there, group), daemon=True)
            process.start()
            there.close()
            self._pipes.append(here)
            self._processes.append(process)
        self._size = size
        observation_space, action_space = self._pipes[0].recv()
        for pipe in self._pipes[1:]:
            pipe.recv()
        super().__init__(len(makers), observation_space, action_space)
        self._masks = np.ones((len(makers), action_space.n), dtype=np.bool_)

    def reset(self) -> Any:
        """Start every environment anew."""
        self._send(("reset", None))
        return self._observation([pipe.recv() for pipe in self._pipes])

    def step_async(self, actions: np.ndarray) -> None:
        for i, pipe in enumerate(self._pipes):
            pipe.send(("step", actions[i * self._size : (i + 1) * self._size]))

    def step_wait(self) -> Any:
        parts = [pipe.recv() for pipe in self._pipes]
        observation = self._observation([p[0] for p in parts])
        rewards = np.concatenate([p[1] for p in parts])
        dones = np.concatenate([p[2] for p in parts])
        return observation, rewards, dones, [info for p in parts for info in p[3]]

    def close(self) -> None:
        """End the workers."""
        for pipe in self._pipes:
            try:
                pipe.send(("close", None))
            except (BrokenPipeError, OSError):
                continue  # that worker is gone already, which is what closing wants
        for process in self._processes:
            process.join(timeout=5)
            if process.is_alive():
                process.terminate()

    def env_method(self, method_name: str, *args: Any, indices: Any = None, **kwargs: Any) -> Any:
        """What a method of each environment gives; ``action_masks`` came with the observation."""
        if method_name == "action_masks":
            return [self._masks[i] for i in self._get_indices(indices)]
        self._send(("call", (method_name, args, kwargs)))
        answers = [pipe.recv() for pipe in self._pipes]
        for answer in answers:
            if isinstance(answer, AttributeError):
                raise answer
        values = [value for answer in answers for value in answer]
        return [values[i] for i in self._get_indices(indices)]

    def go_to(self, places: Any) -> Any:
        """Bring every environment to its place; the observation of all."""
        joined: dict[str, np.ndarray] = join_observations(self.env_method("go_to", places))
        self._masks = joined["mask"].astype(np.bool_)
        return joined

    def has_attr(self, attr_name: str) -> bool:
        return attr_name == "action_masks"

    def get_attr(self, attr_name: str, indices: Any = None) -> list[Any]:
        """``render_mode`` is none; nothing else crosses the processes."""
        if attr_name != "render_mode":
            raise AttributeError(f"{attr_name}: not offered across processes")
        return [None for _ in self._get_indices(indices)]

    def set_attr(self, attr_name: str, value: Any, indices: Any = None) -> None:
        raise AttributeError(f"{attr_name}: environments in other processes cannot be changed")

    def env_is_wrapped(self, wrapper_class: type[Any], indices: Any = None) -> list[bool]:
        return [False for _ in self._get_indices(indices)]

    def _send(self, message: tuple[str, Any]) -> None:
        for pipe in self._pipes:
            pipe.send(message)

    def _observation(self, parts: list[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
        joined = {key: np.concatenate([p[key] for p in parts]) for key in parts[0]}
        self._masks = joined["mask"].astype(np.bool_)
        return joined


def _work(pipe: Connection, makers: list[Maker]) -> None:
    end_with_parent()
    envs = DummyVecEnv(makers)
    pipe.send((envs.observation_space, envs.action_space))
    try:
        while True:
            command, payload = pipe.recv()
            if command == "reset":
                pipe.send(envs.reset())
            elif command == "step":
                pipe.send(envs.step(payload))
            elif command == "call":
                name, args, kwargs = payload
                try:
                    pipe.send(envs.env_method(name, *args, **kwargs))
                except AttributeError as error:
                    pipe.send(error)
            else:
                return
    except (EOFError, KeyboardInterrupt):
        return  # the learner is gone or stopping; it saves what there is to save
