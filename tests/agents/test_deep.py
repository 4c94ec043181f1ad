"""The learner's parts: network, buffer, checkpoints, grouped environments."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from agents.card import CARD, read_card
from agents.deep.baseline import AgainstRule
from agents.deep.checkpoint import WEIGHTS, save
from agents.deep.goal import RuleRival
from agents.deep.grouped import GroupedVecEnv
from agents.deep.load import NetworkPolicy, build_network, feature_names, load_agent
from agents.deep.ppo import EnvMaker, PpoSettings, build_ppo, make_envs
from agents.deep.semi_markov import CollectDiscounts, SemiMarkovBuffer
from agents.rules.atcs_match import AtcsMatch
from factory_env import Factory, load_scenario
from factory_env.envs.scheduling.encoder import Encoder
from factory_env.envs.scheduling.env import SchedulingEnv
from factory_env.errors import ArtifactError

SCENARIO = load_scenario("small", overrides={"demand.days": 8, "horizon_days": 16})
PRIOR = {"k1": 4.0, "k2": 1.0, "k3": 0.1}
QUICK = PpoSettings(envs=2, workers=1, n_steps=32, batch_size=32, epochs=2, prior=PRIOR)
RIVAL = RuleRival(scenario=SCENARIO, reward="projected", rule=AtcsMatch())
CURVES = [*map(RIVAL.open(), (10**9, 10**9 + 1))]


def network(name: str = "order_scoring") -> NetworkPolicy:
    torch.manual_seed(0)
    encoder = Encoder(PRIOR)
    arguments = {"width": 32} if name == "order_scoring" else {}
    return NetworkPolicy(build_network(name, arguments, encoder), encoder)


def questions(n: int, seed: int = 1) -> list:
    factory, found = Factory(SCENARIO, seed), []
    while (question := factory.advance()) is not None and len(found) < n:
        found.append(question)
        factory.answer(1)
    return found


def test_the_untrained_network_follows_its_prior_rule() -> None:
    # zeroed heads leave prior_weight x log index as the scores, and hold starts at -4
    rule = AtcsMatch(**PRIOR, grace_min=0.0, hold_beyond=1e9)
    policy = network()
    asked = questions(30)
    assert [policy.choose(q) for q in asked] == [rule.choose(q) for q in asked]


def test_scores_do_not_depend_on_the_order_of_the_queue() -> None:
    torch.manual_seed(1)
    encoder = Encoder(PRIOR)
    net = build_network("order_scoring", {"width": 32}, encoder)
    torch.nn.init.normal_(net.features_extractor.score[-1].weight)
    question = max(questions(30), key=lambda q: len(q.table))
    observation = encoder.encode(question, encoder.visible(question))
    tensors = {k: torch.from_numpy(v).unsqueeze(0) for k, v in observation.items()}
    n = len(question.table)
    assert n >= 2
    rows = tensors["orders"].view(32, -1)
    turned = rows.clone()
    turned[:n] = rows[:n].flip(0)
    with torch.no_grad():
        straight = net.extract_features(tensors)[0]
        flipped = net.extract_features({**tensors, "orders": turned.reshape(1, -1)})[0]
    torch.testing.assert_close(straight[1 : n + 1], flipped[1 : n + 1].flip(0), atol=1e-5, rtol=0)
    torch.testing.assert_close(straight[33:], flipped[33:], atol=1e-5, rtol=0)


@pytest.mark.parametrize("name", ["order_scoring", "flat"])
def test_a_network_answers_legally_at_the_desk(name: str) -> None:
    policy = network(name)
    for question in questions(20):
        assert question.legal()[policy.choose(question)]


def test_a_saved_agent_answers_as_before(tmp_path: Path) -> None:
    policy = network()
    torch.nn.init.normal_(policy.network.features_extractor.score[-1].weight)
    card = {
        "network": "order_scoring",
        "network_args": {"width": 32},
        "prior": PRIOR,
        "features": feature_names(Encoder(PRIOR)),
    }
    save(tmp_path, policy.network, card, optimizer=False)
    loaded = load_agent(tmp_path)
    asked = questions(20)
    assert [loaded.choose(q) for q in asked] == [policy.choose(q) for q in asked]
    assert not [p for p in tmp_path.iterdir() if p.suffix in (".pkl", ".zip", ".pth")]


@pytest.mark.parametrize("damage", ["no card", "card", "format", "weights", "features", "shape"])
def test_a_damaged_agent_is_refused_with_its_path(tmp_path: Path, damage: str) -> None:
    policy = network()
    card = {
        "network": "order_scoring",
        "network_args": {"width": 32},
        "prior": PRIOR,
        "features": feature_names(Encoder(PRIOR)),
    }
    save(tmp_path, policy.network, card, optimizer=False)
    path = tmp_path / CARD
    if damage == "no card":
        path.unlink()
    elif damage == "card":
        path.write_text("{")
    elif damage == "weights":
        (tmp_path / WEIGHTS).write_bytes(b"not safetensors at all")
    else:
        content = json.loads(path.read_text())
        wrong = {
            "format": {"format": 99},
            "features": {"features": {}},
            "shape": {"network_args": {"width": 48}},
        }[damage]
        path.write_text(json.dumps(content | wrong))
    with pytest.raises(ArtifactError, match=str(tmp_path)):
        load_agent(tmp_path)


def test_semi_markov_advantages_equal_the_formula() -> None:
    # one env, three steps, rewards 1 2 3, values 0, discounts .9 .5 .8, lambda 1, then value 10:
    # R3 = 3 + .8 x 10 = 11; R2 = 2 + .5 x 11 = 7.5; R1 = 1 + .9 x 7.5 = 7.75
    env = SchedulingEnv(scenario=SCENARIO)
    buffer = SemiMarkovBuffer(
        3, env.observation_space, env.action_space, device="cpu", gae_lambda=1.0, gamma=0.5
    )
    buffer.reset()
    buffer.rewards[:, 0] = [1.0, 2.0, 3.0]
    buffer.discounts[:, 0] = [0.9, 0.5, 0.8]
    buffer.compute_returns_and_advantage(torch.tensor([[10.0]]), np.array([False]))
    np.testing.assert_allclose(buffer.returns[:, 0], [7.75, 7.5, 11.0], rtol=1e-6)
    buffer.compute_returns_and_advantage(torch.tensor([[10.0]]), np.array([True]))
    np.testing.assert_allclose(buffer.returns[:, 0], [1 + 0.9 * 3.5, 3.5, 3.0], rtol=1e-6)


def test_playing_the_rival_saves_nothing() -> None:
    # the control variate takes off exactly what the rival itself costs
    env = AgainstRule(SchedulingEnv(scenario=SCENARIO, reward="projected"), CURVES, 1.0, seed=0)
    rule, total, over = AtcsMatch(), 0.0, False
    env.reset()
    inner = env.unwrapped
    assert isinstance(inner, SchedulingEnv)
    while not over:
        assert inner.question is not None
        action = inner.answer_to_action(rule.choose(inner.question))
        _, reward, terminated, truncated, _ = env.step(action)
        total += reward
        over = terminated or truncated
    assert total == pytest.approx(0.0, abs=1e-6)


@pytest.mark.slow
def test_grouped_environments_step_like_those_in_one_process() -> None:
    makers = [EnvMaker(SCENARIO, QUICK, CURVES, 1e-3, seed) for seed in (0, 1)]
    alone = make_envs(SCENARIO, QUICK, CURVES, 1e-3, seed=0)
    grouped = GroupedVecEnv(makers, workers=2)
    try:
        a, b = alone.reset(), grouped.reset()
        for _ in range(60):
            for key in a:
                np.testing.assert_array_equal(a[key], b[key])
            masks = np.stack(grouped.env_method("action_masks"))
            actions = masks.argmax(axis=1)
            a, reward_a, done_a, _ = alone.step(actions)
            b, reward_b, done_b, _ = grouped.step(actions)
            np.testing.assert_array_equal(reward_a, reward_b)
            np.testing.assert_array_equal(done_a, done_b)
    finally:
        grouped.close()


def test_equal_seeds_train_equal_weights() -> None:
    def weights() -> list[np.ndarray]:
        envs = make_envs(SCENARIO, QUICK, CURVES, 1e-3, seed=3)
        model = build_ppo(envs, QUICK, seed=3)
        model.learn(128, callback=CollectDiscounts())
        return [p.detach().numpy().copy() for p in model.policy.parameters()]

    for one, two in zip(weights(), weights(), strict=True):
        np.testing.assert_array_equal(one, two)


def test_an_agent_card_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="no saved agent"):
        read_card(tmp_path)
