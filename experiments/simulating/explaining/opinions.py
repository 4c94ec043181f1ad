"""What policies would answer to one question, and what they think of every answer."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass

from agents.scoring import Scores, score_answers
from experiments.building.policy import policy_from
from experiments.evaluating.player import name_words
from experiments.simulating.explaining.futures import lived_policy
from experiments.simulating.explaining.moment import Moment
from factory_env.decision import FloorQuestion, ask


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """Of one policy."""

    name: str
    answer: int
    scores: Scores | None  # None = it does not say


def hear_all(moment: Moment, also: Sequence[str], question: FloorQuestion) -> list[Opinion]:
    """The agent's opinion first, then those of the words of ``also``, each once.

    Raises
    ------
    InputError
        If a word means nobody.
    PolicyFailure
        If a policy of a user's fails.
    """
    named = name_words(word for word in also if word != moment.agent)
    agent = next(iter(name_words([moment.agent], taken=named)))
    opinions = [_hear(agent, lived_policy(moment), question)]
    for name, word in named.items():
        policy = policy_from(word, None, moment.config.plant_name, "also")
        opinions.append(_hear(name, policy, question))
    return opinions


def _hear(name: str, policy: object, question: FloorQuestion) -> Opinion:
    scores = score_answers(copy.deepcopy(policy), question)
    return Opinion(name=name, answer=int(ask(policy, question)), scores=scores)
