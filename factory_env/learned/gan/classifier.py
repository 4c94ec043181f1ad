"""Two classifiers of garments, unlike in build and seed: one can judge what the other taught.

``Guide`` gives the GAN's discriminators their frozen features. ``Judge`` takes no part in
training the GAN: it measures the GAN, and at run time it says which category a picture shows.
"""

from __future__ import annotations

from itertools import pairwise
from typing import cast

from torch import Tensor, nn
from torch.nn import functional

from factory_env.learned.pictures.garments import GARMENTS


class Guide(nn.Module):
    """Three strided convolutions and two dense layers; small: the GAN runs it at every step."""

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        self.sizes = {"width": width}
        sizes = (1, width, 2 * width, 4 * width)
        self.convolutions = nn.ModuleList(
            nn.Conv2d(a, b, 3, stride=2, padding=1) for a, b in pairwise(sizes)
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(n) for n in sizes[1:])
        self.dense = nn.Linear(4 * width * 16, 128)
        self.head = nn.Linear(128, len(GARMENTS))

    def layers(self) -> list[nn.Conv2d]:
        """The convolutions, from 14 x 14 to 4 x 4."""
        return [cast(nn.Conv2d, c) for c in self.convolutions]

    def depths(self, pictures: Tensor) -> list[Tensor]:
        """Features at 14 x 14, 7 x 7 and 4 x 4 of pictures (n, 1, 28, 28)."""
        found = []
        x = pictures
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            x = functional.leaky_relu(norm(convolution(x)), 0.2)
            found.append(x)
        return found

    def forward(self, pictures: Tensor) -> Tensor:
        """Logits (n, 6) of pictures (n, 1, 28, 28) in [0, 1]."""
        x = functional.dropout(self.depths(pictures)[-1].flatten(1), 0.3, self.training)
        return cast(Tensor, self.head(functional.leaky_relu(self.dense(x), 0.2)))


class _Residual(nn.Module):
    def __init__(self, inside: int, outside: int, stride: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(inside, outside, 3, stride=stride, padding=1, bias=False)
        self.first_norm = nn.BatchNorm2d(outside)
        self.second = nn.Conv2d(outside, outside, 3, padding=1, bias=False)
        self.second_norm = nn.BatchNorm2d(outside)
        self.skip = nn.Conv2d(inside, outside, 1, stride=stride, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        y = functional.silu(self.first_norm(self.first(x)))
        return functional.silu(self.second_norm(self.second(y)) + self.skip(x))


class Judge(nn.Module):
    """A residual network with an average over places; its mean features (n, 96) are the measure."""

    def __init__(self, width: int = 24) -> None:
        super().__init__()
        self.sizes = {"width": width}  # what it takes to build an equal one
        self.stem = nn.Conv2d(1, width, 5, stride=2, padding=2)
        self.blocks = nn.Sequential(
            _Residual(width, 2 * width, 2),
            _Residual(2 * width, 4 * width, 2),
        )
        self.head = nn.Linear(4 * width, len(GARMENTS))

    def features(self, pictures: Tensor) -> Tensor:
        """Features (n, 96) of pictures (n, 1, 28, 28): what the head decides from."""
        return cast(Tensor, self.blocks(functional.silu(self.stem(pictures))).mean((2, 3)))

    def forward(self, pictures: Tensor) -> Tensor:
        """Logits (n, 6) of pictures (n, 1, 28, 28) in [0, 1]."""
        x = functional.dropout(self.features(pictures), 0.2, self.training)
        return cast(Tensor, self.head(x))
