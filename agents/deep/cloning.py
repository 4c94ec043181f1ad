"""Behaviour cloning: a network learns to answer as a rule does, before it learns to do better.

Cross-entropy over the legal answers. Rules hold rarely, so holds may weigh more. What was not
learned from says how often the clone answers as the rule does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from sb3_contrib.common.maskable.policies import MaskableActorCriticPolicy
from torch import Tensor

from agents.deep.cloning_examples import Examples
from factory_env.domain.limits import NonNegative, Positive, Runs, Share, Size, SizeOrNone

KEPT_OUT: Final = 0.1  # of the examples
HOLD: Final = 0  # the action
NUMBER_PACE: Final = 50.0  # learning rate of single numbers / that of the layers


@dataclass(frozen=True, slots=True, kw_only=True)
class CloneSettings:
    """How a network is cloned from a rule."""

    rule: str = "atcs_match"  # with the values tuned for the plant
    decisions: SizeOrNone = 6000  # of the rule that are shown; 0 = no cloning
    stray: Share = 0.05  # of the answers given at random, so that mistakes are seen
    epochs: Runs = 2
    batch_size: Size = 256
    learning_rate: Positive = 1e-3
    smoothing: Share = 0.1  # of the probability goes to all legal answers alike: room to explore
    hold_weight: NonNegative = 1.0  # of a hold in the loss; another answer has 1
    # share of answers equal to the rule's from which a network is left as it is: one that knows
    # the rule already is only made to answer otherwise in near-ties
    enough: Share = 0.98


@dataclass(frozen=True, slots=True, kw_only=True)
class CloneFigures:
    """How well the clone answers as the rule does, on examples kept out."""

    examples: int
    accuracy: float
    accuracy_before: float  # of the untrained network
    hold_recall: float | None  # of the rule's holds; None if it never held
    loss: float
    is_taught: bool = True  # else it answered as the rule already

    def tell(self) -> str:
        """One line."""
        if not self.is_taught:
            return (
                f"answers as the rule in {self.accuracy:.1%} of decisions untaught: left as it is"
            )
        holds = "" if self.hold_recall is None else f", its holds {self.hold_recall:.1%}"
        return (
            f"answers as the rule in {self.accuracy:.1%} of kept-out decisions{holds}; "
            f"untrained {self.accuracy_before:.1%}; {self.examples:,} examples"
        )


def clone_policy(
    policy: MaskableActorCriticPolicy, examples: Examples, settings: CloneSettings, seed: int
) -> CloneFigures:
    """Teach ``policy`` the answers of ``examples``, unless it gives nearly all of them already.

    A lesson after which it gives fewer of the kept-out answers than before is taken back. Its value
    head is left as it is.
    """
    n_kept = max(1, round(KEPT_OUT * len(examples)))
    train = np.arange(len(examples) - n_kept)
    kept = np.arange(len(examples) - n_kept, len(examples))  # whole runs, but for one
    before = _judge(policy, examples, kept)
    after, is_taught = before, bool(before.hits.mean() < settings.enough)
    if is_taught:
        untaught = {name: p.detach().clone() for name, p in policy.named_parameters()}
        _teach(policy, examples, train, settings, seed)
        after = _judge(policy, examples, kept)
        if after.hits.mean() < before.hits.mean():
            after, is_taught = before, False
            with torch.no_grad():
                for name, parameter in policy.named_parameters():
                    parameter.copy_(untaught[name])
    holds = examples.actions[kept] == HOLD
    return CloneFigures(
        examples=len(examples),
        accuracy=float(after.hits.mean()),
        accuracy_before=float(before.hits.mean()),
        hold_recall=float(after.hits[holds].mean()) if holds.any() else None,
        loss=after.loss,
        is_taught=is_taught,
    )


def _teach(
    policy: MaskableActorCriticPolicy,
    examples: Examples,
    train: NDArray[np.int64],
    settings: CloneSettings,
    seed: int,
) -> None:
    """Epochs over the examples to learn from, at a falling rate."""
    rng = np.random.default_rng(seed)
    steps = settings.epochs * -(-train.size // settings.batch_size)
    optimizer = torch.optim.Adam(weight_groups(policy, settings.learning_rate))
    fade = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.05, total_iters=steps)
    policy.set_training_mode(True)
    for _ in range(settings.epochs):
        order = rng.permutation(train)
        for at in range(0, order.size, settings.batch_size):
            loss = _loss(policy, examples, order[at : at + settings.batch_size], settings)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(policy.parameters(), 1.0)
            optimizer.step()
            fade.step()
    policy.set_training_mode(False)


def weight_groups(policy: MaskableActorCriticPolicy, rate: float) -> list[dict[str, Any]]:
    """Single numbers, as the weight of the rule's index, have further to go than weights."""
    numbers = [p for p in policy.parameters() if p.ndim == 0]
    others = [p for p in policy.parameters() if p.ndim > 0]
    groups = [{"params": others, "lr": rate}, {"params": numbers, "lr": NUMBER_PACE * rate}]
    return [group for group in groups if group["params"]]


@dataclass(frozen=True, slots=True)
class _Verdict:
    hits: NDArray[np.bool_]
    loss: float


def _loss(
    policy: MaskableActorCriticPolicy,
    examples: Examples,
    rows: NDArray[np.int64],
    settings: CloneSettings,
) -> Tensor:
    """Weighted cross-entropy against the rule's answer, smoothed over the legal ones."""
    log_p, mask = log_probabilities(policy, examples, rows)
    actions = torch.from_numpy(examples.actions[rows]).to(log_p.device)
    chosen = log_p.gather(1, actions[:, None]).squeeze(1)
    legal = torch.where(mask, log_p, 0.0).sum(dim=1) / mask.sum(dim=1)
    each = -(1.0 - settings.smoothing) * chosen - settings.smoothing * legal
    weight = torch.where(actions == HOLD, settings.hold_weight, 1.0)
    return (weight * each).sum() / weight.sum()


def _judge(
    policy: MaskableActorCriticPolicy, examples: Examples, rows: NDArray[np.int64]
) -> _Verdict:
    hits, losses = [], []
    with torch.no_grad():
        for part in np.array_split(rows, -(-rows.size // 1024)):
            log_p, _ = log_probabilities(policy, examples, part)
            actions = torch.from_numpy(examples.actions[part]).to(log_p.device)
            hits.append((log_p.argmax(dim=1) == actions).cpu().numpy())
            losses.append(-log_p.gather(1, actions[:, None]).squeeze(1).cpu().numpy())
    return _Verdict(np.concatenate(hits), float(np.concatenate(losses).mean()))


def log_probabilities(
    policy: MaskableActorCriticPolicy, examples: Examples, rows: NDArray[np.int64]
) -> tuple[Tensor, Tensor]:
    """Log probabilities of the actions and which are legal, shape (rows, actions) each."""
    tensors = {
        name: torch.from_numpy(block[rows]).to(policy.device)
        for name, block in examples.observations.items()
    }
    features: Any = policy.extract_features(tensors)  # type: ignore[arg-type]
    scores = policy.action_net(policy.mlp_extractor.forward_actor(features))
    mask = tensors["mask"] > 0
    return scores.masked_fill(~mask, -1e8).log_softmax(dim=1), mask
