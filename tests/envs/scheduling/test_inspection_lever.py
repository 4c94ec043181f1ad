"""The agent is asked how strictly pieces are inspected, with a mask, and pays for what follows."""

from __future__ import annotations

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from agents.rules.atcs_match import AtcsMatch
from factory_env import load_scenario, simulate
from factory_env.decision import ask
from factory_env.decisions.inspection_choice import InspectionChoice
from factory_env.envs.joint.env import JointEnv
from factory_env.envs.scheduling.env import SchedulingEnv
from factory_env.errors import InputError
from tests.camera import with_camera

ASKS = {
    "inspection.lever": "agent",
    "inspection.station.enabled": True,  # escapes that come back are paid for
    "horizon_days": 10,
    "demand.days": 8,
    "demand.size_median": 400,
    "demand.rush_share": 0.3,
}


@pytest.fixture(autouse=True)
def camera(monkeypatch):
    """Every factory of this file has an inspector with a threshold."""
    with_camera(monkeypatch)


@pytest.fixture(scope="module")
def asking():
    return load_scenario("small", overrides=ASKS)


def at_inspection(env: SchedulingEnv, seed: int = 1, *, masked: bool = False) -> dict:
    """Play by the rule until a degree of strictness is asked; the observation then."""
    observation, _ = env.reset(seed=seed)
    while not isinstance(env.question, InspectionChoice) or env.question.allowed.all() == masked:
        action = env.answer_to_action(ask(AtcsMatch(), env.question))
        observation, *_ = env.step(action)
    return observation


def test_the_env_with_inspection_questions_passes_gymnasiums_checker(asking) -> None:
    check_env(SchedulingEnv(scenario=asking), skip_render_check=True)


def test_the_observation_shows_the_degrees_and_the_order_in_question(asking) -> None:
    env = SchedulingEnv(scenario=asking, render_mode="rgb_array")
    seen = at_inspection(env)
    question = env.question
    names = env.feature_names("inspection")
    table = dict(zip(names, seen["inspection"].reshape(8, len(names)).T, strict=True))
    assert table["is_degree"].tolist() == [1.0] * 5 + [0.0] * 3
    assert table["is_house"].tolist() == [0.0, 0.0, 1.0] + [0.0] * 5
    assert table["strictness"].tolist() == [-2.0, -1.0, 0.0, 1.0, 2.0, 0.0, 0.0, 0.0]
    np.testing.assert_allclose(table["flagged"][:5], question.flagged, rtol=1e-6)
    np.testing.assert_allclose(table["escaped"][:5], 5.0 * question.escaped, rtol=1e-6)
    saved = (question.expected_usd[2] - question.expected_usd) / 100.0
    np.testing.assert_allclose(table["saved"][:5], saved, rtol=1e-5, atol=1e-6)
    orders = seen["orders"].reshape(32, -1)
    assert orders[0].any()
    assert not orders[1:].any()
    assert env.render().shape == (480, 960, 3)
    after, *_ = env.step(2)
    assert isinstance(env.question, InspectionChoice) or not after["inspection"].any()


def test_a_masked_degree_is_refused_and_does_not_move_the_factory(asking) -> None:
    env = SchedulingEnv(scenario=asking)
    seen = at_inspection(env, masked=True)
    assert seen["mask"][:5].tolist() == env.question.allowed.tolist() == [0, 0, 1, 1, 1]
    assert env.action_masks().sum() == 3
    now, question = env.factory.now_min, env.question
    for action in (0, 7):
        _, reward, terminated, truncated, info = env.step(action)
        assert "2, 3, 4 are degrees of strictness" in info["refused"]
        assert (reward, terminated, truncated, env.factory.now_min) == (0.0, False, False, now)
    assert env.question is question


@pytest.mark.parametrize("reward", ["cost", "projected"])
def test_random_legal_play_ends_and_its_rewards_sum_to_the_cost(asking, reward) -> None:
    env, rng = SchedulingEnv(scenario=asking, reward=reward), np.random.default_rng(0)
    observation, _ = env.reset(seed=2)
    total, over, kinds = 0.0, False, set()
    while not over:
        kinds.add(env.question.kind)
        action = rng.choice(np.flatnonzero(observation["mask"]))
        observation, gain, terminated, truncated, info = env.step(action)
        assert "refused" not in info
        total += gain
        over = terminated or truncated
    log = env.factory.log()
    assert kinds == {"dispatch", "inspection"}
    assert len(set(log.tables["orders"]["strictness"].tolist())) > 3
    assert log.cost_usd["returns"] > 0
    assert total == pytest.approx(-sum(log.cost_usd.values()), rel=1e-9)


def test_a_policy_in_the_env_plays_the_run_of_simulate(asking) -> None:
    env = SchedulingEnv(scenario=asking)
    env.reset(seed=3)
    while env.question is not None:
        env.step(env.answer_to_action(ask(AtcsMatch(), env.question)))
    cost = simulate(asking, AtcsMatch(), 3).cost_usd
    assert env.factory.log().cost_usd == cost


def test_the_joint_agent_is_asked_too() -> None:
    short = {**ASKS, "horizon_days": 3, "demand.days": 2, "control.mode": "agent"}
    env = JointEnv("small", overrides=short)
    observation, _ = env.reset(seed=1)
    kinds, over, rng = set(), False, np.random.default_rng(0)
    while not over:
        kinds.add(env.question.kind)
        is_asked = env.question.kind == "inspection"
        assert observation["inspection"].any() == is_asked
        action = np.zeros(6, dtype=np.int64)
        action[0] = rng.choice(np.flatnonzero(env.action_masks()[:33]))
        observation, _, terminated, truncated, info = env.step(action)
        assert "refused" not in info
        over = terminated or truncated
    assert kinds == {"dispatch", "energy", "inspection"}


def test_the_scheduler_of_the_two_agents_is_asked_too() -> None:
    pytest.importorskip("pettingzoo")
    from factory_env.envs.two_agents import SCHEDULER, FactoryAEC

    short = {**ASKS, "horizon_days": 3, "demand.days": 2, "control.mode": "agent"}
    env, asked, rng = FactoryAEC("small", overrides=short), 0, np.random.default_rng(0)
    env.reset(seed=1)
    for agent in env.agent_iter():
        seen, _, terminated, truncated, info = env.last()
        assert "refused" not in info
        if terminated or truncated:
            env.step(None)
        elif agent == SCHEDULER:
            asked += seen["observation"]["inspection"].any()
            env.step(int(rng.choice(np.flatnonzero(seen["action_mask"]))))
        else:
            env.step(np.zeros(5, dtype=np.float32))
    assert asked > 3


def test_without_the_lever_the_env_shows_what_it_always_showed() -> None:
    env = gymnasium.make("GarmentFactory/Scheduling-v0", plant="small")
    assert set(env.observation_space.spaces) == {"orders", "lines", "site", "mask"}


@pytest.mark.parametrize("options", [[1.0], [1.0, 0.5], [1.0, 1.0], list(range(1, 10))])
def test_degrees_must_rise_and_be_few(options) -> None:
    with pytest.raises(InputError, match="2 to 8 numbers that rise"):
        load_scenario("small", overrides={"inspection.strictness_options": options})
