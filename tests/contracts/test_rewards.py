"""Every reward: it sums to the parts of the cost it says, however often it is asked, and moves
nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from agents.deep.energy.settings import SiteReward
from agents.rules.atcs_match import AtcsMatch
from factory_env import Factories, Scenario, load_scenario, step_through
from factory_env.catalogue import load_plug, plug_names
from factory_env.decisions.energy_choice import EnergyAnswer, EnergyChoice
from factory_env.envs import rewards
from factory_env.envs.reward import Reward
from factory_env.sim.factory import Factory

NAMES = plug_names(rewards)
LATE = {"demand.days": 6, "demand.load": 2.0, "horizon_days": 12}  # more than can be sewn in time
PRICED = {"control.mode": "agent", "control.carbon_usd_per_kg": 0.05}
SCENARIOS: Mapping[str, Scenario] = {
    "without a site": load_scenario("small", overrides=LATE, disruptions="rough"),
    "with a site": load_scenario(
        "small", overrides=LATE | PRICED, site="pv_battery", tariff="us_demand"
    ),
}
FACTORIES = {name: Factories(scenario) for name, scenario in SCENARIOS.items()}


class Anyhow:
    """The line-matching rule on the lines, and any answer on the site."""

    def __init__(self) -> None:
        self.choose = AtcsMatch().choose
        self._rng = np.random.default_rng(0)

    def run_site(self, choice: EnergyChoice) -> EnergyAnswer:
        return EnergyAnswer(battery_kw=float(self._rng.uniform(-200.0, 200.0)), boiler_mode=2)


def made(name: str) -> Reward:
    reward: Reward = load_plug(rewards, name)()
    return reward


def played(name: str | None, where: str, every: int = 1) -> tuple[list[float], Factory]:
    """Rewards of a run that is asked at every ``every``-th question, and at the end."""
    factory = FACTORIES[where](7)
    reward, earned = None if name is None else made(name), []
    for number, _ in enumerate(step_through(factory, Anyhow())):
        if reward is not None and number % every == 0:
            earned.append(reward.since_last(factory))
    if reward is not None:
        earned.append(reward.since_last(factory))
    return earned, factory


def charged_usd(name: str, factory: Factory) -> float:
    """What a run cost in the parts that a reward charges for, by its log."""
    parts: Any = load_plug(rewards, name).charges
    cost = factory.log().cost_usd
    return sum(cost.values()) if parts is None else sum(cost[part] for part in parts)


def test_the_runs_cost_something_in_every_part_that_a_reward_singles_out() -> None:
    cost = played(None, "with a site")[1].log().cost_usd
    for part in ("lateness", "energy", "fuel", "wear", "carbon"):
        assert cost[part] > 0.0


@pytest.mark.parametrize("where", SCENARIOS)
@pytest.mark.parametrize("name", NAMES)
def test_an_episode_sums_to_minus_the_cost_it_charges_for(name: str, where: str) -> None:
    earned, factory = played(name, where)
    assert np.isfinite(earned).all()
    assert sum(earned) == pytest.approx(-charged_usd(name, factory), abs=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_the_sum_does_not_depend_on_how_often_it_is_asked(name: str) -> None:
    often, rarely = (sum(played(name, "with a site", every)[0]) for every in (1, 50))
    assert often == pytest.approx(rarely, abs=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_where_no_time_has_passed_there_is_none(name: str) -> None:
    factory, reward = FACTORIES["with a site"](3), made(name)
    for number, _ in enumerate(step_through(factory, Anyhow())):
        if number % 40 == 0:
            reward.since_last(factory)
            assert reward.since_last(factory) == 0.0
        if number == 400:
            return


@pytest.mark.parametrize("where", SCENARIOS)
@pytest.mark.parametrize("name", NAMES)
def test_asking_moves_nothing(name: str, where: str) -> None:
    plain, asked = (played(n, where)[1].log() for n in (None, name))
    assert asked.end_min == plain.end_min
    for table, columns in plain.tables.items():
        for column, values in columns.items():
            np.testing.assert_array_equal(asked.tables[table][column], values)
    assert asked.cost_usd == pytest.approx(plain.cost_usd, rel=1e-12)  # capital is summed by pieces


@pytest.mark.parametrize("name", NAMES)
def test_who_learns_to_run_a_site_may_take_the_rewards_that_weigh_it(name: str) -> None:
    known = TypeAdapter(SiteReward)
    if load_plug(rewards, name).weighs_site:
        assert known.validate_python(name) == name
    else:
        with pytest.raises(ValidationError, match="must be one of energy"):
            known.validate_python(name)


@pytest.mark.parametrize("name", [n for n in NAMES if load_plug(rewards, n).weighs_site])
def test_a_reward_for_a_site_weighs_it_as_the_control_says(name: str) -> None:
    weights = {"control.energy_weight": 2.0}
    scenario = load_scenario(
        "small", overrides=LATE | PRICED | weights, site="pv_battery", tariff="us_demand"
    )
    factory, reward = Factories(scenario)(7), made(name)
    for _ in step_through(factory, Anyhow()):
        pass
    cost = factory.log().cost_usd
    site = sum(cost[part] for part in ("energy", "fuel", "wear", "carbon"))
    expected = -(charged_usd(name, factory) + site)  # the site counts once more
    assert reward.since_last(factory) == pytest.approx(expected, abs=1e-6)
