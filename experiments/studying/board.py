"""The figures of a study's runs as arrays: who played everything, and who is missing where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from experiments.evaluating.tournament import Failure
from experiments.studying.cells import Cell, Outcome, Played
from experiments.studying.entrants import Entrant
from experiments.studying.options import BEST_RULE, Study
from experiments.studying.statistics.resampling import Runs

Floats = NDArray[np.float64]
BOUND = "bound_usd"  # the figure of a run that no policy can undercut


@dataclass(frozen=True)
class Board:
    """All outcomes of a study; a policy that lacks a run in a scene is not compared there."""

    study: Study
    entrants: Sequence[Entrant]
    outcomes: Mapping[Cell, Outcome]

    def cells(self) -> list[Cell]:
        """Every run of the study, evaluation seeds outermost: what is half done is still paired."""
        return [
            Cell(
                policy=entrant.policy,
                training_seed=entrant.training_seed,
                scene=scene,
                seed=seed,
            )
            for seed in self.study.seeds.numbers
            for scene in self.study.scenarios
            for entrant in self.entrants
        ]

    @cached_property
    def training_seeds(self) -> dict[str, list[int | None]]:
        """Policy -> the training seeds with which it plays."""
        seeds: dict[str, list[int | None]] = {}
        for entrant in self.entrants:
            seeds.setdefault(entrant.policy, []).append(entrant.training_seed)
        return seeds

    @cached_property
    def rules(self) -> set[str]:
        """Policies that are rules."""
        return {e.policy for e in self.entrants if e.player.is_rule}

    @cached_property
    def _played(self) -> dict[tuple[str, str], list[list[Played]]]:
        rows: dict[tuple[str, str], list[list[Played]]] = {}
        for policy, training_seeds in self.training_seeds.items():
            for scene in self.study.scenarios:
                row = [self._row(policy, seed, scene) for seed in training_seeds]
                if all(len(cells) == len(self.study.seeds.numbers) for cells in row):
                    rows[policy, scene] = row
        return rows

    def _row(self, policy: str, training_seed: int | None, scene: str) -> list[Played]:
        cells = (
            Cell(policy=policy, training_seed=training_seed, scene=scene, seed=seed)
            for seed in self.study.seeds.numbers
        )
        return [o for o in map(self.outcomes.get, cells) if isinstance(o, Played)]

    def played(self, policy: str, scene: str) -> list[list[Played]] | None:
        """What it did, training seed by training seed; None if it has not played all seeds."""
        return self._played.get((policy, scene))

    def figure(self, policy: str, scene: str, key: str) -> Floats | None:
        """One figure of a policy, (training seeds, evaluation seeds); None as of `played`."""
        rows = self.played(policy, scene)
        if rows is None or key not in rows[0][0].figures:
            return None
        return np.array([[played.figures[key] for played in row] for row in rows])

    def policies(self, scene: str) -> list[str]:
        """Who has played every seed of a scene, in the order of the study."""
        return [p for p in self.study.policies if self.played(p, scene) is not None]

    def everywhere(self) -> list[str]:
        """Who has played every seed of every scene."""
        return [
            policy
            for policy in self.study.policies
            if all(self.played(policy, scene) is not None for scene in self.study.scenarios)
        ]

    def best_rule(self, scene: str, key: str) -> str | None:
        """The rule with the lowest mean on these very seeds: the strictest yardstick.

        Where no rule plays, the cheapest policy.
        """
        there = self.policies(scene)
        means = {
            policy: float(values.mean())
            for policy in there
            if (values := self.figure(policy, scene, key)) is not None
        }
        rules = {policy: mean for policy, mean in means.items() if policy in self.rules}
        among = rules or means
        return min(among, key=lambda p: among[p]) if among else None

    def find_base(self, name: str, scene: str, key: str) -> str | None:
        """The policy that is meant by a name or by `BEST_RULE`; None if it did not play all."""
        if name == BEST_RULE:
            return self.best_rule(scene, key)
        return name if name in self.policies(scene) else None

    def runs(self, policy: str, scenes: Sequence[str], key: str) -> Runs | None:
        """One figure in every run of some scenes; None if a run or the figure is missing."""
        parts = [self.figure(policy, scene, key) for scene in scenes]
        number = list(self.study.policies).index(policy)
        there = tuple(part for part in parts if part is not None)
        return Runs(policy=number, scenes=there) if len(there) == len(scenes) else None

    def base_runs(self, name: str, scenes: Sequence[str], key: str) -> Runs | None:
        """The same of a yardstick, which may be another rule in every scene."""
        bases = [self.find_base(name, scene, key) for scene in scenes]
        if name != BEST_RULE:
            return None if None in bases else self.runs(name, scenes, key)
        parts = [
            None if base is None else self.figure(base, scene, key)
            for base, scene in zip(bases, scenes, strict=True)
        ]
        there = tuple(part for part in parts if part is not None)
        if len(there) < len(scenes) or not there:
            return None
        if len({part.shape[0] for part in there}) > 1:  # stand-ins that learned: their mean
            there = tuple(part.mean(axis=0, keepdims=True) for part in there)
        return Runs(policy=len(self.study.policies), scenes=there)

    def failures(self) -> list[tuple[Cell, Failure]]:
        """The first failed run of every policy in every scene, in the order of the runs."""
        first: dict[tuple[str, int | None, str], tuple[Cell, Failure]] = {}
        for cell in self.cells():
            outcome = self.outcomes.get(cell)
            if isinstance(outcome, Failure):
                first.setdefault(cell.entrant, (cell, outcome))
        return list(first.values())
