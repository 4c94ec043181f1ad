"""Proof that the learner learns: without the rule's prior, from chance to clearly better."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from agents.deep.goal import RuleRival, mean_cost
from agents.deep.load import NetworkPolicy
from agents.deep.ppo import PpoSettings, build_ppo, make_envs
from agents.deep.semi_markov import CollectDiscounts
from agents.rules.atcs_match import AtcsMatch
from agents.rules.random import Random
from factory_env import load_scenario
from factory_env.envs.scheduling.encoder import Encoder

HELD_OUT = range(300_000, 300_012)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_sample_ppo_without_a_prior_beats_random_choice_by_a_tenth() -> None:
    scenario = load_scenario("small", overrides={"demand.days": 20, "horizon_days": 30})
    settings = PpoSettings(
        envs=8, workers=1, n_steps=128, batch_size=128, epochs=6, prior_weight=0.0, width=32
    )
    torch.manual_seed(0)
    rival = RuleRival(scenario=scenario, reward=settings.reward, rule=AtcsMatch())
    curves = [*map(rival.open(), range(10**9, 10**9 + 40))]
    scale = 20.0 / float(np.mean([c.cost_usd[-1] for c in curves]))
    envs = make_envs(scenario, settings, curves, scale, seed=1)
    model = build_ppo(envs, settings, seed=1)
    policy = NetworkPolicy(model.policy, Encoder(settings.prior))
    chance = mean_cost(scenario, Random(seed=1), HELD_OUT)
    model.learn(15_000, callback=CollectDiscounts())
    model.policy.set_training_mode(False)
    learned = mean_cost(scenario, policy, HELD_OUT)
    assert learned < 0.9 * chance
