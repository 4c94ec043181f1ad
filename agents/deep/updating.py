"""PPO's update on a whole rollout: sb3-contrib's arithmetic, with less moving of numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from sb3_contrib import MaskablePPO
from sb3_contrib.common.maskable.buffers import MaskableDictRolloutBuffer
from stable_baselines3.common.utils import explained_variance
from torch import Tensor
from torch.nn.functional import mse_loss

from agents.deep.fragments import MASKED, look


@dataclass(frozen=True, slots=True)
class Samples:
    """Decisions of a rollout; tensors have a row a decision."""

    observations: dict[str, Tensor]
    masks: Tensor  # bool, True = illegal
    actions: Tensor
    log_probs: Tensor
    advantages: Tensor
    returns: Tensor

    @classmethod
    def read(cls, buffer: MaskableDictRolloutBuffer) -> Samples:
        """All of a full buffer; environment after environment."""

        def flat(array: np.ndarray) -> Tensor:
            return torch.from_numpy(np.ascontiguousarray(array.swapaxes(0, 1))).flatten(0, 1)

        return cls(
            observations={name: flat(array) for name, array in buffer.observations.items()},
            masks=flat(buffer.action_masks) == 0.0,
            actions=flat(buffer.actions).long(),
            log_probs=flat(buffer.log_probs),
            advantages=flat(buffer.advantages),
            returns=flat(buffer.returns),
        )

    def batches(self, size: int) -> Iterator[Samples]:
        """All of them once, in random order."""
        for rows in torch.randperm(len(self.actions)).split(size):
            yield Samples(
                {name: tensor.index_select(0, rows) for name, tensor in self.observations.items()},
                *(
                    tensor.index_select(0, rows)
                    for tensor in (
                        self.masks,
                        self.actions,
                        self.log_probs,
                        self.advantages,
                        self.returns,
                    )
                ),
            )


def update(model: MaskablePPO, clip_range: float) -> dict[str, float]:
    """Learn from the rollout buffer; what the log says of it."""
    policy, parameters = model.policy, [*model.policy.parameters()]
    samples = Samples.read(model.rollout_buffer)  # type: ignore[arg-type]
    size = model.batch_size or len(samples.actions)
    told: list[Tensor] = []
    for _ in range(model.n_epochs):
        for batch in samples.batches(size):
            loss, figures = _weigh(model, batch, clip_range)
            policy.optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(parameters, model.max_grad_norm, foreach=True)
            policy.optimizer.step()
            told.append(figures)
    last = told[-1]
    means = torch.stack(told).mean(dim=0)
    per_epoch = len(told) // model.n_epochs
    kl = torch.stack(told[-per_epoch:])[:, 3].mean()  # as sb3-contrib: of the last epoch
    buffer = model.rollout_buffer
    return {
        "train/policy_gradient_loss": means[0].item(),
        "train/value_loss": means[1].item(),
        "train/entropy_loss": means[2].item(),
        "train/approx_kl": kl.item(),
        "train/clip_fraction": means[4].item(),
        "train/loss": last[5].item(),
        "train/explained_variance": float(
            explained_variance(buffer.values.flatten(), buffer.returns.flatten())
        ),
    }


def _weigh(model: MaskablePPO, batch: Samples, clip_range: float) -> tuple[Tensor, Tensor]:
    """The loss of a batch; and the figures of the log, without gradients."""
    logits, values = look(model.policy, batch.observations)
    logs = logits.masked_fill(batch.masks, MASKED).log_softmax(dim=1)
    log_probs = logs.gather(1, batch.actions).squeeze(1)
    entropy = -(logs.exp() * logs).masked_fill(batch.masks, 0.0).sum(dim=1)
    advantages = batch.advantages
    advantages = (advantages - advantages.mean()) / (advantages.std() + 1e-8)
    log_ratio = log_probs - batch.log_probs
    ratio = log_ratio.exp()
    clipped = ratio.clamp(1.0 - clip_range, 1.0 + clip_range)
    policy_loss = -torch.min(advantages * ratio, advantages * clipped).mean()
    value_loss = mse_loss(batch.returns, values)
    entropy_loss = -entropy.mean()
    loss = policy_loss + model.ent_coef * entropy_loss + model.vf_coef * value_loss
    with torch.no_grad():
        kl = (ratio - 1.0 - log_ratio).mean()
        is_clipped = ((ratio - 1.0).abs() > clip_range).float().mean()
        figures = torch.stack([policy_loss, value_loss, entropy_loss, kl, is_clipped, loss])
    return loss, figures
