"""The benchmark suite: nothing of a published scenario changes in silence, and each separates.

A changed scenario is a new file and a new version (docs/suite.md). Where the model changed on
purpose, `SEAMLINE_WRITE_GOLDEN=1 pytest tests/contracts/test_suite.py` accepts it: read the
difference, measure the tables again with `benchmarks/suite.py`, and commit it with the reason.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import gymnasium as gym
import pytest
from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf

from agents.rules.edd import Edd
from benchmarks import suite
from experiments.building.scenario import FactoryConfig, scenario_from
from experiments.simulating.run_record import digest_scenario
from factory_env import Scenario, load_scenario, simulate
from factory_env.door.yaml_text import read_yaml
from factory_env.envs.registration import SIZES, SUITE
from factory_env.errors import InputError
from factory_env.kpi.table import kpis
from factory_env.presets import CONF, read_choices
from tests.conftest import ROOT

FILE = ROOT / "tests" / "golden" / "suite.json"
NAMES = suite.list_scenarios()
GROUPS = ("plant", "scenario", "disruptions", "demand")


def kept(key: str, value: Any) -> Any:
    """What the file holds for a key; it is written first where a change is accepted."""
    whole = json.loads(FILE.read_text("utf-8")) if FILE.is_file() else {}
    if os.environ.get("SEAMLINE_WRITE_GOLDEN"):
        whole = dict(sorted({**whole, key: value}.items()))
        FILE.write_text(json.dumps(whole, indent=1) + "\n", "utf-8")
    return whole.get(key)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", NAMES)
def test_a_published_scenario_is_what_it_was(name: str, size: str) -> None:
    scenario = load_scenario(size, f"suite/{name}")
    key = f"{scenario.name} {size} sha256"
    assert kept(key, digest_scenario(scenario)) == digest_scenario(scenario), (
        f"{key}: another scenario than the published one; see the head of this file"
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_run_of_a_published_scenario_costs_what_it_did(name: str) -> None:
    scenario = load_scenario("small", f"suite/{name}")
    cost_usd = kpis(simulate(scenario, Edd(), seed=suite.FIRST_SEED))["total_cost_usd"]
    assert kept(f"{scenario.name} small edd usd", cost_usd) == pytest.approx(cost_usd, rel=1e-7)


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_bears_its_file_and_its_version(name: str) -> None:
    stem, _, version = name.partition("_v")
    assert load_scenario("small", f"suite/{name}").name == f"suite/{stem}-v{version or 1}"


def composed(*words: str) -> Scenario:
    """The scenario of a command line."""
    with initialize_config_dir(version_base="1.3", config_dir=str(CONF)):
        config: Any = OmegaConf.to_container(compose("evaluate", list(words)), resolve=True)
    return scenario_from(FactoryConfig(**{group: config[group] for group in GROUPS}))


@pytest.mark.parametrize("name", NAMES)
def test_command_line_and_environment_play_the_same_scenario(name: str) -> None:
    ready = load_scenario("small", f"suite/{name}")
    assert composed("plant=small", f"scenario=suite/{name}") == ready
    env: Any = gym.make(f"GarmentFactory/Suite-{name}-small-v1")
    assert env.unwrapped.scenario == ready


def test_what_a_user_says_comes_before_what_a_scenario_asks_for() -> None:
    assert read_choices("scenario", "suite/rush") == {"disruptions": "customers"}
    given = composed("plant=small", "scenario=suite/rush", "disruptions=rough")
    assert given.disruptions.name == "rough"
    assert given == load_scenario("small", "suite/rush", disruptions="rough")
    assert load_scenario("small", "suite/styles").market.name == "many"
    assert load_scenario("small", "suite/styles", demand="drawn").market.name == "drawn"


def test_a_file_of_ones_own_may_stand_on_a_scenario_but_not_ask_for_another_file(
    tmp_path: Path,
) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("defaults: [/scenario/suite/tight@_here_]\nname: mine\ndemand: {load: 0.9}\n")
    scenario, tight = load_scenario("small", str(mine)), load_scenario("small", "suite/tight")
    assert (scenario.name, scenario.demand.load) == ("mine", 0.9)
    assert scenario.demand.window_days == tight.demand.window_days
    for line in (
        "/scenario/suite/rush@_here_",
        "override /disruptions@_global_.disruptions: rough",
    ):
        mine.write_text(f"defaults:\n  - {line}\nname: mine\n")
        with pytest.raises(InputError, match="defaults: ") as refused:
            load_scenario("small", str(mine))
        assert len(refused.value.problems) == 1


def test_an_unknown_scenario_of_the_suite_is_one_clear_error() -> None:
    with pytest.raises(InputError, match=r"must be a known scenario.*suite/tight"):
        load_scenario("small", "suite/tigth")


def test_every_scenario_says_which_ability_it_is_for() -> None:
    for name in NAMES:
        path = CONF / "scenario" / "suite" / f"{name}.yaml"
        assert "Ability: " in path.read_text("utf-8").partition("\ndefaults:")[0], name
        assert read_yaml(path)["defaults"][0] == "/scenario/default@_here_", name


def test_the_suites_ids_are_every_scenario_on_every_plant() -> None:
    assert len(SUITE) == len(NAMES) * len(SIZES)
    assert all(env_id in gym.registry for env_id in SUITE)


@pytest.fixture(scope="module")
def costs() -> suite.Costs:
    """What was measured."""
    return suite.read_costs()


def test_every_scenario_tells_rules_apart(costs: suite.Costs) -> None:
    assert costs.keys() == {f"{size}/{name}" for size in SIZES for name in NAMES}
    apart = {cell: suite.count_apart(rows) for cell, rows in costs.items()}
    # of 15 pairs; the calm small plant forgives most, and tells 7 apart
    assert all(count >= 7 for count in apart.values()), apart
    assert sum(count >= 9 for count in apart.values()) == len(apart) - 1


def test_the_page_shows_what_was_measured_and_names_every_scenario(costs: suite.Costs) -> None:
    page = suite.PAGE.read_text("utf-8")
    assert suite.make_tables(costs) in page
    rows = re.findall(r"^\| `scenario=suite/(\w+)` \|", page, re.MULTILINE)
    assert sorted(rows) == NAMES


def test_the_measured_costs_are_those_of_these_scenarios(costs: suite.Costs) -> None:
    scenario = load_scenario("small", "suite/calm")
    cost_usd = kpis(simulate(scenario, Edd(), seed=suite.FIRST_SEED))["total_cost_usd"]
    assert costs["small/calm"]["edd"][0] == pytest.approx(cost_usd, abs=0.01)
