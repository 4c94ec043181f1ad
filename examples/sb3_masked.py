"""MaskablePPO of sb3-contrib, evaluated as it must be: with masks.

    python examples/sb3_masked.py --plant small --decisions 50000 --seed 1

`stable_baselines3.common.evaluation.evaluate_policy` knows no masks; use that of
`sb3_contrib.common.maskable.evaluation`, and give `predict` the masks.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import gymnasium as gym
import torch
from closing import ENV_ID, Act, Course, Observation, close, read_options
from sb3_contrib import MaskablePPO
from sb3_contrib.common.maskable.evaluation import evaluate_policy
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.monitor import Monitor

from factory_env.envs.wrappers import SortedOrders


class Watch(BaseCallback):
    """Plays the validation seeds from time to time."""

    def __init__(self, course: Course) -> None:
        super().__init__()
        self._course = course

    def _on_step(self) -> bool:
        self._course.look(self.num_timesteps, best_action(self.model.policy))
        return True


def best_action(policy: Any) -> Act:
    """The action of the highest chance among those that are not masked."""

    def act(seen: Observation) -> int:
        return int(policy.predict(seen, deterministic=True, action_masks=seen["mask"] > 0)[0])

    return act


def main() -> None:
    """Train and compare."""
    options = read_options(__doc__)
    torch.set_num_threads(1)  # far faster for small networks
    env = SortedOrders(gym.make(ENV_ID, plant=options.plant))
    model = MaskablePPO("MultiInputPolicy", env, gamma=0.9, seed=options.seed)
    start = deepcopy(model.policy)
    watched = SortedOrders(gym.make(ENV_ID, plant=options.plant))
    course = Course(watched, options)
    course.look(0, best_action(start))
    model.learn(options.decisions, callback=Watch(course))
    course.finish(model.num_timesteps, best_action(model.policy))
    mean, sd = evaluate_policy(model, Monitor(watched), n_eval_episodes=5)
    print(f"return of an episode, in the unit of reward_scale: {mean:.1f} (sd {sd:.1f})")
    close("sb3_masked", course, best_action(model.policy), best_action(start))


if __name__ == "__main__":
    main()
