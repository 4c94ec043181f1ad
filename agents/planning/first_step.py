"""From plans to an answer: what each answer would cost if the rest was planned well."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from factory_env.decision import Decision
from factory_env.decisions.order_choice import CUTTING, HOLD
from factory_env.decisions.plans.annealing import (
    Draft,
    put_in,
    reckon,
    take_out,
)
from factory_env.decisions.plans.outlook import Outlook
from factory_env.decisions.plans.pricing import NOBODY, first_draft, wait_min
from factory_env.decisions.plans.shop import Floats, Shop

PLAN_SHARE = 0.5  # of the effort for the plan as such; the answers share the rest


class Improve(Protocol):
    """Makes plans better."""

    def __call__(
        self, draft: Draft, shop: Shop, *, pinned_line: int, share: float, seed: int
    ) -> tuple[float, Draft]:
        """A plan no worse than ``draft``, and its cost [USD].

        ``pinned_line`` keeps its first order (-1: none does); ``share`` of the whole effort.
        """
        ...


def take_first_step(decision: Decision, shop: Shop, improve: Improve, hold_usd: float) -> int:
    """The answer with which the best plan begins; a hold must save ``hold_usd``.

    A cutting table begins with the order that the plan wants sewn first.
    """
    seed = decision.serial
    _, plan = improve(first_draft(shop), shop, pinned_line=NOBODY, share=PLAN_SHARE, seed=seed)
    if decision.kind == CUTTING:
        return first_to_sew(decision.outlook, plan, shop)
    return cheapest(decision, price_steps(decision.outlook, shop, plan, improve, seed), hold_usd)


def price_steps(outlook: Outlook, shop: Shop, plan: Draft, improve: Improve, seed: int) -> Floats:
    """Cost of a plan that begins with each answer, (answers,) [USD]; improved from ``plan``."""
    answers = outlook.choices.shape[0] + 1
    share, asker = (1.0 - PLAN_SHARE) / answers, outlook.asker
    usd = np.empty(answers)
    for answer, order in enumerate(outlook.choices.tolist(), start=1):
        work = copy_plan(plan)
        set_first(order, asker, work, shop)
        usd[answer], _ = improve(work, shop, pinned_line=asker, share=share, seed=seed + answer)
    shop.free_min[asker] += wait_min(outlook)
    reckon(plan, shop)
    usd[HOLD], _ = improve(plan, shop, pinned_line=NOBODY, share=share, seed=seed)
    return usd


def copy_plan(plan: Draft) -> Draft:
    """The same plan once more."""
    return Draft(plan.seq.copy(), plan.length.copy(), plan.at.copy(), plan.usd.copy())


def set_first(order: int, line: int, draft: Draft, shop: Shop) -> None:
    """The line begins with the order."""
    if draft.at[order, 0] >= 0:
        take_out(order, draft)
    put_in(order, line, 0, draft)
    reckon(draft, shop)


def cheapest(decision: Decision, usd: Floats, hold_usd: float) -> int:
    """The answer that costs least; a hold must save ``hold_usd``, since on paper it is free."""
    answer = 1 + int(np.argmin(usd[1:]))
    if decision.can_hold and usd[HOLD] + hold_usd < usd[answer]:
        return HOLD
    return answer


def read_first_answer(outlook: Outlook, plan: Draft) -> int:
    """The answer that takes the order with which the asking line begins; 0 if it is not there."""
    if plan.length[outlook.asker] == 0:
        return HOLD
    places = np.flatnonzero(outlook.choices == plan.seq[outlook.asker, 0])
    return 1 + int(places[0]) if places.size else HOLD


def first_to_sew(outlook: Outlook, plan: Draft, shop: Shop) -> int:
    """The answer that takes the order to which its line comes first, changes left out."""
    begin = np.full(len(outlook), np.inf)
    for line, free_min in enumerate(shop.free_min.tolist()):
        orders = plan.seq[line, : plan.length[line]]
        sewing_min = shop.sewing_min[line, orders]
        begin[orders] = free_min + np.cumsum(sewing_min) - sewing_min
    return 1 + int(np.argmin(begin[outlook.choices]))
