"""The generator: latent vector and category in, garment picture out."""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from factory_env.learned.pictures.garments import GARMENTS


class ConditionalNorm(nn.Module):
    """Batch normalisation whose gain and shift come from latent and category."""

    def __init__(self, channels: int, context: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(channels, affine=False)
        self.gain = nn.Linear(context, channels)
        self.shift = nn.Linear(context, channels)
        for layer in (self.gain, self.shift):
            nn.init.normal_(layer.weight, std=0.02)
            nn.init.zeros_(layer.bias)

    def forward(self, x: Tensor, context: Tensor) -> Tensor:
        gain = 1 + self.gain(context)[:, :, None, None]
        return cast(Tensor, self.norm(x) * gain + self.shift(context)[:, :, None, None])


class Generator(nn.Module):
    """7 x 7 -> 14 x 14 -> 28 x 28, category and latent steering every norm.

    Parameters
    ----------
    latent
        Length of the latent vector z, standard normal.
    width
        Channels at 28 x 28; twice and four times as many at 14 x 14 and 7 x 7.
    """

    def __init__(self, latent: int = 64, width: int = 16) -> None:
        super().__init__()
        self.sizes = {"latent": latent, "width": width}  # what it takes to build an equal one
        self.latent = latent
        self.width = width
        self.category = nn.Embedding(len(GARMENTS), 32)
        context = latent + 32
        self.dense = nn.Linear(context, 4 * width * 49)
        self.norm_7 = ConditionalNorm(4 * width, context)
        self.to_14 = nn.ConvTranspose2d(4 * width, 2 * width, 4, stride=2, padding=1)
        self.norm_14 = ConditionalNorm(2 * width, context)
        self.to_28 = nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1)
        self.norm_28 = ConditionalNorm(width, context)
        self.paint = nn.Conv2d(width, 1, 3, padding=1)

    def forward(self, z: Tensor, category: Tensor) -> Tensor:
        """Pictures (n, 1, 28, 28) in [0, 1] of z (n, latent) and category (n,) in 0..5."""
        context = torch.cat([z, self.category(category)], 1)
        x = self.dense(context).view(-1, 4 * self.width, 7, 7)
        x = functional.relu(self.norm_7(x, context))
        x = functional.relu(self.norm_14(self.to_14(x), context))
        x = functional.relu(self.norm_28(self.to_28(x), context))
        return torch.sigmoid(self.paint(x))
