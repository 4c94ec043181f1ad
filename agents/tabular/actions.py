"""What a table chooses among: rules, each of which answers the question in its own way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from agents.tabular.bins import Key
from factory_env.decision import Decision, Policy

Ints = NDArray[np.int64]
NO_ANSWER: Final = -1  # of an action that is not open at a question


class Actions(Protocol):
    """The columns of a table."""

    @property
    def names(self) -> Sequence[str]:
        """What they are called."""

    def answers(self, decision: Decision) -> Ints:
        """The answer of each, or `NO_ANSWER`; shape (actions,)."""


class States(Protocol):
    """The rows of a table."""

    def key(self, decision: Decision) -> Key:
        """The state that a question is in; always of the same length."""


@dataclass(frozen=True, slots=True)
class RuleActions:
    """Every action is a rule; the first one is the start, and decides ties."""

    rules: Mapping[str, Policy]

    @property
    def names(self) -> Sequence[str]:
        """Those of the rules."""
        return tuple(self.rules)

    def answers(self, decision: Decision) -> Ints:
        """What each rule answers."""
        return np.array([rule.choose(decision) for rule in self.rules.values()], dtype=np.int64)
