"""The examples run as they stand, and what they print is in their summary."""

from __future__ import annotations

import argparse
import importlib
import json
import runpy
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SHORT = ("--episodes", "2", "--first_seed", "220000", "--validation", "1")


def run(
    monkeypatch: pytest.MonkeyPatch, out: Path, example: str, *words: str, decisions: int = 1024
) -> dict[str, Any]:
    """The summary that an example leaves."""
    line = [f"{example}.py", *words, *SHORT, "--decisions", str(decisions), "--out", str(out)]
    monkeypatch.setattr(sys, "argv", line)
    monkeypatch.syspath_prepend(EXAMPLES)
    runpy.run_path(str(EXAMPLES / line[0]), run_name="__main__")
    summary: dict[str, Any] = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    return summary


@pytest.mark.slow
@pytest.mark.parametrize(
    ("example", "words"),
    [
        ("ppo_masked", ()),
        ("dqn_masked", ()),
        pytest.param(
            "clone_then_ppo", ("--plant", "small", "--watched", "300"), marks=pytest.mark.slow
        ),
        pytest.param("sb3_plain", ("--algorithm", "a2c"), marks=pytest.mark.slow),
        pytest.param("sb3_masked", (), marks=pytest.mark.slow),
    ],
)
def test_an_example_trains_and_closes_with_a_table(
    example: str,
    words: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    summary = run(monkeypatch, tmp_path, example, *words)
    printed = capsys.readouterr().out
    assert json.loads(printed.splitlines()[-1]) == summary
    assert {"agent", "start", "edd", "atcs_match"} <= set(summary["cost_usd"])
    for who, usd in summary["cost_usd"].items():
        assert f"{who:12} {usd:10,.0f}" in printed
    low, high = summary["to_best_rule_95"]
    assert low <= summary["to_best_rule"] <= high
    curve = (tmp_path / "curve.csv").read_text(encoding="utf-8").splitlines()
    assert curve[0] == "decisions,cost_usd,edd_usd,atcs_match_usd"
    assert len(curve) == 3  # start and end: a short run does not spend its time on looking
    assert summary["decisions"] == int(curve[-1].partition(",")[0]) >= 1024
    assert (tmp_path / "curve.png").read_bytes().startswith(b"\x89PNG")


def test_an_option_out_of_range_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(monkeypatch, tmp_path, "ppo_masked", decisions=0)
    assert stopped.value.code == 2
    assert "--decisions must be at least 1, got 0" in capsys.readouterr().err


def test_a_curve_has_a_start_an_end_and_even_points_between(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(EXAMPLES)
    closing = importlib.import_module("closing")
    monkeypatch.setattr(closing, "play", lambda env, act, seeds: np.array([1.0]))
    for decisions, points in ((40_000, 9), (4_000, 5), (500, 2)):
        course = closing.Course(None, argparse.Namespace(decisions=decisions, validation=1))
        played = range(0, decisions + 50, 50)  # the last ones are more than was asked for
        for done in played[:-1]:
            course.look(done, None)
        course.finish(played[-1], None)
        assert (course.rows[0][0], course.rows[-1][0]) == (0, course.played) == (0, played[-1])
        assert len(course.rows) == points
        apart = np.diff([done for done, _ in course.rows])
        assert apart.max() - apart.min() <= 50


@pytest.mark.slow
@pytest.mark.parametrize("example", ["ppo_masked", "dqn_masked"])
def test_a_plain_learner_is_better_than_its_start_and_than_edd(
    example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("--episodes", "20", "--first_seed", "230000")
    monkeypatch.setattr(sys.modules[__name__], "SHORT", ("--validation", "1"))
    summary = run(monkeypatch, tmp_path, example, *words, decisions=12_000)
    assert summary["to_start"] < 0.9
    assert summary["to_edd"] < 0.9
