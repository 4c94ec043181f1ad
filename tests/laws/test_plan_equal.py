"""A plan written by a run of a rule, followed under the same seed, gives the same log."""

from __future__ import annotations

from pathlib import Path

import pytest

from agents import rules
from experiments.building.plan_policy import follow_file
from experiments.report.plans.files import write_plan
from experiments.report.tables.clock import Clock
from factory_env import Factory, Scenario, load_scenario
from tests.play import fingerprint, play

SHORT = {"horizon_days": 15, "demand.days": 12, "demand.size_median": 600}
PLAIN = {name: {**SHORT, "demand.load": load} for name, load in (("tight", 1.3), ("slack", 0.8))}
MORE = {
    "agent_cuts": {**SHORT, "flow.cutting_rule": "agent"},
    "evenings": {**SHORT, "demand.load": 1.3, "overtime.mode": "rule"},
    "parts": {**SHORT, "flow.split_days": 1.0},
}


def scenario_of(name: str, plant: str = "small") -> Scenario:
    """A short run of a plant."""
    return load_scenario(plant, overrides={**PLAIN, **MORE}[name])


def assert_equal(scenario: Scenario, rule: str, seed: int, folder: Path, name: str) -> None:
    """The plan of a run under a rule, followed, gives the run again."""
    first = play(Factory(scenario, seed), rules.load(rule, "small"))
    write_plan(first, Clock(first_day=None), folder)
    factory = Factory(scenario, seed)
    follower = follow_file(str(folder / name), factory, None, rules.load(rule, "small"))
    assert fingerprint(play(factory, follower)) == fingerprint(first)


@pytest.mark.parametrize("rule", ["fifo", "edd", "atcs", "atcs_match", "least_setup", "spt"])
@pytest.mark.parametrize("name", list(PLAIN))
def test_a_plan_gives_the_run_of_its_rule_again(rule: str, name: str, tmp_path: Path) -> None:
    assert_equal(scenario_of(name), rule, 3, tmp_path, "plan.csv")


@pytest.mark.parametrize("name", list(MORE))
def test_a_plan_gives_runs_with_other_questions_again(name: str, tmp_path: Path) -> None:
    assert_equal(scenario_of(name), "atcs_match", 5, tmp_path, "plan.xlsx")


@pytest.mark.slow
@pytest.mark.parametrize("plant", ["mid", "large"])
@pytest.mark.parametrize("disruptions", ["normal", "rough"])
def test_a_plan_gives_runs_of_larger_plants_again(
    plant: str, disruptions: str, tmp_path: Path
) -> None:
    scenario = load_scenario(plant, disruptions=disruptions)
    assert_equal(scenario, "atcs_match", 1, tmp_path, "plan.csv")
