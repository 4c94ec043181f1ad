"""Is a paired difference more than luck, and are several of them together?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

FLIPS: Final = 19_999  # from 15 seeds on; of fewer all sign patterns are looked at


def judge_difference(differences: NDArray[np.float64]) -> float:
    """Two-sided p-value of a mean difference, (n,), if every sign could as well be the other.

    Exact where there are no more than `FLIPS` patterns. 1 if nothing differs.
    """
    from scipy import stats

    if differences.shape[0] < 2 or not differences.any():
        return 1.0
    done = stats.permutation_test(
        (differences,),
        np.mean,
        permutation_type="samples",
        vectorized=True,
        n_resamples=FLIPS,
        rng=np.random.default_rng(0),
    )
    return float(done.pvalue)


def correct_holm(p_values: Sequence[float]) -> list[float]:
    """P-values of a family of tests, corrected so that one false alarm in all has the level's odds.

    Holm, A simple sequentially rejective multiple test procedure (1979).

    >>> correct_holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    corrected = [0.0] * len(p_values)
    highest = 0.0
    for rank, i in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[i]))
        corrected[i] = highest
    return corrected
