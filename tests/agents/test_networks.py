"""Every network of who runs the lines: the rule is its start, rows have no order, saved whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from agents.deep.checkpoint import save
from agents.deep.load import build_network, feature_names, load_agent, policy_of_network
from agents.deep.policies import NETWORKS
from agents.rules.atcs_match import AtcsMatch
from factory_env import Factory, load_scenario
from factory_env.envs.scheduling.encoder import Encoder

SCENARIO = load_scenario("small", overrides={"demand.days": 8, "horizon_days": 16})
PRIOR = {"k1": 4.0, "k2": 1.0, "k3": 0.1}
SCORING = sorted(NETWORKS.keys() - {"flat", "plan_scoring"})  # the last reads plans
ARGUMENTS = {"width": 32}


def make(name: str):
    torch.manual_seed(0)
    encoder = Encoder(PRIOR)
    return policy_of_network(build_network(name, dict(ARGUMENTS), encoder), encoder)


def stir(network) -> None:
    """As if something had been learned."""
    torch.manual_seed(3)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))


@pytest.fixture(scope="module")
def asked() -> list:
    factory, questions = Factory(SCENARIO, 1), []
    while (question := factory.advance()) is not None and len(questions) < 30:
        questions.append(question)
        factory.answer(1)
    return questions


@pytest.mark.parametrize("name", SCORING)
def test_an_untrained_network_follows_its_rule(name: str, asked: list) -> None:
    rule = AtcsMatch(**PRIOR, grace_min=0.0, hold_beyond=1e9)
    policy = make(name)
    assert [policy.choose(q) for q in asked] == [rule.choose(q) for q in asked]


def score(network, shown: dict[str, torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
    with torch.no_grad():
        features = network.extract_features(shown)
        return network.mlp_extractor.forward_actor(features), network.mlp_extractor.forward_critic(
            features
        )


@pytest.mark.parametrize("name", SCORING)
@pytest.mark.parametrize("is_training", [False, True])
def test_which_row_an_order_has_means_nothing(name: str, is_training: bool, asked: list) -> None:
    network = make(name).network
    stir(network)
    network.set_training_mode(is_training)
    question = max(asked, key=lambda q: len(q.table))
    encoder = Encoder(PRIOR)
    shown = encoder.encode(question, encoder.visible(question))
    tensors = {k: torch.from_numpy(v).unsqueeze(0) for k, v in shown.items()}
    n = len(question.table)
    assert n >= 2
    turned = tensors["orders"].view(32, -1).clone()
    turned[:n] = turned[:n].flip(0)
    scores, value = score(network, tensors)
    flipped, same = score(network, {**tensors, "orders": turned.reshape(1, -1)})
    assert scores[0, 1 : n + 1].unique().numel() > 1
    torch.testing.assert_close(scores[0, 1 : n + 1], flipped[0, 1 : n + 1].flip(0))
    torch.testing.assert_close(value, same)


def test_a_line_that_is_not_there_is_not_looked_at() -> None:
    network = make("attention").network
    stir(network)
    space = Encoder(PRIOR).space()
    shown = {k: torch.from_numpy(np.asarray(v)).float()[None] for k, v in space.sample().items()}
    lines = shown["lines"].view(16, -1)
    lines[4:] = 0.0
    scores, _ = score(network, shown)
    other = shown["lines"].clone().view(16, -1)
    other[4:, :-1] = 0.7  # numbers without a line
    same, _ = score(network, {**shown, "lines": other.reshape(1, -1)})
    torch.testing.assert_close(scores, same)


@pytest.mark.parametrize("name", ["attention", "quantile_scoring", "recurrent"])
def test_a_saved_network_answers_as_before(name: str, tmp_path: Path, asked: list) -> None:
    policy = make(name)
    stir(policy.network)
    names = feature_names(Encoder(PRIOR))
    card = {"network": name, "network_args": ARGUMENTS, "prior": PRIOR, "features": names}
    save(tmp_path, policy.network, card, optimizer=False)
    loaded = load_agent(tmp_path)
    assert [loaded.choose(q) for q in asked] == [policy.choose(q) for q in asked]


def test_a_memory_is_of_one_run(asked: list) -> None:
    policy = make("recurrent")
    stir(policy.network)
    first = [policy.choose(q) for q in asked]
    assert [policy.choose(q) for q in asked] == first  # serials begin again: so does the memory
    shown = Encoder(PRIOR).encode(asked[0], Encoder(PRIOR).visible(asked[0]))
    tensors = {k: torch.from_numpy(v).unsqueeze(0) for k, v in shown.items()}
    network = policy.network
    features = network.extract_features(tensors)
    fresh, memory = network.recall(features, network.new_memory(), torch.zeros(1))
    later, _ = network.recall(features, memory, torch.zeros(1))
    anew, _ = network.recall(features, memory, torch.ones(1))
    assert not torch.equal(fresh, later)
    assert torch.equal(fresh, anew)
