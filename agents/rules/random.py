"""Random: any legal answer, hold included."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from factory_env.decision import Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Random:
    """Uniform over the legal answers.

    Stateless: the draw depends on ``seed``, the decision's number and its minute, so equal
    runs give equal answers.
    """

    seed: int = 0

    def choose(self, decision: Decision) -> int:
        legal = np.flatnonzero(decision.legal())
        rng = np.random.default_rng((self.seed, decision.serial, int(decision.now_min)))
        return int(rng.choice(legal))


PLUG = Random
