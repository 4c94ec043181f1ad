"""Policies for MaskablePPO: the order-scoring net, and a flat MLP for comparison."""

from __future__ import annotations

from typing import Any

from sb3_contrib.common.maskable.policies import (
    MaskableActorCriticPolicy,
    MaskableMultiInputActorCriticPolicy,
)
from stable_baselines3.common.type_aliases import Schedule
from torch import nn

from agents.deep.lean import LeanOrderScorer
from agents.deep.nets import SplitScores


class OrderScoringPolicy(MaskableActorCriticPolicy):
    """Scores are the logits; the action layer is the identity."""

    def __init__(
        self,
        observation_space: Any,
        action_space: Any,
        lr_schedule: Schedule,
        width: int = 64,
        prior_weight: float = 1.0,
        **kwargs: Any,
    ) -> None:
        self._width = width
        super().__init__(
            observation_space,
            action_space,
            lr_schedule,
            features_extractor_class=LeanOrderScorer,
            features_extractor_kwargs={"width": width, "prior_weight": prior_weight},
            ortho_init=False,  # it would undo the scorer's own start
            **kwargs,
        )

    def _build_mlp_extractor(self) -> None:
        self.mlp_extractor = SplitScores(self._width)  # type: ignore[assignment]

    def _build(self, lr_schedule: Schedule) -> None:
        super()._build(lr_schedule)
        self.action_net = nn.Identity()
        self.optimizer = self.optimizer_class(
            self.parameters(),
            lr=lr_schedule(1),  # type: ignore[call-arg]
            **self.optimizer_kwargs,
        )


# network name in the config -> policy class
NETWORKS: dict[str, type[MaskableActorCriticPolicy]] = {
    "order_scoring": OrderScoringPolicy,
    "flat": MaskableMultiInputActorCriticPolicy,
}
