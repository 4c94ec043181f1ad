"""Code of a user's own in the commands that tune and train, and on its way into workers."""

from __future__ import annotations

import copy
import json
import pickle
from pathlib import Path

import pytest

from agents.deep.goal import RuleRival
from experiments import train, tune, tune_energy
from experiments.building.policy import policy_from
from experiments.command.crew import work_off
from experiments.command.main import run_main
from experiments.training.options import TrainOptions
from factory_env import load_scenario, simulate
from tests.experiments.own_policies import write_policies

SHORT = {"horizon_days": 6, "demand.days": 3}
WORDS = ("plant=small", *(f"scenario.{key}={value}" for key, value in SHORT.items()))
RULE = """
from mine import Cheapest


class Tunable(Cheapest):
    GRID = {"alpha": (0.0, 1.0)}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_policies(tmp_path)
    (tmp_path / "rules.py").write_text(RULE)
    return tmp_path


def test_a_policy_goes_to_a_worker_by_its_word() -> None:
    policy = policy_from("mine.py:Cheapest@alpha:0.5")
    scenario = load_scenario("small", overrides=SHORT)
    costs = {
        sum(simulate(scenario, each, 3).cost_usd.values())
        for each in (policy, pickle.loads(pickle.dumps(policy)), copy.deepcopy(policy))
    }
    assert len(costs) == 1
    assert b"Cheapest@alpha" in pickle.dumps(policy)  # no class, which a worker does not have


def test_a_rule_of_ones_own_is_tuned(capsys: pytest.CaptureFixture[str]) -> None:
    words = [*WORDS, "tune.rules=[rules.py:Tunable]", "tune.episodes=2", "tune.workers=1"]
    run_main("tune", tune.task, words)
    summary = json.loads(capsys.readouterr().out.splitlines()[-1])
    costs = {
        alpha: sum(
            sum(
                simulate(
                    load_scenario("small", overrides=SHORT), policy_from(word), s
                ).cost_usd.values()
            )
            for s in (200_000, 200_001)
        )
        for alpha in (0.0, 1.0)
        for word in (f"rules.py:Tunable@alpha:{alpha}",)
    }
    best = min(costs, key=lambda alpha: costs[alpha])
    assert summary["tuned"] == {"rules.py:Tunable": {"alpha": best}}
    assert summary["cost_usd"]["rules.py:Tunable"] == pytest.approx(costs[best] / 2)


def test_a_rule_without_a_grid_is_not_tuned(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        run_main("tune", tune.task, [*WORDS, "tune.rules=[mine.py:Cheapest,mine.py:Needy]"])
    assert stop.value.code == 2
    said = capsys.readouterr().err
    assert "must be a class with a GRID" in said
    assert "missing a required argument: 'alpha'" in said


@pytest.mark.parametrize(
    ("name", "task", "words", "said"),
    [
        ("tune_energy", tune_energy.task, ("tune.scheduler=mine.py:Mute",), "tune.scheduler: "),
        ("train", train.task, ("rival=mine.py:Mute",), "rival: must have a method choose"),
        (
            "train",
            train.task,
            ("env=energy", "agent=sac", "site=pv", "tariff=us_demand", "scheduler=mine.py:Mute"),
            "scheduler: must have a method choose",
        ),
    ],
)
def test_who_else_decides_is_checked_under_its_own_key(
    name, task, words, said, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        run_main(name, task, ["plant=small", *words])
    assert stop.value.code == 2
    assert said in capsys.readouterr().err


def test_the_values_in_the_config_are_those_of_the_rival_there() -> None:
    assert TrainOptions().own_rival_params == {"hold_beyond": 0.05}
    assert TrainOptions(rival="edd").own_rival_params == {}
    given = TrainOptions(rival="mine.py:Cheapest", rival_params={"alpha": 1.0})
    assert given.own_rival_params == {"alpha": 1.0}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_ones_own_rival_is_played_by_two_workers() -> None:
    scenario = load_scenario("small", overrides=SHORT)
    rule = policy_from("mine.py:Cheapest")
    rival = RuleRival(scenario=scenario, reward="cost", rule=rule, site=None)
    curves = work_off(rival, [3, 4], workers=2, title="rival")
    costs = [sum(simulate(scenario, rule, seed).cost_usd.values()) for seed in (3, 4)]
    assert [curve.cost_usd[-1] for curve in curves] == pytest.approx(costs)
