"""What may be asked, and who may answer: the only words that factory and policies share."""

from __future__ import annotations

from typing import Protocol

from factory_env.decisions.order_choice import OrderChoice

Decision = OrderChoice  # grows into a union as further kinds of question arrive


class Policy(Protocol):
    """Anything that answers questions."""

    def choose(self, decision: Decision) -> int:
        """The answer: a position in ``decision.legal()`` that is true."""
        ...
