"""Small known problems: every order of the book is an action, and states are told exactly.

Nothing is left out that decides what is still to come, so a table can find the optimum there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from agents.tabular.actions import NO_ANSWER, Ints
from agents.tabular.bins import Key
from factory_env.decision import Decision
from factory_env.decisions.order_choice import HOLD


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderActions:
    """Action i takes order i of the book, the last one holds the line."""

    orders: int

    @property
    def names(self) -> Sequence[str]:
        """Numbers of orders, and hold."""
        return (*(f"order {i}" for i in range(self.orders)), "hold")

    def answers(self, decision: Decision) -> Ints:
        """Only what waits can be taken."""
        answers = np.full(self.orders + 1, NO_ANSWER, dtype=np.int64)
        answers[decision.orders] = np.arange(1, len(decision.table) + 1)
        if decision.can_hold:
            answers[self.orders] = HOLD
        return answers


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactStates:
    """Who asks, when, which orders wait, and when each line is free; for at most 60 orders."""

    def key(self, decision: Decision) -> Key:
        """All of it in whole minutes."""
        waiting = sum(1 << int(order) for order in decision.orders)
        free_min = (round(float(minute)) for minute in decision.lines.free_in_min)
        return (decision.asker, round(decision.now_min), waiting, *free_min)
