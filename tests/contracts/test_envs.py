"""One conformance test over every environment the house registers."""

from __future__ import annotations

import warnings
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from stable_baselines3.common.env_checker import check_env as sb3_check_env
from stable_baselines3.common.vec_env import DummyVecEnv, SubprocVecEnv

import factory_env  # noqa: F401  (registers the environments)

IDS = sorted(i for i in gym.registry if i.startswith("GarmentFactory/"))
SHORT = {"demand.days": 6, "horizon_days": 14}


def make(env_id: str, **kwargs: Any) -> gym.Env[Any, Any]:
    return gym.make(env_id, plant="small", overrides=SHORT, **kwargs)


def short_env() -> gym.Env[Any, Any]:
    return make(IDS[0])


def play(env: gym.Env[Any, Any], seed: int, rng: np.random.Generator) -> list[Any]:
    """Rewards of an episode of random legal actions."""
    env.reset(seed=seed)
    rewards, over = [], False
    while not over:
        action = int(rng.choice(np.flatnonzero(env.unwrapped.action_masks())))
        _, reward, terminated, truncated, _ = env.step(action)
        rewards.append(reward)
        over = terminated or truncated
    return rewards


def test_an_environment_is_registered() -> None:
    assert "GarmentFactory/Scheduling-v0" in IDS


@pytest.mark.parametrize("env_id", IDS)
def test_gymnasium_and_sb3_checkers_find_nothing_to_warn_about(env_id: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(make(env_id, render_mode="rgb_array").unwrapped)
        sb3_check_env(make(env_id).unwrapped)


@pytest.mark.parametrize("env_id", IDS)
def test_equal_seeds_and_actions_give_equal_episodes(env_id: str) -> None:
    one = play(make(env_id), 5, np.random.default_rng(0))
    two = play(make(env_id), 5, np.random.default_rng(0))
    assert one == two


@pytest.mark.parametrize("env_id", IDS)
def test_every_observation_lies_in_its_space(env_id: str) -> None:
    env = make(env_id)
    observation, _ = env.reset(seed=1)
    rng, over = np.random.default_rng(1), False
    while not over:
        assert env.observation_space.contains(observation)
        legal = np.flatnonzero(env.unwrapped.action_masks())  # type: ignore[attr-defined]
        assert legal.size
        observation, _, terminated, truncated, _ = env.step(int(rng.choice(legal)))
        over = terminated or truncated
    assert env.observation_space.contains(observation)


@pytest.mark.parametrize("env_id", IDS)
def test_gymnasium_vectorises_it(env_id: str) -> None:
    envs = gym.make_vec(
        env_id, num_envs=2, vectorization_mode="sync", plant="small", overrides=SHORT
    )
    observation, _ = envs.reset(seed=3)
    assert observation["mask"].shape == (2, 33)
    envs.step(np.array([1, 1]))
    envs.close()


def test_sb3_vectorises_it_in_one_process_and_in_many() -> None:
    for envs in (DummyVecEnv([short_env] * 2), SubprocVecEnv([short_env] * 2)):
        envs.reset()
        masks = np.stack(envs.env_method("action_masks"))
        assert masks.shape == (2, 33)
        assert masks.any(axis=1).all()
        envs.step(masks.argmax(axis=1))
        envs.close()


def test_the_picture_is_an_rgb_array() -> None:
    env = make(IDS[0], render_mode="rgb_array")
    env.reset(seed=0)
    picture: Any = env.render()
    assert picture.shape == (480, 960, 3)
    assert picture.dtype == np.uint8
    assert picture.std() > 10  # something is drawn
