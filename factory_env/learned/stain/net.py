"""The stain network: where on a grey photograph of fabric a stain lies, and whether there is one.

Fully convolutional, an hourglass with bypasses (Ronneberger et al. 2015): a faint oil stain is seen
over 50 pixels, a speck over two. The light is taken out first: logarithm, less its local mean, once
on a fixed scale and once in units of the local deviation.
"""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

WINDOW = 61  # pixels over which light is taken out
DARKEST = 8.0  # added to grey values: below it there is only noise
SIDE_STEP = 32  # the network halves a picture five times


class Pair(nn.Module):
    """Two 3 x 3 convolutions with norms and a bypass."""

    def __init__(self, inside: int, outside: int, stride: int = 1) -> None:
        super().__init__()
        self.first = nn.Conv2d(inside, outside, 3, stride=stride, padding=1, bias=False)
        self.first_norm = nn.BatchNorm2d(outside)
        self.second = nn.Conv2d(outside, outside, 3, padding=1, bias=False)
        self.second_norm = nn.BatchNorm2d(outside)
        self.bypass = nn.Conv2d(inside, outside, 1, stride=stride, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        y = functional.relu(self.first_norm(self.first(x)))
        return functional.relu(self.second_norm(self.second(y)) + self.bypass(x))


class StainNet(nn.Module):
    """Map of stain and verdict on a picture; it takes what `lit_evenly` makes of grey values."""

    def __init__(self, width: int = 24) -> None:
        super().__init__()
        self.sizes = {"width": width}
        w = (width // 2, width, 4 * width // 3, 2 * width, 2 * width)
        self.stem = nn.Conv2d(3, w[0], 3, stride=2, padding=1, bias=False)
        self.stem_norm = nn.BatchNorm2d(w[0])
        self.fine = nn.Conv2d(w[0], w[0], 3, padding=1, bias=False)
        self.fine_norm = nn.BatchNorm2d(w[0])
        self.down = nn.ModuleList(Pair(w[k], w[k + 1], 2) for k in range(4))
        self.side = nn.ModuleList(nn.Conv2d(w[k], w[1], 1) for k in (1, 2, 3, 4))
        self.up = nn.ModuleList(
            nn.Sequential(nn.Conv2d(w[1], w[1], 3, padding=1, bias=False), nn.BatchNorm2d(w[1]))
            for _ in range(3)
        )
        self.place = nn.Conv2d(w[1], 1, 1)
        self.verdict = nn.Linear(w[1] * 2 + w[4], 1)
        nn.init.constant_(cast(Tensor, self.place.bias), -3.0)

    @property
    def features(self) -> int:
        """Length of the description of a picture."""
        return self.verdict.in_features

    def maps(self, lit: Tensor) -> tuple[Tensor, Tensor]:
        """Fine features (n, w, h / 4, w / 4) and coarse ones (n, 2 w, h / 32, w / 32).

        ``lit``: what `lit_evenly` made, (n, 3, h, w), sides in multiples of 32.
        """
        x = functional.relu(self.stem_norm(self.stem(lit)))
        x = functional.relu(self.fine_norm(self.fine(x)))
        levels = []
        for down in self.down:
            x = down(x)
            levels.append(x)
        y = self.side[3](levels[3])
        for k in (2, 1, 0):
            y = functional.interpolate(y, scale_factor=2.0, mode="bilinear")
            y = functional.relu(self.up[k](y + self.side[k](levels[k])))
        return y, levels[3]

    def forward(self, lit: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of stain by cell of 4 x 4 pixels (n, h / 4, w / 4), and of the picture (n,)."""
        fine, coarse = self.maps(lit)
        return self.place(fine)[:, 0], self.verdict(described(fine, coarse))[:, 0]


def described(fine: Tensor, coarse: Tensor) -> Tensor:
    """What is somewhere, what is on the average: one row a picture."""
    return torch.cat([fine.amax((2, 3)), fine.mean((2, 3)), coarse.amax((2, 3))], 1)


def lit_evenly(pictures: Tensor) -> Tensor:
    """Three channels (n, 3, h, w): log grey less its local mean on a fixed scale and in local
    deviations, and less its mean over the picture."""
    log = (pictures + DARKEST).log()
    away = log - _local_mean(log)
    deviation = (_local_mean(away * away) + 1e-4).sqrt()
    level = log - log.mean((2, 3), keepdim=True)
    return torch.cat([(10 * away).tanh(), (away / deviation / 3).tanh(), (2 * level).tanh()], 1)


def _local_mean(x: Tensor) -> Tensor:
    """Mean over a window, twice over half of it for a soft rim; on every fourth pixel inside."""
    small = functional.avg_pool2d(x, 4)
    half = WINDOW // 8 // 2 * 2 + 1
    for _ in range(2):
        small = functional.avg_pool2d(small, half, 1, half // 2, count_include_pad=False)
    return functional.interpolate(small, size=x.shape[2:], mode="bilinear")
