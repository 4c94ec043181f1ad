"""The PettingZoo environment: its conformance tests, and what the two agents get."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from agents.rules.atcs_match import AtcsMatch
from factory_env import load_scenario, simulate
from factory_env.envs.energy.prior import HoldPeaks
from factory_env.errors import IllegalAnswer
from tests.conftest import ROOT

pytest.importorskip("pettingzoo")
from pettingzoo.test import api_test, seed_test

from factory_env.envs.two_agents import ENERGY, SCHEDULER, FactoryAEC

SHORT = {"demand.days": 4, "horizon_days": 8, "control.mode": "agent"}
SCENARIO = load_scenario("small", overrides=SHORT, site="pv_battery", tariff="us_demand")


def make() -> FactoryAEC:
    return FactoryAEC(scenario=SCENARIO)


class Rules:
    """The line-matching rule on the lines, the environment's own on the site."""

    choose = staticmethod(AtcsMatch().choose)
    run_site = staticmethod(HoldPeaks().run_site)


def legal_action(env: FactoryAEC, rng: np.random.Generator) -> Any:
    """Of the selected agent; None if it is done."""
    agent = env.agent_selection
    observation, _, terminated, truncated, _ = env.last()
    if terminated or truncated:
        return None
    if agent == SCHEDULER:
        return int(rng.choice(np.flatnonzero(observation["action_mask"])))
    return rng.uniform(-1.0, 1.0, 5)


@pytest.mark.filterwarnings("ignore::UserWarning")  # hints on naming and on unequal agents
def test_pettingzoos_api_test_passes() -> None:
    api_test(make(), num_cycles=1000)


def test_pettingzoos_seed_test_passes() -> None:
    seed_test(make, num_cycles=300)


def test_each_agent_is_asked_at_its_own_moments_and_time_adds_up() -> None:
    env, rng = make(), np.random.default_rng(0)
    env.reset(seed=3)
    elapsed = {SCHEDULER: 0.0, ENERGY: 0.0}
    asked = {SCHEDULER: 0, ENERGY: 0}
    for agent in env.agent_iter():
        observation, _, terminated, truncated, info = env.last()
        elapsed[agent] += info["elapsed_min"]
        if not (terminated or truncated):
            asked[agent] += 1
            other = env.observe(ENERGY if agent == SCHEDULER else SCHEDULER)
            if agent == SCHEDULER:
                assert observation["action_mask"].any()
                assert not other.any()
            else:
                assert observation.any()
                assert not other["action_mask"].any()
        env.step(legal_action(env, rng))
    # one question every quarter of an hour until the end, midnight included
    end_min = elapsed[ENERGY]
    assert asked[ENERGY] == int(np.ceil(end_min / 15.0))
    assert asked[SCHEDULER] > 3
    assert elapsed[SCHEDULER] == pytest.approx(end_min)


def test_as_a_team_each_agents_rewards_sum_to_the_whole_cost() -> None:
    env, rng = make(), np.random.default_rng(1)
    env.reset(seed=4)
    total = {SCHEDULER: 0.0, ENERGY: 0.0}
    for agent in env.agent_iter():
        _, reward, *_ = env.last()
        total[agent] += reward
        factory = env.unwrapped.factory
        env.step(legal_action(env, rng))
    cost = sum(factory.log().cost_usd.values())
    assert total == pytest.approx({SCHEDULER: -cost, ENERGY: -cost}, abs=1e-6)


def test_rewards_can_be_each_agents_own() -> None:
    env = FactoryAEC(scenario=SCENARIO, rewards={SCHEDULER: "lateness", ENERGY: "energy"})
    rng = np.random.default_rng(2)
    env.reset(seed=4)
    total = {SCHEDULER: 0.0, ENERGY: 0.0}
    for agent in env.agent_iter():
        total[agent] += env.last()[1]
        factory = env.unwrapped.factory
        env.step(legal_action(env, rng))
    cost = factory.log().cost_usd
    assert -total[SCHEDULER] == pytest.approx(cost["lateness"], abs=1e-6)
    assert -total[ENERGY] == pytest.approx(sum(cost.values()), abs=1e-6)
    with pytest.raises(ValueError, match="scheduler and energy"):
        FactoryAEC(scenario=SCENARIO, rewards={SCHEDULER: "cost"})


def test_rules_in_both_seats_give_the_simulation_of_these_rules() -> None:
    env, rule = make(), AtcsMatch()
    env.reset(seed=5)
    for agent in env.agent_iter():
        _, _, terminated, truncated, _ = env.last()
        factory = env.unwrapped.factory
        if terminated or truncated:
            action: Any = None
        elif agent == ENERGY:
            action = np.zeros(5)
        else:
            action = rule.choose(env.unwrapped.question)
        env.step(action)
    plain = simulate(SCENARIO, Rules(), 5)
    assert factory.log().cost_usd == pytest.approx(plain.cost_usd, rel=1e-9)


def test_a_masked_action_of_the_scheduler_is_refused_and_it_is_asked_again() -> None:
    env = make()
    env.reset(seed=5)
    while env.agent_selection != SCHEDULER:
        env.step(np.zeros(5))
    now = env.unwrapped.factory.now_min
    env.step(32)
    assert env.agent_selection == SCHEDULER
    assert env.unwrapped.factory.now_min == now
    _, reward, _, _, info = env.last()
    assert reward == 0.0
    assert "action 32 is refused" in info["refused"]
    for _ in range(998):
        env.step(32)
    with pytest.raises(IllegalAnswer, match="whole number"):
        env.step(0.5)
    env.step(32)
    _, reward, terminated, truncated, info = env.last()
    assert (terminated, truncated) == (False, True)
    assert reward < -1000.0  # what is not made is paid for
    assert "1000 masked actions in a row" in info["why_truncated"]


@pytest.mark.slow
def test_the_house_can_be_used_without_pettingzoo_and_says_how_to_get_it() -> None:
    program = (
        "import sys\n"
        "sys.modules['pettingzoo'] = None\n"
        "import factory_env, factory_env.envs.energy.env, factory_env.envs.joint.env\n"
        "try:\n"
        "    import factory_env.envs.two_agents\n"
        "except ImportError as error:\n"
        "    assert '[multi]' in str(error)\n"
        "else:\n"
        "    raise AssertionError('imported')\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)
