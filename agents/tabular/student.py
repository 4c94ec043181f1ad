"""One run after the other is played and learned from: what all learners have in common.

An answer is credited with what the run pays until the next choice among orders, and with what that
choice is worth, discounted by the time between. Rules often agree, so every action that would have
answered the same is credited, by the chance that it was the one which answered. Full credit to all
of them would be wrong: a rule that agrees with a good one where things are well, and is not tried
where they are not, would look better than that one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from agents.tabular.actions import NO_ANSWER, Ints
from agents.tabular.backup import Backup, Next
from agents.tabular.bins import Key
from agents.tabular.policy import TabularPolicy
from agents.tabular.values import Floats
from factory_env.decision import Question, ask, is_of_floor
from factory_env.decisions.order_choice import OrderChoice
from factory_env.envs.episode import Episode
from factory_env.envs.one_agent import AGENT

Explore = Callable[[int], float]  # number of the choice in this run -> chance to explore


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """A choice that waits for its credit."""

    key: Key
    answers: Ints
    given: int
    credit: Floats  # chance of each action that it was the one which answered


class Student:
    """Learns into a policy's values and evidence.

    Parameters
    ----------
    site
        Runs the site, if there is one.
    """

    def __init__(self, policy: TabularPolicy, backup: Backup, site: object = None) -> None:
        self.policy = policy
        self._backup = backup
        self._site = site

    def live(self, episode: Episode, explore: Explore, rng: np.random.Generator) -> int:
        """Play a run to its end; how many choices there were."""
        before: _Step | None = None
        choices = 0
        while (question := episode.advance()) is not None:
            if not isinstance(question, OrderChoice):
                episode.answer(self._reply(question))
                continue
            usd, discount = _collect(episode)
            answers = self.policy.actions.answers(question)
            key = self.policy.states.key(question)
            ahead = self._look(key, answers, explore(choices), rng)
            if before is not None:
                self._learn(before, usd + discount * self._backup.worth(ahead))
            before = _step(key, answers, ahead)
            episode.answer(before.given)
            choices += 1
        if before is not None:  # both ends of a run are ends: nothing is to come
            self._learn(before, _collect(episode)[0])
        return choices

    def _look(self, key: Key, answers: Ints, explore: float, rng: np.random.Generator) -> Next:
        """A question, and the action that is taken there."""
        is_open = answers != NO_ANSWER
        best = taken = self.policy.best(key, answers)
        if rng.random() < explore:
            taken = int(rng.choice(np.flatnonzero(is_open)))
        values = self.policy.values.read(key)
        return Next(values=values, is_open=is_open, best=best, taken=taken, explore=explore)

    def _learn(self, step: _Step, target: float) -> None:
        self.policy.values.learn(step.key, step.credit, target)
        self.policy.evidence.note(step.key, step.answers, step.credit, target)

    def _reply(self, question: Question) -> Any:
        """The site's own questions are answered by who runs it, the rest of the floor as usual."""
        return question.usual() if is_of_floor(question) else ask(self._site, question)


def _step(key: Key, answers: Ints, ahead: Next) -> _Step:
    given = int(answers[ahead.taken])
    chances = np.where(answers == given, ahead.chances, 0.0)
    return _Step(key=key, answers=answers, given=given, credit=chances / chances.sum())


def _collect(episode: Episode) -> tuple[float, float]:
    """Money since the last choice [USD], and the discount of the time since."""
    return episode.collect_rewards()[AGENT], float(episode.tell_step()["discount"])
