"""What a study found, table by table: plain rows, equal whenever the same cells are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from experiments.comparing.statistics.intervals import Interval, estimate_mean
from experiments.studying.board import BOUND, Board
from experiments.studying.statistics.aggregates import (
    estimate_improvement,
    estimate_ratio,
    find_cheapest,
    profile_performance,
)
from experiments.studying.statistics.resampling import Resampler, Runs
from experiments.studying.statistics.significance import correct_holm, judge_difference

Row = dict[str, Any]
LIMITS: Final = np.round(np.linspace(1.0, 2.5, 61), 3)
SHOWN: Final = ("tardiness_cost_usd", "on_time_share", "changeover_h", "pieces_per_day")
COST_PARTS: Final = (
    "tardiness",
    "changeover",
    "learning",
    "holding",
    "short",
    "overtime",
    "air",
    "seconds",
    "recheck",
    "cancelled",
    "inspection",
    "returns",
)
REST: Final = "rest"
SITE_PARTS: Final = ("site", "lateness", "rest")


def tabulate_costs(board: Board) -> list[Row]:
    """A row a policy and scene, cheapest first: means over both kinds of seeds."""
    key, rows = board.study.cost_key, []
    for scene in board.study.scenarios:
        here = []
        for policy in board.policies(scene):
            costs = board.figure(policy, scene, key)
            if costs is None:
                continue
            row: Row = {"scenario": scene, "policy": policy, "training_seeds": costs.shape[0]}
            row |= estimate_mean(costs.mean(axis=0)).figures("cost_usd")
            spread = costs.mean(axis=1)
            row["cost_sd_of_training_seeds_usd"] = (
                float(spread.std(ddof=1)) if len(spread) > 1 else None
            )
            for shown in SHOWN:
                values = board.figure(policy, scene, shown)
                row[shown] = None if values is None else float(values.mean())
            here.append(row)
        rows += sorted(here, key=lambda row: row["cost_usd"])
    return rows


def tabulate_differences(board: Board) -> list[Row]:
    """Paired differences to the baseline, seed by seed, with BCa intervals and corrected tests.

    The family that is corrected is the whole table.
    """
    key, rows = board.study.cost_key, []
    for scene in board.study.scenarios:
        base = board.find_base(board.study.baseline, scene, key)
        yardstick = None if base is None else board.figure(base, scene, key)
        for policy in board.policies(scene):
            costs = board.figure(policy, scene, key)
            if yardstick is None or costs is None or policy == base:
                continue
            gap = costs.mean(axis=0) - yardstick.mean(axis=0)
            row: Row = {"scenario": scene, "policy": policy, "against": base}
            row |= estimate_mean(gap).figures("difference_usd")
            row |= {"seeds_cheaper_share": float((gap < 0).mean()), "p": judge_difference(gap)}
            rows.append(row)
    corrected = correct_holm([row["p"] for row in rows])
    return [row | {"p_holm": p} for row, p in zip(rows, corrected, strict=True)]


def tabulate_aggregates(board: Board) -> list[Row]:
    """A row a policy over all scenes: IQM of cost ratios, probability of improvement."""
    scenes, rows = list(board.study.scenarios), []
    resampler = make_resampler(board, len(scenes))
    base = board.base_runs(board.study.baseline, scenes, board.study.cost_key)
    for policy in board.everywhere():
        runs = board.runs(policy, scenes, board.study.cost_key)
        if base is None or runs is None:
            continue
        row: Row = {"policy": policy, "training_seeds": runs.training_seeds}
        row |= estimate_ratio(runs, base, resampler).figures("ratio")
        row |= estimate_improvement(runs, base, resampler).figures("improvement")
        rows.append(row)
    return sorted(rows, key=lambda row: row["ratio"])


def make_resampler(board: Board, scenes: int) -> Resampler:
    """Resamples of a study over so many scenes."""
    return Resampler((len(board.study.seeds.numbers),) * scenes)


def tabulate_profiles(board: Board) -> list[Row]:
    """Share of runs within a multiple of the cheapest run on the same luck, limit by limit."""
    scenes, key = list(board.study.scenarios), board.study.cost_key
    everybody: dict[str, Runs] = {
        policy: runs
        for policy in board.everywhere()
        if (runs := board.runs(policy, scenes, key)) is not None
    }
    if not everybody:
        return []
    cheapest, resampler = (
        find_cheapest(list(everybody.values())),
        make_resampler(board, len(scenes)),
    )
    rows: list[Row] = []
    for policy, runs in everybody.items():
        curves = profile_performance(runs, cheapest, LIMITS, resampler)
        rows += [
            {"policy": policy, "limit": x, "share": y, "share_ci_low": lo, "share_ci_high": hi}
            for x, y, lo, hi in zip(LIMITS.tolist(), *(c.tolist() for c in curves), strict=True)
        ]
    return rows


def tabulate_parts(board: Board) -> list[Row]:
    """Mean cost by part [USD]: of scheduling, or with a site its own, lateness and the rest."""
    rows = []
    for scene in board.study.scenarios:
        for policy in board.policies(scene):
            total = board.figure(policy, scene, board.study.cost_key)
            if total is None:
                continue
            rows.append({"scenario": scene, "policy": policy, **_parts(board, policy, scene)})
    return rows


def _parts(board: Board, policy: str, scene: str) -> dict[str, float]:
    def mean(key: str) -> float:
        values = board.figure(policy, scene, key)
        return 0.0 if values is None else float(values.mean())

    if board.study.env != "scheduling":
        return {part: mean(part) for part in SITE_PARTS}
    parts = {part: mean(f"{part}_cost_usd") for part in COST_PARTS}
    return {**parts, REST: mean("total_cost_usd") - sum(parts.values())}


def tabulate_gaps(board: Board) -> list[Row]:
    """Share of the gap between best rule and bound that is closed, where runs have a bound."""
    key, rows = board.study.cost_key, []
    for scene in board.study.scenarios:
        there = board.policies(scene)
        bounds = [b for p in there if (b := board.figure(p, scene, BOUND)) is not None]
        rule = board.best_rule(scene, key)
        best = None if rule is None else board.figure(rule, scene, key)
        if not bounds or best is None:
            continue
        bound, least = bounds[0].mean(axis=0), best.mean(axis=0)
        for policy in there:
            costs = board.figure(policy, scene, key)
            if costs is None:
                continue
            gap = _share_closed(costs.mean(axis=0), least, bound, make_resampler(board, 1))
            above = float(costs.mean() / bound.mean() - 1.0)
            row: Row = {"scenario": scene, "policy": policy, "best_rule": rule}
            rows.append(row | {"above_bound_share": above} | gap.figures("gap_closed"))
    return rows


def _share_closed(costs: Any, least: Any, bound: Any, resampler: Resampler) -> Interval:
    weights = resampler.evaluation_weights(0)
    with np.errstate(divide="ignore", invalid="ignore"):  # no gap: no share of it
        shares = (weights @ (least - costs)) / (weights @ (least - bound))
        value = float((least - costs).mean() / (least - bound).mean())
    return Interval(value, *map(float, np.quantile(shares, (0.025, 0.975))))


TABLES: Final[Mapping[str, Callable[[Board], list[Row]]]] = {
    "aggregates": tabulate_aggregates,
    "costs": tabulate_costs,
    "differences": tabulate_differences,
    "gaps": tabulate_gaps,
    "parts": tabulate_parts,
    "profiles": tabulate_profiles,
}


def tabulate_times(board: Board) -> list[Row]:
    """What answers cost in time: no two runs of a study agree on this, so it stands apart.

    Milliseconds are those of the median run, on the clock and of processor time: other work on
    the machine lengthens the first alone.
    """
    rows = []
    for scene in board.study.scenarios:
        for policy in board.policies(scene):
            played = [p for row in board.played(policy, scene) or () for p in row]
            asked = max(1, sum(p.questions for p in played))
            by_run = [
                (
                    1000 * p.answer_s / max(1, p.questions),
                    1000 * p.answer_cpu_s / max(1, p.questions),
                )
                for p in played
            ]
            ms, cpu_ms = np.median(by_run, axis=0)
            rows.append(
                {
                    "scenario": scene,
                    "policy": policy,
                    "decisions_per_run": asked / len(played),
                    "ms_per_decision": float(ms),
                    "cpu_ms_per_decision": float(cpu_ms),
                    "s_per_run": float(np.median([p.run_s for p in played])),
                }
            )
    return rows
