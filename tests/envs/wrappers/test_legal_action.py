"""Masked actions become legal ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from factory_env import load_scenario
from factory_env.envs.energy.env import EnergyEnv
from factory_env.envs.scheduling.env import SchedulingEnv
from factory_env.envs.scheduling.env_v1 import SchedulingEnvV1
from factory_env.envs.wrappers import LegalAction, SortedOrders
from factory_env.errors import IllegalAnswer, InputError

SCENARIO = load_scenario("mid", overrides={"demand.days": 6, "horizon_days": 10})
MADE = [SchedulingEnv, SchedulingEnvV1]


def begun(made: Any, how: str) -> LegalAction:
    env = LegalAction(made(scenario=SCENARIO, on_masked="refuse"), how)
    env.reset(seed=2)
    return env


@pytest.mark.parametrize("made", MADE)
@pytest.mark.parametrize("how", ["nearest", "rule", "random"])
def test_no_action_is_refused_and_legal_ones_stay(made: Any, how: str) -> None:
    env, rng, over = begun(made, how), np.random.default_rng(0), False
    replaced = 0
    while not over:
        masks, rule, action = env.action_masks(), env.unwrapped.rule_action(), rng.integers(-3, 50)
        *_, terminated, truncated, info = env.step(action)
        assert "refused" not in info
        assert ("taken" in info) == (not 0 <= action < 33 or not masks[action])
        if "taken" in info:
            replaced += 1
            assert masks[info["taken"]]
            assert info["asked"] == action
            assert how != "rule" or info["taken"] == rule
            assert f"action {action} is masked" in info["replaced"]
        over = terminated or truncated
    assert replaced > 5


def test_the_nearest_is_the_last_order_for_numbers_beyond_it() -> None:
    env = begun(SchedulingEnvV1, "nearest")
    last = int(np.flatnonzero(env.action_masks())[-1])
    assert env.step(1000)[4]["taken"] == last


def test_luck_follows_from_the_seed_of_the_reset() -> None:
    taken = []
    for _ in range(2):
        env = begun(SchedulingEnvV1, "random")
        taken.append([env.step(99)[4]["taken"] for _ in range(8)])
    assert taken[0] == taken[1]
    assert len(set(taken[0])) > 1


def test_over_sorted_orders_the_rule_is_action_one() -> None:
    env = LegalAction(SortedOrders(SchedulingEnvV1(scenario=SCENARIO)), "rule")
    env.reset(seed=2)
    assert env.step(32)[4]["taken"] == 1


def test_what_is_no_number_no_way_and_no_scheduling_is_refused() -> None:
    with pytest.raises(IllegalAnswer, match="one whole number"):
        begun(SchedulingEnvV1, "nearest").step(1.5)
    with pytest.raises(ValueError, match="how must be one of nearest, rule, random"):
        LegalAction(SchedulingEnv(scenario=SCENARIO), "best")
    with pytest.raises(InputError, match="LegalAction: env: must be a scheduling environment"):
        LegalAction(EnergyEnv("small"))
