"""How a line learns a style, and what it keeps when it changes.

Efficiency on a style is ``e_max - (e_max - e_0) exp(-d / tau)`` after ``d`` productive
days (domain reference, section 6). The state kept per line and style is the *learned
share* g = 1 - exp(-d / tau), between 0 (first minute) and 1 (settled); the factor on
operator efficiency is ``eff / e_max = 1 - (1 - e_0 / e_max)(1 - g)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

from factory_env.domain.limits import NonNegative, Positive, Share


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningClass:
    """Learning curve of a class of products."""

    name: str
    e_0: Positive
    e_max: Positive
    tau_days: Positive

    @property
    def first_day_loss(self) -> float:
        """Share of settled efficiency missing at the first minute, 1 - e_0 / e_max."""
        return 1.0 - self.e_0 / self.e_max

    def efficiency(self, productive_days: float) -> float:
        """Line efficiency after so many productive days on the style."""
        return self.e_max - (self.e_max - self.e_0) * exp(-productive_days / self.tau_days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Learning:
    """Switch and parameters of learning on lines."""

    enabled: bool = True
    home_share: Share = 0.3  # learned share a line always has on its home products
    initial_share: Share = 0.8  # learned share of the style a line starts the run with
    memory_days: NonNegative = 30.0  # a style left longer ago than this is forgotten


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One row of the change table: line stop and learned share kept."""

    setup_min: NonNegative
    kept: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Changeover:
    """The change table (domain reference, section 6), nearest change first."""

    enabled: bool = True
    same_style: Change = Change(setup_min=10.0, kept=1.0)
    repeat_style: Change = Change(setup_min=30.0, kept=0.6)
    same_product: Change = Change(setup_min=90.0, kept=0.4)
    same_fabric: Change = Change(setup_min=180.0, kept=0.15)
    other_fabric: Change = Change(setup_min=300.0, kept=0.0)
