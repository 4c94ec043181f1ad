"""What a rule answers, seen as an agent sees it: the examples from which a network is cloned.

Once in a while the factory is given another legal answer than the rule's, so that the clone has
also seen where its own mistakes lead; the label is always what the rule says there (the idea of
DAgger, Ross et al. 2011, with noise in place of the learner: DART, Laskey et al. 2017).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factory_env.decision import Policy, ask
from factory_env.decisions.energy_choice import EnergyPolicy
from factory_env.domain.scenario import Scenario
from factory_env.envs.scheduling.env import SchedulingEnv


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Questions and what a rule answers; a row each of ``n``.

    Parameters
    ----------
    observations
        Blocks and mask by name, shape (n, size of the block).
    actions
        The rule's answers as actions, shape (n,).
    targets
        How likely every action should be, shape (n, actions), where the teacher says so.
    """

    observations: Mapping[str, NDArray[Any]]
    actions: NDArray[np.int64]
    targets: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return int(self.actions.shape[0])


def join_examples(parts: Sequence[Examples]) -> Examples:
    """All rows, in the order of the parts."""
    names = parts[0].observations
    return Examples(
        observations={n: np.concatenate([p.observations[n] for p in parts]) for n in names},
        actions=np.concatenate([p.actions for p in parts]),
        targets=_join_targets(parts),
    )


def _join_targets(parts: Sequence[Examples]) -> NDArray[np.float32] | None:
    targets = [p.targets for p in parts if p.targets is not None]
    return np.concatenate(targets) if len(targets) == len(parts) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Teacher:
    """Plays seeds as a rule would; what a worker needs to show how.

    Parameters
    ----------
    prior
        Of the index that the network is shown.
    stray
        Share of answers that the factory gets at random in place of the rule's.
    """

    scenario: Scenario
    rule: Policy
    prior: Mapping[str, float]
    stray: float
    site: EnergyPolicy | None = None  # runs the site, if there is one
    plans: bool = False  # does the network read them?

    def open(self) -> Callable[[int], Examples]:
        """The examples of a seed; one environment serves all seeds."""
        env = SchedulingEnv(scenario=self.scenario, prior=self.prior, plans=self.plans)
        env.energy_policy = self.site
        return lambda seed: self._play(env, seed)

    def _play(self, env: SchedulingEnv, seed: int) -> Examples:
        """One run; questions with one legal answer and answers out of sight teach nothing."""
        rng = np.random.default_rng(seed)
        shown: dict[str, list[NDArray[Any]]] = {name: [] for name in env.encoder.space().spaces}
        actions: list[int] = []
        observation, _ = env.reset(seed=seed)
        is_over = False
        while not is_over:
            assert env.question is not None
            action = env.answer_to_action(ask(self.rule, env.question))
            legal = np.flatnonzero(observation["mask"])
            if legal.size > 1 and action in legal:
                actions.append(action)
                for name, rows in shown.items():
                    rows.append(observation[name])
            if rng.random() < self.stray:
                action = int(rng.choice(legal))
            observation, _, terminated, truncated, _ = env.step(action)
            is_over = terminated or truncated
        return Examples(
            observations={name: np.stack(rows) for name, rows in shown.items()},
            actions=np.array(actions, dtype=np.int64),
        )
