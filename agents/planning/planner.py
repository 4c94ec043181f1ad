"""The planner: at every question it plans all known orders anew, and takes the first step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factory_env.decision import Decision
from factory_env.decisions.order_choice import HOLD
from factory_env.decisions.plans.pricing import Heat, price_choice
from factory_env.decisions.plans.shop import Views


@dataclass(frozen=True, slots=True, kw_only=True)
class Planner:
    """Simulated annealing over explicit plans: a sequence of orders for every line.

    It knows what a planner knows: orders in the house and booked ones, standard times, the state of
    the lines. It holds a line only where that saves more than ``hold_usd`` in the plan, since a
    hold is nearly free on paper.
    """

    moves: int = 20_000  # plans tried at a question
    hold_usd: float = 10.0
    hot_usd: float = 150.0  # heat of annealing at the start, and at the end
    cold_usd: float = 3.0
    minute_value: float = 1.5  # see `Views`
    unsure_days: float = 1.5
    unsure_share: float = 0.1
    tail_share: float = 0.6

    def choose(self, decision: Decision) -> int:
        usd = self.price(decision)
        answer = 1 + int(np.argmin(usd[1:]))
        if decision.can_hold and usd[HOLD] + self.hold_usd < usd[answer]:
            return HOLD
        return answer

    def price(self, decision: Decision) -> NDArray[np.float64]:
        """Cost of the best plan found after each answer, (answers,) [USD]."""
        views = Views(
            minute_value=self.minute_value,
            unsure_days=self.unsure_days,
            unsure_share=self.unsure_share,
            tail_share=self.tail_share,
        )
        heat = Heat(hot_usd=self.hot_usd, cold_usd=self.cold_usd)
        return price_choice(decision.outlook, views, heat, self.moves, decision.serial)[0]


PLUG = Planner
