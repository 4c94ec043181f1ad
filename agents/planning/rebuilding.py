"""Iterated greedy on plans, compiled: orders leave and come back where they cost least."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np

from agents.planning.first_step import copy_plan
from factory_env.compiled import compiled
from factory_env.decisions.plans.annealing import (
    Draft,
    copy_draft,
    empty_draft,
    place_best,
    reckon,
    roll,
    take_out,
)
from factory_env.decisions.plans.shop import Floats, Shop, line_usd

CHUNK = 20  # rounds between two looks at the clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How long is searched at a question."""

    rounds: int
    taken_out: int
    heat_usd: float
    budget_ms: float  # 0 = any


def rebuild(
    draft: Draft, shop: Shop, *, pinned_line: int, share: float, seed: int, effort: Effort
) -> tuple[float, Draft]:
    """See `agents.planning.first_step.Improve`."""
    begin, budget_s = perf_counter(), share * effort.budget_ms / 1000.0
    usd = np.full(2, reckon(draft, shop))  # of the present plan and of the best
    best = copy_plan(draft)
    dice = np.array([seed], dtype=np.uint64)
    out, heat_usd = effort.taken_out, effort.heat_usd
    left = max(1, round(share * effort.rounds))
    while left > 0 and (budget_s <= 0.0 or perf_counter() - begin < budget_s):
        rounds = min(CHUNK, left)
        _rebuild(draft, best, usd, shop, pinned_line, rounds, out, heat_usd, dice)
        left -= rounds
    return float(usd[1]), best


@compiled
def _rebuild(
    draft: Draft,
    best: Draft,
    usd: Floats,
    shop: Shop,
    pinned_line: int,
    rounds: int,
    taken_out: int,
    heat_usd: float,
    dice: Any,
) -> None:
    """So many rounds; changes ``draft``, ``best`` and what they cost."""
    n_lines, n = shop.sewing_min.shape
    trial, removed = empty_draft(n_lines, n), np.empty(taken_out, dtype=np.int64)
    for _ in range(rounds):
        copy_draft(draft, trial)
        out = 0
        for _ in range(taken_out):
            o = int(roll(dice) * n)
            line = trial.at[o, 0]
            if line >= 0 and not (line == pinned_line and trial.at[o, 1] == 0):
                _leave(o, trial, shop)
                removed[out] = o
                out += 1
        for d in range(out):
            place_best(removed[d], trial, shop, pinned_line)
        total = trial.usd.sum()
        if total < usd[1] - 1e-6:
            total = _settle(trial, shop, pinned_line)
            copy_draft(trial, best)
            usd[1] = total
        worse = total - usd[0]
        if worse <= 0.0 or roll(dice) < np.exp(-worse / heat_usd):
            copy_draft(trial, draft)
            usd[0] = total


@compiled
def _settle(draft: Draft, shop: Shop, pinned_line: int) -> float:
    """Once for every order: it goes where it costs least. The cost of the plan [USD]."""
    for o in np.argsort(shop.due_min):
        line = draft.at[o, 0]
        if line >= 0 and not (line == pinned_line and draft.at[o, 1] == 0):
            _leave(o, draft, shop)
            place_best(o, draft, shop, pinned_line)
    return float(draft.usd.sum())


@compiled
def _leave(o: int, draft: Draft, shop: Shop) -> None:
    """An order leaves its line, which costs less without it."""
    line = draft.at[o, 0]
    take_out(o, draft)
    draft.usd[line] = line_usd(line, draft.seq[line], draft.length[line], shop)
