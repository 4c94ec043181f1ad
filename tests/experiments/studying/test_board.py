"""Who is compared with whom, and what the tables say of learners, bounds and those who fail."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from experiments.evaluating.player import Player
from experiments.evaluating.tournament import Failure
from experiments.studying.board import Board
from experiments.studying.cells import Cell, Outcome, Played
from experiments.studying.entrants import Entrant
from experiments.studying.options import BEST_RULE, RatioAsked, Scene, Seeds, Study
from experiments.studying.results import collect_ratios, gather_results
from experiments.studying.tables import (
    tabulate_aggregates,
    tabulate_costs,
    tabulate_differences,
    tabulate_gaps,
)

SEEDS = 10
AGENTS = (1, 2, 3)
LUCK = np.random.default_rng(1).lognormal(9.0, 0.5, SEEDS)
SHARES = {("rule", None): 1.0, ("slow", None): 1.3, **{("ppo", t): 0.7 + 0.05 * t for t in AGENTS}}


def study(**more: Any) -> Study:
    policies = {"rule": "edd", "slow": "fifo", "ppo": {"train": ["agent=ppo"]}}
    return Study(
        title="Three",
        seeds=Seeds(first=100_000, count=SEEDS),
        policies=policies,
        scenarios={"small": Scene(), "large": Scene()},
        training_seeds=AGENTS,
        **more,
    )


def outcome(cost_usd: float, bound_usd: float | None = None) -> Played:
    figures = {"total_cost_usd": cost_usd, "tardiness_cost_usd": cost_usd / 2}
    if bound_usd is not None:
        figures["bound_usd"] = bound_usd
    return Played(figures=figures, questions=10, answer_s=0.2, answer_cpu_s=0.1, run_s=1.0)


def board(*, has_bound: bool = False, **more: Any) -> Board:
    """A learner at 0.75, 0.8 and 0.85 of the best rule, whatever the luck, in two scenarios."""
    entrants = [
        Entrant(
            policy=policy,
            training_seed=seed,
            player=Player(name=policy, lines=policy, is_rule=seed is None),
        )
        for policy, seed in SHARES
    ]
    empty = Board(study(**more), entrants, {})
    outcomes: dict[Cell, Outcome] = {}
    for cell in empty.cells():
        usd = SHARES[cell.policy, cell.training_seed] * LUCK[cell.seed - 100_000]
        bound_usd = 0.5 * LUCK[cell.seed - 100_000] if has_bound and cell.policy == "rule" else None
        outcomes[cell] = outcome(usd * (2 if cell.scene == "large" else 1), bound_usd)
    return Board(empty.study, entrants, outcomes)


def test_every_combination_is_a_cell_of_its_own() -> None:
    cells = board().cells()
    assert len(cells) == len(set(cells)) == 2 * SEEDS * 5
    assert len({cell.seed for cell in cells[:10]}) == 1  # what is half done is still paired


def test_the_best_rule_is_the_cheapest_rule_and_never_a_learner() -> None:
    assert board().best_rule("small", "total_cost_usd") == "rule"


def test_a_learner_is_judged_over_its_training_seeds() -> None:
    rows = {row["policy"]: row for row in tabulate_aggregates(board())}
    assert rows["ppo"]["training_seeds"] == 3
    assert rows["ppo"]["ratio"] == pytest.approx(0.8)
    assert rows["ppo"]["ratio_ci_low"] == pytest.approx(0.75, abs=0.02)
    assert rows["ppo"]["ratio_ci_high"] == pytest.approx(0.85, abs=0.02)
    assert rows["ppo"]["improvement"] == 1.0
    assert rows["rule"]["ratio"] == 1.0
    assert rows["slow"]["ratio"] == pytest.approx(1.3)


def test_differences_are_paired_and_tests_corrected_together() -> None:
    rows = tabulate_differences(board())
    assert [(r["scenario"], r["policy"]) for r in rows] == [
        ("small", "slow"),
        ("small", "ppo"),
        ("large", "slow"),
        ("large", "ppo"),
    ]
    gap = next(r for r in rows if r["policy"] == "ppo" and r["scenario"] == "small")
    assert gap["difference_usd"] == pytest.approx(-0.2 * LUCK.mean())
    assert gap["difference_usd_ci_high"] < 0.0
    assert gap["p"] == pytest.approx(2 / 2**SEEDS)
    assert gap["p_holm"] == pytest.approx(4 * 2 / 2**SEEDS)
    assert all(row["against"] == "rule" for row in rows)


def test_the_named_ratios_may_be_of_another_cost_and_of_one_scenario() -> None:
    asked = {
        "all": RatioAsked(of="ppo"),
        "late": RatioAsked(of="slow", to="rule", cost="tardiness_cost_usd", scenario="small"),
        "turned": RatioAsked(of="rule", to="ppo"),
    }
    figures = collect_ratios(board(ratios=asked))
    assert figures["all"] == pytest.approx(0.8)
    assert (figures["late"], figures["late_ci_high"]) == pytest.approx((1.3, 1.3))
    assert figures["turned"] == pytest.approx(1.25)


def test_the_gap_is_closed_between_best_rule_and_bound() -> None:
    rows = {(r["scenario"], r["policy"]): r for r in tabulate_gaps(board(has_bound=True))}
    ppo = rows["small", "ppo"]
    assert ppo["gap_closed"] == pytest.approx((1.0 - 0.8) / (1.0 - 0.5))
    assert ppo["above_bound_share"] == pytest.approx(0.8 / 0.5 - 1)
    assert rows["small", "rule"]["gap_closed"] == pytest.approx(0.0)
    assert tabulate_gaps(board()) == []


def test_who_fails_in_a_scenario_is_not_in_its_tables_and_is_told_once() -> None:
    whole = board()
    failed = dict(whole.outcomes)
    for cell in whole.cells():
        if cell.policy == "ppo" and cell.training_seed == 2 and cell.scene == "large":
            words = {"kind": "raised", "reason": "no idea", "trace": "Traceback"}
            failed[cell] = Failure(name="ppo", seed=cell.seed, **words)
    broken = Board(whole.study, whole.entrants, failed)
    results = gather_results(broken)
    assert [
        (f["policy"], f["scenario"], f["training_seed"], f["seed"]) for f in results["failed"]
    ] == [("ppo", "large", 2, 100_000)]
    tables = results["tables"]
    assert {(r["scenario"], r["policy"]) for r in tables["costs"]} == {
        ("small", "rule"),
        ("small", "slow"),
        ("small", "ppo"),
        ("large", "rule"),
        ("large", "slow"),
    }
    assert {row["policy"] for row in tables["aggregates"]} == {"rule", "slow"}
    assert results["cells_played"] == results["cells"] - SEEDS
    costs = {row["policy"]: row for row in tabulate_costs(whole) if row["scenario"] == "small"}
    assert costs["ppo"]["cost_sd_of_training_seeds_usd"] == pytest.approx(0.05 * LUCK.mean())


def test_a_baseline_that_failed_leaves_nothing_to_compare_with() -> None:
    whole = board(baseline="slow")
    left = {cell: o for cell, o in whole.outcomes.items() if cell.policy != "slow"}
    assert tabulate_differences(Board(whole.study, whole.entrants, left)) == []
    assert tabulate_aggregates(Board(whole.study, whole.entrants, left)) == []
    assert whole.find_base(BEST_RULE, "small", "total_cost_usd") == "rule"
