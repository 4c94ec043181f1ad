"""``also=`` and failures where the site, or lines and site, are run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from experiments.evaluate import main
from experiments.evaluating.joint import joint_players
from experiments.evaluating.player import Player
from tests.experiments.own_policies import write_policies

WORDS = (
    "plant=small",
    "scenario.horizon_days=5",
    "scenario.demand.days=2",
    "eval.episodes=2",
    "eval.workers=1",
    "eval.mpc=false",
    "eval.overhead=false",
    "eval.variants=[]",
    "name=mine",
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_policies(tmp_path)
    return tmp_path


def evaluate(*words: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict]:
    code = 0
    try:
        main([*WORDS, *words])
    except SystemExit as stop:
        code = int(stop.code or 0)
    return code, json.loads(capsys.readouterr().out.splitlines()[-1])


def test_policies_for_the_site_stand_beside_the_rules(capsys: pytest.CaptureFixture[str]) -> None:
    also = "also=[mine.py:BrokenSite,peak_shave@day_c:29,time_of_use]"
    code, summary = evaluate("env=energy", "agent=mine.py:Site", also, capsys=capsys)
    assert code == 1
    assert set(summary["failed"]) == {"mine:BrokenSite"}
    assert "no weather" in summary["failed"]["mine:BrokenSite"]["reason"]
    assert set(summary["policies"]) == {"peak_shave@day_c:29"}
    assert summary["lateness_ratio"] == 1.0  # it runs the site as always_on does
    assert summary["cost_usd_mine_py_Site"] == summary["cost_usd_always_on"]


def test_pairs_and_policies_for_both_stand_beside_pairs_of_rules(
    capsys: pytest.CaptureFixture[str],
) -> None:
    also = "also=[mine.py:first+mine.py:Site,edd+peak_shave]"
    code, summary = evaluate("env=joint", "agent=mine.py:Both", also, capsys=capsys)
    assert (code, summary["failed"]) == (0, {})
    assert set(summary["policies"]) == {"mine.py:first + mine.py:Site"}
    assert summary["total_usd"] == summary["total_usd_mine_py_Both"]


def test_a_word_with_a_plus_is_a_pair() -> None:
    agent = Player(name="a", lines="a", is_joint=True)
    players = joint_players(["edd+peak_shave", "atc+mine.py:Site", "mine.py:Both", "a"], agent)
    assert [(p.name, p.lines, p.site) for p in players] == [
        ("atc + mine.py:Site", "atc", "mine.py:Site"),
        ("mine.py:Both", "mine.py:Both", None),
    ]
