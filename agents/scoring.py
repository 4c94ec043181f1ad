"""What a policy thinks of every answer, where it can say so: an index, logits, planned cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from agents.team import Team
from factory_env.decision import FloorQuestion
from factory_env.decisions.candidates import Floats
from factory_env.decisions.order_choice import OrderChoice

INDEX, LOGIT, PLANNED = "index", "logit", "planned USD"


@runtime_checkable
class RanksOrders(Protocol):
    """A rule with an index."""

    def rank(self, decision: OrderChoice) -> Floats:
        """Of every order, shape (n,); the highest comes first."""
        ...


@runtime_checkable
class ScoresAnswers(Protocol):
    """A network."""

    def score(self, question: FloorQuestion) -> Floats | None:
        """Logit of every answer, shape (answers,); NaN = out of sight. None = it has no view."""
        ...


@runtime_checkable
class PricesAnswers(Protocol):
    """A planner."""

    def price(self, decision: OrderChoice) -> Floats:
        """What all will have cost after each answer [USD], shape (answers,)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Of all answers to a question, shape (answers,) each; NaN = nothing is known of it."""

    kind: str
    values: Floats
    probabilities: Floats | None = None  # over the legal answers


def score_answers(policy: object, question: FloorQuestion) -> Scores | None:
    """What a policy thinks of the answers; None = it does not say."""
    if isinstance(policy, Team):
        return score_answers(policy.member(question.role), question)
    if isinstance(policy, ScoresAnswers) and (logits := policy.score(question)) is not None:
        legal = np.where(question.legal() & ~np.isnan(logits), logits, -np.inf)
        chances = np.exp(legal - legal.max())
        return Scores(kind=LOGIT, values=logits, probabilities=chances / chances.sum())
    if not isinstance(question, OrderChoice):
        return None
    if isinstance(policy, PricesAnswers):
        return Scores(kind=PLANNED, values=np.asarray(policy.price(question), np.float64))
    if isinstance(policy, RanksOrders):
        hold = np.array([np.nan])  # an index is of orders
        return Scores(kind=INDEX, values=np.concatenate([hold, policy.rank(question)]))
    return None
