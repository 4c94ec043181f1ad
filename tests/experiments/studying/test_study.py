"""``compare.py``: every run once, whatever stops it, and the same tables from the same study."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from agents import rules
from experiments.studying.results import CURVES, TIMES
from factory_env import load_scenario, simulate
from factory_env.kpi.table import kpis
from tests.experiments.studying.tiny import (
    CELLS,
    SHORT,
    TINY,
    count_lines,
    hold,
    refuse,
    results,
    write_study,
)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a study that came to its end."""
    folder = tmp_path_factory.mktemp("study")
    study = write_study(folder)
    hold(folder / "run", f"study={study}", f"hydra.run.dir={folder / 'run'}")
    return folder / "run"


def copy_cells(finished: Path, folder: Path, lines: int, tail: str = "") -> Path:
    """A study that was stopped after some cells, with what was being written then."""
    folder.mkdir()
    for name in ("config.yaml", "study.yaml", "study.json"):
        (folder / name).write_text((finished / name).read_text())
    kept = (finished / "cells.jsonl").read_text().splitlines(keepends=True)[:lines]
    (folder / "cells.jsonl").write_text("".join(kept) + tail)
    return folder


@pytest.mark.slow
def test_a_cell_holds_the_figures_of_the_run_itself(finished: Path) -> None:
    lines = [json.loads(line) for line in (finished / "cells.jsonl").read_text().splitlines()]
    assert len(lines) == CELLS
    last = lines[-1]
    scenario = load_scenario("small", overrides=SHORT["overrides"])
    log = simulate(scenario, rules.load(last["policy"], "small"), last["seed"])
    assert last["figures"] == kpis(log)
    assert last["questions"] == len(log.tables["decisions"]["serial"])


def test_the_tables_agree_with_the_cells(finished: Path) -> None:
    lines = [json.loads(line) for line in (finished / "cells.jsonl").read_text().splitlines()]
    costs = {
        name: np.array([x["figures"]["total_cost_usd"] for x in lines if x["policy"] == name])
        for name in TINY["policies"]
    }
    tables = results(finished)["tables"]
    shown = {row["policy"]: row["cost_usd"] for row in tables["costs"]}
    assert shown == pytest.approx({name: values.mean() for name, values in costs.items()})
    best = min(costs, key=lambda name: costs[name].mean())
    (gap,) = tables["differences"]
    assert gap["against"] == best
    assert gap["difference_usd"] == pytest.approx((costs[gap["policy"]] - costs[best]).mean())
    ratio = results(finished)["figures"]["edd_vs_rule"]
    assert ratio == pytest.approx(costs["edd"].mean() / costs[best].mean())


def test_the_parts_add_up_to_the_cost(finished: Path) -> None:
    tables = results(finished)["tables"]
    costs = {row["policy"]: row["cost_usd"] for row in tables["costs"]}
    for row in tables["parts"]:
        parts = [value for key, value in row.items() if key not in ("policy", "scenario")]
        assert sum(parts) == pytest.approx(costs[row["policy"]])


def test_tables_equal(finished: Path, tmp_path: Path) -> None:
    hold(tmp_path / "again", f"study={finished / 'study.yaml'}", f"hydra.run.dir={tmp_path}/again")
    one, two = results(finished), results(tmp_path / "again")
    clocks = {TIMES, CURVES, "time_figures"}
    assert {k: v for k, v in one.items() if k not in clocks} == {
        k: v for k, v in two.items() if k not in clocks
    }
    for name in ("aggregates", "costs", "differences", "parts", "profiles", "cells"):
        texts = {(folder / f"{name}.csv").read_text() for folder in (finished, tmp_path / "again")}
        assert len(texts) == 1, name


@pytest.mark.parametrize("word", ["resume", "hydra.run.dir"])
def test_a_stopped_study_goes_on_and_counts_no_run_twice(
    word: str, finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = copy_cells(finished, tmp_path / "home", lines=2, tail='{"policy": "edd", "trai')
    hold(home, f"{word}={home}")
    assert "2 runs are there already and are not played again; 4 are missing" in (
        capsys.readouterr().err
    )
    assert count_lines(home) == CELLS
    assert results(home)["tables"] == results(finished)["tables"]


@pytest.mark.sample
@pytest.mark.slow
def test_a_finished_study_plays_nothing_and_a_longer_one_what_is_new(
    finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = copy_cells(finished, tmp_path / "home", lines=CELLS)
    assert hold(home, f"resume={home}")["cells_played"] == CELLS
    assert count_lines(home) == CELLS
    hold(home, f"resume={home}", "study.seeds.count=4", "also.fifo=fifo")
    assert count_lines(home) == 3 * 4
    assert hold(home, f"resume={home}", "also.fifo=fifo")["cells"] == 3 * 4  # it stays
    assert "is another policy of the study" in refuse(capsys, f"resume={home}", "also.fifo=atc")


def test_the_page_needs_no_other_file(finished: Path) -> None:
    text = (finished / "study.html").read_text()
    assert text.count("data:image/png;base64,") == 5
    assert "src=" not in text.replace('src="data:', "")
    assert "http" not in text
    assert "A tiny study" in text


@pytest.mark.slow
def test_two_workers_find_what_one_finds(finished: Path, tmp_path: Path) -> None:
    words = (f"study={finished / 'study.yaml'}", f"hydra.run.dir={tmp_path}/two", "workers=2")
    hold(tmp_path / "two", *words)
    assert results(tmp_path / "two")["tables"] == results(finished)["tables"]
