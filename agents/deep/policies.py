"""Networks of who runs the lines, by name; a flat MLP for comparison."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from sb3_contrib.common.maskable.policies import (
    MaskableActorCriticPolicy,
    MaskableMultiInputActorCriticPolicy,
)
from stable_baselines3.common.type_aliases import Schedule
from torch import nn

from agents.deep.attention import AttentionScorer
from agents.deep.lean import LeanOrderScorer
from agents.deep.nets import OrderScorer, SplitScores
from agents.deep.plan_scoring import PlanScorer
from agents.deep.recurrent import RecurrentScoringPolicy

PLAN_SCORING: Final = "plan_scoring"


class OrderScoringPolicy(MaskableActorCriticPolicy):
    """Scores are the logits; the action layer is the identity."""

    scorer: ClassVar[type[OrderScorer]] = LeanOrderScorer

    def __init__(
        self,
        observation_space: Any,
        action_space: Any,
        lr_schedule: Schedule,
        width: int = 64,
        prior_weight: float = 1.0,
        sizes: Mapping[str, int] | None = None,
        **kwargs: Any,
    ) -> None:
        self._width = width
        scorer = {"width": width, "prior_weight": prior_weight, **(sizes or {})}
        super().__init__(
            observation_space,
            action_space,
            lr_schedule,
            features_extractor_class=self.scorer,
            features_extractor_kwargs=scorer,
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


class AttentionPolicy(OrderScoringPolicy):
    """Orders and lines look at each other first."""

    scorer: ClassVar[type[OrderScorer]] = AttentionScorer

    def __init__(self, *given: Any, heads: int = 4, blocks: int = 2, **kwargs: Any) -> None:
        kwargs["sizes"] = {"heads": heads, "blocks": blocks}
        super().__init__(*given, **kwargs)


class QuantileScoringPolicy(OrderScoringPolicy):
    """What a state is worth is told by quantiles of the return."""

    def __init__(self, *given: Any, quantiles: int = 25, **kwargs: Any) -> None:
        self._quantiles = quantiles
        super().__init__(*given, **kwargs)

    def _build(self, lr_schedule: Schedule) -> None:
        super()._build(lr_schedule)
        self.value_net = nn.Linear(self._width, self._quantiles)
        self.optimizer = self.optimizer_class(
            self.parameters(),
            lr=lr_schedule(1),  # type: ignore[call-arg]
            **self.optimizer_kwargs,
        )


class PlanScoringPolicy(OrderScoringPolicy):
    """Scores are the logits; the plan's costs are their prior."""

    scorer: ClassVar[type[OrderScorer]] = PlanScorer


# network name in the config -> policy class
NETWORKS: dict[str, type[Any]] = {
    "order_scoring": OrderScoringPolicy,
    "attention": AttentionPolicy,
    "quantile_scoring": QuantileScoringPolicy,
    "recurrent": RecurrentScoringPolicy,
    "flat": MaskableMultiInputActorCriticPolicy,
    PLAN_SCORING: PlanScoringPolicy,
}


def wants_plans(network: str) -> bool:
    """Does a network read the block ``plan``?"""
    return network == PLAN_SCORING
