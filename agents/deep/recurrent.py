"""A network with a memory: what a long short-term memory keeps of a run stands beside the site.

Orders are scored as by the order-scoring network, which also reads the memory; at the start it does
not look at it, so that the untrained network is the order-scoring one. Illegal answers are masked
inside, as the observation says, for a learner that knows no masks.
"""

from __future__ import annotations

from typing import Any

import torch
from gymnasium import spaces
from sb3_contrib.common.recurrent.policies import RecurrentActorCriticPolicy
from stable_baselines3.common.torch_layers import BaseFeaturesExtractor
from stable_baselines3.common.type_aliases import Schedule
from torch import Tensor, nn

from agents.deep.fragments import MASKED
from agents.deep.nets import OrderScorer
from factory_env.envs.observation import MAX_ORDERS
from factory_env.envs.scheduling.encoder import Encoder

Memory = tuple[Tensor, Tensor]


class FlatBlocks(BaseFeaturesExtractor):
    """Every block of the observation beside the others, in the order of the space."""

    def __init__(self, observation_space: spaces.Dict) -> None:
        sizes = {name: int(spaces.flatdim(box)) for name, box in observation_space.spaces.items()}
        super().__init__(observation_space, sum(sizes.values()))
        self.sizes = sizes

    def forward(self, observations: dict[str, Tensor]) -> Tensor:
        """Shape (batch, size of all)."""
        return torch.cat([observations[name].float() for name in self.sizes], dim=1)

    def split(self, rows: Tensor) -> dict[str, Tensor]:
        """The blocks again."""
        return dict(zip(self.sizes, rows.split([*self.sizes.values()], dim=1), strict=True))


class RecallingScorer(nn.Module):
    """In the place of ``mlp_extractor``: flat observation, with or without memory, to scores."""

    def __init__(
        self, space: spaces.Dict, blocks: FlatBlocks, width: int, prior_weight: float
    ) -> None:
        super().__init__()
        self._split, self._size, self._width = blocks.split, blocks.features_dim, width
        self.scorer = OrderScorer(space, width, prior_weight)
        first: Any = self.scorer.summary[0]
        wider = nn.Linear(first.in_features + width, width)
        with torch.no_grad():
            wider.weight.copy_(torch.cat([first.weight, torch.zeros(width, width)], dim=1))
            wider.bias.copy_(first.bias)
        self.scorer.summary[0] = wider

    def forward_actor(self, rows: Tensor) -> Tensor:
        """33 scores, illegal ones very low."""
        return self._look(rows)[0]

    def forward_critic(self, rows: Tensor) -> Tensor:
        """Input of the value head."""
        return self._look(rows)[1]

    def _look(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        shown, memory = rows[:, : self._size], rows[:, self._size :]
        if not memory.shape[1]:
            memory = rows.new_zeros(len(rows), self._width)
        blocks = self._split(shown)
        is_masked = blocks["mask"] < 0.5
        blocks["site"] = torch.cat([blocks["site"], memory], dim=1)
        out = self.scorer(blocks)
        return out[:, : MAX_ORDERS + 1].masked_fill(is_masked, MASKED), out[:, MAX_ORDERS + 1 :]


class RecurrentScoringPolicy(RecurrentActorCriticPolicy):
    """One memory for actor and critic; only the actor teaches it what to keep."""

    def __init__(
        self,
        observation_space: Any,
        action_space: Any,
        lr_schedule: Schedule,
        width: int = 64,
        prior_weight: float = 1.0,
        **kwargs: Any,
    ) -> None:
        self._width, self._prior_weight = width, prior_weight
        super().__init__(
            observation_space,
            action_space,
            lr_schedule,
            features_extractor_class=FlatBlocks,
            ortho_init=False,  # it would undo the scorer's own start
            lstm_hidden_size=width,
            shared_lstm=True,
            enable_critic_lstm=False,
            **kwargs,
        )
        shown = Encoder().blocks
        self._order_shape = (shown["orders"].rows, len(shown["orders"].features))
        n_site = sum(shown[name].rows * len(shown[name].features) for name in ("lines", "site"))
        self.glance = nn.Sequential(nn.Linear(self._order_shape[1] + n_site, width), nn.Tanh())
        self.lstm_actor = nn.LSTM(width, width)
        self.optimizer = self.optimizer_class(
            self.parameters(),
            lr=lr_schedule(1),  # type: ignore[call-arg]
            **self.optimizer_kwargs,
        )

    def recall(self, features: Tensor, memory: Memory, starts: Tensor) -> tuple[Tensor, Memory]:
        """Observations with the memory beside them, and the memory afterwards."""
        shown: Any = self.features_extractor
        blocks = shown.split(features)
        orders = blocks["orders"].view(-1, *self._order_shape)
        count = (orders[:, :, -1] > 0.5).sum(dim=1, keepdim=True).clamp(min=1)
        seen = torch.cat([orders.sum(dim=1) / count, blocks["lines"], blocks["site"]], dim=1)
        kept, after = RecurrentActorCriticPolicy._process_sequence(
            self.glance(seen), memory, starts, self.lstm_actor
        )
        hidden, cell = after
        return torch.cat([features, kept], dim=1), (hidden, cell)

    def new_memory(self, n: int = 1) -> Memory:
        """Of runs that begin."""
        return torch.zeros(1, n, self._width), torch.zeros(1, n, self._width)

    def _process_sequence(  # type: ignore[override]
        self, features: Tensor, lstm_states: Memory, episode_starts: Tensor, lstm: nn.LSTM
    ) -> tuple[Tensor, Memory]:
        del lstm  # there is one
        return self.recall(features, lstm_states, episode_starts)

    def _build_mlp_extractor(self) -> None:
        space: Any = self.observation_space
        blocks: Any = self.features_extractor
        scorer: Any = RecallingScorer(space, blocks, self._width, self._prior_weight)
        scorer.latent_dim_pi, scorer.latent_dim_vf = MAX_ORDERS + 1, self._width
        self.mlp_extractor = scorer

    def _build(self, lr_schedule: Schedule) -> None:
        super()._build(lr_schedule)
        self.action_net = nn.Identity()
