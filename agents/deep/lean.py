"""The order-scoring network's arithmetic in fewer and smaller steps, while it is trained.

The same function, to rounding: what is known once per question goes through its part of a layer
once per question and not once per row, nets that read the same input read it in one product, and
rows are gathered by whole numbers, whose gradients are plain sums. A network that plays (in
evaluation mode) keeps the plain form, so that saved agents answer as ever.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

from agents.deep.nets import OrderScorer
from factory_env.envs.observation import MAX_ORDERS


class LeanOrderScorer(OrderScorer):
    """An `OrderScorer` that is quicker in training mode."""

    def forward(self, observations: dict[str, Tensor]) -> Tensor:
        """Scores of hold and 32 orders, then the features of the value head."""
        if not self.training:
            return super().forward(observations)
        orders = observations["orders"].float()
        batch = orders.shape[0]
        table = orders.view(batch, MAX_ORDERS, self._n_features)
        used = table[:, :, self._is_order] > 0.5
        place = used.view(-1).nonzero().squeeze(1)  # of the M rows in use, among all
        owner = place // MAX_ORDERS  # whose each row is
        rows = table.view(-1, self._n_features).index_select(0, place)
        site = torch.cat([observations["lines"].float(), observations["site"].float()], dim=1)
        summary = _pass(self.summary, site)
        seen = self._embed_rows(rows, summary, owner)  # (M, 2 widths): to score, to value
        count = used.sum(dim=1, keepdim=True).clamp(min=1)
        width = summary.shape[1]
        means = _add_up(seen, owner, batch) / count
        embedded, context = seen[:, :width], torch.cat([means[:, :width], summary], dim=1)
        row_scores = self._score_rows(embedded, context, owner)
        row_scores = row_scores + self.prior_weight * rows[:, self._index]
        scores = orders.new_zeros(batch * MAX_ORDERS).index_put((place,), row_scores)
        scores = scores.view(batch, MAX_ORDERS)
        chance = scores.masked_fill(~used, -1e9).softmax(dim=1).view(-1).index_select(0, place)
        best = _add_up(embedded * chance.unsqueeze(1), owner, batch)
        hold = _pass(self.hold, torch.cat([best, context], dim=1))
        hold = hold + self.hold_prior * self._rule_holds(table, used)
        highest = _highest(seen[:, width:].contiguous(), used)
        value = _pass(self.value, torch.cat([means[:, width:], summary, highest], dim=1))
        answers = torch.cat([hold, scores], dim=1)
        for name, block in self._options.items():
            shown = observations[name].float().view(-1, block.rows, len(block.features))
            answers = self._option_scores(name, block, shown, summary, context, answers)
        return torch.cat([answers, value], dim=1)

    def _embed_rows(self, rows: Tensor, summary: Tensor, owner: Tensor) -> Tensor:
        """What both nets make of each row beside its question, shape (M, 2 widths)."""
        nets = (self.embed, self.value_embed)
        weight = torch.cat([_weight(net) for net in nets])
        bias = torch.cat([_bias(net) for net in nets])
        n = rows.shape[1]
        known = linear(summary, weight[:, n:], bias)
        hidden = _tanh(linear(rows, weight[:, :n]) + known.index_select(0, owner))
        width = summary.shape[1]
        parts = (hidden[:, :width], hidden[:, width:])
        return _tanh(torch.cat([net[2](p) for net, p in zip(nets, parts, strict=True)], dim=1))

    def _score_rows(self, embedded: Tensor, context: Tensor, owner: Tensor) -> Tensor:
        """The score of each row before the rule's word, shape (M,)."""
        mlp: Any = self.score[0]
        weight, n = _weight(mlp), embedded.shape[1]
        known = linear(context, weight[:, n:], _bias(mlp))
        hidden = _tanh(linear(embedded, weight[:, :n]) + known.index_select(0, owner))
        scores: Tensor = self.score[1](_tanh(mlp[2](hidden)))
        return scores.squeeze(1)


def _weight(net: nn.Sequential) -> Tensor:
    """Of the first layer."""
    weight: Tensor = net[0].weight  # type: ignore[assignment]
    return weight


def _bias(net: nn.Sequential) -> Tensor:
    bias: Tensor = net[0].bias  # type: ignore[assignment]
    return bias


def _add_up(rows: Tensor, owner: Tensor, batch: int) -> Tensor:
    """Sum of each question's rows, shape (batch, columns)."""
    return rows.new_zeros(batch, rows.shape[1]).index_add(0, owner, rows)


def _highest(rows: Tensor, used: Tensor) -> Tensor:
    """Highest of each question's rows by column; a row not in use counts as zero."""
    count = used.sum(dim=1)
    highest: Tensor = torch.segment_reduce(
        rows, "max", lengths=count, axis=0, initial=-torch.inf, unsafe=True
    )
    return torch.where((count < MAX_ORDERS).unsqueeze(1), highest.clamp(min=0.0), highest)


class _Tanh(torch.autograd.Function):
    """tanh by the sigmoid, of which PyTorch has the quicker one on processors."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        y = (2.0 * x).sigmoid_().mul_(2.0).sub_(1.0)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> Tensor:  # type: ignore[override]
        (y,) = ctx.saved_tensors
        slope: Tensor = torch.ops.aten.tanh_backward(grad, y)
        return slope


def _tanh(x: Tensor) -> Tensor:
    y: Tensor = _Tanh.apply(x)  # type: ignore[no-untyped-call]
    return y


def _pass(net: Any, x: Tensor) -> Tensor:
    """Through layers as they stand, but for tanh."""
    for layer in net:
        if isinstance(layer, nn.Sequential):
            x = _pass(layer, x)
        else:
            x = _tanh(x) if isinstance(layer, nn.Tanh) else layer(x)
    return x
