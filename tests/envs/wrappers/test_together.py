"""All wrappers at once, in vector environments and under learners."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from sb3_contrib import MaskablePPO
from stable_baselines3 import DQN
from stable_baselines3.common.vec_env import DummyVecEnv, SubprocVecEnv

from agents.rules.edd import Edd
from factory_env import load_scenario
from factory_env.envs.wrappers import AgainstRule, LegalAction, SemiMarkovDiscount, SortedOrders

SCENARIO = load_scenario("small", overrides={"demand.days": 6, "horizon_days": 8})


def make(version: str) -> gym.Env[Any, Any]:
    env = gym.make(f"GarmentFactory/Scheduling-{version}", scenario=SCENARIO)
    return LegalAction(SemiMarkovDiscount(AgainstRule(SortedOrders(env), Edd(), pool=(1, 2))))


def make_v1() -> gym.Env[Any, Any]:
    return make("v1")


@pytest.mark.parametrize("version", ["v0", "v1"])
def test_gymnasium_steps_many_of_them(version: str) -> None:
    envs = gym.vector.SyncVectorEnv([lambda: make(version)] * 2)
    seen, _ = envs.reset(seed=1)
    for _ in range(40):
        seen, reward, *_ = envs.step(seen["mask"].argmax(axis=1))
        assert np.isfinite(reward).all()
        assert seen["mask"].any() or version == "v0"
    envs.close()


@pytest.mark.slow
def test_sb3_steps_them_in_one_process_and_in_many() -> None:
    rewards = []
    for envs in (DummyVecEnv([make_v1] * 2), SubprocVecEnv([make_v1] * 2, start_method="spawn")):
        envs.seed(1)
        envs.reset()
        sums = np.zeros(2)
        for _ in range(20):
            masks = np.stack(envs.env_method("action_masks"))
            sums += envs.step(masks.argmax(axis=1))[1]
        envs.close()
        rewards.append(sums)
    np.testing.assert_allclose(*rewards, rtol=1e-5)  # one of the two keeps single precision


def test_learners_learn_through_them() -> None:
    masked = MaskablePPO("MultiInputPolicy", make_v1(), n_steps=32, batch_size=32, seed=0)
    masked.learn(64)
    plain = DQN("MultiInputPolicy", make_v1(), buffer_size=200, learning_starts=20, seed=0)
    plain.learn(100)
    assert masked.num_timesteps == 64
    assert plain.num_timesteps == 100
