"""The socket of the learners: what the next question is worth to the one before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from agents.tabular.values import Bools, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """The next question, seen by a learner.

    Parameters
    ----------
    values
        Of each action there [USD].
    is_open
        Which of them can be taken.
    best
        The action that would be taken without exploring.
    taken
        The action that is taken.
    explore
        Chance that any open action is taken, each as likely as the others.
    """

    values: Floats
    is_open: Bools
    best: int
    taken: int
    explore: float

    @property
    def chances(self) -> Floats:
        """Chance of each action to be taken, shape (actions,)."""
        chances = np.where(self.is_open, self.explore / self.is_open.sum(), 0.0)
        chances[self.best] += 1.0 - self.explore
        return chances


class Backup(Protocol):
    """One learner: how it looks ahead, and in what it keeps its values."""

    is_linear: ClassVar[bool]  # `Tiles` in place of a `Table`

    @staticmethod
    def worth(ahead: Next) -> float:
        """Value of the next question [USD]."""
        ...
