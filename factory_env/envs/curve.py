"""What a policy costs over the time of one run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A rule's cost on one seed: minutes and cost so far [USD], shape (points,) each.

    Of an environment whose rewards are scaled, the cost is scaled as they are.
    """

    seed: int
    minutes: NDArray[np.float64]
    cost_usd: NDArray[np.float64]

    def at(self, minute: float) -> float:
        """Cost until ``minute``, by straight lines between decisions."""
        return float(np.interp(minute, self.minutes, self.cost_usd))
