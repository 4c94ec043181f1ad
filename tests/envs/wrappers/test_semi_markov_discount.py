"""Discounting by elapsed time, for learners with one gamma a step."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium import spaces

from factory_env import load_scenario
from factory_env.envs.scheduling.env import SchedulingEnv
from factory_env.envs.scheduling.env_v1 import SchedulingEnvV1
from factory_env.envs.wrappers import SemiMarkovDiscount

SCENARIO = load_scenario("small", overrides={"demand.days": 8, "horizon_days": 16})


class Line(gym.Env[Any, Any]):
    """Three steps of given rewards and discounts."""

    observation_space = spaces.Discrete(1)
    action_space = spaces.Discrete(1)
    rewards, discounts = (1.0, 2.0, 4.0), (0.5, 0.9, 0.8)

    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        super().reset(seed=seed)
        self.at = 0
        return 0, {}

    def step(self, action: Any) -> Any:
        k, self.at = self.at, self.at + 1
        return 0, self.rewards[k], self.at == 3, False, {"discount": self.discounts[k]}


def play(env: gym.Env[Any, Any]) -> list[Any]:
    env.reset()
    out, over = [], False
    while not over:
        out.append(env.step(0))
        over = out[-1][2] or out[-1][3]
    return out


@pytest.mark.parametrize("gamma", [1.0, 0.9])
def test_the_learners_discounted_sum_is_that_of_the_elapsed_time(gamma: float) -> None:
    env = SemiMarkovDiscount(Line(), gamma=gamma)
    for _ in range(2):  # and again after another reset
        rewards = [step[1] for step in play(env)]
        # 1 + 0.5 * 2 + 0.5 * 0.9 * 4
        assert sum(gamma**k * r for k, r in enumerate(rewards)) == pytest.approx(3.8)


def test_stopping_gives_the_same_sum_in_the_mean_with_rewards_as_they_are() -> None:
    env = SemiMarkovDiscount(Line(), how="stop", seed=0)
    sums, stopped = [], 0
    for _ in range(4000):
        steps = play(env)
        sums.append(sum(step[1] for step in steps))
        stopped += steps[-1][4].get("stopped", False)
    # lengths 1, 2, 3 with 0.5, 0.05, 0.45: sums 1, 3, 7, deviation 2.9 of one, 0.05 of the mean
    assert np.mean(sums) == pytest.approx(3.8, abs=0.15)
    assert stopped / 4000 == pytest.approx(0.55, abs=0.03)


@pytest.mark.parametrize("made", [SchedulingEnv, SchedulingEnvV1])
def test_it_weighs_the_rewards_of_the_factory(made: Any) -> None:
    plain = made(scenario=SCENARIO, on_masked="refuse")
    weighed = SemiMarkovDiscount(made(scenario=SCENARIO, on_masked="refuse"))
    plain.reset(seed=2)
    weighed.reset(seed=2)
    weight, over = 1.0, False
    while not over:
        action = plain.rule_action()
        weighed.step(32)  # refused: no time passes
        _, reward, over, truncated, info = plain.step(action)
        _, now, *_ = weighed.step(action)
        assert now == pytest.approx(weight * reward)
        weight *= info["discount"]
        over = over or truncated
    assert weight < 0.95


def test_what_cannot_be_exact_is_refused() -> None:
    with pytest.raises(ValueError, match="gamma must be 1 with how='stop'"):
        SemiMarkovDiscount(Line(), gamma=0.9, how="stop")
    with pytest.raises(ValueError, match="gamma must be above 0, to 1, got 0"):
        SemiMarkovDiscount(Line(), gamma=0.0)
    with pytest.raises(ValueError, match="how must be 'weight' or 'stop'"):
        SemiMarkovDiscount(Line(), how="both")
