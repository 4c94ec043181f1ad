"""Learning from recorded play, and what RLlib is given: short, and without RLlib itself."""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs a file of ``examples/``; as ``__main__`` with words, else what it defines."""
    monkeypatch.syspath_prepend(EXAMPLES)

    def run(name: str, *words: str) -> dict[str, Any]:
        monkeypatch.setattr(sys, "argv", [f"{name}.py", *words])
        return runpy.run_path(str(EXAMPLES / f"{name}.py"), run_name="__main__" if words else name)

    return run


@pytest.mark.slow
@pytest.mark.parametrize("method", ["bc", "cql"])
def test_a_policy_is_learned_of_recorded_play_alone(
    example: Any, method: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("h5py")
    few = ("--epochs", "1", "--episodes", "1", "--first_seed", "220000")
    example("offline_rl", "--method", method, *few, "--out", str(tmp_path))
    summary = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == summary
    assert set(summary["cost_usd"]) == {method, "atcs_match", "edd", "pretrained"}
    assert summary["decisions"] > 3_000
    assert summary["episodes"] == 1


def test_a_dataset_that_is_not_there_is_one_line(example: Any) -> None:
    pytest.importorskip("h5py")
    with pytest.raises(
        SystemExit, match=r"offline_rl: nowhere-v1: no dataset here .*shipped: small"
    ):
        example("offline_rl", "--dataset", "nowhere-v1")


def test_rllib_is_shown_a_row_and_its_mask_and_the_best_order_first(example: Any) -> None:
    defined = example("rllib_masked")
    env = defined["make_env"]({"plant": "small"})
    seen, told = env.reset(seed=1)
    assert env.observation_space.contains(seen)
    assert seen["observations"].shape == (32 * 28 + 16 * 7 + 12,)
    assert np.array_equal(seen["action_mask"], told["action_mask"])
    is_over = False
    while not is_over:
        assert told["rule_action"] == 1  # rows are sorted by the rule's index
        seen, _, terminated, truncated, told = env.step(told["rule_action"])
        is_over = terminated or truncated
    assert seen["action_mask"].all()


def test_rllib_trains_with_its_mask_module(example: Any) -> None:
    pytest.importorskip("ray")
    example("rllib_masked", "--decisions", "1024", "--episodes", "1")
