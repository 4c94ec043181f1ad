"""What the scheduling environment promises beyond the Gymnasium interface."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from agents.rules.edd import Edd
from factory_env import load_scenario, simulate
from factory_env.envs.scheduling.env import SchedulingEnv
from factory_env.errors import IllegalAnswer, InputError
from factory_env.kpi.table import kpis

SHORT = {"demand.days": 8, "horizon_days": 16}
SCENARIO = load_scenario("small", overrides=SHORT)


def env_at_start(seed: int = 2, **kwargs: Any) -> SchedulingEnv:
    env = SchedulingEnv(scenario=SCENARIO, **kwargs)
    env.reset(seed=seed)
    return env


def play_rule(env: SchedulingEnv) -> float:
    """Sum of rewards of an EDD episode that has been reset."""
    total, over = 0.0, False
    while not over:
        assert env.question is not None
        action = env.answer_to_action(Edd().choose(env.question))
        _, reward, terminated, truncated, _ = env.step(action)
        total += reward
        over = terminated or truncated
    return total


@pytest.mark.parametrize(
    ("reward", "kpi"),
    [
        ("cost", "total_cost_usd"),
        ("projected", "total_cost_usd"),
        ("lateness", "tardiness_cost_usd"),
    ],
)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_rewards_sum_to_the_kpi(reward: str, kpi: str, seed: int) -> None:
    env = env_at_start(seed, reward=reward)
    total = play_rule(env)
    assert env.factory is not None
    assert -total == pytest.approx(kpis(env.factory.log())[kpi], abs=1e-6)


def test_an_episode_with_a_seed_is_the_simulation_of_that_seed() -> None:
    env = env_at_start(7)
    play_rule(env)
    assert env.factory is not None
    assert kpis(env.factory.log()) == kpis(simulate(SCENARIO, Edd(), 7))


@pytest.mark.parametrize(
    "action",
    [np.nan, 1.0, -1, 33, "1", None, np.array([1, 2]), np.array(2.5)],
    ids=["nan", "float", "negative", "too large", "text", "nothing", "two", "fraction"],
)
def test_an_action_that_is_none_raises_and_is_named(action: Any) -> None:
    env = env_at_start()
    with pytest.raises(IllegalAnswer, match="action"):
        env.step(action)


def test_a_masked_action_is_refused_with_the_reason_and_nothing_moves() -> None:
    env = env_at_start()
    assert env.factory is not None
    mask, now = env.action_masks(), env.factory.now_min
    masked = int(np.flatnonzero(~mask)[-1])
    observation, reward, terminated, truncated, info = env.step(masked)
    assert f"action {masked} is refused" in info["refused"]
    assert (reward, terminated, truncated) == (0.0, False, False)
    assert env.factory.now_min == now
    np.testing.assert_array_equal(observation["mask"], mask)


def test_a_thousand_masked_actions_in_a_row_truncate_the_episode_with_the_reason() -> None:
    env = env_at_start()
    for _ in range(999):
        assert env.step(32)[2:4] == (False, False)
    _, reward, terminated, truncated, info = env.step(32)
    assert (terminated, truncated) == (False, True)
    assert reward == pytest.approx(-env.factory.cost_usd)  # of a run in which nothing is begun
    assert reward < -1000.0
    assert info["elapsed_min"] > 0.0
    assert "1000 masked actions in a row" in info["why_truncated"]
    assert "on_masked" in info["why_truncated"]
    env.reset(seed=2)
    assert not env.step(32)[3]  # the next episode begins anew


def test_a_masked_action_costs_what_was_agreed() -> None:
    env = env_at_start(on_masked="penalty", masked_penalty_usd=7.5)
    now = env.factory.now_min
    _, reward, terminated, truncated, info = env.step(32)
    assert (reward, terminated, truncated, env.factory.now_min) == (-7.5, False, False, now)
    assert "refused" in info


def test_the_nearest_legal_action_is_taken_in_the_place_of_a_masked_one() -> None:
    env, plain = env_at_start(on_masked="nearest"), env_at_start()
    nearest = int(np.flatnonzero(env.action_masks())[-1])
    seen, reward, *_, info = env.step(32)
    expected, same_reward, *_ = plain.step(nearest)
    assert "action 32 is refused" in info["replaced"]
    assert (reward, env.factory.now_min) == (same_reward, plain.factory.now_min)
    np.testing.assert_array_equal(seen["orders"], expected["orders"])
    over = False
    while not over:
        _, _, terminated, truncated, info = env.step(32)
        over = terminated or truncated
    assert "why_truncated" not in info


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"on_masked": "nearst"}, "refuse, penalty, nearest"),
        ({"masked_penalty_usd": -1}, "from 0"),
        ({"masked_penalty_usd": float("nan")}, "from 0"),
        ({"masked_penalty_usd": "much"}, "from 0"),
    ],
)
def test_what_is_no_way_to_treat_masked_actions_is_refused(wrong, words) -> None:
    with pytest.raises(InputError, match=words):
        SchedulingEnv(scenario=SCENARIO, **wrong)


def test_horizon_is_truncated_and_everything_shipped_is_terminated() -> None:
    calm = SCENARIO.replace(horizon_days=60)
    tight = SCENARIO.replace(horizon_days=8)
    ends = []
    for scenario in (calm, tight):
        env = SchedulingEnv(scenario=scenario)
        env.reset(seed=1)
        over = False
        while not over:
            assert env.question is not None
            action = env.answer_to_action(Edd().choose(env.question))
            _, _, terminated, truncated, _ = env.step(action)
            over = terminated or truncated
        ends.append((terminated, truncated))
    assert ends == [(True, False), (False, True)]


def test_elapsed_minutes_add_up_and_give_the_discount() -> None:
    env = env_at_start(3, discount_per_day=0.9)
    elapsed, over = 0.0, False
    while not over:
        assert env.question is not None
        action = env.answer_to_action(Edd().choose(env.question))
        _, _, terminated, truncated, info = env.step(action)
        elapsed += info["elapsed_min"]
        assert info["discount"] == pytest.approx(0.9 ** (info["elapsed_min"] / 1440))
        over = terminated or truncated
    assert env.factory is not None
    assert elapsed == pytest.approx(env.factory.now_min)


def test_unseeded_episodes_use_training_seeds_only() -> None:
    env = SchedulingEnv(scenario=SCENARIO)
    env.reset(seed=1)
    for _ in range(3):
        env.reset()
        assert env.factory is not None
        assert env.factory.seed >= 1_000_000_000


def test_the_cutting_room_can_be_the_agents_too() -> None:
    env = SchedulingEnv(
        plant="small",
        overrides={
            "demand.days": 12,
            "horizon_days": 20,
            "flow.cutting_rule": "agent",
            "demand.load": 1.6,
        },
    )
    kinds, over = set(), False
    env.reset(seed=4)
    while not over:
        assert env.question is not None
        kinds.add(env.question.kind)
        action = env.answer_to_action(Edd().choose(env.question))
        _, _, terminated, truncated, _ = env.step(action)
        over = terminated or truncated
    assert kinds == {"dispatch", "cutting"}


def test_every_feature_has_a_name_a_unit_and_bounds() -> None:
    env = SchedulingEnv(scenario=SCENARIO)
    for block in env.encoder.blocks.values():
        assert len({f.name for f in block.features}) == len(block.features)
        assert all(f.unit and f.low < f.high for f in block.features)


def test_an_unknown_render_mode_is_refused() -> None:
    with pytest.raises(InputError, match="render_mode: must be None or one of rgb_array, human"):
        SchedulingEnv(scenario=SCENARIO, render_mode="ansi")
