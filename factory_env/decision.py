"""What may be asked, and who may answer: the only words that factory and policies share."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from factory_env.decisions.order_choice import OrderChoice
from factory_env.decisions.overtime_choice import OvertimeChoice, cheapest_evening

Decision = OrderChoice  # what every policy answers
Question = OrderChoice | OvertimeChoice  # what the desk may hold


class Policy(Protocol):
    """Anything that answers questions."""

    def choose(self, decision: Decision) -> int:
        """The answer: a position in ``decision.legal()`` that is true."""
        ...


@runtime_checkable
class OvertimePolicy(Protocol):
    """A policy that also says who stays in the evening (``overtime.mode: agent``)."""

    def choose_evening(self, choice: OvertimeChoice) -> int:
        """The answer: a position in ``choice.legal()`` that is true."""
        ...


def ask(policy: Policy, question: Question) -> int:
    """The policy's answer; a policy with no view on overtime leaves it to the house's rule."""
    if isinstance(question, OvertimeChoice):
        if isinstance(policy, OvertimePolicy):
            return policy.choose_evening(question)
        return cheapest_evening(question)
    return policy.choose(question)
