"""A policy that hands over to another one at a minute, and that one perhaps to a third."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from factory_env.decision import Question, ask


class Relay:
    """Policies and the wall minutes from which each decides; the first one begins.

    >>> Relay(first, [(7 * 1440.0, second)])         # doctest: +SKIP
    """

    def __init__(self, first: object, then: Sequence[tuple[float, object]]) -> None:
        by_minute = sorted(then, key=lambda pair: pair[0])
        self._minutes = [minute for minute, _ in by_minute]
        self._policies = [first, *(policy for _, policy in by_minute)]

    def answer(self, question: Question) -> Any:
        """The answer of whoever decides in the minute of the question."""
        return ask(self._policies[bisect_right(self._minutes, question.now_min)], question)
