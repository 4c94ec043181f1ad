"""The comparison of inspectors: its figures are those of the runs, its bars add up to the cost."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from omegaconf import OmegaConf

from agents import rules
from experiments.building.scenario import scenario_from
from experiments.command.options import read_options
from experiments.command.run_folder import RunFolder
from experiments.compare_inspectors import task
from experiments.comparing.options import CompareOptions
from experiments.comparing.pictures import LOOK
from experiments.comparing.study import PARTS, REST, SHOWN, study_inspectors
from factory_env import Factory
from factory_env.catalogue import load_plug
from factory_env.door.gather import Gather
from factory_env.kpi.table import kpis
from factory_env.presets import read_group
from tests.play import play

NAMES = ["cnn", "human", "none"]
SEEDS = (3, 4)
COST = "total_cost_usd"


def given(scenario: str = "default", **more: object) -> dict:
    """A config of short runs of the small plant."""
    plain = read_group("scenario", scenario)
    plain |= {"horizon_days": 12, "demand": {**plain["demand"], "days": 6}}
    return {
        "plant": read_group("plant", "small"),
        "scenario": plain,
        "agent": "edd",
        "inspectors": NAMES,
        "pictures": False,
        "eval": {"first_seed": SEEDS[0], "episodes": len(SEEDS), "workers": 1},
        **more,
    }


def options(scenario: str = "default") -> CompareOptions:
    """What the main hands to its task."""
    return read_options(CompareOptions, given(scenario), Gather())


def test_figures_and_table_are_those_of_the_runs(tmp_path: Path) -> None:
    chosen = options()
    run = RunFolder(tmp_path, OmegaConf.create(given()), exact=tmp_path / "run")
    figures = task(chosen, run, Gather())
    cost = {}
    for name in NAMES:
        scenario = scenario_from(chosen.with_inspector(name))
        edd = load_plug(rules, "edd")
        rows = [kpis(play(Factory(scenario, seed), edd())) for seed in SEEDS]
        for key in SHOWN:
            mean = np.mean([row[key] for row in rows])
            assert figures[f"{key}_{name}"] == pytest.approx(mean, rel=1e-12)
        cost[name] = figures[f"{COST}_{name}"]
    for other in ("human", "none"):
        ratio = figures[f"cnn_vs_{other}"]
        assert ratio == pytest.approx(cost["cnn"] / cost[other])
        assert figures[f"cnn_vs_{other}_ci_low"] <= ratio <= figures[f"cnn_vs_{other}_ci_high"]
    lines = (tmp_path / "run" / "inspectors.md").read_text().splitlines()
    rows = [
        line.split(" | ") for line in lines if line.startswith(tuple(f"| {n} |" for n in NAMES))
    ]
    assert [row[0].strip("| ") for row in rows] == sorted(NAMES, key=cost.__getitem__)
    for row in rows:
        assert row[2].startswith(f"{cost[row[0].strip('| ')]:,.0f} (")


def test_the_bars_of_a_plant_with_everything_on_add_up_to_its_cost() -> None:
    chosen = options("real")
    chosen.scenario["overtime"]["mode"] = "plan"
    scenario = scenario_from(chosen.with_inspector("none"))
    study = study_inspectors({"none": scenario}, "edd", SEEDS, workers=1)
    parts = study.parts("none")
    assert set(parts) == set(LOOK) == {*PARTS, REST}
    assert sum(parts.values()) == pytest.approx(study.results["none"].mean(COST), rel=1e-9)
    assert parts[REST] > 0.0  # evenings, at least


def test_what_is_no_number_is_told_number_by_number() -> None:
    gather = Gather()
    wrong = {"first_seed": -1, "episodes": 1, "workers": "two"}
    read_options(CompareOptions, given(eval=wrong), gather)
    assert [p.field for p in gather.problems] == [f"eval.{key}" for key in wrong]
