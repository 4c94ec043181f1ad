"""Orders and lines as tokens that look at each other: the attention network.

Every order in use, every line and the site are tokens of one width; blocks of self-attention
(Vaswani et al. 2017, normalised first) let each see the others; then every order's token is
scored, the site's scores "hold". No token knows its place, so the result does not depend on the
order of the queue. The rule's log index and its reason to hold are added as in the order-scoring
network.
"""

from __future__ import annotations

from typing import Any

import torch
from gymnasium import spaces
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from agents.deep.nets import OrderScorer
from factory_env.envs.observation import MAX_ORDERS
from factory_env.envs.scheduling.encoder import Encoder

FAR = -1e9  # score of what is not there


class SelfAttention(nn.Module):
    """One block: every token looks at all that are there, then thinks by itself.

    Parameters
    ----------
    heads
        Must divide ``width``.
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self._heads = heads
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
        self.project = nn.Linear(width, 3 * width)
        self.join = nn.Linear(width, width)
        self.think = nn.Sequential(
            nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width)
        )

    def forward(self, tokens: Tensor, is_there: Tensor) -> Tensor:
        """Tokens (B, n, width), of which (B, n) are there, to as many tokens."""
        batch, n, width = tokens.shape
        parts = self.project(self.first(tokens)).view(batch, n, 3, self._heads, -1)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        seen = scaled_dot_product_attention(query, key, value, is_there[:, None, None, :])
        tokens = tokens + self.join(seen.transpose(1, 2).reshape(batch, n, width))
        thought: Tensor = tokens + self.think(self.second(tokens))
        return thought


class AttentionScorer(OrderScorer):
    """As `OrderScorer`: observation -> (33 scores, value features), shape (batch, 33 + width)."""

    def __init__(
        self,
        observation_space: spaces.Dict,
        width: int = 64,
        prior_weight: float = 1.0,
        heads: int = 4,
        blocks: int = 2,
    ) -> None:
        super().__init__(observation_space, width, prior_weight)
        shown = Encoder().blocks
        self._line_shape = (shown["lines"].rows, len(shown["lines"].features))
        self._is_line = [f.name for f in shown["lines"].features].index("is_line")
        self.embed = nn.Sequential(nn.Linear(self._n_features, width), nn.Tanh())
        self.summary = nn.Sequential(nn.Linear(len(shown["site"].features), width), nn.Tanh())
        self.line = nn.Sequential(nn.Linear(self._line_shape[1], width), nn.Tanh())
        self.blocks = nn.ModuleList(SelfAttention(width, heads) for _ in range(blocks))
        self.value_embed: nn.Module = SelfAttention(width, heads)  # type: ignore[assignment]
        self.level = nn.LayerNorm(width)

    def forward(self, observations: dict[str, Tensor]) -> Tensor:
        """Scores of hold and 32 orders, then the features of the value head."""
        orders = observations["orders"].float()
        batch = orders.shape[0]
        orders = orders.view(batch, MAX_ORDERS, self._n_features)
        used = orders[:, :, self._is_order] > 0.5
        in_use = used.any(dim=0).nonzero()
        k = int(in_use[-1]) + 1 if len(in_use) else 1  # beyond, nobody has a row
        rows, there = orders[:, :k], used[:, :k]
        tokens, is_there = self._tokens(observations, rows, there)
        for block in self.blocks:
            tokens = block(tokens, is_there)
        known = self.level(tokens)
        site, seen = known[:, 0], known[:, 1 : k + 1]
        mean = _mean(seen, there)
        context = torch.cat([mean, site], dim=1)
        joined = torch.cat([seen, context.unsqueeze(1).expand(-1, k, -1)], dim=2)
        points = self.score(joined).squeeze(2) + self.prior_weight * rows[:, :, self._index]
        points = torch.where(there, points, 0.0)
        chance = points.masked_fill(~there, FAR).softmax(dim=1).unsqueeze(2)
        best = (seen * chance).sum(dim=1)
        hold = self.hold(torch.cat([best, context], dim=1))
        hold = hold + self.hold_prior * self._rule_holds(orders, used)
        scores = torch.cat([points, points.new_zeros(batch, MAX_ORDERS - k)], dim=1)
        answers = torch.cat([hold, scores], dim=1)
        for name, kind in self._options.items():
            shown = observations[name].float().view(-1, kind.rows, len(kind.features))
            answers = self._option_scores(name, kind, shown, site, context, answers)
        return torch.cat([answers, self._value_features(tokens, is_there, there)], dim=1)

    def _tokens(
        self, observations: dict[str, Tensor], rows: Tensor, there: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Site, orders and lines in a row, and which are there."""
        lines = observations["lines"].float().view(-1, *self._line_shape)
        site = self.summary(observations["site"].float()).unsqueeze(1)
        tokens = torch.cat([site, self.embed(rows), self.line(lines)], dim=1)
        is_line = lines[:, :, self._is_line] > 0.5
        return tokens, torch.cat([torch.ones_like(there[:, :1]), there, is_line], dim=1)

    def _value_features(self, tokens: Tensor, is_there: Tensor, there: Tensor) -> Tensor:
        """What the value head reads: a last look of its own."""
        looked: Any = self.value_embed(tokens, is_there)
        seen = looked[:, 1 : there.shape[1] + 1]
        highest = seen.masked_fill(~there.unsqueeze(2), FAR).amax(dim=1)
        highest = torch.where(there.any(dim=1, keepdim=True), highest, 0.0)
        value: Tensor = self.value(torch.cat([_mean(seen, there), looked[:, 0], highest], dim=1))
        return value


def _mean(rows: Tensor, there: Tensor) -> Tensor:
    """Of the rows (B, n, width) that are there."""
    kept = torch.where(there.unsqueeze(2), rows, 0.0).sum(dim=1)
    return kept / there.sum(dim=1, keepdim=True).clamp(min=1)
