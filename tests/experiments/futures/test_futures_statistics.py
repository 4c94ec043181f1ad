"""The statistics of futures against SciPy, numbers by hand, and what must hold of any of them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from experiments.futures.statistics.differences import paired_difference
from experiments.futures.statistics.replications import LOOKAHEAD, enough, half_widths
from experiments.futures.statistics.shares import wilson
from experiments.futures.statistics.ship_dates import ship_quantile

INF, NAN = math.inf, math.nan


def draw(n: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).lognormal(0.0, 0.7, n)


def test_the_midpoint_of_wilson_is_two_runs_of_each_kind_more() -> None:
    # (k + z^2 / 2) / (n + z^2), z = 1.96
    assert wilson(20, 20).value == pytest.approx((20 + 1.9208) / 23.8416, abs=1e-4)
    assert wilson(0, 20).value == pytest.approx(1.9208 / 23.8416, abs=1e-4)
    mid, low, high = wilson(13, 20)
    assert (low, mid, high) == pytest.approx((0.4329, 0.6258, 0.8188), abs=1e-4)


@pytest.mark.parametrize("n", [1, 7, 20, 400])
def test_wilson_is_that_of_scipy(n: int) -> None:
    for k in {0, 1, n // 3, n - 1, n}:
        theirs = stats.binomtest(k, n).proportion_ci(0.95, method="wilson")
        assert wilson(k, n)[1:] == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_wilson_never_leaves_0_to_1_and_is_sure_of_nothing() -> None:
    for k in range(21):
        mid, low, high = wilson(k, 20)
        assert 0.0 <= low < mid < high <= 1.0
    assert wilson(0, 0) == (0.5, 0.0, 1.0)


def test_more_successes_than_runs_are_refused() -> None:
    with pytest.raises(ValueError, match="21 of 20"):
        wilson(21, 20)


def test_a_variant_that_equals_its_base_differs_by_nothing_exactly() -> None:
    costs = 1e6 * draw(20)
    same = paired_difference(costs, costs)
    assert same == (0.0, 0.0, 0.0)
    assert same.say(20) == "the same in all 20 runs"


def test_a_difference_changes_its_sign_with_its_direction() -> None:
    base, variant = draw(20, 1), draw(20, 2)
    there, back = paired_difference(base, variant), paired_difference(variant, base)
    assert there.value == pytest.approx(-back.value)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))
    assert there.low < there.value < there.high


def test_the_interval_of_even_differences_is_students() -> None:
    base, half = draw(20, 1), draw(10, 2)
    variant = base + 1.0 + np.concatenate((half, -half))
    ends = stats.ttest_rel(variant, base).confidence_interval(0.95)
    assert paired_difference(base, variant)[1:] == pytest.approx((ends.low, ends.high))


def test_the_interval_of_skewed_differences_reaches_further_to_the_longer_side() -> None:
    differences, none = draw(20, 1), np.zeros(20)
    student = stats.t.interval(0.95, 19, differences.mean(), stats.sem(differences))
    mean, low, high = paired_difference(none, differences)
    assert low == pytest.approx(student[0])
    t, skewness = stats.t.ppf(0.975, 19), stats.skew(differences)
    shift = skewness * (1 + 2 * t**2) / (6 * 20) * differences.std(ddof=1)  # Johnson (1978)
    assert high == pytest.approx(student[1] + shift)
    assert high - mean > mean - low


def test_equal_differences_have_no_width_to_the_last_bit() -> None:
    base = np.arange(20.0)
    assert paired_difference(base, base + 0.5) == (0.5, 0.5, 0.5)


def test_one_pair_has_no_interval_and_says_so() -> None:
    one = paired_difference([1.0], [3.0])
    assert one.value == 2.0
    assert not one.has_interval
    assert one.holds_zero
    assert one.say(1) == "a single run has no interval"


def test_pairs_without_a_figure_are_left_out() -> None:
    assert paired_difference([1.0, NAN, 1.0], [2.0, 5.0, 2.0]).value == 1.0
    assert math.isnan(paired_difference([NAN], [1.0]).value)


def test_runs_that_are_no_pairs_are_refused() -> None:
    with pytest.raises(ValueError, match="no pairs"):
        paired_difference([1.0, 2.0], [1.0])


def test_half_widths_are_those_of_the_intervals() -> None:
    values = draw(12)
    widths = half_widths(values)
    assert widths[0] == INF
    for n in (2, 5, 12):
        _, low, high = paired_difference(np.zeros(n), values[:n])
        assert widths[n - 1] == pytest.approx((high - low) / 2)


def test_half_widths_of_even_values_are_those_of_sim_tools() -> None:
    analysis = pytest.importorskip("sim_tools.output_analysis")
    values = np.concatenate((draw(15), 3.0 - draw(15)))
    theirs = analysis.OnlineStatistics(values, alpha=0.05).half_width
    assert half_widths(values)[-1] == pytest.approx(theirs)


def test_what_is_asked_for_is_reached_and_stays_so() -> None:
    values = draw(200)
    runs = enough(values, 0.25)
    assert LOOKAHEAD < runs < 200
    assert (half_widths(values)[runs - 1 - LOOKAHEAD : runs] <= 0.25).all()
    assert enough(values[:runs], 0.25) == runs  # who asks after every run ends at the same


def test_half_the_width_takes_about_four_times_the_runs() -> None:
    values = draw(20)
    once, twice = enough(values, 0.05), enough(values, 0.025)
    assert twice / once == pytest.approx(4.0, rel=0.05)
    assert once > 20


def test_equal_differences_are_soon_enough() -> None:
    assert enough([3.0] * 20, 1e-9) == 5 + LOOKAHEAD
    assert enough([3.0] * 3, 1e-9) == 5


def test_quantiles_of_ship_dates_are_ranks() -> None:
    ships = np.arange(1.0, 21.0)
    assert ship_quantile(ships[::-1], 0.5).value == 10.0
    assert ship_quantile(ships, 0.8).value == 16.0
    assert ship_quantile(ships, 0.95).value == 19.0


@pytest.mark.parametrize("runs", [150, 200, 333])
@pytest.mark.parametrize("share", [0.5, 0.8, 0.95])
def test_the_interval_of_a_ship_date_is_scipys(share: float, runs: int) -> None:
    ships = draw(runs, 3)
    ours = ship_quantile(ships, share)
    theirs = stats.quantile_test(ships, p=share).confidence_interval(0.95)
    assert (ours.low, ours.high) == (theirs.low, theirs.high)


def test_runs_that_never_ship_count_as_late() -> None:
    ships = [10.0] * 15 + [NAN] * 5
    assert ship_quantile(ships, 0.5).value == 10.0
    assert ship_quantile(ships, 0.8).value == INF
    assert ship_quantile([NAN] * 4, 0.5) == (INF, -INF, INF)


def test_twenty_runs_do_not_hold_a_p95_from_above() -> None:
    assert ship_quantile(np.arange(20.0), 0.95).high == INF


def test_a_ship_date_is_inside_its_interval_19_times_in_20() -> None:
    rng = np.random.default_rng(4)
    hits = 0
    for _ in range(400):
        low, high = ship_quantile(rng.random(60), 0.8)[1:]
        hits += low <= 0.8 <= high
    assert hits >= 372  # ranks are whole: at least 95 %, less luck
