"""Copies of a running environment go on as it would, and neither touches the other."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import gymnasium as gym
import numpy as np
import pytest

from agents.rules.edd import Edd
from factory_env import Factory, load_scenario, play
from factory_env.decision import ask
from factory_env.envs.energy.env import EnergyEnv
from factory_env.envs.joint.env import JointEnv
from factory_env.envs.scheduling.env import SchedulingEnv
from tests.play import fingerprint

ORDERS = load_scenario("small", overrides={"demand.days": 16, "horizon_days": 20})
SITE = load_scenario(
    "small",
    overrides={"demand.days": 4, "horizon_days": 8, "control.mode": "agent"},
    site="pv_battery",
    tariff="us_demand",
)
ENVS: dict[str, Callable[[], Any]] = {
    "scheduling": lambda: SchedulingEnv(scenario=ORDERS, reward="lookahead"),
    "energy": lambda: EnergyEnv(scenario=SITE),
    "joint": lambda: JointEnv(scenario=SITE),
    "wrapped": lambda: gym.make("GarmentFactory/Scheduling-v0", scenario=ORDERS),
}
COPIES: dict[str, Callable[[Any], Any]] = {
    "deepcopy": copy.deepcopy,
    "pickle": lambda env: pickle.loads(pickle.dumps(env)),
    "clone": lambda env: env.unwrapped.clone(),
}


class Steps:
    """Legal steps, drawn from a seed."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng(seed)

    def take(self, env: Any, steps: int) -> list[Any]:
        """What comes back, in a form that compares."""
        out = []
        for _ in range(steps):
            seen, reward, terminated, truncated, info = env.step(self._action(env.unwrapped))
            rows = seen.values() if isinstance(seen, dict) else [seen]
            out.append((*(row.tolist() for row in rows), reward, terminated, truncated, info))
        return out

    def _action(self, env: Any) -> Any:
        if isinstance(env, SchedulingEnv):
            return int(self._rng.choice(np.flatnonzero(env.action_masks())))
        if isinstance(env, EnergyEnv):
            return self._rng.uniform(-1.0, 1.0, 5)
        if env.factory.is_asking and env.question is not None and hasattr(env.question, "slot"):
            return np.zeros(6, dtype=np.int64)
        mask = env.action_masks()[:33]
        return np.array([self._rng.choice(np.flatnonzero(mask)), 0, 0, 0, 0, 0])


@pytest.mark.parametrize("way", COPIES)
@pytest.mark.parametrize("kind", ENVS)
def test_a_copy_in_the_middle_of_an_episode_goes_on_as_the_original(kind, way) -> None:
    env = ENVS[kind]()
    env.reset(seed=3)
    Steps(1).take(env, 8)
    copied = COPIES[way](env)
    ahead = Steps(2).take(env, 12)
    assert copied.unwrapped.factory.now_min < env.unwrapped.factory.now_min  # it stood still
    assert Steps(2).take(copied, 12) == ahead
    assert Steps(3).take(copied, 4) == Steps(3).take(env, 4)


@pytest.mark.parametrize("way", COPIES)
def test_a_copy_draws_the_seeds_that_the_original_would(way) -> None:
    env = ENVS["scheduling"]()
    env.reset(seed=3)
    copied = COPIES[way](env)
    env.reset()
    copied.reset()
    assert copied.factory.seed == env.factory.seed


@pytest.mark.parametrize("way", COPIES)
def test_an_environment_before_its_first_reset_and_one_at_its_end_can_be_copied(way) -> None:
    env = ENVS["scheduling"]()
    copied = COPIES[way](env)
    copied.reset(seed=3)
    over = False
    while not over:
        *_, terminated, truncated, _ = copied.step(int(np.flatnonzero(copied.action_masks())[-1]))
        over = terminated or truncated
    ended = COPIES[way](copied)
    assert ended.factory.is_over
    assert fingerprint(ended.factory.log()) == fingerprint(copied.factory.log())


@pytest.mark.parametrize("way", ["deepcopy", "pickle"])
def test_a_factory_is_copied_by_living_its_past_again(way) -> None:
    factory = Factory(ORDERS, 4, record_operations=True)
    rule = Edd()
    for _ in range(6):
        question = factory.advance()
        factory.answer(ask(rule, question))
    copied = COPIES[way](factory)
    assert copied is not factory
    assert fingerprint(play(copied, rule)) == fingerprint(play(factory, rule))
