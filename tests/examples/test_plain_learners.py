"""Learners of Stable-Baselines3 as their documentation has them, on the environment as it comes."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import plain_learners


@pytest.mark.parametrize("name", ["A2C", "DQN"])
def test_a_learner_without_masks_learns_and_is_evaluated(name: str) -> None:
    assert plain_learners.survive(name, 120) != 0.0


def test_a_learner_that_crashes_is_counted_and_its_traceback_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain_learners, "LEARNERS", ("Unknown",))
    assert plain_learners.measure_survivors(tmp_path, 1) == {"sb3_survives": 1, "sb3_returns": {}}
    assert "has no attribute 'Unknown'" in (tmp_path / "Unknown.txt").read_text(encoding="utf-8")
