"""Iterated greedy on plans: never worse, pinned orders stay, all orders stay."""

from __future__ import annotations

import numpy as np
import pytest

from agents.planning.first_step import set_first
from agents.planning.rebuilding import Effort, rebuild
from factory_env import Factory
from factory_env.decisions.plans.annealing import reckon
from factory_env.decisions.plans.pricing import NOBODY, first_draft
from factory_env.decisions.plans.shop import Shop, Views, open_shop

EFFORT = Effort(rounds=40, taken_out=4, heat_usd=20.0, budget_ms=0.0)


@pytest.fixture(scope="module")
def question(small, small_tables):
    """One with a dozen known orders."""
    factory = Factory(small, 1, tables=small_tables)
    while (asked := factory.advance()) is not None:
        if asked.kind == "dispatch" and len(asked.outlook) > 12 and len(asked.orders) > 2:
            return asked, factory
        factory.answer(1)
    raise AssertionError("no such question")


@pytest.fixture
def shop(question) -> Shop:
    return open_shop(question[0].outlook, Views())


def test_rebuilding_only_makes_a_plan_better_and_tells_its_cost(shop) -> None:
    draft = first_draft(shop)
    before = reckon(draft, shop)
    usd, plan = rebuild(draft, shop, pinned_line=NOBODY, share=1.0, seed=1, effort=EFFORT)
    assert usd <= before
    assert reckon(plan, shop) == pytest.approx(usd, abs=1e-6)
    placed = np.concatenate([row[:k] for row, k in zip(plan.seq, plan.length, strict=True)])
    assert sorted(placed) == list(range(shop.due_min.shape[0]))


def test_the_pinned_order_stays_first(shop, question) -> None:
    outlook = question[0].outlook
    for order in outlook.choices.tolist():
        draft = first_draft(shop)
        set_first(order, outlook.asker, draft, shop)
        _, plan = rebuild(draft, shop, pinned_line=outlook.asker, share=1.0, seed=2, effort=EFFORT)
        assert plan.seq[outlook.asker, 0] == order


def test_equal_seeds_give_equal_plans(shop) -> None:
    plans = [
        rebuild(first_draft(shop), shop, pinned_line=NOBODY, share=1.0, seed=5, effort=EFFORT)[1]
        for _ in range(2)
    ]
    np.testing.assert_array_equal(plans[0].seq, plans[1].seq)


def test_a_spent_budget_ends_the_search_at_the_first_plan(shop) -> None:
    effort = Effort(rounds=10_000_000, taken_out=4, heat_usd=20.0, budget_ms=1e-6)
    usd, _ = rebuild(first_draft(shop), shop, pinned_line=NOBODY, share=1.0, seed=1, effort=effort)
    assert usd == pytest.approx(reckon(first_draft(shop), shop))
