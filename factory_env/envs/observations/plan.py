"""Observation block: what all known orders would cost after each answer, if they were planned well.

A few hundred plans are tried a question, about three quarters of a millisecond. An environment
shows the block with ``plans=True``.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from factory_env.decision import FloorQuestion
from factory_env.decisions.order_choice import HOLD, OrderChoice
from factory_env.decisions.plans.pricing import Heat, price_choice
from factory_env.decisions.plans.shop import Views
from factory_env.envs.observation import MAX_ORDERS, Feature, Row

MOVES: Final = 600  # plans tried at a question
VIEWS: Final = Views()
HEAT: Final = Heat()
MOST: Final = 20.0  # of what an answer is dearer, [100 USD]


class Plan:
    """One row an action: hold, then the visible orders."""

    rows = 1 + MAX_ORDERS
    features = (
        Feature(name="is_priced", unit="0/1, row in use", low=0.0, high=1.0),
        Feature(name="behind", unit="100 USD, 0 = the cheapest answer", low=-MOST, high=0.0),
        Feature(name="whole", unit="10,000 USD, of all known orders", low=0.0, high=100.0),
    )

    def __init__(self, prior: dict[str, float]) -> None:
        del prior  # every block is built alike
        self.moves = MOVES

    def write(self, question: FloorQuestion, visible: NDArray[np.int64], out: Row) -> None:
        if not isinstance(question, OrderChoice) or question.standing_line is None:
            return
        usd, _ = price_choice(question.outlook, VIEWS, HEAT, self.moves, question.serial)
        if not question.can_hold:
            usd[HOLD] = np.inf
        seen = usd[question.answers(visible)]
        behind = np.maximum((seen.min() - seen) / 100.0, -MOST)
        table = out.reshape(self.rows, len(self.features))[: seen.shape[0]]
        table[:, 0] = np.isfinite(seen)
        table[:, 1] = behind
        table[:, 2] = np.where(np.isfinite(seen), np.clip(seen / 1e4, 0.0, 100.0), 0.0)


PLUG = Plan
