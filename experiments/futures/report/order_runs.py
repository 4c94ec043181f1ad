"""Every order in every run: when it shipped, when it was due, and how likely it is on time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from experiments.futures.outcome import Outcome
from experiments.futures.statistics.estimate import Estimate
from experiments.futures.statistics.shares import is_beyond_chance, wilson
from experiments.futures.statistics.ship_dates import ship_quantile

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
EVEN: Final = 0.5  # of the runs: an order that is late in more of them counts as late
ROUNDING_MIN: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderBoard:
    """Of one variant; rows are runs, columns orders as in `OrderRuns.names`."""

    ship_min: Floats  # (n, k), NaN = not within the run
    due_min: Floats  # (n, k), NaN = there is no such order
    is_asked: Flags  # (n, k), there, and not cancelled

    @property
    def is_on_time(self) -> Flags:
        """(n, k)."""
        return self.is_asked & (self.ship_min <= self.due_min + ROUNDING_MIN)


@dataclass(frozen=True)
class OrderRuns:
    """Of a base and its variants.

    Attributes
    ----------
    names
        Of all orders, in the order in which they are due.
    facts
        Order -> style, product, quantity and further columns of the first run that has it.
    """

    names: tuple[str, ...]
    facts: Mapping[str, Mapping[str, Any]]
    boards: Mapping[str, OrderBoard]

    @cached_property
    def at(self) -> dict[str, int]:
        """Order -> column."""
        return {name: i for i, name in enumerate(self.names)}

    @cached_property
    def _counts(self) -> dict[str, tuple[list[int], list[int]]]:
        return {
            name: (board.is_on_time.sum(axis=0).tolist(), board.is_asked.sum(axis=0).tolist())
            for name, board in self.boards.items()
        }

    def is_there(self, variant: str, order: str) -> bool:
        """In any of its runs, and not cancelled in all."""
        return self._counts[variant][1][self.at[order]] > 0

    def share(self, variant: str, order: str) -> float:
        """Of the runs in which it was on time; NaN = never asked for."""
        good, asked = (counts[self.at[order]] for counts in self._counts[variant])
        return good / asked if asked else float("nan")

    def on_time(self, variant: str, order: str) -> Estimate:
        """Probability, with Wilson's ends."""
        good, asked = (counts[self.at[order]] for counts in self._counts[variant])
        return wilson(good, asked)

    def due_min(self, variant: str, order: str) -> float:
        """As it is usual in its runs; NaN = it is not there."""
        due = self.boards[variant].due_min[:, self.at[order]]
        due = due[~np.isnan(due)]
        return float(np.median(due)) if due.size else float("nan")

    def due_anywhere(self, order: str) -> float:
        """Of the first variant that has it, the base before all."""
        dues = (self.due_min(variant, order) for variant in self.boards)
        return next((due for due in dues if not np.isnan(due)), float("nan"))

    def ship(self, variant: str, order: str, share: float) -> Estimate:
        """Minute by which that share of the runs has shipped it; infinite = not within the run."""
        board, at = self.boards[variant], self.at[order]
        return ship_quantile(board.ship_min[board.is_asked[:, at], at], share)

    def rank_by_risk(
        self, variants: Sequence[str] | None = None, among: Sequence[str] | None = None
    ) -> tuple[str, ...]:
        """Orders that are in any of the variants least likely on time first, then by due date."""
        worst = np.ones(len(self.names))
        for variant in self.boards if variants is None else variants:
            good, asked = self._counts[variant]
            counts = np.array(asked, dtype=float)
            shares = np.divide(good, counts, out=np.ones_like(counts), where=counts > 0)
            worst = np.minimum(worst, shares)
        ranked = [self.names[i] for i in np.argsort(worst, kind="stable")]
        return tuple(ranked if among is None else [o for o in ranked if o in set(among)])

    def list_new(self, base: str, variant: str) -> tuple[str, ...]:
        """Orders that the base does not have."""
        return tuple(
            order
            for order in self.names
            if self.is_there(variant, order) and not self.is_there(base, order)
        )

    def list_late(self, base: str, variant: str) -> tuple[str, ...]:
        """On time in half of the base's runs or more, and in fewer of the variant's.

        By more than chance: with runs that differ in one order by one luck nothing turns.
        """
        return self._list_crossings(base, variant, sign=1)

    def list_saved(self, base: str, variant: str) -> tuple[str, ...]:
        """The other way round."""
        return self._list_crossings(base, variant, sign=-1)

    def _list_crossings(self, base: str, variant: str, sign: int) -> tuple[str, ...]:
        crossed = []
        for order in self.names:
            one, other = self.share(base, order), self.share(variant, order)
            has_turned = one >= EVEN > other if sign > 0 else one < EVEN <= other
            if has_turned and self._is_shown(base, variant, order, sign):
                crossed.append((-abs(one - other), order))
        return tuple(order for _, order in sorted(crossed, key=lambda pair: pair[0]))

    def _is_shown(self, base: str, variant: str, order: str, sign: int) -> bool:
        """Do the pairs of runs under one luck show it? Few runs do, if all of them turn."""
        at, first, second = self.at[order], self.boards[base], self.boards[variant]
        both = first.is_asked[:, at] & second.is_asked[:, at]
        was, is_now = first.is_on_time[both, at], second.is_on_time[both, at]
        lost, won = int((was & ~is_now).sum()), int((~was & is_now).sum())
        one_way, other_way = (lost, won) if sign > 0 else (won, lost)
        return is_beyond_chance(one_way, other_way) or one_way == int(both.sum()) > 0


def gather_orders(outcomes: Mapping[str, Sequence[Outcome]]) -> OrderRuns:
    """All orders that are in any run."""
    everything = [o for runs in outcomes.values() for o in runs]
    names = np.unique(np.concatenate([o.orders["order_id"].astype(str) for o in everything]))
    boards = {name: _fill_board(runs, names) for name, runs in outcomes.items()}
    facts = _collect_facts(everything)
    dues = np.full(len(names), np.nan)
    for board in boards.values():
        first = np.where(np.isnan(board.due_min), np.inf, board.due_min).min(axis=0)
        dues = np.where(np.isnan(dues) & np.isfinite(first), first, dues)
    by_due = np.argsort(dues, kind="stable")
    sorted_boards = {
        name: OrderBoard(
            ship_min=board.ship_min[:, by_due],
            due_min=board.due_min[:, by_due],
            is_asked=board.is_asked[:, by_due],
        )
        for name, board in boards.items()
    }
    return OrderRuns(tuple(names[by_due].tolist()), facts, sorted_boards)


def _fill_board(runs: Sequence[Outcome], names: NDArray[np.str_]) -> OrderBoard:
    shape = (len(runs), len(names))
    ship, due = np.full(shape, np.nan), np.full(shape, np.nan)
    asked = np.zeros(shape, dtype=bool)
    for row, outcome in enumerate(runs):
        at = np.searchsorted(names, outcome.orders["order_id"].astype(str))
        ship[row, at] = outcome.orders["ship_min"]
        due[row, at] = outcome.orders["due_min"]
        asked[row, at] = ~outcome.orders["is_cancelled"].astype(bool)
    return OrderBoard(ship_min=ship, due_min=due, is_asked=asked)


def _collect_facts(runs: Sequence[Outcome]) -> dict[str, dict[str, Any]]:
    facts: dict[str, dict[str, Any]] = {}
    for outcome in runs:
        ids = outcome.orders["order_id"].astype(str).tolist()
        if all(name in facts for name in ids):
            continue
        columns = {key: outcome.orders[key].tolist() for key in ("style", "product", "quantity")}
        for i, name in enumerate(ids):
            facts.setdefault(name, {key: values[i] for key, values in columns.items()})
    return facts
