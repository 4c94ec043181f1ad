"""What a run's known orders would cost after each possible answer, if all was planned well."""

from __future__ import annotations

import numpy as np

from agents.planning.annealing import (
    Draft,
    anneal,
    copy_draft,
    empty_draft,
    place_best,
    put_in,
    reckon,
    take_out,
)
from agents.planning.shop import Floats, Ints, Shop
from factory_env.compiled import compiled

NOBODY = -1  # no line keeps its first order
SHARE_OF_HEAT = 0.3  # with which a plan is improved again after one answer is set


@compiled
def first_draft(shop: Shop) -> Draft:
    """Orders placed one after the other, the most urgent first, each where it costs least."""
    n_lines, n = shop.sewing_min.shape
    draft = empty_draft(n_lines, n)
    for o in np.argsort(shop.due_min):
        place_best(o, draft, shop, NOBODY)
    return draft


@compiled
def price_answers(
    shop: Shop,
    choices: Ints,
    asker: int,
    wait_min: float,
    moves: int,
    hot_usd: float,
    cold_usd: float,
    seed: int,
) -> tuple[Floats, Draft]:
    """Cost of the best plan found after each answer [USD], and the best plan of all.

    Parameters
    ----------
    choices
        The order that every answer but the first takes, (answers - 1,).
    wait_min
        Minutes that the asking line is lost for if it is held: answer 0.
    moves
        Plans tried: half for the plan as such, the others shared between the answers.
    """
    n_lines, n = shop.sewing_min.shape
    usd = np.full(choices.shape[0] + 1, np.inf)
    work, plan = first_draft(shop), empty_draft(n_lines, n)
    anneal(work, plan, shop, NOBODY, moves // 2, hot_usd, cold_usd, seed)
    each = moves // (2 * (choices.shape[0] + 1))
    trial, best = empty_draft(n_lines, n), empty_draft(n_lines, n)
    copy_draft(plan, best)
    least = np.inf
    warm = max(cold_usd, SHARE_OF_HEAT * hot_usd)
    for answer in range(1, usd.shape[0]):
        o = choices[answer - 1]
        copy_draft(plan, work)
        if work.at[o, 0] != asker or work.at[o, 1] != 0:
            take_out(o, work)
            put_in(o, asker, 0, work)
        usd[answer] = anneal(work, trial, shop, asker, each, warm, cold_usd, seed + answer)
        if usd[answer] < least:
            least = usd[answer]
            copy_draft(trial, best)
    shop.free_min[asker] += wait_min
    copy_draft(plan, work)
    usd[0] = anneal(work, trial, shop, NOBODY, each, warm, cold_usd, seed)
    if usd[0] < least:
        copy_draft(trial, best)
    shop.free_min[asker] -= wait_min
    return usd, best


@compiled
def plan_all(
    shop: Shop, moves: int, hot_usd: float, cold_usd: float, seed: int
) -> tuple[float, Draft]:
    """A good plan of all orders, and its cost [USD]."""
    n_lines, n = shop.sewing_min.shape
    work, best = first_draft(shop), empty_draft(n_lines, n)
    usd = anneal(work, best, shop, NOBODY, moves, hot_usd, cold_usd, seed)
    return usd, best


@compiled
def draft_usd(draft: Draft, shop: Shop) -> float:
    """What a plan costs [USD]."""
    return reckon(draft, shop)
