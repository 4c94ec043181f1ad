"""Rehearses answers in forks of a run whose luck is drawn anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol

from factory_env.decision import Question, ask
from factory_env.decisions.order_choice import HOLD, OrderChoice
from factory_env.sim.kernel.halt import StopSimulation

# k1, k2, k3, grace_min, hold_beyond of the rule that schedules what is left at the end
RULE: Final = (2.0, 1.0, 0.1, 1200.0, 0.05)


class Rehearsable(Protocol):
    """A run that can be played on."""

    def advance(self) -> Question | None:
        """Run until somebody asks; None at the end."""
        ...

    def answer(self, answer: Any) -> Any:
        """Answer the pending question."""
        ...

    def halt_at(self, minute: float) -> None:
        """Have `advance` raise `StopSimulation` at the first instant of a minute."""
        ...

    def scheduled_cost_usd(self, rule: tuple[float, float, float, float, float]) -> float:
        """Cost accrued plus the cost to go if a rule scheduled what is in the house."""
        ...

    @property
    def cost_usd(self) -> float:
        """Cost accrued so far."""
        ...

    @property
    def now_min(self) -> float:
        """Wall minutes since the start."""
        ...


class Rehearsal:
    """See `factory_env.decisions.plans.rehearsal.Rehearse`.

    Parameters
    ----------
    fork
        A run's method that makes a copy of it at its present minute, ``fresh_seed`` its luck.
    """

    def __init__(self, fork: Callable[..., Rehearsable]) -> None:
        self._fork = fork

    def __call__(
        self, answer: int, policy: Any, *, fresh_seed: int, until_min: float = float("inf")
    ) -> float:
        run = self._fork(fresh_seed=fresh_seed)
        before_usd, question = run.cost_usd, run.advance()
        if run.now_min < until_min < float("inf"):
            run.halt_at(until_min)
        first: int | None = answer
        try:
            while question is not None:
                run.answer(ask(policy, question) if first is None else _translate(first, question))
                first, question = None, run.advance()
        except StopSimulation:
            return run.scheduled_cost_usd(RULE) - before_usd
        return run.cost_usd - before_usd


def _translate(answer: int, question: Question) -> int:
    """The answer where no work may come any more in the fork's future, so that none can hold."""
    assert isinstance(question, OrderChoice)
    return question.usual() if answer == HOLD and not question.can_hold else answer
