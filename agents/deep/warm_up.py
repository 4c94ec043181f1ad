"""The critic learns alone at first: a cloned actor is not pulled apart by a critic that knows
nothing yet."""

from __future__ import annotations

from collections.abc import Iterator

from stable_baselines3.common.callbacks import BaseCallback
from torch import nn


class CriticFirst(BaseCallback):
    """In the first rollouts of a training only the parameters of the value head are trained.

    Which rollout it is follows from the decisions made so far, so a resumed training goes on
    where it stopped.
    """

    def __init__(self, rollouts: int) -> None:
        super().__init__()
        self._rollouts = rollouts

    def _on_step(self) -> bool:
        return True

    def _on_rollout_start(self) -> None:
        size = self.model.n_steps * self.model.n_envs  # type: ignore[attr-defined]
        is_warm = self.num_timesteps >= self._rollouts * size
        for parameter in actor_parameters(self.model.policy):
            parameter.requires_grad_(is_warm)

    def _on_training_end(self) -> None:
        for parameter in actor_parameters(self.model.policy):
            parameter.requires_grad_(True)


def actor_parameters(policy: nn.Module) -> Iterator[nn.Parameter]:
    """All but those that the value alone is computed with."""
    for name, parameter in policy.named_parameters():
        if not any(part.startswith("value") for part in name.split(".")):
            yield parameter
