"""Proof that a learner of the site learns: from a site nobody thinks about to a cheaper one."""

from __future__ import annotations

import numpy as np
import pytest

from agents.deep.energy.envs import make_site_envs
from agents.deep.energy.goal import SiteRival, play_site
from agents.deep.energy.learner import build_learner
from agents.deep.energy.network import EnergyNetwork
from agents.deep.energy.priors import Prior
from agents.deep.energy.settings import EnergyPpoSettings
from agents.rules.edd import Edd
from agents.site_rules import site_rule
from factory_env import load_scenario
from factory_env.envs.energy.encoder import EnergyEncoder

HELD_OUT = range(300_000, 300_006)
SHORT = {"demand.days": 3, "horizon_days": 4, "control.mode": "agent"}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_ppo_from_the_usual_site_saves_a_tenth_of_its_cost() -> None:
    scenario = load_scenario("small", overrides=SHORT, site="pv_battery", tariff="us_demand")
    prior = Prior(rule="usual", rules=site_rule)
    settings = EnergyPpoSettings(
        width=32,
        n_steps=512,
        batch_size=256,
        epochs=8,
        reward="energy",
        start_std=0.3,
        learning_rate=1e-3,
    )
    seeds = range(10**9, 10**9 + 8)
    rival = SiteRival(scenario=scenario, reward=settings.reward, lines=Edd(), site=prior.policy())
    curves = [*map(rival.open(), seeds)]
    envs = make_site_envs(scenario, settings, prior, Edd(), curves, seed=1)
    model = build_learner(envs, settings, decision_slots=1, seed=1)
    policy = EnergyNetwork(model.policy, EnergyEncoder(prior.policy()))

    def cost_usd() -> float:
        runs = play_site(scenario, Edd(), policy, HELD_OUT)
        return float(np.mean([run.energy_usd for run in runs]))

    start_usd = cost_usd()
    model.learn(80_000)
    assert cost_usd() < 0.9 * start_usd
