"""Everything about a tabular learner that a config may change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from agents.tabular.bins import WHERE, bin_problems
from factory_env.domain.limits import Count, NonNegative, Share
from factory_env.errors import Problem, wrong

RULES = ("atcs_match", "atcs", "covert", "mdd", "edd", "wspt", "least_setup", "same_style")
BINS: Mapping[str, Sequence[float]] = {
    "queue_days": (1.0, 3.0),
    "late_share": (0.1, 0.4),
    "least_setup_share": (0.15,),
    "elsewhere_share": (0.25, 0.6),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TabularSettings:
    """See conf/agent/q_learning.yaml."""

    rules: tuple[str, ...] = RULES  # to choose among; the first one is the start
    bins: Mapping[str, Any] = field(default_factory=lambda: dict(BINS))
    reward: Literal["foresight", "lookahead", "projected", "cost"] = "foresight"
    discount_per_day: Share = 0.90  # per calendar day
    learning_rate: Share = 0.02  # weight of the latest target, once a mean of more is kept
    explore: Share = 0.3  # chance of any rule at the start
    final_explore: Share = 0.05  # ... from `explore_share` of all decisions on
    explore_share: Share = 0.5
    safe: bool = False  # leave the first rule only where a lower bound says so
    errors: NonNegative = 2.0  # standard errors below the mean that this bound lies
    least_seen: Count = 20  # times that both answers must have been given for a bound

    @property
    def used_bins(self) -> Mapping[str, Any]:
        """The bins of the quantities that are looked at: null is not."""
        return {name: bins for name, bins in self.bins.items() if bins is not None}

    def problems(self) -> Iterator[Problem]:
        """What does not go together."""
        yield from bin_problems(self.used_bins)
        if len(self.rules) < 2 or len(set(self.rules)) < len(self.rules):
            rule, right = "must be at least two rules, each once", f"e.g. [{', '.join(RULES[:3])}]"
            yield wrong(WHERE, "agent.rules", rule, list(self.rules), right)
        if self.final_explore > self.explore:
            rule = f"must be at most agent.explore, which is {self.explore:g}"
            yield wrong(WHERE, "agent.final_explore", rule, self.final_explore, "e.g. 0.05")
        if self.learning_rate == 0.0 or self.discount_per_day == 0.0:
            zero = "learning_rate" if self.learning_rate == 0.0 else "discount_per_day"
            yield wrong(WHERE, f"agent.{zero}", "must be more than 0", 0, "leave it as it is")

    def chance(self, done: int, steps: int) -> float:
        """Chance to explore after so many of all decisions."""
        falling = self.explore_share * steps
        gone = min(1.0, done / falling) if falling > 0.0 else 1.0
        return self.explore + (self.final_explore - self.explore) * gone
