"""What a run's known orders would cost after each possible answer, if all was planned well."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from factory_env.compiled import compiled
from factory_env.decisions.plans.annealing import (
    Draft,
    anneal,
    copy_draft,
    empty_draft,
    place_best,
    put_in,
    take_out,
)
from factory_env.decisions.plans.outlook import Outlook
from factory_env.decisions.plans.shop import Floats, Ints, Shop, Views, open_shop

LONGEST_WAIT_MIN = 240.0  # a line that is held looks again then at the latest
NOBODY = -1  # no line keeps its first order
SHARE_OF_HEAT = 0.3  # with which a plan is improved again after one answer is set


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """Of annealing: a plan that is dearer by so much is still taken now and then [USD]."""

    hot_usd: float = 150.0  # at the start
    cold_usd: float = 1.0  # at the end


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
        usd[answer] = anneal(work, trial, shop, asker, each, warm, cold_usd, seed + o + 1)
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


def price_choice(
    outlook: Outlook, views: Views, heat: Heat, moves: int, seed: int
) -> tuple[Floats, Draft]:
    """Cost of the best plan found after each answer of a question, and the best plan of all."""
    return price_answers(
        open_shop(outlook, views),
        outlook.choices,
        outlook.asker,
        wait_min(outlook),
        moves,
        heat.hot_usd,
        heat.cold_usd,
        seed,
    )


def wait_min(outlook: Outlook) -> float:
    """Until something happens that a held line may wait for: an order, or another line's end."""
    busy, to_come = outlook.free_min, outlook.ready_min
    soon = min(
        np.min(busy, initial=LONGEST_WAIT_MIN, where=busy > 0.0),
        np.min(to_come, initial=LONGEST_WAIT_MIN, where=to_come > 0.0),
    )
    return float(soon)
