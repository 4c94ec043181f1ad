"""The part of the networks that answers how strictly pieces are inspected."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from agents.deep.checkpoint import save
from agents.deep.energy.priors import Prior
from agents.deep.goal import RuleRival
from agents.deep.joint.policy import JointNetwork, build_joint
from agents.deep.load import NetworkPolicy, build_network, feature_names, load_agent
from agents.deep.nets import HOUSE_LEAN
from agents.deep.ppo import PpoSettings, build_ppo, make_envs
from agents.deep.semi_markov import CollectDiscounts
from agents.rules.atcs_match import AtcsMatch
from agents.site_rules import site_rule
from factory_env import Factory, load_scenario
from factory_env.decision import ask
from factory_env.decisions.inspection_choice import InspectionChoice
from factory_env.envs.joint.seat import JointSeat
from factory_env.envs.scheduling.encoder import Encoder, blocks_of
from tests.camera import with_camera
from tests.play import play, questions

SHORT = {"demand.days": 6, "horizon_days": 8, "demand.size_median": 400, "demand.rush_share": 0.3}
DEAR = {"inspection.station.return_usd": 60.0}  # so that a stricter answer pays for some orders
SCENARIO = load_scenario("small", overrides={**SHORT, **DEAR, "inspection.lever": "agent"})
PRIOR = {"k1": 4.0, "k2": 1.0, "k3": 0.1}
QUICK = PpoSettings(
    envs=2, workers=1, n_steps=32, batch_size=32, epochs=2, prior=PRIOR, reward="cost"
)


@pytest.fixture(autouse=True)
def camera(monkeypatch):
    """Every factory of this file has an inspector with a threshold."""
    with_camera(monkeypatch)


def asked() -> list:
    """Every question of a run, of both kinds."""
    return questions(Factory(SCENARIO, 4), AtcsMatch())


def encoder() -> Encoder:
    return Encoder(PRIOR, blocks_of(SCENARIO))


def test_the_untrained_networks_weigh_the_house_against_what_is_cheaper() -> None:
    torch.manual_seed(0)
    lines = NetworkPolicy(build_network("order_scoring", {"width": 32}, encoder()), encoder())
    both = JointSeat(
        Prior(rule="time_of_use", rules=site_rule).policy(), PRIOR, blocks=blocks_of(SCENARIO)
    )
    joint = JointNetwork(build_joint(both, {"width": 32}), both)
    seen = [c for c in asked() if isinstance(c, InspectionChoice)]
    assert len(seen) > 10
    answers = set()
    for choice in seen:
        lean = np.where(np.arange(5) == choice.house, HOUSE_LEAN, 0.0)
        lean += (choice.expected_usd[choice.house] - choice.expected_usd) / 100.0
        best = int(np.where(choice.legal(), lean, -np.inf).argmax())
        assert ask(lines, choice) == ask(joint, choice) == best
        answers.add(best)
    assert len(answers) > 1


def test_the_shipped_agent_leaves_strictness_to_the_house() -> None:
    agent = load_agent("pretrained")
    house = load_scenario("small", overrides=SHORT)
    one, two = play(Factory(SCENARIO, 1), agent), play(Factory(house, 1), agent)
    assert "inspection" in one.tables["decisions"]["kind"]
    np.testing.assert_array_equal(
        one.tables["orders"]["taken_min"], two.tables["orders"]["taken_min"]
    )
    assert one.cost_usd == two.cost_usd


@pytest.mark.parametrize("network", ["order_scoring", pytest.param("flat", marks=pytest.mark.slow)])
def test_training_moves_the_head_and_a_saved_agent_answers_as_before(
    network: str, tmp_path: Path
) -> None:
    settings = replace(QUICK, network=network)
    rival = RuleRival(scenario=SCENARIO, reward="cost", rule=AtcsMatch())
    curves = [*map(rival.open(), (10**9, 10**9 + 1))]
    model = build_ppo(make_envs(SCENARIO, settings, curves, 1e-3, seed=3), settings, seed=3)
    before = {name: p.detach().clone() for name, p in model.policy.named_parameters()}
    model.learn(128, callback=CollectDiscounts())
    moved = {n for n, p in model.policy.named_parameters() if not torch.equal(p, before[n])}
    if network == "order_scoring":
        assert {"features_extractor.house_lean", "features_extractor.inspection.1.weight"} <= moved
    card = {
        "network": network,
        "network_args": settings.network_args(),
        "prior": PRIOR,
        "features": feature_names(encoder()),
    }
    save(tmp_path, model.policy, card, optimizer=False)
    mine, loaded = NetworkPolicy(model.policy, encoder()), load_agent(tmp_path)
    for question in asked():
        answer = ask(loaded, question)
        assert answer == ask(mine, question)
        assert question.legal()[answer]
