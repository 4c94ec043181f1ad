"""How often a line may be held: freely, once until it has taken an order, or never."""

from __future__ import annotations

from collections.abc import Mapping

from factory_env.decision import FloorQuestion
from factory_env.decisions.order_choice import HOLD
from factory_env.envs.terms import FREE, NEVER, ONCE

WHY: Mapping[str, str] = {
    ONCE: "this line has been held since it took its last order, and hold='once'",
    NEVER: "hold='never'",
}


class Holds:
    """Which lines have been held, and who may be again.

    Parameters
    ----------
    mode
        ``free``, ``once`` or ``never``.
    """

    def __init__(self, mode: str) -> None:
        self.mode = mode
        self._lines: set[int] = set()  # held since they took their last order

    def forget(self) -> None:
        """A new run begins."""
        self._lines.clear()

    def refuses(self, question: FloorQuestion) -> bool:
        """Is hold taken from the answers of a free line?"""
        line = question.standing_line
        if self.mode == FREE or line is None or not question.may_decline:
            return False  # an evening and a cutting table are not held
        return self.mode == NEVER or line in self._lines

    def note(self, question: FloorQuestion, answer: int) -> None:
        """A question has been answered."""
        line = question.standing_line
        if line is None:
            return
        if question.may_decline and answer == HOLD:
            self._lines.add(line)
        else:
            self._lines.discard(line)

    @property
    def why(self) -> str:
        """Why hold is refused."""
        return f"hold is refused: {WHY[self.mode]}"
