"""One policy until a minute, another from then on: the change `OtherPolicy`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from factory_env.decision import Policy, Question, ask


class Handover:
    """Answers as whoever is in charge at the question's minute.

    Parameters
    ----------
    first
        In charge from the first minute on.
    later
        Minute and policy, by minute.
    """

    def __init__(self, first: Policy, later: Sequence[tuple[float, Policy]]) -> None:
        self._turns = [(float("-inf"), first), *sorted(later, key=lambda turn: turn[0])]

    def answer(self, question: Question) -> Any:
        """The answer of who is in charge."""
        policy = next(p for at_min, p in reversed(self._turns) if at_min <= question.now_min)
        return ask(policy, question)
