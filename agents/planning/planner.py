"""The planner: at every question it plans all known orders anew, and takes the first step."""

from __future__ import annotations

from dataclasses import dataclass

from agents.planning.first_step import cheapest, first_to_sew, wait_min
from agents.planning.pricing import plan_all, price_answers
from agents.planning.shop import Floats, open_shop
from factory_env.decision import Decision
from factory_env.decisions.order_choice import CUTTING


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

    def choose(self, decision: Decision) -> int:
        if decision.kind != CUTTING:
            return cheapest(decision, self.prices(decision), self.hold_usd)
        outlook = decision.outlook
        shop = open_shop(outlook, self.minute_value)
        _, plan = plan_all(shop, self.moves, self.hot_usd, self.cold_usd, decision.serial)
        return first_to_sew(outlook, plan, shop)

    def prices(self, decision: Decision) -> Floats:
        """Cost of the best plan found after each answer, (answers,) [USD]."""
        outlook = decision.outlook
        shop = open_shop(outlook, self.minute_value)
        usd, _ = price_answers(
            shop,
            outlook.choices,
            outlook.asker,
            wait_min(outlook),
            self.moves,
            self.hot_usd,
            self.cold_usd,
            decision.serial,
        )
        return usd


PLUG = Planner
