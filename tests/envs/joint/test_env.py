"""What the joint environment promises beyond the Gymnasium interface."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from agents.rules.atcs_match import AtcsMatch
from factory_env import load_scenario, simulate
from factory_env.decision import ask
from factory_env.decisions.energy_choice import EnergyChoice
from factory_env.decisions.overtime_choice import OvertimeChoice
from factory_env.envs.energy.actions import CONTROLS
from factory_env.envs.energy.prior import HoldPeaks
from factory_env.envs.joint.actions import LEVELS, N_MASK, SIZES, STARTS
from factory_env.envs.joint.env import JointEnv
from factory_env.errors import IllegalAnswer
from factory_env.kpi.table import kpis

SHORT = {"demand.days": 6, "horizon_days": 12, "control.mode": "agent"}
SCENARIO = load_scenario("small", overrides=SHORT, site="pv_battery", tariff="us_demand")
NOTHING = np.zeros(6, dtype=np.int64)


class Rules:
    """The line-matching rule on the lines, the environment's own on the site."""

    choose = staticmethod(AtcsMatch().choose)
    run_site = staticmethod(HoldPeaks().run_site)


def at_order(seed: int = 2) -> JointEnv:
    """An env that asks for an order."""
    env = JointEnv(scenario=SCENARIO)
    observation, _ = env.reset(seed=seed)
    while observation["kind"].tolist() != [1, 0]:
        observation, *_ = env.step(NOTHING)
    return env


def random_action(env: JointEnv, rng: np.random.Generator) -> np.ndarray:
    """Six legal numbers."""
    mask = env.action_masks()
    parts = zip(STARTS, SIZES, strict=True)
    return np.array([rng.choice(np.flatnonzero(mask[a : a + n])) for a, n in parts])


@pytest.mark.parametrize("seed", [0, 1])
def test_rewards_sum_to_the_kpi(seed: int) -> None:
    env, rng = JointEnv(scenario=SCENARIO), np.random.default_rng(seed)
    env.reset(seed=seed)
    total, over, kinds = 0.0, False, set()
    while not over:
        kinds.add(env.question.kind)
        _, reward, terminated, truncated, info = env.step(random_action(env, rng))
        assert "refused" not in info
        total += reward
        over = terminated or truncated
    assert kinds == {"dispatch", "energy"}
    assert total == pytest.approx(-kpis(env.factory.log())["total_cost_usd"], abs=1e-6)


def test_the_answers_of_rules_have_actions_and_give_the_rules_run() -> None:
    env, rules, over = JointEnv(scenario=SCENARIO), Rules(), False
    env.reset(seed=7)
    while not over:
        action = env.answer_to_action(ask(rules, env.question))
        _, _, terminated, truncated, _ = env.step(action)
        over = terminated or truncated
    plain = simulate(SCENARIO, rules, 7)
    assert env.factory.log().cost_usd == pytest.approx(plain.cost_usd, rel=1e-9)


def test_only_what_is_asked_for_has_more_than_one_legal_value() -> None:
    env, rng, over = JointEnv(scenario=SCENARIO), np.random.default_rng(3), False
    observation, _ = env.reset(seed=3)
    while not over:
        mask = env.action_masks()
        np.testing.assert_array_equal(observation["mask"], mask)
        legal = [int(mask[a : a + n].sum()) for a, n in zip(STARTS, SIZES, strict=True)]
        assert mask[STARTS[1:]].all()
        if isinstance(env.question, EnergyChoice):
            assert legal == [1, *SIZES[1:]]
            assert observation["kind"].tolist() == [0, 1]
            assert observation["energy"].any()
            assert not observation["orders"].any()
        else:
            assert legal[0] >= 1
            assert legal[1:] == [1, 1, 1, 1, 1]
            assert observation["kind"].tolist() == [1, 0]
            assert observation["orders"].any()
            assert not observation["energy"].any()
        observation, _, terminated, truncated, _ = env.step(random_action(env, rng))
        over = terminated or truncated


@pytest.mark.parametrize("wrong", [[0, 1, 0, 0, 0, 0], [0, 0, 0, 0, 0, 2], [32, 0, 0, 0, 0, 0]])
def test_a_masked_action_is_refused_with_the_reason_and_nothing_moves(wrong: list[int]) -> None:
    env = at_order()
    now = env.factory.now_min
    observation, reward, terminated, truncated, info = env.step(np.array(wrong))
    assert "is refused" in info["refused"]
    assert (reward, terminated, truncated, env.factory.now_min) == (0.0, False, False, now)
    np.testing.assert_array_equal(observation["mask"], env.action_masks())


def test_an_order_is_refused_where_the_site_is_asked_for() -> None:
    env = JointEnv(scenario=SCENARIO)
    env.reset(seed=1)
    *_, info = env.step(np.array([1, 0, 0, 0, 0, 0]))
    assert "the site is asked for" in info["refused"]
    for _ in range(998):
        env.step(np.array([1, 0, 0, 0, 0, 0]))
    *_, truncated, info = env.step(np.array([1, 0, 0, 0, 0, 0]))
    assert truncated
    assert "1000 masked actions in a row" in info["why_truncated"]


def test_of_each_number_the_nearest_legal_one_is_taken_if_so_agreed() -> None:
    env = JointEnv(scenario=SCENARIO, on_masked="nearest")
    env.reset(seed=1)  # the site is asked for: the order can only be 0
    *_, info = env.step(np.array([5, 3, 0, 0, 0, 0]))
    assert "the site is asked for" in info["replaced"]
    assert len(env.factory.past.answers) == 1


@pytest.mark.parametrize(
    "action",
    [
        0,
        None,
        "six",
        np.zeros(5, dtype=int),
        np.zeros(6),
        [33, 0, 0, 0, 0, 0],
        [0, 11, 0, 0, 0, 0],
        [0, 0, -1, 0, 0, 0],
    ],
    ids=["one", "nothing", "text", "five", "floats", "no order 33", "no level 11", "negative"],
)
def test_what_is_not_six_whole_numbers_in_range_raises(action: Any) -> None:
    env = JointEnv(scenario=SCENARIO)
    env.reset(seed=1)
    with pytest.raises(IllegalAnswer, match="action"):
        env.step(action)


def test_level_zero_of_every_control_is_the_rule() -> None:
    assert tuple(LEVELS) == CONTROLS
    assert all(values[0] == 0.0 for values in LEVELS.values())
    assert all(len(set(values)) == len(values) for values in LEVELS.values())
    assert SIZES.tolist() == [33, 11, 6, 5, 4, 3]
    assert N_MASK == 62


def test_the_agent_is_also_asked_who_stays_in_the_evening() -> None:
    env = JointEnv("small", overrides={**SHORT, "overtime.mode": "agent"})
    rng, over, kinds = np.random.default_rng(0), False, set()
    observation, _ = env.reset(seed=2)
    while not over:
        kinds.add(env.question.kind)
        if isinstance(env.question, OvertimeChoice):
            assert observation["evening"].any()
        observation, _, terminated, truncated, info = env.step(random_action(env, rng))
        assert "refused" not in info
        over = terminated or truncated
    assert kinds == {"dispatch", "energy", "overtime"}
