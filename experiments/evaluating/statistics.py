"""Statistics of a comparison on common seeds: intervals, paired differences, the best rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.evaluating.tournament import Results

COST = "total_cost_usd"
TARDINESS = "tardiness_cost_usd"
SHOWN = (COST, TARDINESS, "on_time_share", "pieces_per_day", "changeover_h", "wip_pieces")
RESAMPLES = 10_000
LEAST_SEEDS = 8  # for a bootstrap: that of two seeds spans no more than the two
# 97.5 % quantile of Student's t with 1 to 6 degrees of freedom [statistical tables]
T_QUANTILES = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its 95 % interval; of a single run there is none, and it tells nothing."""

    mean: float
    low: float
    high: float
    is_single: bool = False

    @property
    def holds_zero(self) -> bool:
        """Can a difference not be told from none?"""
        return self.is_single or self.low <= 0.0 <= self.high

    def figures(self, key: str) -> dict[str, float]:
        """For machines: the mean under ``key``, and its interval."""
        return {key: self.mean, f"{key}_ci_low": self.low, f"{key}_ci_high": self.high}


def bootstrap_mean(values: Floats) -> Estimate:
    """Mean with a percentile bootstrap interval, as costs are skewed; a t interval if few."""
    if values.shape[0] < LEAST_SEEDS:
        return _jackknife(np.asarray, values)
    means = values[_resamples(values.shape[0])].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return Estimate(float(values.mean()), float(low), float(high))


def bootstrap_ratio(above: Floats, below: Floats) -> Estimate:
    """Ratio of means of paired values; seeds are resampled in pairs.

    Nobody late, below: the ratio is not a number (of 0 and 0) or infinite, without a warning.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return _ratio(above, below)


def _ratio(above: Floats, below: Floats) -> Estimate:
    if above.shape[0] < LEAST_SEEDS:
        few = _jackknife(np.divide, above, below)
        if min(above.min(), below.min()) < 0.0:
            return few
        return replace(few, low=max(few.low, 0.0))  # a ratio of costs is not below 0
    rows = _resamples(above.shape[0])
    ratios = above[rows].mean(axis=1) / below[rows].mean(axis=1)
    low, high = np.quantile(ratios, (0.025, 0.975))
    return Estimate(float(above.mean() / below.mean()), float(low), float(high))


def bootstrap_statistic(statistic: Callable[..., Any], *columns: Floats) -> Estimate:
    """A number made of the means of paired columns; seeds are resampled together."""
    if columns[0].shape[0] < LEAST_SEEDS:
        return _jackknife(statistic, *columns)
    rows = _resamples(columns[0].shape[0])
    values = statistic(*(column[rows].mean(axis=1) for column in columns))
    low, high = np.quantile(values, (0.025, 0.975))
    return Estimate(float(statistic(*(c.mean() for c in columns))), float(low), float(high))


def best_rule(results: Sequence[Results]) -> Results:
    """The rule with the lowest mean cost on these very seeds: the strictest yardstick."""
    return min((r for r in results if r.player.is_rule), key=lambda r: r.mean(COST))


def table(results: Sequence[Results]) -> list[dict[str, Any]]:
    """One row a policy, cheapest first: estimates, and paired differences of its total cost.

    ``difference`` is that to the best rule (to the cheapest where no rule plays), ``from_best``
    that to the cheapest policy of all, and ``learned`` that to what an agent was before it
    learned; None where nobody knows.
    """
    by_name = {r.name: r for r in results}
    cheapest = min(results, key=lambda r: r.mean(COST))
    best = best_rule(results) if any(r.player.is_rule for r in results) else cheapest
    rows = []
    for r in sorted(results, key=lambda r: r.mean(COST)):
        row: dict[str, Any] = {"policy": r.name, "is_rule": r.player.is_rule}
        for key in SHOWN:
            row[key] = bootstrap_mean(r.columns[key])
        row["difference"] = bootstrap_mean(r.columns[COST] - best.columns[COST])
        row["from_best"] = bootstrap_mean(r.columns[COST] - cheapest.columns[COST])
        row["learned"] = learned_usd(r, by_name.get(r.player.start))
        row["parts"] = {
            part: r.mean(f"{part}_cost_usd")
            for part in ("tardiness", "changeover", "learning", "holding", "short")
        }
        rows.append(row)
    return rows


def learned_usd(agent: Results, start: Results | None) -> Estimate | None:
    """Total cost of an agent minus that of its untrained start, seed by seed."""
    if start is None:
        return None
    return bootstrap_mean(agent.columns[COST] - start.columns[COST])


def list_equals(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Policies that these runs can not tell from the cheapest: first row of `table`, left out."""
    return [row["policy"] for row in rows[1:] if row["from_best"].holds_zero]


def summary(results: Sequence[Results], agent: str | None = None) -> dict[str, Any]:
    """Flat figures of the comparison, for machines.

    ``ratio_to_best_rule`` compares the weighted tardiness cost with the rule that has the
    lowest on these very seeds; ``total_cost_ratio`` does the same for the whole scheduling
    cost, which is what agents are trained and rules are tuned on. What they are of other policies
    that are no rules stands under ``policies``, by name.

    Parameters
    ----------
    agent
        Whose figures stand at the top; None = the only one that is no rule, if there is one.
    """
    best = best_rule(results)
    figures: dict[str, Any] = {
        "episodes": len(best.seeds),
        "first_seed": best.seeds[0],
        "best_rule": best.name,
        "best_rule_cost_usd": best.mean(COST),
        "best_rule_on_time_share": best.mean("on_time_share"),
        "costs_usd": {r.name: round(r.mean(COST), 2) for r in results},
    }
    strangers = [r for r in results if not (r.player.is_rule or r.player.is_start)]
    if agent is None and len(strangers) == 1:
        agent = strangers[0].name
    if agent is not None:
        figures["agent"] = agent
    others = {r.name: _against_rules(r, results) for r in strangers}
    figures |= others.pop(agent or "", {})
    return figures | ({"policies": others} if others else {})


def _against_rules(policy: Results, results: Sequence[Results]) -> dict[str, Any]:
    """Figures of one policy beside the best rules, and beside its own start."""
    best = best_rule(results)
    late = min((x for x in results if x.player.is_rule), key=lambda x: x.mean(TARDINESS))
    total = bootstrap_ratio(policy.columns[COST], best.columns[COST])
    ratio = bootstrap_ratio(policy.columns[TARDINESS], late.columns[TARDINESS])
    start = next((r for r in results if r.name == policy.player.start), None)
    learned = learned_usd(policy, start)
    return {
        "ratio_to_best_rule": ratio.mean,
        "ratio_ci_low": ratio.low,
        "ratio_ci_high": ratio.high,
        "ratio_best_rule": late.name,
        **total.figures("total_cost_ratio"),
        "agent_tardiness_cost_usd": policy.mean(TARDINESS),
        "agent_total_cost_usd": policy.mean(COST),
        "agent_on_time_share": policy.mean("on_time_share"),
        "seeds_won_share": float(np.mean(policy.columns[COST] < best.columns[COST])),
        **({} if learned is None else learned.figures("learned_usd")),
        **({} if start is None else {"start_total_cost_usd": start.mean(COST)}),
    }


def _jackknife(statistic: Callable[..., Any], *columns: Floats) -> Estimate:
    """A t interval from the number without each seed in turn; of a mean it is the usual one."""
    mean, n = float(statistic(*(c.mean() for c in columns))), columns[0].shape[0]
    if n < 2:
        return Estimate(mean, mean, mean, is_single=True)
    without = np.asarray(statistic(*((c.sum() - c) / (n - 1) for c in columns)))
    reach = T_QUANTILES[n - 2] * float(np.std((n - 1) * without, ddof=1)) / np.sqrt(n)
    return Estimate(mean, mean - float(reach), mean + float(reach))


def _resamples(n: int) -> NDArray[np.int64]:
    """Row numbers of the bootstrap samples; the same for every column, so pairs stay pairs."""
    return np.random.default_rng(0).integers(0, n, size=(RESAMPLES, n))
