"""A network that is cloned from a rule answers as the rule does; then the critic goes first."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from agents import rules
from agents.deep.baseline import no_curves
from agents.deep.cloning import HOLD, CloneSettings, clone_policy
from agents.deep.cloning_examples import Examples, Teacher, join_examples
from agents.deep.load import build_network
from agents.deep.ppo import PpoSettings, build_ppo, make_envs
from agents.deep.warm_up import CriticFirst, actor_parameters
from agents.rules.edd import Edd
from factory_env import load_scenario
from factory_env.envs.scheduling.encoder import Encoder
from factory_env.sim.run import simulate

SCENARIO = load_scenario("small", overrides={"demand.days": 20, "horizon_days": 30})
PRIOR = {"k1": 2.0, "k2": 1.0, "k3": 0.1}
SEEDS = range(10**9, 10**9 + 30)


def teacher(stray: float = 0.0) -> Teacher:
    return Teacher(scenario=SCENARIO, rule=Edd(), prior=PRIOR, stray=stray)


@pytest.fixture(scope="module")
def examples() -> Examples:
    return join_examples([*map(teacher(stray=0.05).open(), SEEDS)])


def flat_network() -> object:
    torch.manual_seed(0)
    arguments = {"net_arch": {"pi": [64, 64], "vf": [64, 64]}}
    return build_network("flat", arguments, Encoder(PRIOR))


def test_without_strays_the_examples_are_the_rules_own_run() -> None:
    shown = teacher().open()(SEEDS[0])
    log = simulate(SCENARIO, Edd(), SEEDS[0])
    n_choices = len(log.tables["decisions"]["serial"])
    assert 0 < len(shown) <= n_choices
    legal = shown.observations["mask"][np.arange(len(shown)), shown.actions]
    assert legal.all()
    assert (shown.observations["mask"].sum(axis=1) > 1).all()


def test_strays_lead_elsewhere_but_the_labels_stay_the_rules() -> None:
    plain, stray = (teacher(share).open()(SEEDS[0]) for share in (0.0, 0.5))
    assert len(plain) != len(stray) or not np.array_equal(
        plain.observations["orders"], stray.observations["orders"]
    )
    # the rule takes the order that is due first, also where others led it
    rows = stray.observations["orders"].reshape(len(stray), 32, -1)
    names = [f.name for f in Encoder(PRIOR).blocks["orders"].features]
    due = np.where(
        rows[:, :, names.index("is_order")] > 0, rows[:, :, names.index("due_in_min")], np.inf
    )
    inside = np.abs(due).min(axis=1) < 5.0  # the feature is clipped at 25 days
    chosen = due[np.arange(len(stray)), stray.actions - 1]
    assert (chosen[inside] <= due.min(axis=1)[inside] + 1e-6).all()


def test_a_flat_network_learns_to_answer_as_edd_does(examples) -> None:
    settings = CloneSettings(epochs=15, batch_size=64, learning_rate=2e-3)
    figures = clone_policy(flat_network(), examples, settings, seed=1)
    assert figures.examples == len(examples)
    assert figures.accuracy > figures.accuracy_before + 0.1
    assert figures.accuracy > 0.7
    assert figures.hold_recall is None  # EDD never holds
    assert not (examples.actions == HOLD).any()


def test_cloning_again_gives_the_same_weights(examples) -> None:
    twice = []
    for _ in range(2):
        network = flat_network()
        clone_policy(network, examples, CloneSettings(epochs=1), seed=3)
        twice.append(torch.cat([p.flatten() for p in network.parameters()]))
    assert torch.equal(*twice)


def test_cloning_leaves_the_value_head_as_it_is(examples) -> None:
    network = flat_network()
    before = {n: p.clone() for n, p in network.named_parameters()}
    clone_policy(network, examples, CloneSettings(epochs=1), seed=3)
    changed = {n for n, p in network.named_parameters() if not torch.equal(p, before[n])}
    assert changed
    assert not any("value" in name for name in changed)


@pytest.mark.parametrize("network", ["order_scoring", "flat"])
def test_in_the_first_rollouts_only_the_critic_moves(network: str) -> None:
    settings = PpoSettings(
        network=network, envs=2, workers=1, n_steps=16, batch_size=16, epochs=1, prior=PRIOR
    )
    envs = make_envs(SCENARIO, settings, no_curves(SEEDS[:2]), 1e-3, seed=1)
    model = build_ppo(envs, settings, seed=1)
    before = {n: p.detach().clone() for n, p in model.policy.named_parameters()}

    def moved() -> set[str]:
        now = model.policy.named_parameters()
        return {n for n, p in now if not torch.equal(p.detach(), before[n])}

    model.learn(64, callback=CriticFirst(2))
    assert moved()
    assert all("value" in name for name in moved())
    assert all(p.requires_grad for p in actor_parameters(model.policy))
    model.learn(32, callback=CriticFirst(2), reset_num_timesteps=False)
    assert any("value" not in name for name in moved())


def test_the_tuned_rule_of_a_plant_gives_the_index_that_is_shown() -> None:
    from experiments.training.cloning import tuned_prior

    # conf/tuned/small.yaml: atcs_match
    assert tuned_prior("small") == {"k1": 2.0, "k2": 1.0, "k3": 0.02, "grace_min": 1200.0}
    assert tuned_prior("uci") == {
        key: getattr(rules.load("atcs_match", "uci"), key) for key in tuned_prior("uci")
    }


def test_a_network_that_answers_as_the_rule_already_is_left_as_it_is(examples) -> None:
    network = flat_network()
    before = torch.cat([p.flatten().clone() for p in network.parameters()])
    state = torch.get_rng_state()
    figures = clone_policy(network, examples, CloneSettings(epochs=1, enough=0.0), seed=3)
    assert not figures.is_taught
    assert figures.accuracy == figures.accuracy_before
    assert "left as it is" in figures.tell()
    assert torch.equal(torch.cat([p.flatten() for p in network.parameters()]), before)
    assert torch.equal(torch.get_rng_state(), state)  # PPO begins as it would have


def test_a_lesson_that_takes_answers_away_is_taken_back(examples) -> None:
    network = flat_network()
    clone_policy(network, examples, CloneSettings(epochs=15, learning_rate=2e-3), seed=1)
    before = torch.cat([p.flatten().clone() for p in network.parameters()])
    wild = CloneSettings(epochs=1, learning_rate=10.0, enough=1.0)
    figures = clone_policy(network, examples, wild, seed=1)
    assert not figures.is_taught
    assert figures.accuracy == figures.accuracy_before < 1.0
    assert torch.equal(torch.cat([p.flatten() for p in network.parameters()]), before)
