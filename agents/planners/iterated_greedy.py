"""``agent=iterated_greedy``: orders leave the plan and come back where they cost least."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from agents.planning.first_step import take_first_step
from agents.planning.rebuilding import Effort, rebuild
from factory_env.decision import Decision
from factory_env.decisions.plans.shop import Views, open_shop


@dataclass(frozen=True, slots=True, kw_only=True)
class IteratedGreedyPlanner:
    """Iterated greedy (Ruiz & Stuetzle 2007) on the plan of all known orders, at every question.

    It knows and holds what `agents.planning.planner.Planner` does. With ``budget_ms`` the clock
    ends the search as well: then equal runs need not give equal answers.
    """

    rounds: int = 600  # of taking out and putting back at a question
    taken_out: int = 4
    heat_usd: float = 20.0  # by how much a plan may be worse and still be kept, about
    hold_usd: float = 10.0
    budget_ms: float = 0.0  # at most, by the clock; 0 = as long as it takes

    def choose(self, decision: Decision) -> int:
        shop = open_shop(decision.outlook, Views())
        effort = Effort(
            rounds=self.rounds,
            taken_out=self.taken_out,
            heat_usd=self.heat_usd,
            budget_ms=self.budget_ms,
        )
        return take_first_step(decision, shop, partial(rebuild, effort=effort), self.hold_usd)


PLUG = IteratedGreedyPlanner
