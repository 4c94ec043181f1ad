"""Intervals of a comparison on few seeds."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from experiments.evaluating.statistics import bootstrap_mean, bootstrap_ratio


def test_two_seeds_give_a_t_interval_and_not_their_span() -> None:
    found = bootstrap_mean(np.array([1.0, 3.0]))
    assert found.mean == 2.0
    assert (found.low, found.high) == pytest.approx((2.0 - 12.706, 2.0 + 12.706))
    assert found.holds_zero


def test_seven_seeds_give_the_interval_of_students_table() -> None:
    found = bootstrap_mean(np.arange(7.0))
    assert found.high - found.mean == pytest.approx(2.447 * np.std(range(7), ddof=1) / 7**0.5)


def test_one_seed_tells_nothing() -> None:
    assert bootstrap_mean(np.array([5.0])).holds_zero


def test_a_ratio_of_equals_is_one_with_few_seeds() -> None:
    values = np.array([3.0, 4.0, 9.0])
    found = bootstrap_ratio(2.0 * values, values)
    assert (found.low, found.mean, found.high) == pytest.approx((2.0, 2.0, 2.0))


def test_a_ratio_of_costs_is_not_below_zero() -> None:
    ratio = bootstrap_ratio(np.array([1.0, 9.0]), np.array([5.0, 5.0]))
    assert ratio.low == 0.0 < ratio.mean < ratio.high


@pytest.mark.parametrize("seeds", [3, 12])
def test_the_ratio_of_two_policies_that_are_never_late_warns_of_nothing(seeds: int) -> None:
    nothing = np.zeros(seeds)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isnan(bootstrap_ratio(nothing, nothing).mean)
