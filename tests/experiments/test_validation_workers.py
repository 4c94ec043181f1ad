"""Validation runs by several workers: the same money to the bit; nothing of the learner moves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
import torch

from agents.deep.energy.goal import Goal, SiteJudge, SiteStage, play_site
from agents.deep.energy.network import EnergyStage
from agents.deep.energy.priors import Prior
from agents.deep.goal import LinesStage, judge_by_cost, mean_cost
from agents.deep.joint.policy import JointStage
from agents.deep.load import NetworkPolicy
from agents.deep.looks import Look
from agents.deep.stage import Figures, Rehearsal
from agents.rules.edd import Edd
from agents.site_rules import site_rule
from experiments.command.crew import Crew
from factory_env import Scenario, load_scenario
from factory_env.envs.scheduling.encoder import Encoder

SHORT = {"demand.days": 3, "horizon_days": 4}
SEEDS = range(210_000, 210_004)
INDEX = {"k1": 2.0, "k2": 1.0, "k3": 0.1, "grace_min": 1200.0}
PRIOR = Prior(rule="time_of_use", rules=site_rule)


@dataclass
class Hall:
    """Plays with a crew, as a plan does."""

    crew: Crew

    def play(self, rehearsal: Rehearsal, jobs: Sequence[tuple[bytes, int]]) -> Sequence[Figures]:
        return self.crew.work_off(rehearsal, jobs)


@pytest.fixture(scope="module")
def two() -> Iterator[Hall]:
    with Crew(2) as crew:
        yield Hall(crew)


def lines_stage() -> LinesStage:
    scenario = load_scenario("small", overrides=SHORT)
    return LinesStage(
        scenario=scenario, network="order_scoring", network_args={"width": 16}, prior=INDEX
    )


def site_scenario() -> Scenario:
    made = load_scenario("small", overrides=SHORT, site="pv_battery", tariff="us_demand")
    return made.with_control("agent")


def shake(network: torch.nn.Module) -> Any:
    """Weights that decide otherwise than the start."""
    torch.manual_seed(3)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.mul_(-1.0).add_(0.3 * torch.randn_like(parameter))
    return network


@pytest.mark.slow
def test_lines_cost_the_same_here_and_in_workers_and_at_the_desk(two: Hall) -> None:
    stage = lines_stage()
    network = shake(stage.open()[0])
    here = judge_by_cost(stage, network).look(SEEDS)
    assert here == judge_by_cost(stage, network, two.play).look(SEEDS)
    policy = NetworkPolicy(network, Encoder(INDEX))
    assert here.goal_usd == mean_cost(stage.scenario, policy, SEEDS)
    assert list(here.by_seed_usd) == list(SEEDS)


def test_workers_play_the_weights_of_the_look_not_those_of_the_last(two: Hall) -> None:
    stage = lines_stage()
    network = stage.open()[0]
    judged = judge_by_cost(stage, network, two.play)
    before = judged.look(SEEDS)
    shake(network)
    after = judged.look(SEEDS)
    assert before != after
    assert after == judge_by_cost(stage, network).look(SEEDS)


def test_a_look_takes_no_random_number_from_the_learner() -> None:
    stage = lines_stage()
    network = stage.open()[0]
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    judge_by_cost(stage, network).look(SEEDS[:1])
    assert torch.equal(torch.rand(3), expected)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["energy", "joint"])
def test_sites_cost_the_same_here_and_in_workers_and_at_the_desk(kind: str, two: Hall) -> None:
    scenario = site_scenario()
    stage: SiteStage
    if kind == "energy":
        arguments = {"net_arch": [16, 16]}
        stage = EnergyStage(
            scenario=scenario, lines=Edd(), prior=PRIOR, algorithm="ppo", network_args=arguments
        )
    else:
        stage = JointStage(
            scenario=scenario, prior=PRIOR, order_prior=INDEX, network_args={"width": 16}
        )
    network, lines, site = stage.seat()
    shake(network)
    judge = SiteJudge(stage=stage, network=network, goal=Goal())
    here: Look = judge.for_trainer().look(SEEDS[:2])
    assert here == judge.for_trainer(two.play).look(SEEDS[:2])
    assert here.goal_usd == Goal().of(play_site(scenario, lines, site, SEEDS[:2]))
    assert here.goal_usd == pytest.approx(sum(here.by_seed_usd.values()) / 2)
