"""The order-scoring network that also sees what the rest would cost after each answer.

The cost of the best plan found takes the place of the rule's index: the untrained network answers
as a quick planner does, and learns where plans are wrong.
"""

from __future__ import annotations

from typing import ClassVar

import torch
from gymnasium import spaces
from torch import Tensor, nn

from agents.deep.lean import LeanOrderScorer
from factory_env.envs.observation import MAX_ORDERS
from factory_env.envs.observations.plan import Plan

PLAN = "plan"
PLAN_WEIGHT = 3.0  # of 100 USD in the scores at the start: 33 USD are one in odds of e
HOLD_LEAN = -0.3  # a hold that saves less than 10 USD is not worth it


class PlanScorer(LeanOrderScorer):
    """Rows of orders with the columns of their answer in the plan; hold sees its own."""

    more_columns: ClassVar[int] = len(Plan.features)
    more_site: ClassVar[int] = len(Plan.features)

    def __init__(
        self, observation_space: spaces.Dict, width: int = 64, prior_weight: float = 0.0
    ) -> None:
        super().__init__(observation_space, width, prior_weight)
        self.plan_weight = nn.Parameter(torch.tensor(PLAN_WEIGHT))
        nn.init.constant_(self.hold[-1].bias, HOLD_LEAN)  # type: ignore[arg-type]

    def forward(self, observations: dict[str, Tensor]) -> Tensor:
        """Scores of hold and 32 orders, then the features of the value head."""
        orders = observations["orders"].float()
        batch = orders.shape[0]
        plan = observations[PLAN].float().view(batch, MAX_ORDERS + 1, self.more_columns)
        own = orders.view(batch, MAX_ORDERS, self._n_features - self.more_columns)
        wide = {
            **observations,
            "orders": torch.cat([own, plan[:, 1:]], dim=2).flatten(1),
            "site": torch.cat([observations["site"].float(), plan[:, 0]], dim=1),
        }
        out = super().forward(wide)
        behind = self.plan_weight * plan[:, :, 1]
        return torch.cat([out[:, : MAX_ORDERS + 1] + behind, out[:, MAX_ORDERS + 1 :]], dim=1)
