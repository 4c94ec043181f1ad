"""The joint network: the order scorer for the lines, a small net with five heads for the site."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import torch
from gymnasium import spaces
from sb3_contrib.common.maskable.policies import MaskableActorCriticPolicy
from stable_baselines3.common.torch_layers import BaseFeaturesExtractor
from stable_baselines3.common.type_aliases import Schedule
from torch import Tensor, nn

from agents.deep.nets import OrderScorer
from factory_env.envs.energy.encoder import N_FEATURES
from factory_env.envs.joint.actions import LEVELS, N_MASK, SIZES
from factory_env.envs.joint.seat import ENERGY, KIND

N_ORDERS: Final = int(SIZES[0])
CLOSED: Final = -1e9
N_LEVELS: Final = N_MASK - N_ORDERS
CONTROLS: Final = tuple(LEVELS)
LEVEL_SIZES: Final = tuple(int(n) for n in SIZES[1:])


class JointScorer(BaseFeaturesExtractor):
    """Observation -> (62 scores, value features), concatenated, shape (batch, 62 + 2 x width).

    At the start orders have the scores of `OrderScorer`, and level 0 of each control, which is the
    prior's answer, has the highest score whatever is seen.

    Parameters
    ----------
    width
        Width of all hidden layers.
    prior_weight
        Of the rule's log index in the scores of orders.
    explore
        Chance at the start that a control is given another level than 0.
    controls
        Controls that may leave level 0; the others stay as the prior has them.
    """

    def __init__(
        self,
        observation_space: spaces.Dict,
        width: int = 64,
        prior_weight: float = 1.0,
        explore: float = 0.05,
        controls: Sequence[str] = CONTROLS,
    ) -> None:
        super().__init__(observation_space, N_MASK + 2 * width)
        self.width = width
        self.orders = OrderScorer(observation_space, width, prior_weight)
        self.site = _net(width)
        self.levels = nn.Linear(width, N_LEVELS)
        self.site_value = _net(width)
        self.register_buffer("closed", _closed_levels(controls))
        nn.init.zeros_(self.levels.weight)
        with torch.no_grad():
            self.levels.bias.copy_(_first_levels(explore))

    def forward(self, observations: dict[str, Tensor]) -> Tensor:
        """Scores of hold, 32 orders and 29 levels, then the features of the value head.

        Each question goes through the net of its kind alone; the other's part is zero.
        """
        is_site = observations[KIND][:, 1] > 0.5
        out = observations[ENERGY].new_zeros(is_site.shape[0], N_MASK + 2 * self.width)
        if not bool(is_site.all()):
            floor = {k: v[~is_site] for k, v in observations.items()}
            scores = self.orders(floor)
            out[~is_site, :N_ORDERS] = scores[:, :N_ORDERS]
            out[~is_site, N_MASK : N_MASK + self.width] = scores[:, N_ORDERS:]
        if bool(is_site.any()):
            row = observations[ENERGY][is_site].float()
            out[is_site, N_ORDERS:N_MASK] = self.level_scores(row)
            out[is_site, N_MASK + self.width :] = self.site_value(row)
        return out

    def level_scores(self, row: Tensor) -> Tensor:
        """Scores of the levels of all controls, shape (batch, 29)."""
        scores: Tensor = self.levels(self.site(row)) + self.closed
        return scores


class SplitJoint(nn.Module):
    """Takes the scorer's output apart: scores for the actor, the rest for the critic."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.latent_dim_pi = N_MASK
        self.latent_dim_vf = 2 * width

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        return self.forward_actor(features), self.forward_critic(features)

    def forward_actor(self, features: Tensor) -> Tensor:
        """The 62 scores, which are the logits."""
        return features[:, : self.latent_dim_pi]

    def forward_critic(self, features: Tensor) -> Tensor:
        """Input of the value head."""
        return features[:, self.latent_dim_pi :]


class JointPolicy(MaskableActorCriticPolicy):
    """Scores are the logits of the six choices; the action layer is the identity."""

    def __init__(
        self,
        observation_space: Any,
        action_space: Any,
        lr_schedule: Schedule,
        width: int = 64,
        prior_weight: float = 1.0,
        explore: float = 0.05,
        controls: Sequence[str] = CONTROLS,
        **kwargs: Any,
    ) -> None:
        self._width = width
        arguments = {
            "width": width,
            "prior_weight": prior_weight,
            "explore": explore,
            "controls": controls,
        }
        super().__init__(
            observation_space,
            action_space,
            lr_schedule,
            features_extractor_class=JointScorer,
            features_extractor_kwargs=arguments,
            ortho_init=False,  # it would undo the scorer's own start
            **kwargs,
        )

    def _build_mlp_extractor(self) -> None:
        self.mlp_extractor = SplitJoint(self._width)  # type: ignore[assignment]

    def _build(self, lr_schedule: Schedule) -> None:
        super()._build(lr_schedule)
        self.action_net = nn.Identity()
        self.optimizer = self.optimizer_class(
            self.parameters(),
            lr=lr_schedule(1),  # type: ignore[call-arg]
            **self.optimizer_kwargs,
        )


def take_over(network: MaskableActorCriticPolicy, scheduling: MaskableActorCriticPolicy) -> None:
    """Give the order part the weights of a scheduling agent of the same width.

    Raises
    ------
    ValueError
        If the two do not fit.
    """
    scorer = network.features_extractor.orders  # type: ignore[union-attr]
    given = dict(scheduling.features_extractor.named_parameters())
    wanted = dict(scorer.named_parameters())  # type: ignore[union-attr, operator]
    if given.keys() != wanted.keys() or any(given[k].shape != wanted[k].shape for k in wanted):
        raise ValueError("the scheduling agent has another network")
    with torch.no_grad():
        for name, parameter in wanted.items():
            parameter.copy_(given[name])


def _net(width: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(N_FEATURES, width), nn.Tanh(), nn.Linear(width, width), nn.Tanh()
    )


def _first_levels(explore: float) -> Tensor:
    """Biases under which each control's level 0 has the chance 1 - ``explore``."""
    parts, explore = [], min(max(explore, 1e-6), 1.0 - 1e-6)
    for size in LEVEL_SIZES:
        part = torch.zeros(size)
        part[0] = math.log((1.0 - explore) / explore * (size - 1))
        parts.append(part)
    return torch.cat(parts)


def _closed_levels(controls: Sequence[str]) -> Tensor:
    """0 for a level that may be chosen, far below all scores for one that may not."""
    parts = []
    for control, size in zip(CONTROLS, LEVEL_SIZES, strict=True):
        part = torch.zeros(size)
        if control not in controls:
            part[1:] = CLOSED
        parts.append(part)
    return torch.cat(parts)
