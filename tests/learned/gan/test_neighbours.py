"""Density, coverage, memorised share and diversity on clouds with known answers."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env.learned.gan.quality.neighbours import (
    density_and_coverage,
    diversity,
    memorised_share,
    nearest_distance,
)


def clouds(n=3000, d=6):
    rng = np.random.default_rng(0)
    return rng.normal(size=(n, d)), rng.normal(size=(n, d))


def test_two_samples_of_one_law_reach_density_1_and_coverage_0_969() -> None:
    density, coverage = density_and_coverage(*clouds(), k=5)
    assert density == pytest.approx(1.0, abs=0.05)
    assert coverage == pytest.approx(1 - 0.5**5, abs=0.015)  # 0.969


def test_far_away_pictures_have_neither_density_nor_coverage() -> None:
    real, drawn = clouds()
    assert density_and_coverage(real, drawn + 100) == (0.0, 0.0)


def test_pictures_near_the_average_are_dense_but_cover_little() -> None:
    real, drawn = clouds()
    density, coverage = density_and_coverage(real, 0.4 * drawn)
    assert density > 1.2
    assert coverage < 0.6


def test_one_picture_drawn_again_and_again_covers_nearly_nothing() -> None:
    real, _ = clouds()
    _, coverage = density_and_coverage(real, np.repeat(real[:1], 500, axis=0))
    assert coverage < 0.01


def test_drawing_one_of_two_far_kinds_halves_coverage() -> None:
    real, drawn = clouds()
    real[::2] += 100
    _, coverage = density_and_coverage(real, drawn)
    assert coverage == pytest.approx(0.969 / 2, abs=0.02)


def test_points_on_a_line_are_counted_by_hand() -> None:
    real = np.array([[0.0], [1.0], [3.0]])
    # k = 1: radii 1, 1, 2. Drawn 0.5 lies in the balls of 0 and 1; 4.5 in that of 3 alone
    assert density_and_coverage(real, np.array([[0.5], [4.5]]), k=1) == (1.5, 1.0)


def test_the_nearest_distance_is_that_of_the_nearest() -> None:
    found = nearest_distance(np.array([[0.0, 0.0], [3.0, 4.0]]), np.array([[0.0, 1.0], [3.0, 2.0]]))
    assert found.tolist() == [1.0, 2.0]


def test_copies_of_training_pictures_are_memorised_and_fresh_ones_are_not() -> None:
    rng = np.random.default_rng(1)
    train, test, fresh = (rng.normal(size=(1500, 10)) for _ in range(3))
    unseen = nearest_distance(test, train)
    assert memorised_share(nearest_distance(train[:200], train), unseen) == 1.0
    assert memorised_share(nearest_distance(fresh, train), unseen) == pytest.approx(0.01, abs=0.01)


def test_diversity_is_the_mean_distance_within_a_class() -> None:
    cloud = np.array([[0.0], [2.0], [5.0], [5.0], [5.0]])
    category = np.array([0, 0, 3, 3, 3])
    assert diversity(cloud, category, np.random.default_rng(0)) == {0: 2.0, 3: 0.0}
