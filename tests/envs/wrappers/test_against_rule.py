"""Money saved against a rule on the same luck."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np
import pytest

from agents.rules import load
from agents.rules.atcs_match import AtcsMatch
from agents.rules.edd import Edd
from factory_env import Order, load_scenario, simulate
from factory_env.envs.energy.env import EnergyEnv
from factory_env.envs.scheduling.env import SchedulingEnv
from factory_env.envs.scheduling.env_v1 import SchedulingEnvV1
from factory_env.envs.wrappers import AgainstRule
from factory_env.errors import InputError
from factory_env.kpi.table import kpis

SCENARIO = load_scenario("small", overrides={"demand.days": 12, "horizon_days": 20})
KINDS = {
    "v0": lambda: SchedulingEnv(scenario=SCENARIO, reward="lookahead"),
    "v1": lambda: SchedulingEnvV1(scenario=SCENARIO, hold="free"),
}


class Counting:
    """EDD that counts what it is asked."""

    asked = 0

    def choose(self, decision: Any) -> int:
        Counting.asked += 1
        return Edd().choose(decision)


def finish(env: AgainstRule, policy: Any = None, seed: int | None = None, **options: Any) -> Any:
    """Rewards and last info of an episode of ``policy``, or of the first legal orders."""
    env.reset(seed=seed, options=options or None)
    inner, rewards, over = env.unwrapped, [], False
    while not over:
        if policy is None:
            action = int(np.flatnonzero(env.action_masks())[-1])
        else:
            action = inner.answer_to_action(policy.choose(inner.question))
        _, reward, terminated, truncated, info = env.step(action)
        rewards.append(reward)
        over = terminated or truncated
    return rewards, info


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rule", [Edd(), AtcsMatch(hold_beyond=0.1)])
def test_who_plays_as_the_rule_saves_nothing_in_any_minute(kind: str, rule: Any) -> None:
    env = AgainstRule(KINDS[kind](), rule)
    env.reset(seed=3)
    inner, saved, sums, over = env.unwrapped, 0.0, [], False
    while not over:
        action = inner.answer_to_action(rule.choose(inner.question))
        _, reward, terminated, truncated, info = env.step(action)
        if info["elapsed_min"] > 0.0:
            sums.append(saved)  # until the last question of a minute
        saved += reward
        over = terminated or truncated
    assert len(sums) > 5
    assert np.abs([*sums, saved]).max() < 1e-6


@pytest.mark.parametrize("kind", KINDS)
def test_an_episode_sums_to_what_was_saved(kind: str) -> None:
    inner = KINDS[kind]()
    env = AgainstRule(inner, Edd(), scale=0.5)
    rewards, _ = finish(env, seed=4)
    own_usd = kpis(inner.factory.log())["total_cost_usd"]
    rule_usd = kpis(simulate(SCENARIO, Edd(), 4))["total_cost_usd"]
    assert own_usd != rule_usd
    expected = 0.5 * inner.reward_scale * (rule_usd - own_usd)
    assert sum(rewards) == pytest.approx(expected, abs=1e-6)


def test_the_rule_plays_a_seed_once() -> None:
    env = AgainstRule(KINDS["v1"](), Counting(), pool=(5, 6), seed=0)
    Counting.asked = 0
    first, _ = finish(env, seed=5)
    once = Counting.asked
    again, _ = finish(env, seed=5)
    assert once > 0
    assert Counting.asked == once
    assert again == first
    seeds = set()
    for _ in range(12):
        env.reset()
        seeds.add(env.unwrapped.factory.seed)
    assert seeds == {5, 6}


def test_orders_of_a_reset_are_the_rules_too() -> None:
    env = AgainstRule(KINDS["v1"](), Edd())
    env.reset(seed=5)
    drawn = [o for o in env.unwrapped.factory.book.orders if not o.parent][:12]
    assert all(isinstance(order, Order) for order in drawn)
    rewards, info = finish(env, Edd(), seed=5, orders=drawn)
    assert info["kpis"]["orders"] == len(drawn)
    assert np.abs(rewards).max() < 1e-6


def test_a_time_limit_inside_takes_no_more_than_the_time_that_passed() -> None:
    def first_steps(limit: int) -> list[float]:
        env = AgainstRule(gym.wrappers.TimeLimit(KINDS["v1"](), limit), Edd())
        env.reset(seed=3)
        action = env.unwrapped.rule_action
        return [env.step(action())[1] for _ in range(4)]

    assert first_steps(4) == first_steps(100)


def test_it_wraps_who_runs_a_site() -> None:
    site = {"demand.days": 2, "horizon_days": 3}
    env = AgainstRule(EnergyEnv("small", overrides=site), EnergyEnv("small").encoder.prior)
    env.reset(seed=1)
    rewards, over = [], False
    while not over:
        _, reward, terminated, truncated, _ = env.step(np.zeros(5, np.float32))
        rewards.append(reward)
        over = terminated or truncated
    assert np.abs(rewards).max() < 1e-6  # the prior against itself


def test_a_step_before_a_reset_is_refused() -> None:
    with pytest.raises(gym.error.ResetNeeded):
        AgainstRule(KINDS["v1"](), Edd()).step(1)


@pytest.mark.parametrize("rule", ["edd", "nix", "", 3, None, Edd, [], ["edd"], [Edd()], {}])
def test_what_is_neither_a_policy_nor_curves_is_refused_at_once(rule: Any) -> None:
    with pytest.raises(InputError, match="AgainstRule: rule: must be a policy or") as caught:
        AgainstRule(KINDS["v1"](), rule)
    assert "give a policy, e.g. agents.rules.load('edd', 'mid')" in str(caught.value)


def test_a_policy_that_the_message_names_plays() -> None:
    env = AgainstRule(KINDS["v1"](), load("edd", "mid"))
    env.reset(seed=1)
    assert np.isfinite(env.step(1)[1])
