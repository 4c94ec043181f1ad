"""Deviations that last: what both weather and price are made of."""

from __future__ import annotations

import numpy as np

from factory_env.domain.series import Floats


def draw_persistent(sd: float, kept: float, n: int, rng: np.random.Generator) -> Floats:
    """A first-order autoregression with standard deviation ``sd``; (n,)."""
    shocks = rng.standard_normal(n).tolist()
    fresh = float(np.sqrt(1.0 - kept * kept))
    values = [shocks[0]] if n else []
    for shock in shocks[1:]:
        values.append(kept * values[-1] + fresh * shock)
    return sd * np.asarray(values)
