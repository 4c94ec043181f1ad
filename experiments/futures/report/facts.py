"""What every section reads: the question, the runs by variant, and the calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from experiments.futures.outcome import Outcome
from experiments.futures.question import Question
from experiments.futures.report.order_runs import OrderRuns, gather_orders
from experiments.futures.statistics.differences import paired_difference
from experiments.futures.statistics.estimate import Estimate
from experiments.report.tables.clock import Clock

Floats = NDArray[np.float64]
MOST_DRAWN: Final = 4  # variants in figures; tables have all
MOST_ORDERS: Final = 40  # in figures, by risk
TOTAL: Final = "total"


class Answered(Protocol):
    """What of an answer is shown."""

    @property
    def question(self) -> Question: ...
    @property
    def outcomes(self) -> Mapping[str, Sequence[Outcome]]: ...
    @property
    def first_day(self) -> date | None: ...


@dataclass(frozen=True)
class Facts:
    """The figures of an answer, each computed when it is first asked for."""

    answer: Answered

    @property
    def question(self) -> Question:
        return self.answer.question

    @cached_property
    def clock(self) -> Clock:
        return Clock(first_day=self.answer.first_day)

    @property
    def base(self) -> str:
        """The name of the base."""
        return self.question.base.name

    @cached_property
    def variants(self) -> tuple[str, ...]:
        """Names, the base left out."""
        return tuple(v.name for v in self.question.variants)

    @cached_property
    def drawn(self) -> tuple[str, ...]:
        """Variants that figures show: those that change the cost most, in their own order."""
        if len(self.variants) <= MOST_DRAWN:
            return self.variants
        usd = {name: self.money_difference(name).value for name in self.variants}
        ranked = sorted(usd, key=lambda name: -abs(usd[name]))
        ends = [min(usd, key=lambda n: usd[n]), max(usd, key=lambda n: usd[n])]
        kept = set(list(dict.fromkeys([*ends, *ranked]))[:MOST_DRAWN])
        return tuple(name for name in self.variants if name in kept)

    @property
    def shown(self) -> tuple[str, ...]:
        """The base, and the variants that figures show."""
        return (self.base, *self.drawn)

    def runs(self, name: str) -> Sequence[Outcome]:
        """Of a variant or the base, by seed."""
        return self.answer.outcomes[name]

    @property
    def count(self) -> int:
        """Runs of the base."""
        return len(self.runs(self.base))

    @cached_property
    def _seeds(self) -> dict[str, list[int]]:
        return {name: [o.seed for o in self.runs(name)] for name in (self.base, *self.variants)}

    def pairs(self, name: str) -> list[tuple[Outcome, Outcome]]:
        """Base and variant under the same seed."""
        other = {outcome.seed: outcome for outcome in self.runs(name)}
        return [(one, other[one.seed]) for one in self.runs(self.base) if one.seed in other]

    def kpi(self, name: str, key: str) -> Floats:
        """A figure of every run, (n,)."""
        return np.array([o.kpis.get(key, np.nan) for o in self.runs(name)])

    def kpi_difference(self, name: str, key: str) -> Estimate:
        """Variant less base."""
        pairs = self.pairs(name)
        missing = float("nan")
        return paired_difference(
            [one.kpis.get(key, missing) for one, _ in pairs],
            [other.kpis.get(key, missing) for _, other in pairs],
        )

    def money(self, name: str, part: str = TOTAL) -> Floats:
        """A part of the cost of every run, (n,)."""
        return np.array([o.money_usd.get(part, 0.0) for o in self.runs(name)])

    def money_difference(self, name: str, part: str = TOTAL) -> Estimate:
        """Variant less base [USD]."""
        key = (name, part)
        if key not in self._money:
            pairs = self.pairs(name)
            self._money[key] = paired_difference(
                [one.money_usd.get(part, 0.0) for one, _ in pairs],
                [other.money_usd.get(part, 0.0) for _, other in pairs],
            )
        return self._money[key]

    @cached_property
    def _money(self) -> dict[tuple[str, str], Estimate]:
        return {}

    @cached_property
    def money_parts(self) -> tuple[str, ...]:
        """Parts of the cost that any run has, the largest first."""
        runs = [o for name in (self.base, *self.variants) for o in self.runs(name)]
        size: dict[str, float] = {}
        for outcome in runs:
            for part, usd in outcome.money_usd.items():
                size[part] = max(size.get(part, 0.0), abs(usd))
        return tuple(p for p in sorted(size, key=lambda p: -size[p]) if p != TOTAL and size[p])

    @cached_property
    def orders(self) -> OrderRuns:
        """Every order in every run."""
        return gather_orders({n: self.runs(n) for n in (self.base, *self.variants)})

    @cached_property
    def risky(self) -> tuple[str, ...]:
        """Orders that figures show: those a variant changes most, then those most likely late."""
        moved = [
            order
            for name in self.variants
            for order in (
                *self.orders.list_new(self.base, name),
                *self.orders.list_late(self.base, name),
                *self.orders.list_saved(self.base, name),
            )
        ]
        first = list(dict.fromkeys(moved))[: MOST_ORDERS // 2]
        rest = [order for order in self.orders.rank_by_risk() if order not in set(first)]
        return tuple([*first, *rest][:MOST_ORDERS])

    def due_min(self, name: str, order: str) -> float:
        """As it is in a variant, else as it is wherever the order is."""
        due = self.orders.due_min(name or self.base, order)
        return self.orders.due_anywhere(order) if np.isnan(due) else due

    def rank_rows(self, name: str) -> tuple[str, ...]:
        """The same, as base and this variant want them: the one most at risk first."""
        there = (self.base, name) if name else (self.base,)
        return self.orders.rank_by_risk(there, self.risky)
