"""One decision explained: the same past, every answer played on, and every reason to refuse."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from experiments import explain, simulate
from factory_env.kpi.table import kpis
from factory_env.logfile import load_log

SHORT = (
    "plant=small",
    "scenario.horizon_days=12",
    "scenario.demand.days=10",
    "scenario.demand.load=1.3",
    "scenario.demand.size_median=500",
    "pictures=false",
)
QUICK = ("workers=1", "pictures=false", "also=[edd]")
Explained = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a run ``a``; the working directory of the module."""
    folder, before = tmp_path_factory.mktemp("explained"), Path.cwd()
    os.chdir(folder)
    simulate.main([*SHORT, "agent=atcs_match", "seed=5", "hydra.run.dir=a"])
    yield folder
    os.chdir(before)


@pytest.fixture
def told(runs: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Explained:
    """Runs the command; returns its summary."""
    numbers = iter(range(100))

    def run(*words: str) -> dict[str, Any]:
        capsys.readouterr()
        explain.main([*QUICK, f"hydra.run.dir={tmp_path / str(next(numbers))}", *words])
        found: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
        return found

    return run


def busiest() -> int:
    """Number of the question with most orders."""
    table = load_log("a/log").tables["decisions"]
    return int(table["serial"][table["choices"].argmax()])


@pytest.mark.slow
def test_the_runs_own_answer_costs_what_the_run_did_and_others_what_a_fork_costs(
    told: Explained,
) -> None:
    number = busiest()
    summary = told("a", f"decision={number}", "forks=0", "most=3")
    log = load_log("a/log")
    rows = log.tables["decisions"]
    given = int(rows["answer"][rows["serial"] == number][0])
    first, *others = summary["alternatives"]
    assert (first["answer"], first["is_given"], summary["given"]) == (given, True, given)
    assert first["total_cost_usd"] == pytest.approx(kpis(log)["total_cost_usd"])
    assert first["difference_usd"] == 0.0
    played = [row for row in others if "difference_usd" in row]
    assert len(played) == 2
    assert any(row["difference_usd"] != 0.0 for row in played)
    assert len(summary["alternatives"]) > 3  # all legal answers are told
    assert summary["would_answer"]["atcs_match"] == given
    assert first["scores"].keys() == {"atcs_match", "edd"}
    assert first["features"]["sewing_min"] > 0.0


@pytest.mark.slow
def test_fresh_futures_are_the_same_for_all_answers_and_repeat(told: Explained) -> None:
    words = ("a", f"decision={busiest()}", "forks=3", "most=2", "fresh_seed=70")
    one, two = told(*words), told(*words)
    assert one["alternatives"] == two["alternatives"]
    first, second = one["alternatives"][:2]
    assert first["fresh_difference_usd"] == first["fresh_difference_usd_ci_high"] == 0.0
    low, high = (second[f"fresh_difference_usd_ci_{end}"] for end in ("low", "high"))
    assert low <= second["fresh_difference_usd"] <= high
    assert one["fresh_seeds"] == [70, 3]


@pytest.mark.slow
def test_a_run_that_is_played_for_it_is_explained_as_a_logged_one(told: Explained) -> None:
    number = busiest()
    logged = told("a", f"decision={number}", "forks=0", "most=2")
    words = [word for word in SHORT if not word.startswith("pictures")]
    played = told(*words, "agent=atcs_match", "seed=5", f"decision={number}", "forks=0", "most=2")
    assert played["alternatives"] == logged["alternatives"]
    assert (logged["run"], played["run"]) == ("a", None)


def test_another_agent_may_be_asked_about_a_run_and_a_picture_and_a_table_are_left(
    told: Explained,
) -> None:
    summary = told("a", f"decision={busiest()}", "forks=2", "most=2", "agent=spt", "pictures=true")
    folder = Path(summary["run_folder"])
    assert (folder / "explain.png").stat().st_size > 10_000
    lines = (folder / "tables" / "answers.csv").read_text().splitlines()
    assert len(lines) == 1 + len(summary["alternatives"])
    assert summary["would_answer"].keys() == {"spt", "edd"}
    assert summary["alternatives"][0]["is_given"]


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What is said, with exit code 2."""
    with pytest.raises(SystemExit) as end:
        explain.main([*QUICK, *words])
    assert end.value.code == 2
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("a", "decision=100000"), "decision: must be a question of the run; got 100000; 0 to "),
        (("a",), "decision: must be given"),
        (("a", "decision=-1"), "decision: must be a whole number"),
        (("a", "decision=two"), "decision: must be a whole number"),
        (("nowhere", "decision=1"), "nowhere: folder: must be a run folder of simulate.py"),
        (("decision=1",), "run: needs a run folder or an agent"),
        (("a", "decision=1", "plant=mid"), "plant: can not be set beside a run folder"),
        (("a", "decision=1", "also=[eddd]"), "also: must be"),
        (("agent=edd", "plant=small", "decision=90000"), "must be a question of the run"),
    ],
)
def test_what_can_not_be_explained_is_refused(
    runs: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], message: str
) -> None:
    assert message in refused(capsys, *words)


def test_a_folder_that_is_no_run_or_of_another_version_is_refused(
    runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("empty").mkdir()
    assert "run.json" in refused(capsys, "empty", "decision=1")
    shutil.copytree("a", "old")
    record = json.loads(Path("old/run.json").read_text())
    Path("old/run.json").write_text(json.dumps(record | {"record_version": 0}))
    assert "must be of version 1; got 0" in refused(capsys, "old", "decision=1")


def test_a_question_about_the_site_is_refused_with_where_others_stand(
    runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("agent=edd", *SHORT[:3], "site=pv_battery", "tariff=us_demand", "energy=peak_shave")
    message = refused(capsys, *words, "decision=0")
    assert "must be a question to the lines' policy" in message
    assert "rows of the table decisions" in message
