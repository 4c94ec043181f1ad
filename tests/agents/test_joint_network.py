"""The network that runs lines and site: its start, its heads, its files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from sb3_contrib.common.maskable.policies import MaskableActorCriticPolicy

from agents.deep.baseline import Curve, no_curves
from agents.deep.checkpoint import save
from agents.deep.energy.priors import Prior
from agents.deep.joint.learner import JointSettings, build_joint_ppo, make_joint_envs
from agents.deep.joint.network import JointScorer, take_over
from agents.deep.joint.policy import KIND, JointNetwork, build_joint, joint_features, load_joint
from agents.deep.load import load_agent
from agents.deep.semi_markov import CollectDiscounts
from agents.site_rules import site_rule
from factory_env import Factory, load_scenario
from factory_env.decision import Question, ask
from factory_env.decisions.energy_choice import EnergyChoice
from factory_env.envs.joint import actions as joint_actions
from factory_env.envs.joint.seat import JointSeat
from factory_env.envs.scheduling.encoder import Observation

SHORT = {"demand.days": 4, "horizon_days": 6, "control.mode": "agent"}
SCENARIO = load_scenario("small", overrides=SHORT, site="pv_battery", tariff="us_demand")
PRIOR = Prior(rule="time_of_use", rules=site_rule)
SCHEDULING = load_agent("pretrained")
BATTERY = slice(joint_actions.STARTS[1] - 33, joint_actions.STARTS[2] - 33)


def seat() -> JointSeat:
    return JointSeat(PRIOR.policy(), SCHEDULING.prior)


def start(**arguments) -> MaskableActorCriticPolicy:
    torch.manual_seed(0)
    network = build_joint(seat(), {"width": 64, **arguments})
    take_over(network, SCHEDULING.network)
    return network


def policy(**arguments) -> JointNetwork:
    return JointNetwork(start(**arguments), seat())


def questions(n: int) -> Iterator[Question]:
    factory, rule = Factory(SCENARIO, 4), PRIOR.policy()
    for _ in range(n):
        question = factory.advance()
        if question is None:
            return
        yield question
        answer = rule.run_site(question) if isinstance(question, EnergyChoice) else 1
        factory.answer(answer)


def test_the_untrained_agent_schedules_as_its_warm_start_and_runs_the_site_as_its_prior() -> None:
    mine, rule = policy(), PRIOR.policy()
    kinds = set()
    for question in questions(300):
        kinds.add(question.kind)
        if isinstance(question, EnergyChoice):
            right, got = rule.run_site(question), mine.run_site(question)
            battery = question.site.battery
            limited_kw = min(max(right.battery_kw, -battery.discharge_kw), battery.charge_kw)
            assert got.battery_kw == pytest.approx(limited_kw)
            assert (got.set_point_c, got.boiler_mode, got.standby) == (
                pytest.approx(right.set_point_c),
                right.boiler_mode,
                right.standby,
            )
        else:
            assert mine.choose(question) == SCHEDULING.choose(question)
    assert kinds >= {"energy", "dispatch"}


def test_a_closed_control_is_never_moved_and_an_open_one_can_be() -> None:
    network = start(controls=["battery"])
    mine, scorer = JointNetwork(network, seat()), network.features_extractor
    assert isinstance(scorer, JointScorer)
    torch.nn.init.normal_(scorer.levels.weight, std=30.0)
    rule, moved = PRIOR.policy(), 0
    for question in questions(150):
        if isinstance(question, EnergyChoice):
            right, got = rule.run_site(question), mine.run_site(question)
            assert got.boiler_mode == right.boiler_mode
            assert got.lines_allowed == right.lines_allowed
            assert got.standby == right.standby
            moved += got.battery_kw != pytest.approx(right.battery_kw)
    assert moved > 20


def seen(question: Question) -> Observation:
    """What the joint agent sees of a question."""
    place = seat()
    place.look(question)
    return place.observe()


def test_each_kind_of_question_goes_through_its_own_net() -> None:
    network = build_joint(seat(), {"width": 32, "explore": 0.1})
    both = [seen(q) for q in questions(60)]
    kinds = {int(o["kind"][1]) for o in both}
    assert kinds == {0, 1}
    batch = {k: torch.from_numpy(np.stack([o[k] for o in both])) for k in both[0]}
    with torch.no_grad():
        scores = network.features_extractor(batch)
        single = torch.cat(
            [
                network.features_extractor({k: v[i : i + 1] for k, v in batch.items()})
                for i in range(len(both))
            ]
        )
    torch.testing.assert_close(scores, single, atol=1e-5, rtol=0)
    is_site = batch["kind"][:, 1] == 1
    assert not scores[is_site, :33].any()
    assert not scores[~is_site, 33:62].any()
    # level 0 of the battery starts with the chance 1 - explore
    chance = scores[is_site][0, 33:62][BATTERY].softmax(0)
    assert float(chance[0]) == pytest.approx(0.9, abs=1e-5)


def test_a_saved_joint_agent_answers_as_before_after_training(tmp_path: Path) -> None:
    settings = JointSettings(
        envs=2, n_steps=64, batch_size=64, epochs=1, width=64, explore=0.2, warm_start=None
    )
    curves: list[Curve] = no_curves([10**9, 10**9 + 1])
    envs = make_joint_envs(SCENARIO, settings, PRIOR, SCHEDULING.prior, curves, seed=1)
    model = build_joint_ppo(envs, settings, seed=1)
    before = [p.detach().clone() for p in model.policy.parameters()]
    model.learn(256, CollectDiscounts())
    changed = [
        not torch.equal(a, b) for a, b in zip(before, model.policy.parameters(), strict=True)
    ]
    assert sum(changed) > len(changed) / 2
    card = {
        "kind": KIND,
        "network_args": settings.network_args(),
        "site_prior": PRIOR.card(),
        "features": joint_features(seat()),
        "order_prior": SCHEDULING.prior,
    }
    save(tmp_path, model.policy, card, optimizer=True)
    mine, loaded = JointNetwork(model.policy, seat()), load_joint(tmp_path, site_rule)
    for question in questions(100):
        assert ask(loaded, question) == ask(mine, question)
