"""Before learning begins, the network learns to answer as a rule does, on training seeds."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from sb3_contrib.common.maskable.policies import MaskableActorCriticPolicy

from agents import rules
from agents.deep.cloning import CloneFigures, CloneSettings, clone_policy
from agents.deep.cloning_examples import Examples, Teacher, join_examples
from agents.deep.lines import LinesSettings
from agents.rules.atcs_match import AtcsMatch
from experiments.command.crew import Crew

Lines = TypeVar("Lines", bound=LinesSettings)


@dataclass(frozen=True, slots=True, kw_only=True)
class CloningLesson:
    """What a network is cloned from.

    Parameters
    ----------
    seeds
        Training seeds, from the first on as many as are needed.
    """

    teacher: Teacher
    settings: CloneSettings
    seeds: Sequence[int]
    crew: Crew

    def clone(self, policy: MaskableActorCriticPolicy, seed: int) -> CloneFigures:
        """Teach ``policy``; says how well it answers as the rule."""
        figures = clone_policy(policy, self.examples(), self.settings, seed)
        name = self.settings.rule
        print(f"clone of {name}: {figures.tell()}", file=sys.stderr)
        return figures

    def examples(self) -> Examples:
        """About as many decisions of the rule as are asked for, at most those of all seeds."""
        first = self.teacher.open()(self.seeds[0])  # tells how long a run is
        runs = -(-self.settings.decisions // max(1, len(first)))
        rest = self.seeds[1 : max(2, runs)]
        title = f"{self.settings.rule} shows how"
        more = self.crew.work_off(self.teacher, rest, title=title)
        return join_examples([first, *more])


def settings_with_prior(settings: Lines, plant: str) -> Lines:
    """The same; where no prior is given, the index is that of the rule as tuned for the plant."""
    return settings if settings.prior else replace(settings, prior=tuned_prior(plant))


def tuned_prior(plant: str) -> Mapping[str, float]:
    """Parameters of the line-matching ATCS index as tuned for a plant, else the rule's defaults."""
    rule = rules.load("atcs_match", plant)
    assert isinstance(rule, AtcsMatch)
    return {"k1": rule.k1, "k2": rule.k2, "k3": rule.k3, "grace_min": rule.grace_min}
