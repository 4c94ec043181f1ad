"""``agent=cpsat``: at every question CP-SAT (OR-tools) plans the known orders.

It needs the extra ``opt``.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from functools import partial

from agents.planning.cpsat_model import Limits, improve_by_cpsat
from agents.planning.first_step import cheapest, first_to_sew, price_steps, read_first_answer
from agents.planning.rebuilding import Effort, rebuild
from factory_env.decision import Decision
from factory_env.decisions.order_choice import CUTTING
from factory_env.decisions.plans.pricing import first_draft
from factory_env.decisions.plans.shop import Views, open_shop
from factory_env.errors import InputError
from factory_env.extras import how_to_install

# in a plan that makes the line wait, each answer is tried once more by a little iterated greedy
_polish = partial(rebuild, effort=Effort(rounds=100, taken_out=3, heat_usd=20.0, budget_ms=0.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class CpSat:
    """Optional intervals on lines, changes by a circuit a line, lateness by steps.

    One worker and a fixed seed: equal questions have equal answers as long as the deterministic
    time ends the search and not the clock (``budget_ms``, 0 = any).
    """

    work: float = 1.0  # of a question, in CP-SAT's deterministic seconds
    orders: int = 24  # planned at a question, those due first
    hold_usd: float = 10.0
    budget_ms: float = 0.0

    def __post_init__(self) -> None:
        if importlib.util.find_spec("ortools") is None:
            raise InputError.of(
                "agent=cpsat",
                "ortools",
                "must be installed",
                "no such package",
                f"{how_to_install('opt')}, or agent=planner, which needs nothing",
            )

    def choose(self, decision: Decision) -> int:
        outlook = decision.outlook
        shop = open_shop(outlook, Views())
        limits = Limits(work=self.work, orders=self.orders, budget_ms=self.budget_ms)
        plan = improve_by_cpsat(first_draft(shop), shop, outlook, limits)
        if decision.kind == CUTTING:
            return first_to_sew(outlook, plan, shop)
        answer = read_first_answer(outlook, plan)
        if answer:
            return answer
        usd = price_steps(outlook, shop, plan, _polish, decision.serial)
        return cheapest(decision, usd, self.hold_usd)


PLUG = CpSat
