"""ROC, its area and calibration, beside numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env.learned.scores import calibration_error, reliability, roc_auc, roc_curve

BAD, SOUND = np.array([0.9, 0.8, 0.4]), np.array([0.8, 0.3, 0.2, 0.1])


def test_the_area_is_the_share_of_pairs_in_the_right_order() -> None:
    # 0.9 beats four; 0.8 beats three and ties one; 0.4 beats three: (4 + 3.5 + 3) / 12
    assert roc_auc(BAD, SOUND) == pytest.approx(10.5 / 12)
    assert roc_auc(SOUND, BAD) == pytest.approx(1.5 / 12)


def test_the_curve_encloses_the_area() -> None:
    rng = np.random.default_rng(1)
    bad, sound = rng.normal(1, 1, 500).round(1), rng.normal(0, 1, 700).round(1)
    alarms, hits = roc_curve(bad, sound)
    assert (alarms[0], hits[0], alarms[-1], hits[-1]) == (0, 0, 1, 1)
    assert np.trapezoid(hits, alarms) == pytest.approx(roc_auc(bad, sound))


def test_equal_scores_are_no_better_than_a_coin() -> None:
    assert roc_auc(np.ones(3), np.ones(5)) == 0.5


def test_reliability_counts_each_piece_in_its_bin() -> None:
    # bins are 1/15 wide: 0.05 in the first, 0.35 and 0.36 in the sixth, 1.0 in the last
    said, true, count = reliability(
        np.array([0.05, 0.35, 0.36, 1.0]), np.array([False, True, False, True])
    )
    assert said == pytest.approx([0.05, 0.355, 1.0])
    assert true == pytest.approx([0.0, 0.5, 1.0])
    assert count.tolist() == [1, 2, 1]


def test_a_judge_who_says_nine_tenths_and_is_right_half_the_time_is_off_by_four_tenths() -> None:
    said, is_true = np.full(10, 0.9), np.arange(10) % 2 == 0
    assert calibration_error(said, is_true) == pytest.approx(0.4)


def test_probabilities_that_come_true_have_next_to_no_error() -> None:
    rng = np.random.default_rng(4)
    said = rng.random(200_000)
    assert calibration_error(said, rng.random(200_000) < said) < 0.01
