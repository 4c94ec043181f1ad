"""The examples run as they stand, and what they print is in their summary."""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path
from typing import Any

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


@pytest.mark.parametrize(
    ("example", "words"),
    [
        ("ppo_masked", ()),
        ("dqn_masked", ()),
        ("clone_then_ppo", ("--plant", "small", "--watched", "300")),
        ("sb3_plain", ("--algorithm", "a2c")),
        ("sb3_masked", ()),
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
    assert len(curve) >= 3
    assert (tmp_path / "curve.png").read_bytes().startswith(b"\x89PNG")


def test_an_option_out_of_range_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(monkeypatch, tmp_path, "ppo_masked", decisions=0)
    assert stopped.value.code == 2
    assert "--decisions must be at least 1, got 0" in capsys.readouterr().err


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
