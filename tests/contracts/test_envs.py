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
from factory_env.envs.scheduling.env_v1 import SchedulingEnvV1
from factory_env.errors import InputError

ALL_IDS = sorted(i for i in gym.registry if i.startswith("GarmentFactory/"))
SCHEDULING = "GarmentFactory/Scheduling-v0"
SCHEDULING_V1 = "GarmentFactory/Scheduling-v1"
# further ids are one of these classes with arguments
IDS = ["GarmentFactory/Energy-v0", "GarmentFactory/Joint-v0", SCHEDULING, SCHEDULING_V1]
SHORT = {"demand.days": 6, "horizon_days": 8}
ALL_TAKE = {"scenario": "default", "disruptions": "calm", "discount_per_day": 0.9}
OF_A_SITE = {"site": "pv", "tariff": "eu_flat", "prior": "usual", "reward": "energy_projected"}
OWN = {  # what is taken beside plant, overrides and render_mode, by name
    SCHEDULING: {"prior": {"k1": 1.0, "k2": 1.0, "k3": 0.2}, "reward": "projected"},
    SCHEDULING_V1: {"reward": "cost", "hold": "never", "scale": 0.01, "on_masked": "penalty"},
    "GarmentFactory/Energy-v0": {**OF_A_SITE, "scheduler": None},
    "GarmentFactory/Joint-v0": {**OF_A_SITE, "order_prior": {"k1": 1.0, "k2": 1.0, "k3": 0.2}},
}


def make(env_id: str, **kwargs: Any) -> gym.Env[Any, Any]:
    return gym.make(env_id, plant="small", overrides=SHORT, **kwargs)


def short_env() -> gym.Env[Any, Any]:
    return make(SCHEDULING)


def legal_action(env: gym.Env[Any, Any], rng: np.random.Generator) -> Any:
    """A random one; where there are masks, one that they allow."""
    space = env.action_space
    if isinstance(space, gym.spaces.Box):
        return rng.uniform(space.low, space.high).astype(space.dtype)
    mask = env.unwrapped.action_masks()  # type: ignore[attr-defined]
    assert mask.dtype == np.bool_
    sizes = [int(space.n)] if isinstance(space, gym.spaces.Discrete) else space.nvec.tolist()
    assert mask.shape == (sum(sizes),)
    parts = np.split(mask, np.cumsum(sizes)[:-1])
    chosen = np.array([rng.choice(np.flatnonzero(part)) for part in parts])
    return int(chosen[0]) if isinstance(space, gym.spaces.Discrete) else chosen


def play(env: gym.Env[Any, Any], seed: int, rng: np.random.Generator) -> list[Any]:
    """Rewards of an episode of random legal actions, none of which is refused."""
    env.reset(seed=seed)
    rewards, over = [], False
    while not over:
        _, reward, terminated, truncated, info = env.step(legal_action(env, rng))
        assert "refused" not in info
        assert {"elapsed_min", "discount"} <= info.keys()
        rewards.append(reward)
        over = terminated or truncated
    return rewards


def test_the_environments_are_registered() -> None:
    names = ["Energy-v0", "Joint-v0", "Scheduling-v0", "Scheduling-v1", "Scheduling-short-v0"]
    names += [f"Scheduling-{plant}-v1" for plant in ("large", "mid", "real", "small")]
    abilities = ("breakdowns", "calm", "mixed", "peak", "rush", "styles", "tight")
    names += [f"Suite-{name}-{size}-v1" for name in abilities for size in ("large", "mid", "small")]
    assert sorted(f"GarmentFactory/{name}" for name in names) == ALL_IDS


@pytest.mark.parametrize(
    ("name", "lines", "days"),
    [("small", 3, 60), ("mid", 8, 60), ("large", 16, 60), ("real", 8, 60), ("short", 3, 10)],
)
def test_an_id_of_a_plant_is_that_plant(name: str, lines: int, days: int) -> None:
    version = "v0" if name == "short" else "v1"
    env: Any = gym.make(f"GarmentFactory/Scheduling-{name}-{version}").unwrapped
    assert isinstance(env, SchedulingEnvV1)
    assert (len(env.scenario.plant.lines), env.scenario.horizon_days) == (lines, days)
    assert (env.scenario.name == "real") == (name == "real")
    _, info = env.reset(seed=1)
    env.step(info["rule_action"])


@pytest.mark.parametrize("env_id", IDS)
def test_gymnasium_and_sb3_checkers_find_nothing_to_warn_about(env_id: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", category=DeprecationWarning, module="pvlib")
        warnings.filterwarnings("ignore", message=".*Scheduling-v0 is out of date")  # it is kept
        warnings.filterwarnings("ignore", message="site .* is made for")  # it is told to users
        # a window needs a screen
        check_env(make(env_id, render_mode="rgb_array").unwrapped, skip_render_check=True)
        sb3_check_env(make(env_id).unwrapped)


@pytest.mark.slow_cases("GarmentFactory/Energy-v0", "GarmentFactory/Joint-v0")
@pytest.mark.parametrize("env_id", IDS)
def test_equal_seeds_and_actions_give_equal_episodes(env_id: str) -> None:
    env = make(env_id)
    one = play(env, 5, np.random.default_rng(0))
    two = play(make(env_id), 5, np.random.default_rng(0))
    assert one == two
    assert play(env, 5, np.random.default_rng(0)) == one  # and the same object again
    assert play(env, 6, np.random.default_rng(0)) != one


@pytest.mark.parametrize("env_id", IDS)
def test_every_observation_lies_in_its_space(env_id: str) -> None:
    env = make(env_id)
    observation, _ = env.reset(seed=1)
    rng, over = np.random.default_rng(1), False
    while not over:
        assert env.observation_space.contains(observation)
        observation, _, terminated, truncated, _ = env.step(legal_action(env, rng))
        over = terminated or truncated
    assert env.observation_space.contains(observation)


@pytest.mark.parametrize("env_id", IDS)
def test_gymnasium_vectorises_it(env_id: str) -> None:
    envs = gym.make_vec(
        env_id, num_envs=2, vectorization_mode="sync", plant="small", overrides=SHORT
    )
    observation, _ = envs.reset(seed=3)
    assert envs.observation_space.contains(observation)
    envs.step(envs.action_space.sample())
    envs.close()


@pytest.mark.parametrize("env_id", IDS)
def test_a_step_before_a_reset_is_said_to_be_one(env_id: str) -> None:
    env = make(env_id).unwrapped
    with pytest.raises(gym.error.ResetNeeded, match="reset"):
        env.step(env.action_space.sample())


@pytest.mark.parametrize("env_id", IDS)
def test_every_argument_is_given_by_name_and_another_name_is_refused(env_id: str) -> None:
    env = make(env_id, render_mode="rgb_array", **ALL_TAKE, **OWN[env_id])
    env.reset(seed=1)
    *_, info = env.step(legal_action(env, np.random.default_rng(0)))
    assert info["discount"] == pytest.approx(0.9 ** (info["elapsed_min"] / 1440.0))
    energy = env.unwrapped.scenario.energy  # type: ignore[attr-defined]
    if env_id in (SCHEDULING, SCHEDULING_V1):
        assert energy is None
    else:
        assert (energy.site.name, energy.tariff.name) == ("pv", "eu_flat")
    with pytest.raises(InputError, match="no_such"):
        make(env_id, no_such=1)


@pytest.mark.slow
def test_sb3_vectorises_it_in_one_process_and_in_many() -> None:
    for envs in (DummyVecEnv([short_env] * 2), SubprocVecEnv([short_env] * 2)):
        envs.reset()
        masks = np.stack(envs.env_method("action_masks"))
        assert masks.shape == (2, 33)
        assert masks.any(axis=1).all()
        envs.step(masks.argmax(axis=1))
        envs.close()


@pytest.mark.parametrize("env_id", IDS)
def test_the_picture_is_an_rgb_array(env_id: str) -> None:
    env = make(env_id, render_mode="rgb_array")
    env.reset(seed=0)
    for _ in range(8):
        env.step(legal_action(env, np.random.default_rng(0)))
    picture: Any = env.render()
    assert picture.shape == (480, 960, 3)
    assert picture.dtype == np.uint8
    assert picture.std() > 10  # something is drawn
