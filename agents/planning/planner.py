"""The planner: at every question it plans all known orders anew, and takes the first step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agents.planning.pricing import price_answers
from agents.planning.shop import Floats, open_shop
from factory_env.decision import Decision
from factory_env.decisions.order_choice import HOLD
from factory_env.decisions.outlook import Outlook

LONGEST_WAIT_MIN = 240.0  # a line that is held looks again then at the latest


@dataclass(frozen=True, slots=True, kw_only=True)
class Planner:
    """Simulated annealing over explicit plans: a sequence of orders for every line.

    It knows what a planner knows: orders in the house and booked ones, standard times, the state of
    the lines. It holds a line only where that saves more than ``hold_usd`` in the plan, since a
    hold is nearly free on paper.
    """

    moves: int = 40_000  # plans tried at a question
    hold_usd: float = 60.0
    hot_usd: float = 150.0  # heat of annealing at the start
    cold_usd: float = 3.0
    minute_value: float = 1.0  # of a lost minute, in labour
    unsure_days: float = 1.5
    unsure_share: float = 0.1
    tail_share: float = 1.0
    holding: float = 1.0
    wait_factor: float = 1.0

    def choose(self, decision: Decision) -> int:
        usd = self.prices(decision)
        answer = 1 + int(np.argmin(usd[1:]))
        if decision.can_hold and usd[HOLD] + self.hold_usd < usd[answer]:
            return HOLD
        return answer

    def prices(self, decision: Decision) -> Floats:
        """Cost of the best plan found after each answer, (answers,) [USD]."""
        outlook = decision.outlook
        shop = open_shop(
            outlook,
            self.minute_value,
            self.unsure_days,
            self.unsure_share,
            self.tail_share,
            self.holding,
        )
        usd, _ = price_answers(
            shop,
            outlook.choices,
            outlook.asker,
            wait_min(outlook) * self.wait_factor,
            self.moves,
            self.hot_usd,
            self.cold_usd,
            decision.serial,
        )
        return usd


def wait_min(outlook: Outlook) -> float:
    """Until something happens that a held line may wait for: an order, or another line's end."""
    busy, to_come = outlook.free_min, outlook.ready_min
    soon = min(
        np.min(busy, initial=LONGEST_WAIT_MIN, where=busy > 0.0),
        np.min(to_come, initial=LONGEST_WAIT_MIN, where=to_come > 0.0),
    )
    return float(soon)


PLUG = Planner
