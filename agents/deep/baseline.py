"""Training against a rule: its cost on the training seeds, played once, is taken off the reward.

A pool of training seeds is played by a rule, and its projected cost over time is kept; while the
agent trains on the same seeds, what the rule's cost rose by in the same span is added to the
reward (`AgainstRule`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import gymnasium as gym
import numpy as np

from factory_env.envs.curve import Curve as Curve
from factory_env.envs.wrappers.against_rule import AgainstRule as AgainstRule

Act = Callable[[], Any]  # the action that answers what an environment asks now


def steps(env: gym.Env[Any, Any], act: Act, seed: int) -> Iterator[tuple[float, dict[str, Any]]]:
    """Play one seed; reward and ``info`` of every step."""
    env.reset(seed=seed)
    is_over = False
    while not is_over:
        _, reward, terminated, truncated, info = env.step(act())
        yield float(reward), info
        is_over = terminated or truncated


def play_out(env: gym.Env[Any, Any], act: Act, seed: int) -> dict[str, Any]:
    """Play one seed to its end; ``info`` of the last step."""
    last: dict[str, Any] = {}
    for _, info in steps(env, act, seed):
        last = info
    return last


def cost_curve(env: gym.Env[Any, Any], act: Act, seed: int) -> Curve:
    """What the environment's reward says that a policy costs over time."""
    minutes, costs = [0.0], [0.0]
    for reward, info in steps(env, act, seed):
        minutes.append(minutes[-1] + info["elapsed_min"])
        costs.append(costs[-1] - reward)
    return Curve(seed=seed, minutes=np.array(minutes), cost_usd=np.array(costs))


def no_curves(seeds: Sequence[int]) -> list[Curve]:
    """Curves that take nothing off the reward."""
    nothing = np.zeros(1)
    return [Curve(seed=seed, minutes=nothing, cost_usd=nothing) for seed in seeds]
