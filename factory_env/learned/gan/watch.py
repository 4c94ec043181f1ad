"""Looks over a GAN's training and says when it fails: dead critics, collapse, no gradient."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from factory_env.learned.pictures.garments import GARMENTS

DIVERGED = "diverged"
KNOWS_NOTHING = 2.0  # hinge loss of a critic that answers 0 to everything
STILL = 0.005  # a loss that moves by less than this share of itself does not move
PATIENCE = 3  # epochs before a judgement
PERFECT = 0.02  # hinge loss of critics that cannot be fooled
NARROW = 0.6  # of the real pictures' variety within a class
FAINT = 0.02  # of the gradient in the first epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochFigures:
    """What one epoch of training looked like."""

    epoch: int
    critic_loss: float
    generator_loss: float
    margin: float  # mean verdict on real minus mean verdict on drawn pictures
    generator_gradient: float  # norm, mean over steps
    diversity: tuple[float, ...]  # per category, as a share of the real pictures' diversity


def warnings_of(history: Sequence[EpochFigures]) -> list[str]:
    """What is wrong after the last epoch of ``history``; empty if nothing is."""
    if not history:
        return []
    last = history[-1]
    if not all(map(math.isfinite, (last.critic_loss, last.generator_loss))):
        return [f"epoch {last.epoch}: {DIVERGED}: a loss is not finite; lower the learning rates"]
    return [f"epoch {last.epoch}: {text}" for text in (*_critics(history), *_generator(history))]


def _critics(history: Sequence[EpochFigures]) -> list[str]:
    losses = [figures.critic_loss for figures in history]
    if len(losses) < PATIENCE:
        return []
    found = []
    if max(losses) - min(losses) <= STILL * max(losses):
        found.append(
            f"the critics' loss has not moved since the first epoch "
            f"({losses[0]:.4f}, now {losses[-1]:.4f}): they do not learn"
        )
    if min(losses[-PATIENCE:]) >= KNOWS_NOTHING:
        found.append(
            f"the critics' loss ({losses[-1]:.3f}) is not below that of critics that know nothing "
            f"({KNOWS_NOTHING:.1f})"
        )
    if max(losses[-PATIENCE:]) < PERFECT:
        found.append("the critics are perfect: the generator has lost and learns nothing")
    return found


def _generator(history: Sequence[EpochFigures]) -> list[str]:
    last = history[-1]
    narrow = [
        f"{GARMENTS[k]} {share:.0%}" for k, share in enumerate(last.diversity) if share < NARROW
    ]
    found = []
    if narrow and last.epoch > 1:
        found.append(
            f"mode collapse: variety within a class below {NARROW:.0%} of the real pictures' "
            f"({', '.join(narrow)})"
        )
    first = history[0].generator_gradient
    if last.generator_gradient < FAINT * first:
        found.append(
            f"the generator's gradient is gone ({last.generator_gradient:.2e}, "
            f"{first:.2e} in the first epoch)"
        )
    return found
