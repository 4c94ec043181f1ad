"""A dataset of recorded play: what was seen, done and earned, episode by episode."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from factory_env.envs.registration import SCHEDULING_V1

FORMAT: Final = 1  # rises when a dataset's keys or their meaning change
ENV: Final = SCHEDULING_V1
# what an episode's infos hold at the reset and after every step
INFOS: Final = ("rule_action", "policy_action", "elapsed_min", "discount")

Array = NDArray[Any]
Blocks = Mapping[str, Array]  # block of the observation -> one row a decision


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RecordedEpisode:
    """A run of n decisions.

    The policy's own choice is ``infos["policy_action"]``; where the recording explored, another
    action was taken, and ``actions`` has that one.
    """

    policy: str
    seed: int
    observations: Blocks  # (n + 1, width) each; the last one is of the end
    actions: NDArray[np.int64]  # (n,)
    rewards: NDArray[np.float64]  # (n,), scaled as the environment's
    terminations: NDArray[np.bool_]  # (n,)
    truncations: NDArray[np.bool_]  # (n,)
    infos: Blocks  # (n + 1,) each of `INFOS`
    cost_usd: float  # the run's ``total_cost_usd``

    def __len__(self) -> int:
        return int(self.actions.shape[0])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Transitions:
    """The decisions of many episodes in a row, m in all."""

    observations: Blocks  # (m, width) each
    next_observations: Blocks  # (m, width) each
    actions: NDArray[np.int64]  # (m,) as taken
    policy_actions: NDArray[np.int64]  # (m,) as the policy would have it
    rule_actions: NDArray[np.int64]  # (m,) as the index rule of the environment would have it
    rewards: NDArray[np.float64]  # (m,)
    discounts: NDArray[np.float64]  # (m,) by the minutes until the next decision
    ends: NDArray[np.bool_]  # (m,) the run is over after it, terminated or truncated
    returns: NDArray[np.float64]  # (m,) discounted sum of the rewards from here to the end


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dataset:
    """Episodes, and what a reader must know of them."""

    name: str  # with its version, e.g. small-v1
    episodes: Sequence[RecordedEpisode]
    features: Mapping[str, Sequence[str]]  # block -> names of its columns
    facts: Mapping[str, Any] = field(default_factory=dict)  # plant, epsilon, who recorded it, ...

    def __len__(self) -> int:
        """Decisions."""
        return sum(len(episode) for episode in self.episodes)

    @property
    def policies(self) -> tuple[str, ...]:
        """Who played, in the order in which they were recorded."""
        return tuple(dict.fromkeys(episode.policy for episode in self.episodes))

    def mean_costs_usd(self) -> dict[str, float]:
        """Mean ``total_cost_usd`` of each policy's runs, exploration included."""
        return {
            name: float(np.mean([e.cost_usd for e in self.episodes if e.policy == name]))
            for name in self.policies
        }

    def transitions(
        self, keep: Callable[[RecordedEpisode], bool] = lambda episode: True
    ) -> Transitions:
        """All decisions of the episodes that are kept, in their order."""
        kept = [episode for episode in self.episodes if keep(episode)]
        infos = {key: _join([e.infos[key] for e in kept], end=-1) for key in INFOS}
        seen = {b: [e.observations[b] for e in kept] for b in kept[0].observations} if kept else {}
        return Transitions(
            observations={block: _join(rows, end=-1) for block, rows in seen.items()},
            next_observations={block: _join(rows, begin=1) for block, rows in seen.items()},
            actions=_join([e.actions for e in kept]),
            policy_actions=infos["policy_action"],
            rule_actions=infos["rule_action"],
            rewards=_join([e.rewards for e in kept]),
            discounts=_join([e.infos["discount"] for e in kept], begin=1),
            ends=_join([e.terminations | e.truncations for e in kept]),
            returns=_join([_returns(e) for e in kept]),
        )


def _join(arrays: Sequence[Array], begin: int = 0, end: int | None = None) -> Array:
    return np.concatenate([array[begin:end] for array in arrays]) if arrays else np.empty(0)


def _returns(episode: RecordedEpisode) -> NDArray[np.float64]:
    """Discounted by elapsed time, shape (n,)."""
    returns = np.zeros(len(episode))
    after = 0.0
    for i in reversed(range(len(episode))):
        after = episode.rewards[i] + episode.infos["discount"][i + 1] * after
        returns[i] = after
    return returns
