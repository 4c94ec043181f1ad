"""Plans and their prices: by hand, against every plan there is, and laws that hold for all."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest

from factory_env.decisions.plans.annealing import anneal, empty_draft, put_in, reckon, take_out
from factory_env.decisions.plans.outlook import Outlook
from factory_env.decisions.plans.pricing import (
    LONGEST_WAIT_MIN,
    Heat,
    first_draft,
    price_choice,
    wait_min,
)
from factory_env.decisions.plans.shop import Views, line_usd, open_shop

PLAIN = Views(minute_value=1.0, unsure_days=1e-6, unsure_share=0.0, tail_share=1.0)


def outlook(n: int = 4, lines: int = 2, seed: int = 0, **changes: object) -> Outlook:
    """Some orders before some lines; nobody has to learn unless ``changes`` say so."""
    rng = np.random.default_rng(seed)
    facts = {
        "orders": np.arange(n),
        "choices": np.arange(min(2, n)),
        "asker": 0,
        "ready_min": np.zeros(n),
        "due_min": rng.uniform(200.0, 2_000.0, n),
        "weight_usd": rng.uniform(5_000.0, 20_000.0, n),
        "holding_usd_per_min": np.full(n, 1e-3),
        "sewing_min": rng.uniform(300.0, 900.0, (lines, n)),
        "free_min": rng.uniform(0.0, 300.0, lines),
        "crew_usd_per_min": np.full(lines, 0.24),
        "first_stop_min": rng.uniform(10.0, 300.0, (lines, n)),
        "first_loss": np.zeros((lines, n)),
        "full_loss": np.full(n, 0.5),
        "tau_min": np.full(n, 1_000.0),
        "home_share": np.zeros((lines, n)),
        "memory_share": np.zeros((lines, n)),
        "repeat_stop_min": 30.0,
        "stop_min": rng.uniform(10.0, 300.0, (n, n)),
        "kept_share": np.ones((n, n)),
        "tail_min": 100.0,
        "days_per_min": 7.0 / 2_880.0,
        "late_days": np.array([3.0, 7.0]),
        "late_shares": np.array([0.02, 0.05]),
    }
    return Outlook(**{**facts, **changes})  # type: ignore[arg-type]


def cheapest(seen: Outlook, views: Views = PLAIN) -> float:
    """The least cost of all plans, by trying every one."""
    shop, n, lines = open_shop(seen, views), len(seen), seen.sewing_min.shape[0]
    best = np.inf
    for owners in product(range(lines), repeat=n):
        total = 0.0
        for line in range(lines):
            own = [o for o in range(n) if owners[o] == line]
            ways = (np.array(way, dtype=np.int64) for way in permutations(own))
            total += min(line_usd(line, way, len(own), shop) for way in ways) if own else 0.0
        best = min(best, total)
    return best


def test_a_line_costs_what_is_worked_out_by_hand() -> None:
    """One order: change 60, sewing 480, tail 100; ships 640 min from now = 1.556 days."""
    seen = outlook(
        n=1,
        lines=1,
        due_min=np.array([-1_000.0]),
        weight_usd=np.array([10_000.0]),
        sewing_min=np.array([[480.0]]),
        free_min=np.zeros(1),
        first_stop_min=np.array([[60.0]]),
    )
    late_days = (640.0 + 1_000.0) * 7.0 / 2_880.0  # 3.99: beyond the first step
    assert 3.0 < late_days < 7.0
    by_hand = 10_000.0 * 0.02 + 60.0 * 0.24 + 640.0 * 1e-3
    usd = line_usd(0, np.zeros(1, dtype=np.int64), 1, open_shop(seen, PLAIN))
    assert usd == pytest.approx(by_hand, rel=1e-9)


def test_an_uncertain_end_makes_a_slope_of_a_step() -> None:
    views = Views(minute_value=1.0, unsure_days=1.0, unsure_share=0.0, tail_share=1.0)
    due = 640.0 - 3.0 * 2_880.0 / 7.0  # late by exactly the three days of the first step
    seen = outlook(
        n=1,
        lines=1,
        due_min=np.array([due]),
        weight_usd=np.array([10_000.0]),
        sewing_min=np.array([[480.0]]),
        free_min=np.zeros(1),
        first_stop_min=np.array([[60.0]]),
    )
    usd = line_usd(0, np.zeros(1, dtype=np.int64), 1, open_shop(seen, views))
    assert usd == pytest.approx(10_000.0 * 0.01 + 60.0 * 0.24 + 640.0 * 1e-3, rel=1e-6)


@pytest.mark.parametrize("seed", range(8))
def test_annealing_finds_the_best_of_all_plans_of_five_orders(seed: int) -> None:
    seen = outlook(n=5, seed=seed)
    shop = open_shop(seen, PLAIN)
    draft, best = first_draft(shop), empty_draft(2, 5)
    usd = anneal(draft, best, shop, -1, 20_000, 150.0, 3.0, seed)
    assert usd == pytest.approx(cheapest(seen), rel=1e-9)
    assert usd == pytest.approx(reckon(best, shop), rel=1e-9)


def test_every_order_stands_in_a_plan_once_and_where_it_can_be_sewn() -> None:
    sewing = np.where(np.arange(8) % 2, np.inf, 500.0)
    seen = outlook(n=8, sewing_min=np.stack([np.full(8, 400.0), sewing]))
    shop = open_shop(seen, PLAIN)
    draft, best = first_draft(shop), empty_draft(2, 8)
    anneal(draft, best, shop, -1, 5_000, 150.0, 3.0, 1)
    placed = [best.seq[line, i] for line in range(2) for i in range(best.length[line])]
    assert sorted(placed) == list(range(8))
    assert all(o % 2 == 0 for o in best.seq[1, : best.length[1]])
    for o in range(8):
        line, place = best.at[o]
        assert best.seq[line, place] == o


def test_taking_out_and_putting_back_leaves_the_plan() -> None:
    shop = open_shop(outlook(n=6), PLAIN)
    draft = first_draft(shop)
    before = draft.seq.copy(), draft.length.copy(), draft.at.copy()
    line, place = draft.at[3].tolist()
    take_out(3, draft)
    put_in(3, line, place, draft)
    np.testing.assert_array_equal(draft.at, before[2])
    np.testing.assert_array_equal(draft.length, before[1])
    for of in range(2):
        n = draft.length[of]
        np.testing.assert_array_equal(draft.seq[of, :n], before[0][of, :n])


@pytest.mark.parametrize("seed", range(5))
def test_no_answer_is_priced_below_the_best_plan_and_prices_repeat(seed: int) -> None:
    seen = outlook(n=5, seed=seed)
    usd, _ = price_choice(seen, PLAIN, Heat(), 40_000, seed)
    least = cheapest(seen)
    assert usd.shape == (3,)
    assert (usd >= least - 1e-6).all()
    again, _ = price_choice(seen, PLAIN, Heat(), 40_000, seed)
    np.testing.assert_array_equal(usd, again)


def test_a_hold_waits_for_the_next_thing_that_happens() -> None:
    seen = outlook(n=3, free_min=np.array([0.0, 150.0]), ready_min=np.array([0.0, 90.0, 400.0]))
    assert wait_min(seen) == 90.0
    assert wait_min(outlook(n=2, free_min=np.zeros(2))) == LONGEST_WAIT_MIN


def test_pricing_leaves_the_outlook_alone() -> None:
    seen = outlook(n=6)
    before = seen.free_min.copy()
    price_choice(seen, PLAIN, Heat(), 500, 1)
    np.testing.assert_array_equal(seen.free_min, before)
