"""Orders in a meaningful sequence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from agents.rules.edd import Edd
from factory_env import load_scenario, simulate
from factory_env.envs.energy.env import EnergyEnv
from factory_env.envs.scheduling.env import SchedulingEnv
from factory_env.envs.scheduling.env_v1 import SchedulingEnvV1
from factory_env.envs.wrappers import SortedOrders
from factory_env.errors import InputError
from tests.play import fingerprint

SCENARIO = load_scenario("mid", overrides={"demand.days": 6, "horizon_days": 10})
MADE = [SchedulingEnv, SchedulingEnvV1]
COLUMN = {"index": "rule_log_index", "due": "due_in_min"}


def make(made: Any, by: str) -> SortedOrders:
    return SortedOrders(made(scenario=SCENARIO, on_masked="refuse"), by)


@pytest.mark.parametrize("made", MADE)
@pytest.mark.parametrize("by", ["index", "due"])
def test_rows_masks_and_actions_are_sorted_together(made: Any, by: str) -> None:
    env, plain = make(made, by), made(scenario=SCENARIO, on_masked="refuse")
    seen, _ = env.reset(seed=1)
    before, _ = plain.reset(seed=1)
    column = plain.feature_names("orders").index(COLUMN[by])
    rng, over, moved = np.random.default_rng(0), False, 0
    while not over:
        n = int(before["mask"][1:].sum())
        rows, ours = (s["orders"].reshape(32, -1) for s in (before, seen))
        key = ours[:n, column]
        assert (np.diff(key) <= 0).all() if by == "index" else (np.diff(key) >= 0).all()
        assert not ours[n:].any()
        np.testing.assert_array_equal(seen["mask"].astype(bool), env.action_masks())
        action = int(rng.choice(np.flatnonzero(seen["mask"])))
        inner = 0
        if action:  # the row of the plain environment that is this one's
            (same,) = np.flatnonzero((rows[:n] == ours[action - 1]).all(axis=1))[:1]
            inner = int(same) + 1
            moved += inner != action
        seen, reward, over, truncated, _ = env.step(action)
        before, expected, *_ = plain.step(inner)
        assert reward == expected
        over = over or truncated
    assert moved > 3
    assert fingerprint(env.unwrapped.factory.log()) == fingerprint(plain.factory.log())


def test_by_the_index_the_rule_is_action_one() -> None:
    env, over = make(SchedulingEnvV1, "index"), False
    _, info = env.reset(seed=1)
    while not over:
        assert info["rule_action"] == env.rule_action() == 1
        *_, terminated, truncated, info = env.step(1)
        over = terminated or truncated


@pytest.mark.parametrize("by", ["index", "due"])
def test_policies_are_translated(by: str) -> None:
    env, over = SortedOrders(SchedulingEnvV1(scenario=SCENARIO, hold="free"), by), False
    _, info = env.reset(seed=3)
    while not over:
        np.testing.assert_array_equal(info["action_mask"].astype(bool), env.action_masks())
        action = env.answer_to_action(Edd().choose(env.unwrapped.question))
        *_, terminated, truncated, info = env.step(action)
        over = terminated or truncated
    assert fingerprint(env.unwrapped.factory.log()) == fingerprint(simulate(SCENARIO, Edd(), 3))


def test_evenings_are_left_as_they_are() -> None:
    evenings = {"overtime.mode": "agent", "demand.days": 3, "horizon_days": 5}
    env: Any = SortedOrders(SchedulingEnvV1("small", overrides=evenings, on_masked="refuse"))
    _, info = env.reset(seed=1)
    asked, over = 0, False
    while not over:
        if env.unwrapped.question.kind == "overtime":
            asked += 1
            np.testing.assert_array_equal(env.action_masks(), env.unwrapped.action_masks())
            assert env.rule_action() == env.unwrapped.question.usual()
        *_, terminated, truncated, info = env.step(info["rule_action"])
        over = terminated or truncated
    assert asked > 2


@pytest.mark.filterwarnings("ignore:.*is different from the unwrapped version")
def test_gymnasium_finds_nothing_wrong() -> None:
    check_env(make(SchedulingEnvV1, "index"), skip_render_check=True)


def test_what_it_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="by must be one of index, due"):
        make(SchedulingEnv, "slack")
    with pytest.raises(InputError, match="SortedOrders: env: must be a scheduling environment"):
        SortedOrders(EnergyEnv("small"))
