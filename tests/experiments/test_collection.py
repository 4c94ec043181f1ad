"""`simulate.py demand=drawn`: the season's collection in log, summary and contact sheet."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread

from agents.rules.edd import Edd
from experiments.report.collection import collection_figures, count_ordered
from experiments.report.drawing import draw_run
from experiments.report.finished_run import FinishedRun
from factory_env import Factory, Scenario, load_scenario
from factory_env.logfile import load_log
from tests.conftest import ROOT
from tests.play import play

SHORT = ("scenario.horizon_days=15", "scenario.demand.days=12")


@pytest.mark.slow
def test_simulate_shows_the_collection_and_can_be_branched(tmp_path: Path) -> None:
    def main(*words: str) -> dict[str, object]:
        done = subprocess.run(
            [sys.executable, "experiments/simulate.py", *words],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.strip().splitlines()[-1])

    run = tmp_path / "run"
    found = main("demand=drawn", "plant=small", "seed=2", *SHORT, f"hydra.run.dir={run}")
    assert found["designs"] == 48
    assert 1 <= found["designs_ordered"] <= 48
    assert found["classifier_agrees_share"] > 0.8
    sheet = imread(run / "collection.png")
    assert sheet.shape[1] > 1000
    log = load_log(run / "log")
    assert set(log.tables["orders"]["style"]) <= set(log.tables["designs"]["style"])
    branch = main(f"branch={run}@day 3 10:00", "agent=edd", f"hydra.run.dir={tmp_path / 'branch'}")
    assert branch["designs"] == 48


@pytest.mark.slow
def test_the_sheet_counts_what_was_ordered(tmp_path: Path) -> None:
    scenario = load_scenario(
        "small", demand="drawn", overrides={"horizon_days": 15, "demand.days": 12}
    )
    log = play(Factory(scenario, 2), Edd())
    ordered = count_ordered(log)
    orders = log.tables["orders"]
    assert sum(pieces for pieces, _, _ in ordered.values()) == orders["quantity"].sum()
    assert sum(count for _, count, _ in ordered.values()) == len(orders["order"])
    for style, (pieces, _, repeats) in ordered.items():
        own = orders["style"] == style
        assert pieces == orders["quantity"][own].sum()
        assert repeats == orders["is_repeat"][own].sum()
    found = collection_figures(log)
    draw_run(FinishedRun(log=log, scenario=scenario), tmp_path)
    best = max(ordered, key=lambda style: ordered[style][0])
    assert ordered[found["best_seller"]][0] == ordered[best][0]
    picture = imread(tmp_path / "collection.png")[:, :, :3]
    assert np.asarray(picture).std() > 0.05


@pytest.mark.slow
def test_a_run_without_pictures_has_no_collection(short: Scenario, tmp_path: Path) -> None:
    log = play(Factory(short, 1), Edd())
    assert collection_figures(log) == {}
    draw_run(FinishedRun(log=log, scenario=short), tmp_path)
    assert not (tmp_path / "collection.png").exists()
