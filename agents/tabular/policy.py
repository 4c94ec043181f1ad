"""A table as a policy that answers at the desk."""

from __future__ import annotations

import numpy as np

from agents.tabular.actions import NO_ANSWER, Actions, Ints, States
from agents.tabular.bins import Key
from agents.tabular.evidence import Evidence
from agents.tabular.values import Values
from factory_env.decision import Decision


class TabularPolicy:
    """Takes the action of the highest value; ties, and states never seen: the first one.

    What is not a choice among orders (an evening, a degree of strictness) the house answers.

    Parameters
    ----------
    errors
        None = as the values say. A number makes it safe: it leaves the first action only where the
        evidence says so by so many standard errors.
    """

    def __init__(
        self,
        *,
        actions: Actions,
        states: States,
        values: Values,
        evidence: Evidence,
        errors: float | None = None,
    ) -> None:
        self.actions, self.states = actions, states
        self.values, self.evidence = values, evidence
        self.errors = errors

    def choose(self, decision: Decision) -> int:
        """The answer of the best action."""
        answers = self.actions.answers(decision)
        return int(answers[self.best(self.states.key(decision), answers)])

    def best(self, key: Key, answers: Ints) -> int:
        """The best action that is open in a state."""
        if self.errors is None:
            worth = self.values.read(key)
        else:
            worth = self.evidence.lower_bound(key, self.errors)
        return int(np.where(answers != NO_ANSWER, worth, -np.inf).argmax())
