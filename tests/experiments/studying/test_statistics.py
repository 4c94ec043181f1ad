"""The statistics of a study against numbers by hand, and against SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from experiments.comparing.statistics.intervals import estimate_mean
from experiments.studying.statistics.aggregates import (
    estimate_improvement,
    estimate_ratio,
    find_cheapest,
    profile_performance,
    take_iqm,
)
from experiments.studying.statistics.resampling import Resampler, Runs
from experiments.studying.statistics.significance import correct_holm, judge_difference

RNG = np.random.default_rng(5)
SKEWED = RNG.lognormal(0.0, 1.0, 40)


def runs(policy: int, *scenes: object) -> Runs:
    return Runs(policy=policy, scenes=tuple(np.array(scene, dtype=float) for scene in scenes))


def test_the_interval_of_a_mean_is_that_of_scipys_bca() -> None:
    ours = estimate_mean(SKEWED)
    theirs = stats.bootstrap(
        (SKEWED,), np.mean, n_resamples=9_999, method="BCa", rng=np.random.default_rng(0)
    ).confidence_interval
    assert (ours.low, ours.high) == (theirs.low, theirs.high)
    assert ours.value == SKEWED.mean()


def test_a_skewed_interval_reaches_further_to_its_longer_side() -> None:
    ours = estimate_mean(SKEWED)
    assert ours.high - ours.value > 1.2 * (ours.value - ours.low)
    mirrored = estimate_mean(-SKEWED)
    assert mirrored.value - mirrored.low > 1.2 * (mirrored.high - mirrored.value)


def test_few_values_have_students_interval() -> None:
    ours = estimate_mean(np.array([1.0, 2.0, 4.0]))  # sd 1.5275, t 4.3027, n 3
    assert (ours.low, ours.high) == pytest.approx((2.3333 - 3.7946, 2.3333 + 3.7946), abs=1e-3)


def test_equal_values_have_no_width_and_one_value_no_interval() -> None:
    ours = estimate_mean(np.full(20, 3.0))
    assert (ours.low, ours.value, ours.high) == (3.0, 3.0, 3.0)
    assert np.isnan(estimate_mean(np.array([3.0])).low)
    outlier = estimate_mean(np.array([0.0] * 19 + [1.0]))  # BCa may have none here
    assert np.isfinite((outlier.low, outlier.high)).all()


def test_nine_of_ten_intervals_and_more_hold_the_mean_they_estimate() -> None:
    rng = np.random.default_rng(1)
    hits = 0
    for _ in range(60):
        ours = estimate_mean(rng.normal(2.0, 1.0, 30))
        hits += ours.low <= 2.0 <= ours.high
    assert hits >= 51  # 95 % of 60 are 57; 51 or fewer have odds of 1 in 200


def test_few_sign_flips_are_counted_exactly() -> None:
    # of the 16 sign patterns only all plus and all minus are as far from 0 as +10
    assert judge_difference(np.array([1.0, 2.0, 3.0, 4.0])) == pytest.approx(2 / 16)
    # |mean| of at least 4 - 3 + 2 + 1 = 4: 0-4, 4-10 by hand: patterns with |sum| >= 4
    sums = [
        abs(a + 2 * b + 3 * c + 4 * d)
        for a in (1, -1)
        for b in (1, -1)
        for c in (1, -1)
        for d in (1, -1)
    ]
    wanted = sum(s >= 4 for s in sums) / 16
    assert judge_difference(np.array([1.0, 2.0, -3.0, 4.0])) == pytest.approx(wanted)


def test_a_paired_test_agrees_with_students_where_differences_are_normal() -> None:
    values = np.random.default_rng(3).normal(0.4, 1.0, 40)
    assert judge_difference(values) == pytest.approx(
        stats.ttest_1samp(values, 0.0).pvalue, abs=0.01
    )


def test_nothing_differs_where_all_differences_are_zero() -> None:
    assert judge_difference(np.zeros(10)) == 1.0


def test_holms_correction_is_that_of_his_example() -> None:
    # sorted .01 x 4, .02 x 3, .03 x 2 -> .06 already reached, .04 x 1 -> .06
    assert correct_holm([0.04, 0.01, 0.03, 0.02]) == pytest.approx([0.06, 0.04, 0.06, 0.06])
    assert correct_holm([0.9, 0.8]) == [1.0, 1.0]
    assert correct_holm([]) == []


def test_holm_is_never_below_the_plain_value_nor_above_bonferroni() -> None:
    plain = RNG.uniform(0.0, 1.0, 30)
    corrected = np.array(correct_holm(plain.tolist()))
    assert (corrected >= plain).all()
    assert (corrected <= np.minimum(1.0, 30 * plain)).all()
    assert (np.diff(corrected[np.argsort(plain)]) >= 0.0).all()


def test_the_interquartile_mean_leaves_a_quarter_out_at_either_end() -> None:
    assert take_iqm(np.array([1.0, 2.0, 3.0, 100.0])) == 2.5
    assert take_iqm(np.array([5.0, 1.0, 2.0, 3.0, 99.0])) == pytest.approx(10 / 3)
    assert take_iqm(SKEWED) == stats.trim_mean(SKEWED, 0.25)


def test_a_ratio_is_that_of_the_means_and_of_a_policy_to_itself_one() -> None:
    costs = [[10.0, 20.0, 30.0]]
    half = runs(0, np.array(costs) / 2)
    ratio = estimate_ratio(half, runs(1, costs), Resampler((3,)))
    assert (ratio.value, ratio.low, ratio.high) == pytest.approx((0.5, 0.5, 0.5))
    itself = estimate_ratio(runs(1, costs), runs(1, costs), Resampler((3,)))
    assert (itself.low, itself.high) == (1.0, 1.0)


def test_the_ratio_of_several_agents_is_the_mean_of_the_middle_ones() -> None:
    agents = [[1.0], [2.0], [3.0], [4.0], [100.0]]
    ratio = estimate_ratio(runs(0, agents), runs(1, [[2.0]]), Resampler((1,)))
    assert ratio.value == pytest.approx(1.5)
    assert ratio.low == pytest.approx(0.5, abs=0.3)  # five draws of the first agents
    assert ratio.high > 10.0  # ... and of the last


def test_the_interval_of_a_ratio_is_wider_where_training_is_luck_too() -> None:
    seeds = np.random.default_rng(2).lognormal(0.0, 0.3, (1, 50))
    one = runs(0, seeds)
    five = runs(0, np.concatenate([seeds * f for f in (0.8, 0.9, 1.0, 1.1, 1.2)]))
    base = runs(1, seeds)
    alone = estimate_ratio(one, base, Resampler((50,)))
    together = estimate_ratio(five, base, Resampler((50,)))
    assert alone.high - alone.low < 1e-9
    assert together.high - together.low > 0.1
    assert together.value == pytest.approx(1.0)


def test_with_one_seed_each_improvement_is_the_statistic_of_mann_and_whitney() -> None:
    rng = np.random.default_rng(4)
    mine, theirs = rng.normal(0.0, 1.0, 7), rng.normal(0.5, 1.0, 9)
    ours = estimate_improvement(runs(0, mine[:, None]), runs(1, theirs[:, None]), Resampler((1,)))
    u = stats.mannwhitneyu(theirs, mine).statistic  # pairs in which theirs is dearer
    assert ours.value == pytest.approx(u / 63)
    assert 0.0 <= ours.low < ours.value < ours.high <= 1.0


def test_improvement_is_paired_by_evaluation_seed_and_a_draw_is_half() -> None:
    mine, theirs = [[1.0, 10.0, 100.0, 7.0]], [[2.0, 11.0, 99.0, 7.0]]
    ours = estimate_improvement(runs(0, mine), runs(1, theirs), Resampler((4,)))
    assert ours.value == pytest.approx((1 + 1 + 0 + 0.5) / 4)
    turned = estimate_improvement(runs(1, theirs), runs(0, mine), Resampler((4,)))
    assert turned.value == pytest.approx(1.0 - ours.value)


def test_a_profile_counts_the_runs_within_each_multiple_of_the_cheapest() -> None:
    mine, theirs = runs(0, [[1.0, 4.0]]), runs(1, [[2.0, 2.0]])
    cheapest = find_cheapest([mine, theirs])
    assert cheapest[0].tolist() == [1.0, 2.0]
    limits = np.array([1.0, 1.5, 2.0])
    shares, low, high = profile_performance(mine, cheapest, limits, Resampler((2,)))
    assert shares.tolist() == [0.5, 0.5, 1.0]
    assert (low <= shares).all()
    assert (shares <= high).all()


def test_runs_of_different_scenes_are_not_compared() -> None:
    with pytest.raises(ValueError, match="different scenes"):
        estimate_ratio(runs(0, [[1.0, 2.0]]), runs(1, [[1.0]]), Resampler((2,)))


def test_resamples_are_the_same_whenever_they_are_asked_for() -> None:
    one, two = Resampler((5, 6)), Resampler((5, 6))
    assert (one.evaluation_weights(1) == two.evaluation_weights(1)).all()
    assert (one.training_rows(3, 5) == two.training_rows(3, 5)).all()
    assert (one.training_rows(3, 5) != two.training_rows(4, 5)).any()
    assert one.evaluation_weights(0).sum(axis=1) == pytest.approx(np.ones(one.resamples))
