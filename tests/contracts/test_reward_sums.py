"""Every reward in every environment: an episode's sum is the KPI that the reward stands for."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from factory_env import load_scenario
from factory_env.catalogue import load_plug, plug_names
from factory_env.envs import rewards
from factory_env.envs.scheduling.env import SchedulingEnv
from factory_env.envs.scheduling.env_v1 import SchedulingEnvV1

NAMES = plug_names(rewards)
# more than can be sewn in time, so that late, open and cancelled orders are charged
LATE = {"demand.days": 6, "demand.load": 2.0, "horizon_days": 12}
SCENARIO = load_scenario("small", overrides=LATE, disruptions="rough")


def play(env: SchedulingEnv, seed: int) -> tuple[float, dict[str, Any]]:
    """Sum of an episode of random legal actions, and the info of its reset."""
    rng, total, over = np.random.default_rng(seed), [], False
    _, start = env.reset(seed=seed)
    while not over:
        action = int(rng.choice(np.flatnonzero(env.action_masks())))
        _, reward, terminated, truncated, _ = env.step(action)
        total.append(reward)
        over = terminated or truncated
    return math.fsum(total), start


def charged_usd(name: str, env: SchedulingEnv) -> float:
    """What the run cost in the parts that the reward charges for."""
    assert env.factory is not None
    cost = env.factory.log().cost_usd
    parts = load_plug(rewards, name).charges
    return math.fsum(cost.values() if parts is None else (cost[part] for part in parts))


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", NAMES)
def test_in_the_first_version_the_sum_is_minus_the_kpi(name: str, seed: int) -> None:
    env = SchedulingEnv(scenario=SCENARIO, reward=name)
    total, _ = play(env, seed)
    assert charged_usd(name, env) > 0.0 or name == "energy_lagrangian"
    assert total == pytest.approx(-charged_usd(name, env), abs=1e-6)


@pytest.mark.parametrize("scale", ["auto", 0.25])
@pytest.mark.parametrize("name", NAMES)
def test_in_the_second_it_is_the_scaled_start_minus_the_kpi(name: str, scale: Any) -> None:
    env = SchedulingEnvV1(scenario=SCENARIO, reward=name, scale=scale)
    total, start = play(env, 3)
    kpi_usd = charged_usd(name, env)
    assert total / env.reward_scale == pytest.approx(start["start_usd"] - kpi_usd, abs=1e-6)


@pytest.mark.parametrize("version", [SchedulingEnv, SchedulingEnvV1])
@pytest.mark.parametrize("name", NAMES)
def test_an_episode_that_is_given_up_sums_to_its_kpi_too(version: Any, name: str) -> None:
    env = version(scenario=SCENARIO, reward=name, on_masked="refuse")
    _, start = env.reset(seed=4)
    total, over = [], False
    while not over:
        _, reward, terminated, truncated, info = env.step(32)
        total.append(reward)
        over = terminated or truncated
    assert "why_truncated" in info
    expected = start.get("start_usd", 0.0) - charged_usd(name, env)
    assert math.fsum(total) / env.reward_scale == pytest.approx(expected, abs=1e-6)
