"""``agent=rollout``: the house's best rule, improved by trying its answers with other luck."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from agents.rules.atcs_match import AtcsMatch
from factory_env.decision import Decision
from factory_env.decisions.candidates.indices import log_atcs_match
from factory_env.decisions.order_choice import CUTTING, HOLD
from factory_env.units import MIN_PER_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollout:
    """Plays the rule on from each of a few answers, in forks of the run with fresh luck.

    All answers meet the same luck. Another answer than the rule's is given only where it is
    cheaper by more than ``sure`` standard errors of the difference.
    """

    rule: AtcsMatch = field(default_factory=AtcsMatch)
    forks: int = 24  # at a question, all answers together
    answers: int = 3  # tried: the rule's, the next by its index, and to hold
    horizon_days: float = 10.0  # calendar days that are played
    sure: float = 1.0
    seed: int = 0  # of the luck that is tried, not of the run

    def choose(self, decision: Decision) -> int:
        usual = self.rule.choose(decision)
        tried = self._list_tries(decision, usual)
        if decision.kind == CUTTING or len(tried) < 2:
            return usual
        usd = self._play(decision, tried)  # (forks, answers), the rule's first
        more = usd[:, 1:] - usd[:, :1]
        error = more.std(axis=0, ddof=1) / np.sqrt(more.shape[0])
        gain = -(more.mean(axis=0) + self.sure * error)
        best = int(np.argmax(gain))
        return tried[1 + best] if gain[best] > 0.0 else usual

    def _list_tries(self, decision: Decision, usual: int) -> list[int]:
        rule = self.rule
        index = log_atcs_match(decision.table, rule.k1, rule.k2, rule.k3, rule.grace_min)
        ranked = (1 + np.argsort(-index, kind="stable")).tolist()
        others = [a for a in ranked if a != usual]
        if decision.can_hold and usual != HOLD:
            others.insert(min(1, len(others)), HOLD)
        return [usual, *others[: self.answers - 1]]

    def _play(self, decision: Decision, tried: list[int]) -> NDArray[np.float64]:
        """Cost of the coming days after each answer, (forks, answers) [USD]."""
        rehearse = decision.rehearse
        if rehearse is None:
            raise RuntimeError(f"question {decision.serial}: no running factory asks this")
        until_min = decision.now_min + self.horizon_days * MIN_PER_DAY
        rounds = max(2, self.forks // len(tried))
        seeds = np.random.SeedSequence([self.seed, decision.serial]).generate_state(rounds)
        return np.array(
            [
                [rehearse(a, self.rule, fresh_seed=s, until_min=until_min) for a in tried]
                for s in seeds.tolist()
            ]
        )


PLUG = Rollout
