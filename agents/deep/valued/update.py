"""The update of a masked, double, duelling DQN, with one value a state or with quantiles of it.

A network gives 33 scores and what the state is worth; an answer is worth the state's value and
its score's distance to the mean of the legal ones, at ``temperature`` a point (Wang et al. 2016).
So the scores of a rule, or of a clone of it, are a start: the best answer is the same at any
temperature.
With a bonus the goals are those of Munchausen DQN (Vieillard et al. 2020): what was learned before
counts on, so that the noise of goals averages out instead of moving the scores about.
Quantiles: Dabney et al. 2018; here all answers of a state share the shape of the distribution.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import torch
from torch import Tensor
from torch.nn.functional import smooth_l1_loss

from agents.deep.fragments import MASKED
from agents.deep.valued.memory import Batch
from agents.deep.valued.settings import DqnSettings

LEAST_LOG: Final = -20.0  # of a chance, in points of score: the bonus has an end


def measure(network: Any, shown: Mapping[str, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    """Scores (B, 33), illegal ones very low, the state's values (B, k) and legality (B, 33)."""
    scores, rest = network.mlp_extractor(network.extract_features(shown))
    is_legal = shown["mask"] > 0.5
    return scores.masked_fill(~is_legal, MASKED), network.value_net(rest), is_legal


def advantages(scores: Tensor, is_legal: Tensor, temperature: float) -> Tensor:
    """What each answer is worth beyond the mean of the legal ones, shape (B, 33)."""
    legal = torch.where(is_legal, scores, 0.0)
    mean = legal.sum(dim=1, keepdim=True) / is_legal.sum(dim=1, keepdim=True).clamp(min=1)
    return temperature * (scores - mean)


@torch.no_grad()
def goals(network: Any, target: Any, batch: Batch, settings: DqnSettings) -> Tensor:
    """What the decisions of a batch turned out to be worth, shape (B, k)."""
    scores, values, is_legal = measure(target, batch.then)
    extra = advantages(scores, is_legal, settings.temperature)
    if settings.bonus > 0.0:
        ahead = values + _soft_best(extra, is_legal, settings.temperature)
        logs = measure(target, batch.seen)[0].log_softmax(dim=1)
        chosen = logs.gather(1, batch.actions[:, None]).squeeze(1).clamp(min=LEAST_LOG)
        earned = batch.earned + settings.bonus * settings.temperature * chosen
        return earned[:, None] + batch.discounts[:, None] * ahead
    chooser = measure(network, batch.then)[0] if settings.double else scores
    ahead = values + extra.gather(1, chooser.argmax(dim=1, keepdim=True))
    return batch.earned[:, None] + batch.discounts[:, None] * ahead


def _soft_best(extra: Tensor, is_legal: Tensor, temperature: float) -> Tensor:
    """The best of the legal answers where it is left to chance by the scores, shape (B, 1)."""
    points = (extra / temperature).masked_fill(~is_legal, MASKED)
    return temperature * points.logsumexp(dim=1, keepdim=True)


def loss(network: Any, batch: Batch, goal: Tensor, settings: DqnSettings) -> tuple[Tensor, Tensor]:
    """The loss of a batch and the mean value of its answers."""
    scores, values, is_legal = measure(network, batch.seen)
    extra = advantages(scores, is_legal, settings.temperature)
    chosen = values + extra.gather(1, batch.actions[:, None])
    if values.shape[1] == 1:
        return smooth_l1_loss(chosen, goal), chosen.detach().mean()
    return quantile_loss(chosen, goal), chosen.detach().mean()


def quantile_loss(quantiles: Tensor, goal: Tensor) -> Tensor:
    """Quantile Huber loss of (B, k) against samples (B, m) of the return."""
    k = quantiles.shape[1]
    levels = (torch.arange(k, dtype=quantiles.dtype) + 0.5) / k
    gaps = goal[:, None, :] - quantiles[:, :, None]  # (B, k, m)
    huber = torch.where(gaps.abs() <= 1.0, 0.5 * gaps**2, gaps.abs() - 0.5)
    weight = (levels[None, :, None] - (gaps.detach() < 0.0).float()).abs()
    return (weight * huber).mean(dim=2).sum(dim=1).mean()
