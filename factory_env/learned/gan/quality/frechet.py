"""Distances between two clouds of features: Fréchet (FID) and kernel (KID)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Cloud = NDArray[np.float32] | NDArray[np.float64]  # (n, d), one row a picture


def frechet_distance(a: Cloud, b: Cloud) -> float:
    """|m_a - m_b|^2 + tr(A + B - 2 (A B)^1/2) of the Gaussians fitted to two clouds.

    The trace of (A B)^1/2 is the sum of the roots of the eigenvalues of A^1/2 B A^1/2, which is
    symmetric, so that no complex number can arise (Heusel et al. 2017).
    """
    a64, b64 = np.asarray(a, np.float64), np.asarray(b, np.float64)
    gap = a64.mean(0) - b64.mean(0)
    spread_a, spread_b = (np.atleast_2d(np.cov(c, rowvar=False)) for c in (a64, b64))
    values, vectors = np.linalg.eigh(spread_a)
    root = (vectors * np.sqrt(values.clip(0))) @ vectors.T
    cross = np.sqrt(np.linalg.eigvalsh(root @ spread_b @ root).clip(0)).sum()
    return float(gap @ gap + np.trace(spread_a) + np.trace(spread_b) - 2 * cross)


def kernel_distance(a: Cloud, b: Cloud) -> float:
    """Unbiased squared MMD with the kernel (x.y / d + 1)^3 (Binkowski et al. 2018); may be < 0."""
    a64, b64 = np.asarray(a, np.float64), np.asarray(b, np.float64)

    def mean(x: Cloud, y: Cloud, *, same: bool) -> float:
        kernel = (x @ y.T / x.shape[1] + 1) ** 3
        if same:
            n = len(x)
            return float((kernel.sum() - np.trace(kernel)) / (n * (n - 1)))
        return float(kernel.mean())

    return mean(a64, a64, same=True) + mean(b64, b64, same=True) - 2 * mean(a64, b64, same=False)
