"""Differentiable augmentation: the same small shifts and holes for real and drawn pictures.

A critic that sees every picture in many places cannot learn the 36,000 real ones by heart
(Zhao et al. 2020).
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from factory_env.learned.pictures.garments import SIDE_PX

GROUPS = 8  # a batch is shifted in eight parts: eight calls instead of one gather per picture


def augment(pictures: Tensor, rng: torch.Generator, shift_px: int = 2, hole_px: int = 8) -> Tensor:
    """Shift each part of a batch by up to ``shift_px`` and cut a hole into half of the parts.

    Parameters
    ----------
    pictures : shape (n, 1, 28, 28); the shifted-in border is black like their background
    """
    size = -(-len(pictures) // GROUPS)
    parts = pictures.split(size)
    draws = torch.rand(len(parts), 5, generator=rng).tolist()
    return torch.cat([_one(p, d, shift_px, hole_px) for p, d in zip(parts, draws, strict=True)])


def _one(part: Tensor, draw: list[float], shift_px: int, hole_px: int) -> Tensor:
    right, down = (int(d * (2 * shift_px + 1)) - shift_px for d in draw[:2])
    moved = functional.pad(part, (right, -right, down, -down))
    if draw[2] < 0.5 or not hole_px:
        return moved
    left, top = (int(d * (SIDE_PX - hole_px + 1)) for d in draw[3:])
    mask = torch.ones(SIDE_PX, SIDE_PX)
    mask[top : top + hole_px, left : left + hole_px] = 0
    return moved * mask


def mirrored(pictures: Tensor, rng: torch.Generator) -> Tensor:
    """Half of the pictures flipped left to right, chosen at random."""
    flip = torch.rand(len(pictures), 1, 1, 1, generator=rng) < 0.5
    return torch.where(flip, pictures.flip(3), pictures)
