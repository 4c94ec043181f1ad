"""The planner: at every question it plans all known orders anew, and takes the first step."""

from __future__ import annotations

from dataclasses import dataclass

from agents.planning.first_step import cheapest, first_to_sew
from factory_env.decision import Decision
from factory_env.decisions.order_choice import CUTTING
from factory_env.decisions.plans.annealing import anneal, empty_draft
from factory_env.decisions.plans.pricing import NOBODY, Heat, first_draft, price_choice
from factory_env.decisions.plans.shop import Floats, Views, open_shop


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
        if decision.kind != CUTTING:
            return cheapest(decision, self.price(decision), self.hold_usd)
        outlook = decision.outlook
        shop = open_shop(outlook, self._views)
        plan = empty_draft(*shop.sewing_min.shape)
        heat = self.hot_usd, self.cold_usd
        anneal(first_draft(shop), plan, shop, NOBODY, self.moves, *heat, decision.serial)
        return first_to_sew(outlook, plan, shop)

    def price(self, decision: Decision) -> Floats:
        """Cost of the best plan found after each answer, (answers,) [USD]."""
        heat = Heat(hot_usd=self.hot_usd, cold_usd=self.cold_usd)
        return price_choice(decision.outlook, self._views, heat, self.moves, decision.serial)[0]

    @property
    def _views(self) -> Views:
        return Views(
            minute_value=self.minute_value,
            unsure_days=self.unsure_days,
            unsure_share=self.unsure_share,
            tail_share=self.tail_share,
        )


PLUG = Planner
