"""One policy plays one seed, and now and then something else is done than it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.building.policy import policy_from
from factory_env import Scenario
from factory_env.decision import Policy, ask
from factory_env.envs.datasets.dataset import INFOS, RecordedEpisode
from factory_env.envs.scheduling.env_v1 import SchedulingEnvV1

Job = tuple[str, int]  # policy and seed


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where policies play; travels to each worker."""

    scenario: Scenario
    policies: Sequence[str]
    epsilon: float
    seed: int  # of the exploration
    hold: str
    reward: str

    def open(self) -> Callable[[Job], RecordedEpisode]:
        """Make environment and policies once for all jobs."""
        env = self.make_env()
        plant = self.scenario.plant.name
        players = {name: policy_from(name, None, plant) for name in self.policies}
        return lambda job: self._play(env, players, *job)

    def make_env(self) -> SchedulingEnvV1:
        """The environment that is recorded."""
        return SchedulingEnvV1(scenario=self.scenario, hold=self.hold, reward=self.reward)

    def _play(
        self, env: SchedulingEnvV1, players: Mapping[str, Policy], name: str, seed: int
    ) -> RecordedEpisode:
        # its own luck a policy and seed, whoever else plays
        rng = np.random.default_rng([self.seed, seed, *name.encode()])
        seen, told = env.reset(seed=seed)
        tape = _Tape()
        is_over = False
        while not is_over:
            own = _choose(env, players[name], told["action_mask"])
            legal = np.flatnonzero(told["action_mask"])
            action = int(rng.choice(legal)) if rng.random() < self.epsilon else own
            tape.note_question(seen, told, own)
            seen, reward, terminated, truncated, told = env.step(action)
            tape.note_step(action, reward, terminated, truncated)
            is_over = terminated or truncated
        tape.note_question(seen, told, 0)
        return tape.episode(name, seed, float(told["kpis"]["total_cost_usd"]))


def _choose(env: SchedulingEnvV1, policy: Policy, mask: Any) -> int:
    """The policy's action, or the legal one next to it where ``hold`` forbids it."""
    assert env.question is not None
    action = env.answer_to_action(ask(policy, env.question))
    legal = np.flatnonzero(mask)
    return int(legal[np.abs(legal - action).argmin()])


class _Tape:
    """What an episode has been so far."""

    def __init__(self) -> None:
        self._seen: list[Mapping[str, Any]] = []
        self._infos: list[Mapping[str, Any]] = []
        self._steps: list[tuple[int, float, bool, bool]] = []

    def note_question(self, seen: Mapping[str, Any], told: Mapping[str, Any], own: int) -> None:
        """An observation, its info, and what the policy would do."""
        self._seen.append(seen)
        self._infos.append({**told, "policy_action": own})

    def note_step(self, action: int, reward: float, terminated: bool, truncated: bool) -> None:
        """What was done and what came of it."""
        self._steps.append((action, reward, terminated, truncated))

    def episode(self, policy: str, seed: int, cost_usd: float) -> RecordedEpisode:
        """The whole of it."""
        actions, rewards, terminations, truncations = zip(*self._steps, strict=True)
        return RecordedEpisode(
            policy=policy,
            seed=seed,
            observations={k: np.stack([s[k] for s in self._seen]) for k in self._seen[0]},
            infos={key: np.array([info[key] for info in self._infos]) for key in INFOS},
            actions=np.array(actions, dtype=np.int64),
            rewards=np.array(rewards, dtype=np.float64),
            terminations=np.array(terminations, dtype=np.bool_),
            truncations=np.array(truncations, dtype=np.bool_),
            cost_usd=cost_usd,
        )
