"""The order-scoring network: every waiting order is scored by the same small nets.

An MLP embeds each visible order joined with the global features; the mean of the embeddings
is the context; a second MLP scores (order, context), a third scores "hold". The result does
not depend on the order of the queue nor on its length. The log index of the line-matching
ATCS rule is added to the scores with a learnable weight, and the rule's own reason to hold to
the score of "hold", so that the untrained policy is about as good as the rule (a prior, in
the sense of residual policy learning).
"""

from __future__ import annotations

from typing import ClassVar

import torch
from gymnasium import spaces
from stable_baselines3.common.torch_layers import BaseFeaturesExtractor
from torch import Tensor, nn

from factory_env.envs.observation import MAX_ORDERS, KindBlock
from factory_env.envs.scheduling.encoder import Encoder, further_blocks

HOLD_BIAS = -4.0  # the untrained policy holds only where the rule does
HOLD_DAYS = 0.1  # the rule holds if its choice would end this much earlier on another line
HOLD_STEEPNESS = 40.0  # per day
HOUSE_LEAN = 2.0  # of the untrained policy to what the house would do


class OrderScorer(BaseFeaturesExtractor):
    """Observation -> (33 scores, value features), concatenated, shape (batch, 33 + width).

    Parameters
    ----------
    width
        Width of all hidden layers.
    prior_weight
        Initial weight of the rule's log index in the scores; 0 switches the prior off.
    """

    more_columns: ClassVar[int] = 0  # of an order's row, behind those of the block ``orders``
    more_site: ClassVar[int] = 0  # and of the block ``site``

    def __init__(
        self, observation_space: spaces.Dict, width: int = 64, prior_weight: float = 1.0
    ) -> None:
        super().__init__(observation_space, MAX_ORDERS + 1 + width)
        blocks = Encoder().blocks
        names = [f.name for f in blocks["orders"].features]
        self._n_features = len(names) + self.more_columns
        self._is_order = names.index("is_order")
        self._index = names.index("rule_log_index")
        self._sooner = names.index("sooner_elsewhere")
        lines, site = blocks["lines"], blocks["site"]
        n_global = lines.rows * len(lines.features) + len(site.features) + self.more_site
        self.summary = nn.Sequential(nn.Linear(n_global, width), nn.Tanh())
        self.embed = _mlp(self._n_features + width, width)
        self.score = nn.Sequential(_mlp(3 * width, width), nn.Linear(width, 1))
        self.hold = nn.Sequential(_mlp(3 * width, width), nn.Linear(width, 1))
        self.value_embed = _mlp(self._n_features + width, width)
        self.value = _mlp(3 * width, width)
        self.prior_weight = nn.Parameter(torch.tensor(float(prior_weight)))
        self.hold_prior = nn.Parameter(torch.tensor(-2.0 * HOLD_BIAS * float(prior_weight > 0)))
        self._options = _option_blocks(observation_space)
        for name, block in self._options.items():
            assert block.options is not None
            seen = 2 * width if block.options.shows_order else width
            self.add_module(name, _option_net(len(block.features) + seen, width))
            if block.options.house is not None:
                self.house_lean = nn.Parameter(torch.tensor(HOUSE_LEAN * float(prior_weight > 0)))
        for head in (self.score[-1], self.hold[-1]):
            nn.init.zeros_(head.weight)  # type: ignore[arg-type]
            nn.init.zeros_(head.bias)  # type: ignore[arg-type]
        nn.init.constant_(self.hold[-1].bias, HOLD_BIAS)  # type: ignore[arg-type]

    def forward(self, observations: dict[str, Tensor]) -> Tensor:
        """Scores of hold and 32 orders, then the features of the value head.

        Questions show a handful of orders, so only rows in use are computed, all questions'
        rows in one list of M: ``owner`` says whose each row is.
        """
        batch = observations["orders"].shape[0]
        orders = observations["orders"].float().view(batch, MAX_ORDERS, self._n_features)
        used = orders[:, :, self._is_order] > 0.5
        owner, _ = used.nonzero(as_tuple=True)  # (M,)
        rows = orders[used]  # (M, features)
        count = used.sum(dim=1, keepdim=True).clamp(min=1)
        site = torch.cat([observations["lines"].float(), observations["site"].float()], dim=1)
        summary = self.summary(site)
        joined = torch.cat([rows, summary[owner]], dim=1)
        embedded = self.embed(joined)
        context = torch.cat([_summed(embedded, owner, batch) / count, summary], dim=1)
        row_scores = self.score(torch.cat([embedded, context[owner]], dim=1)).squeeze(1)
        row_scores = row_scores + self.prior_weight * rows[:, self._index]
        scores = orders.new_zeros(batch, MAX_ORDERS)
        scores[used] = row_scores
        chance = scores.masked_fill(~used, -1e9).softmax(dim=1)[used]
        best = _summed(embedded * chance.unsqueeze(1), owner, batch)
        hold = self.hold(torch.cat([best, context], dim=1))
        hold = hold + self.hold_prior * self._rule_holds(orders, used)
        value_rows = self.value_embed(joined)
        value_context = torch.cat([_summed(value_rows, owner, batch) / count, summary], dim=1)
        spread = orders.new_zeros(batch, MAX_ORDERS, value_rows.shape[1])
        spread[used] = value_rows
        value = self.value(torch.cat([value_context, spread.amax(dim=1)], dim=1))
        answers = torch.cat([hold, scores], dim=1)
        for name, block in self._options.items():
            shown = observations[name].float().view(-1, block.rows, len(block.features))
            answers = self._option_scores(name, block, shown, summary, context, answers)
        return torch.cat([answers, value], dim=1)

    def _option_scores(
        self,
        name: str,
        block: type[KindBlock],
        rows: Tensor,
        summary: Tensor,
        context: Tensor,
        answers: Tensor,
    ) -> Tensor:
        """Where a block's kind of question is asked, its answers' scores take the others' place.

        Their prior is what the house's rule looks at: what an answer is expected to save, and
        which one the house would give. ``context`` holds the order in question.
        """
        options = block.options
        assert options is not None
        column = {feature.name: rows[:, :, i] for i, feature in enumerate(block.features)}
        known = context if options.shows_order else summary
        joined = torch.cat([rows, known.unsqueeze(1).expand(-1, block.rows, -1)], dim=2)
        gain = sum(weight * column[feature] for feature, weight in options.gain.items())
        prior = self.prior_weight * gain
        if options.house is not None:
            prior = self.house_lean * column[options.house] + prior
        scores = answers.new_full(answers.shape, -1e9)
        scores[:, : block.rows] = self.get_submodule(name)(joined).squeeze(2) + prior
        return torch.where(rows[:, :1, 0] > 0.5, scores, answers)

    def _rule_holds(self, orders: Tensor, used: Tensor) -> Tensor:
        """Near 1 where the rule's choice would end earlier on another line, else near 0."""
        index = orders[:, :, self._index].masked_fill(~used, -1e9)
        choice = index.argmax(dim=1, keepdim=True)
        sooner = orders[:, :, self._sooner].gather(1, choice)
        return torch.sigmoid((sooner - HOLD_DAYS) * HOLD_STEEPNESS)


class SplitScores(nn.Module):
    """Takes the scorer's output apart: scores for the actor, the rest for the critic."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.latent_dim_pi = MAX_ORDERS + 1
        self.latent_dim_vf = width

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        return self.forward_actor(features), self.forward_critic(features)

    def forward_actor(self, features: Tensor) -> Tensor:
        """The 33 scores, which are the logits."""
        return features[:, : self.latent_dim_pi]

    def forward_critic(self, features: Tensor) -> Tensor:
        """Input of the value head."""
        return features[:, self.latent_dim_pi :]


def _option_blocks(space: spaces.Dict) -> dict[str, type[KindBlock]]:
    """The blocks of an observation that are tables of answers, by name."""
    return {
        name: block
        for name, block in further_blocks().items()
        if name in space.spaces and block.options is not None
    }


def _option_net(n_in: int, width: int) -> nn.Sequential:
    """Scores one option at a time; all alike at the start."""
    head = nn.Linear(width, 1)
    nn.init.zeros_(head.weight)
    nn.init.zeros_(head.bias)
    return nn.Sequential(_mlp(n_in, width), head)


def _mlp(n_in: int, width: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(n_in, width), nn.Tanh(), nn.Linear(width, width), nn.Tanh())


def _summed(rows: Tensor, owner: Tensor, batch: int) -> Tensor:
    """Sum of each question's rows, shape (batch, width)."""
    return rows.new_zeros(batch, rows.shape[1]).index_add(0, owner, rows)
