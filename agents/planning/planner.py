"""The planner: at every question it plans all known orders anew, and takes the first step."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import Final

import numpy as np

from agents.planning.first_step import cheapest, first_to_sew
from factory_env.decision import Decision
from factory_env.decisions.order_choice import CUTTING
from factory_env.decisions.plans.annealing import anneal, empty_draft
from factory_env.decisions.plans.outlook import Outlook
from factory_env.decisions.plans.pricing import NOBODY, Heat, first_draft, price_choice
from factory_env.decisions.plans.shop import Floats, Views, open_shop

FIRST_MOVES: Final = 1_000  # where the clock counts: they tell how long a move takes


@dataclass(frozen=True, slots=True, kw_only=True)
class Planner:
    """Simulated annealing over explicit plans: a sequence of orders for every line.

    It knows what a planner knows: orders in the house and booked ones, standard times, the state of
    the lines. It holds a line only where that saves more than ``hold_usd`` in the plan, since a
    hold is nearly free on paper.
    """

    moves: int = 20_000  # plans tried at a question
    budget_ms: float = 0.0  # 0 = by moves, which is repeatable; else as many as the clock allows
    hold_usd: float = 10.0
    hot_usd: float = 150.0  # heat of annealing at the start, and at the end
    cold_usd: float = 1.0
    minute_value: float = 2.0  # see `Views`
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
        if not self.budget_ms:
            return self._price(decision.outlook, self.moves, decision.serial)
        begin = perf_counter()
        usd = self._price(decision.outlook, FIRST_MOVES, decision.serial)
        used_ms = 1e3 * (perf_counter() - begin)
        moves = int(FIRST_MOVES * (self.budget_ms - used_ms) / used_ms)
        if moves < FIRST_MOVES:
            return usd
        return np.minimum(usd, self._price(decision.outlook, moves, decision.serial))

    def _price(self, outlook: Outlook, moves: int, seed: int) -> Floats:
        heat = Heat(hot_usd=self.hot_usd, cold_usd=self.cold_usd)
        return price_choice(outlook, self._views, heat, moves, seed)[0]

    @property
    def _views(self) -> Views:
        return Views(
            minute_value=self.minute_value,
            unsure_days=self.unsure_days,
            unsure_share=self.unsure_share,
            tail_share=self.tail_share,
        )


PLUG = Planner
