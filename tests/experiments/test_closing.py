"""The last line of train.py: what was learned, and what was only the start."""

from __future__ import annotations

from experiments.evaluating.start import NOTHING_LEARNED
from experiments.training.closing import tell_end

FIGURES = {
    "train_minutes": 2.04,
    "steps": 20_000,
    "decisions_per_s": 412.3,
    "best_step": 16_384,
    "best_rule": "atcs_match",
    "start_share": 0.02,
    "learned_share": 0.03,
    "start_ratio": 0.969,
    "start_ratio_ci_low": 0.95,
    "start_ratio_ci_high": 0.99,
    "folder": "runs/train/x",
}


def test_a_training_that_learned_ends_with_time_speed_step_rule_start_and_folder() -> None:
    # 1 - 0.02 - 0.03 of the rule's cost
    assert tell_end(FIGURES) == (
        "2.0 minutes, 20,000 decisions, 412 a second; best step 16,384; cost 0.950 of atcs_match; "
        "0.969 of its start (0.950 .. 0.990); runs/train/x"
    )


def test_one_that_did_not_says_so_and_boasts_of_no_ratio_to_its_start() -> None:
    line = tell_end(FIGURES | {"best_step": 0, "start_ratio": 1.0, "learned_share": 0.0})
    assert NOTHING_LEARNED in line
    assert "cost 0.980 of atcs_match" in line
    assert "of its start (" not in line
    assert "best step" not in line


def test_one_without_decisions_tells_none() -> None:
    line = tell_end({"train_minutes": 0.5, "best_step": 3, "folder": "x"})
    assert line == "0.5 minutes; best step 3; x"
