"""Learners of Stable-Baselines3 that know no masks, as its documentation has them.

    python examples/sb3_plain.py --algorithm ppo --plant small --decisions 50000 --seed 1

A masked action becomes the legal one nearest to it (``on_masked="nearest"``, the default). The
orders are sorted by the index of a rule, so that action 1 means the same in every question: a
plain network could not learn that otherwise from so few decisions.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import gymnasium as gym
import torch
from closing import ENV_ID, Act, Course, Observation, close, read_options
from sb3_contrib import QRDQN
from stable_baselines3 import A2C, DQN, PPO
from stable_baselines3.common.callbacks import BaseCallback

from factory_env.envs.wrappers import SortedOrders

ALGORITHMS = {"ppo": PPO, "a2c": A2C, "dqn": DQN, "qrdqn": QRDQN}


class Watch(BaseCallback):
    """Plays the validation seeds from time to time."""

    def __init__(self, course: Course) -> None:
        super().__init__()
        self._course = course

    def _on_step(self) -> bool:
        self._course.look(self.num_timesteps, best_action(self.model.policy))
        return True


def best_action(policy: Any) -> Act:
    """The action of the highest chance or value."""

    def act(seen: Observation) -> int:
        return int(policy.predict(seen, deterministic=True)[0])

    return act


def main() -> None:
    """Train and compare."""
    options = read_options(__doc__, algorithm="ppo")
    torch.set_num_threads(1)  # far faster for small networks
    if options.algorithm not in ALGORITHMS:
        raise SystemExit(f"--algorithm must be one of {', '.join(ALGORITHMS)}")
    env = SortedOrders(gym.make(ENV_ID, plant=options.plant))
    model = ALGORITHMS[options.algorithm]("MultiInputPolicy", env, seed=options.seed)
    start = deepcopy(model.policy)
    watched = SortedOrders(gym.make(ENV_ID, plant=options.plant))
    course = Course(watched, options)
    course.look(0, best_action(start))
    model.learn(options.decisions, callback=Watch(course))
    course.finish(model.num_timesteps, best_action(model.policy))
    name = f"sb3_{options.algorithm}"
    close(name, course, best_action(model.policy), best_action(start))


if __name__ == "__main__":
    main()
