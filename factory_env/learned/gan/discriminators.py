"""Critics of the GAN: three on the frozen features of the guide and one on the pixels.

Projected discriminators (Sauer et al. 2021) with the projection condition of Miyato and Koyama
(2018) and spectral norm (Miyato et al. 2018). The guide knows garments before the first step, so
that the critics need not learn to see.
"""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.parametrizations import spectral_norm

from factory_env.learned.gan.classifier import Guide
from factory_env.learned.pictures.garments import GARMENTS

SLOPE = 0.2


class _Verdict(nn.Module):
    """One logit per place: how real it looks, and how much it looks like its category."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.real = spectral_norm(nn.Conv2d(channels, 1, 1))
        self.fits = spectral_norm(nn.Embedding(len(GARMENTS), channels))

    def forward(self, x: Tensor, category: Tensor) -> Tensor:
        fits = (x * self.fits(category)[:, :, None, None]).sum(1)
        return cast(Tensor, self.real(x)[:, 0] + fits).flatten(1)


class FeatureCritic(nn.Module):
    """Two convolutions on a fixed random projection of one depth of the guide."""

    def __init__(self, depth_channels: int, channels: int, width: int, stride: int) -> None:
        super().__init__()
        mix = nn.init.orthogonal_(torch.empty(channels, depth_channels))
        self.register_buffer("mix", mix[:, :, None, None])
        side = 3 if stride > 1 else 1
        self.first = spectral_norm(
            nn.Conv2d(channels, width, side, stride=stride, padding=side // 2)
        )
        self.second = spectral_norm(nn.Conv2d(width, width, 3, stride=2, padding=1))
        self.verdict = _Verdict(width)

    def forward(self, features: Tensor, category: Tensor) -> Tensor:
        """Logits (n, places) of features (n, depth_channels, side, side)."""
        x = functional.conv2d(features, cast(Tensor, self.mix))
        x = functional.leaky_relu(self.first(x), SLOPE)
        x = functional.leaky_relu(self.second(x), SLOPE)
        return cast(Tensor, self.verdict(x, category))


class PixelCritic(nn.Module):
    """A small strided network on the picture itself; sees how alike the pictures of a batch are."""

    def __init__(self, width: int = 16) -> None:
        super().__init__()
        self.first = spectral_norm(nn.Conv2d(1, width, 4, stride=2, padding=1))
        self.second = spectral_norm(nn.Conv2d(width, 2 * width, 4, stride=2, padding=1))
        self.third = spectral_norm(nn.Conv2d(2 * width, 4 * width, 4, stride=2, padding=1))
        self.verdict = _Verdict(4 * width + 1)

    def forward(self, pictures: Tensor, category: Tensor) -> Tensor:
        """Logits (n, 9) of pictures (n, 1, 28, 28)."""
        x = functional.leaky_relu(self.first(pictures), SLOPE)
        x = functional.leaky_relu(self.second(x), SLOPE)
        x = functional.leaky_relu(self.third(x), SLOPE)
        spread = (x.var(0, unbiased=False) + 1e-8).sqrt().mean()  # Karras et al. 2018, section 3
        x = torch.cat([x, spread.expand(len(x), 1, *x.shape[2:])], 1)
        return cast(Tensor, self.verdict(x, category))


class Critics(nn.Module):
    """All critics together, and the frozen guide they look through.

    Parameters
    ----------
    guide
        A trained guide; it is frozen here and belongs to no optimiser.
    """

    def __init__(self, guide: Guide, width: int = 16) -> None:
        super().__init__()
        self.guide = guide.eval().requires_grad_(False)
        low, middle, high = (c.out_channels for c in guide.layers())
        self.heads = nn.ModuleList(
            [
                FeatureCritic(low, width, 2 * width, stride=2),
                FeatureCritic(middle, 2 * width, 4 * width, stride=2),
                FeatureCritic(high, 4 * width, 4 * width, stride=1),
                PixelCritic(width),
            ]
        )

    @torch.no_grad()
    def calibrate(self, pictures: Tensor) -> None:
        """Scale the fixed projections so that every channel of the guide counts alike."""
        for head, features in zip(self.heads, self.guide.depths(pictures), strict=False):
            spread = features.std(dim=(0, 2, 3))
            cast(Tensor, head.mix).div_(spread[None, :, None, None] + 1e-3)

    def train(self, mode: bool = True) -> Critics:
        super().train(mode)
        self.guide.eval()  # its norms keep the statistics of the real pictures
        return self

    def views(self, pictures: Tensor) -> list[Tensor]:
        """What the heads look at: the guide's depths, and the pictures."""
        return [*self.guide.depths(pictures), pictures]

    def forward(self, views: list[Tensor], category: Tensor) -> list[Tensor]:
        """Logits of every head."""
        pairs = zip(self.heads, views, strict=True)
        return [cast(Tensor, head(view, category)) for head, view in pairs]


def critic_loss(real: list[Tensor], fake: list[Tensor]) -> Tensor:
    """Hinge loss, mean over heads: 2 for critics that know nothing, 0 for perfect ones."""
    parts = [
        functional.relu(1 - r).mean() + functional.relu(1 + f).mean()
        for r, f in zip(real, fake, strict=True)
    ]
    return torch.stack(parts).mean()


def generator_loss(fake: list[Tensor]) -> Tensor:
    """Minus the mean verdict on drawn pictures, mean over heads."""
    return -torch.stack([f.mean() for f in fake]).mean()
