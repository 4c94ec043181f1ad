"""What may be asked, and who may answer: the only words that factory and policies share."""

from __future__ import annotations

from typing import Protocol, overload, runtime_checkable

from factory_env.decisions.energy_choice import EnergyAnswer, EnergyChoice, usual_answer
from factory_env.decisions.inspection_choice import InspectionChoice, house_strictness
from factory_env.decisions.order_choice import OrderChoice
from factory_env.decisions.overtime_choice import OvertimeChoice, cheapest_evening

Decision = OrderChoice  # what every policy answers
FloorQuestion = OrderChoice | OvertimeChoice | InspectionChoice  # answered by a whole number
Question = FloorQuestion | EnergyChoice  # what the desk may hold


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


@runtime_checkable
class InspectionPolicy(Protocol):
    """A policy that also says how strictly pieces are inspected (``inspection.lever: agent``)."""

    def choose_strictness(self, choice: InspectionChoice) -> int:
        """The answer: a position in ``choice.legal()`` that is true."""
        ...


@runtime_checkable
class EnergyPolicy(Protocol):
    """A policy that runs the site (``energy.control: agent``)."""

    def run_site(self, choice: EnergyChoice) -> EnergyAnswer:
        """How the site runs in the coming slots."""
        ...


@overload
def ask(policy: Policy, question: FloorQuestion) -> int: ...
@overload
def ask(policy: Policy, question: Question) -> int | EnergyAnswer: ...
def ask(policy: Policy, question: Question) -> int | EnergyAnswer:
    """The policy's answer; what it has no view on is left to the house's rule."""
    if isinstance(question, EnergyChoice):
        run_site = getattr(policy, "run_site", None)  # `isinstance` of a protocol is slow
        return usual_answer(question) if run_site is None else run_site(question)
    if isinstance(question, OvertimeChoice):
        if isinstance(policy, OvertimePolicy):
            return policy.choose_evening(question)
        return cheapest_evening(question)
    if isinstance(question, InspectionChoice):
        if isinstance(policy, InspectionPolicy):
            return policy.choose_strictness(question)
        return house_strictness(question)
    return policy.choose(question)
