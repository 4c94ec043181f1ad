"""Fréchet and kernel distance against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import sqrtm

from factory_env.learned.gan.quality.frechet import frechet_distance, kernel_distance


def whitened(rng, n, d):
    """A cloud with mean exactly 0 and covariance exactly 1."""
    cloud = rng.normal(size=(n, d))
    cloud -= cloud.mean(0)
    return cloud @ np.linalg.inv(np.linalg.cholesky(np.cov(cloud, rowvar=False))).T


def test_equal_clouds_have_no_distance() -> None:
    cloud = np.random.default_rng(0).normal(size=(500, 8))
    assert frechet_distance(cloud, cloud) == pytest.approx(0, abs=1e-9)


def test_a_shift_counts_its_square() -> None:
    cloud = np.random.default_rng(1).normal(size=(400, 3))
    # the covariances are equal, so |m|^2 = 9 + 16 + 0 is left
    assert frechet_distance(cloud, cloud + np.array([3.0, 4.0, 0.0])) == pytest.approx(25)


def test_two_diagonal_gaussians_have_the_closed_form() -> None:
    cloud = whitened(np.random.default_rng(2), 1000, 4)
    sd = np.array([1.0, 2.0, 0.5, 3.0])
    # sum of (s_a - s_b)^2 = 0 + 1 + 0.25 + 4
    assert frechet_distance(cloud, cloud * sd) == pytest.approx(5.25)


def test_the_symmetric_root_equals_the_matrix_root_of_the_product() -> None:
    rng = np.random.default_rng(3)
    a, b = (rng.normal(size=(300, 5)) @ rng.normal(size=(5, 5)) for _ in range(2))
    left, right = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    gap = a.mean(0) - b.mean(0)
    wanted = gap @ gap + np.trace(left + right - 2 * sqrtm(left @ right).real)
    assert frechet_distance(a, b) == pytest.approx(wanted)


def test_the_distance_is_symmetric_and_survives_a_flat_direction() -> None:
    rng = np.random.default_rng(4)
    a, b = rng.normal(size=(200, 4)), rng.normal(size=(200, 4))
    a[:, 0] = 0  # a feature that never fires
    assert frechet_distance(a, b) == pytest.approx(frechet_distance(b, a))


def test_the_kernel_distance_is_unbiased_around_zero() -> None:
    rng = np.random.default_rng(5)
    found = [kernel_distance(*rng.normal(size=(2, 60, 4))) for _ in range(300)]
    assert abs(np.mean(found)) < 3 * np.std(found) / np.sqrt(len(found))
    assert min(found) < 0 < max(found)


def test_the_kernel_distance_of_two_points_each_is_worked_out_by_hand() -> None:
    a, b = np.array([[0.0], [1.0]]), np.array([[2.0], [2.0]])
    # k = (xy + 1)^3: among a k(0,1) = 1; among b k(2,2) = 125; across mean of 1 and 27 = 14
    assert kernel_distance(a, b) == pytest.approx(1 + 125 - 2 * 14)
