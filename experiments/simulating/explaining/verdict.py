"""Every answer to a question side by side: who takes it, how it is scored, what came of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from agents.scoring import PLANNED
from experiments.evaluating.statistics import Estimate, bootstrap_mean
from experiments.simulating.explaining.futures import COST, Figures, Job
from experiments.simulating.explaining.moment import Moment, Stand
from experiments.simulating.explaining.opinions import Opinion
from factory_env.decision import FloorQuestion
from factory_env.decisions.candidates import COLUMNS
from factory_env.decisions.order_choice import HOLD, OrderChoice
from factory_env.domain.order import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """One answer."""

    answer: int
    name: str
    is_given: bool  # it is what the run did
    order: Order | None
    features: Mapping[str, float]  # of the order, by column of the candidate table
    takers: tuple[str, ...]  # policies that would give it
    scores: Mapping[str, float]  # by policy
    probability: float | None  # that of the agent, if it has one

    def rank(self, opinions: Sequence[Opinion]) -> tuple[bool, bool, float]:
        """Its place among those that are played out: the given one, those taken, then by score."""
        agent = opinions[0]
        score = self.scores.get(agent.name, math.nan)
        if agent.scores is not None and agent.scores.kind == PLANNED:
            score = -score  # a cost
        return (not self.is_given, not self.takers, math.inf if math.isnan(score) else -score)


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What came of one answer, against what the run did."""

    own: Figures  # under the run's own luck
    own_difference_usd: float
    fresh: Estimate | None  # difference of the cost under fresh luck, the same for all answers


def list_alternatives(
    moment: Moment, stand: Stand, opinions: Sequence[Opinion]
) -> list[Alternative]:
    """Every legal answer; the most interesting ones first."""
    names, question = stand.names, stand.question
    scored = {o.name: o.scores for o in opinions if o.scores is not None}
    chances = None if (scores := opinions[0].scores) is None else scores.probabilities
    alternatives = []
    for answer in np.flatnonzero(question.legal()).tolist():
        has_order = isinstance(question, OrderChoice) and answer != HOLD
        alternatives.append(
            Alternative(
                answer=answer,
                name=names[answer],
                is_given=answer == moment.given,
                order=stand.order(answer) if has_order else None,
                features=_read_features(question, answer) if has_order else {},
                takers=tuple(o.name for o in opinions if o.answer == answer),
                scores={name: float(s.values[answer]) for name, s in scored.items()},
                probability=None if chances is None else float(chances[answer]),
            )
        )
    return sorted(alternatives, key=lambda a: a.rank(opinions))


def _read_features(question: FloorQuestion, answer: int) -> dict[str, float]:
    """Of the order that an answer takes, by column."""
    assert question.shown is not None
    return dict(zip(COLUMNS, question.shown.data[answer - 1].tolist(), strict=True))


def judge_answers(outcomes: Mapping[Job, Figures], given: int) -> dict[int, Played]:
    """What came of each answer that was played out.

    Parameters
    ----------
    outcomes
        Figures by answer and seed of the fresh luck, the run's answer among them.
    """
    seeds = sorted({seed for _, seed in outcomes if seed is not None})
    own_usd = outcomes[given, None][COST]
    fresh_usd = np.array([outcomes[given, seed][COST] for seed in seeds])
    played = {}
    for answer in dict.fromkeys(answer for answer, _ in outcomes):
        own = outcomes[answer, None]
        usd = np.array([outcomes[answer, seed][COST] for seed in seeds])
        played[answer] = Played(
            own=own,
            own_difference_usd=own[COST] - own_usd,
            fresh=bootstrap_mean(usd - fresh_usd) if seeds else None,
        )
    return played
