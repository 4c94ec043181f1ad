"""A comparison with other people's policies: one that fails is named, the others go on."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from agents.card import write_card
from experiments.command.crew import Workplace
from experiments.command.watched_crew import Lost, work_off_watched
from experiments.evaluate import main
from experiments.evaluating.player import Player, add_starts, name_words, short_name
from experiments.evaluating.tournament import Arena, measure_floor, play_contest
from factory_env import load_scenario
from tests.experiments.own_policies import write_policies

SHORT = {"horizon_days": 12, "demand.days": 6}
SEEDS = (7, 8)
BROKEN = ("Raises", "Hangs", "NotANumber", "Dies")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_policies(tmp_path)
    return tmp_path


def arena() -> Arena:
    scenario = load_scenario("small", overrides=SHORT)
    return Arena(scenario=scenario, measure=measure_floor, seconds_per_run=6.0)


def players(*names: str) -> list[Player]:
    return [Player(name=name, lines=f"mine.py:{name}", is_rule=False) for name in names]


@pytest.mark.slow
def test_the_same_comes_out_of_one_and_of_two_workers(folder: Path) -> None:
    rivals = [*players("Cheapest", "FirstOfRun", "Raises"), Player(name="edd", lines="edd")]
    one, two = (play_contest(arena(), rivals, SEEDS, workers=n) for n in (1, 2))
    assert [r.name for r in one.results] == ["Cheapest", "FirstOfRun", "edd"]
    assert one.failures == two.failures
    assert [f.seed for f in one.failures] == [SEEDS[0]]
    for a, b in zip(one.results, two.results, strict=True):
        assert a.columns.keys() == b.columns.keys()
        assert all(np.array_equal(a.columns[k], b.columns[k]) for k in a.columns)


@pytest.mark.sample
@pytest.mark.slow
def test_policies_that_raise_hang_or_die_are_named_and_the_others_go_on(folder: Path) -> None:
    contest = play_contest(arena(), players(*BROKEN, "Cheapest"), SEEDS, workers=2)
    assert [r.name for r in contest.results] == ["Cheapest"]
    kinds = {f.name: f.kind for f in contest.failures}
    assert kinds == {
        "Raises": "raised",
        "Hangs": "took too long",
        "NotANumber": "answered illegally",
        "Dies": "ended its process",
    }
    traces = {f.name: f.trace for f in contest.failures}
    assert "lost my way" in traces["Raises"]
    assert "time.sleep" in traces["Hangs"]


class Sleeper:
    """Sleeps as long as the job says; a negative job ends the process."""

    def open(self):
        return self._work

    def _work(self, seconds: float) -> float:
        import os
        import time

        if seconds < 0:
            os._exit(1)
        time.sleep(seconds)
        return seconds


@pytest.mark.slow
def test_a_worker_that_overruns_or_dies_is_replaced() -> None:
    place: Workplace[float, float] = Sleeper()
    jobs = [60.0, -1.0, 0.0, 0.01, 0.02]
    done = work_off_watched(
        place,
        jobs,
        workers=2,
        title="sleep",
        seconds=lambda job: 4.0,
        is_wanted=lambda job, _: job != 0.01,
    )
    assert done[2:] == [0.0, None, 0.02]
    overrun, dead = done[:2]
    assert isinstance(overrun, Lost)
    assert isinstance(dead, Lost)
    assert (overrun.has_overrun, dead.has_overrun) == (True, False)


@pytest.mark.slow
def test_evaluate_reports_a_failure_and_ends_with_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [f"scenario.{key}={value}" for key, value in SHORT.items()]
    words += ["plant=small", "eval.episodes=2", "eval.workers=1", "name=mine"]
    also = "also=[mine.py:Raises,edd,atcs@k1:7,mine.py:Cheapest@alpha:0.2]"
    with pytest.raises(SystemExit) as stop:
        main([*words, "agent=mine.py:Cheapest", also])
    assert stop.value.code == 1
    out, err = capsys.readouterr()
    summary = json.loads(out.splitlines()[-1])
    assert summary["agent"] == "mine.py:Cheapest"
    assert {"edd", "atcs@k1:7", "mine.py:Cheapest", "mine:Cheapest@alpha:0.2"} <= set(
        summary["costs_usd"]
    )
    assert set(summary["policies"]) == {"mine:Cheapest@alpha:0.2"}
    failed = summary["failed"]["mine.py:Raises"]
    assert failed["kind"] == "raised"
    kept = Path("runs/evaluate/mine") / failed["file"]
    assert 'raise ValueError("lost my way")' in kept.read_text()
    assert "mine.py:Raises raised on seed 100000" in err
    assert (kept.parent / "comparison.png").is_file()


def test_wrong_words_are_found_before_anything_is_played(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["plant=small", "agent=mine.py:Mute", "also=[mine.py:Needy,nobody]"])
    assert stop.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("evaluate: 3 problems")
    assert said.count("also: ") == 2
    assert not Path("runs").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="no alarms on Windows")
def test_a_constructor_that_hangs_is_told_after_the_time_of_a_run(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["plant=small", "eval.seconds_per_run=0.5"]
    with pytest.raises(SystemExit) as stop:
        main([*words, "agent=mine.py:Unready", "also=[edd,mine.py:Unready]"])
    assert stop.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("evaluate: 2 problems")
    assert said.count("TimeoutError: it took more than 0.5 s") == 2


def test_names_are_short_and_unique(tmp_path: Path) -> None:
    words = [
        "models/a_long_folder/ppo.zip",
        "x.py:Policy",
        "one/deep/place.py:P",
        "other/deep/place.py:P",
    ]
    assert short_name(f"sb3:{words[0]}") == "sb3:ppo"
    assert list(name_words([*words[1:], words[1]], taken=["x.py:Policy"])) == [
        "x.py:Policy #2",
        "place:P",
        "place:P #2",
    ]


def test_a_start_stands_behind_its_agent(tmp_path: Path) -> None:
    for run in ("one", "two"):
        write_card(make_folder(tmp_path / run / "best"), {})
        write_card(make_folder(tmp_path / run / "start"), {})
    one, two = (
        Player(name=run, lines=str(tmp_path / run), is_rule=False) for run in ("one", "two")
    )
    everybody = add_starts([one, Player(name="edd", lines="edd"), two])
    assert [p.name for p in everybody] == ["one", "start", "edd", "two", "two:start"]
    assert [p.start for p in everybody] == ["start", "", "", "two:start", ""]
    assert [p.is_start for p in everybody] == [False, True, False, False, True]
    assert everybody[1].lines == str(tmp_path / "one" / "start")
    again = add_starts([Player(name="best", lines=f"{tmp_path / 'one'}:best")])
    assert [p.name for p in again] == ["best"]  # a checkpoint alone


def make_folder(path: Path) -> Path:
    path.mkdir(parents=True)
    return path
