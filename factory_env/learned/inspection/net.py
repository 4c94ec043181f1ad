"""The inspection network: what a picture shows, and what is wrong with the piece.

Two trunks of strided residual blocks with squeeze-and-excitation (He et al. 2016; Hu et al. 2018).
They share nothing: a category is a matter of the whole shape, a defect of a few pixels, and the
camera at the gate needs the second answer alone. Together under half a million weights.
"""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from factory_env.learned.inspection.defects import KINDS

CLASSES = 10  # of Fashion-MNIST, by the numbers of its label files


class Block(nn.Module):
    """Two 3 x 3 convolutions, channels weighed by what the whole picture shows, and a bypass."""

    def __init__(self, inside: int, outside: int, stride: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(inside, outside, 3, stride=stride, padding=1, bias=False)
        self.first_norm = nn.BatchNorm2d(outside)
        self.second = nn.Conv2d(outside, outside, 3, padding=1, bias=False)
        self.second_norm = nn.BatchNorm2d(outside)
        self.squeeze = nn.Linear(outside, outside // 8)
        self.excite = nn.Linear(outside // 8, outside)
        self.bypass = (
            nn.Sequential()
            if stride == 1 and inside == outside
            else nn.Sequential(
                nn.Conv2d(inside, outside, 1, stride=stride, bias=False), nn.BatchNorm2d(outside)
            )
        )

    def forward(self, x: Tensor) -> Tensor:
        y = functional.relu(self.first_norm(self.first(x)))
        y = self.second_norm(self.second(y))
        weight = self.excite(functional.relu(self.squeeze(y.mean((2, 3))))).sigmoid()
        return functional.relu(y * weight[:, :, None, None] + self.bypass(x))


class Recognition(nn.Module):
    """Which of the ten classes a picture shows."""

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        self.stem = nn.Conv2d(1, width, 5, stride=2, padding=2, bias=False)
        self.norm = nn.BatchNorm2d(width)
        self.blocks = nn.Sequential(
            Block(width, width, 1), Block(width, 2 * width, 2), Block(2 * width, 3 * width, 2)
        )
        self.head = nn.Linear(3 * width, CLASSES)

    def forward(self, pictures: Tensor) -> Tensor:
        """Logits (n, 10) of pictures (n, 1, h, w) in [0, 1]."""
        x = self.blocks(functional.relu(self.norm(self.stem(pictures)))).mean((2, 3))
        return cast(Tensor, self.head(functional.dropout(x, 0.1, self.training)))


class Detection(nn.Module):
    """Whether a piece is sound, and if not, which kind of defect it has.

    The second input channel is the difference to the mirrored picture: most garments are
    symmetric, most defects are not. A second head says where the defect is: it shows the trunk in
    training which pixels matter, and a person later why a piece was flagged.
    """

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        self.fine = nn.Conv2d(2, width // 2, 3, padding=1, bias=False)
        self.fine_norm = nn.BatchNorm2d(width // 2)
        self.stem = nn.Conv2d(width // 2, width, 3, stride=2, padding=1, bias=False)
        self.stem_norm = nn.BatchNorm2d(width)
        self.middle = Block(width, width, 1)
        self.near = Block(width, 2 * width, 2)
        self.far = Block(2 * width, 3 * width, 2)
        self.place = nn.Conv2d(2 * width, 1, 1)
        self.head = nn.Linear(6 * width, len(KINDS))

    def near_maps(self, pictures: Tensor) -> Tensor:
        """Features (n, 2 * width, 7, 7)."""
        x = torch.cat([pictures, pictures - pictures.flip(3)], 1)
        x = functional.relu(self.fine_norm(self.fine(x)))
        x = functional.relu(self.stem_norm(self.stem(x)))
        return cast(Tensor, self.near(self.middle(x)))

    def named(self, near: Tensor) -> Tensor:
        """Logits (n, 8) of sound and each kind in `KINDS`, from `near_maps`."""
        x = self.far(near)
        x = torch.cat([x.mean((2, 3)), x.amax((2, 3))], 1)
        return cast(Tensor, self.head(functional.dropout(x, 0.1, self.training)))

    def placed(self, near: Tensor) -> Tensor:
        """Logits (n, 7, 7): is a part of 4 x 4 pixels changed by a defect; from `near_maps`."""
        return cast(Tensor, self.place(near)[:, 0])

    def forward(self, pictures: Tensor) -> Tensor:
        """Logits (n, 8) of pictures (n, 1, 28, 28) in [0, 1]."""
        return self.named(self.near_maps(pictures))


class InspectionNet(nn.Module):
    """Both trunks, and the temperatures and the offset that make their probabilities honest."""

    category_temperature: Tensor
    defect_temperature: Tensor
    sound_offset: Tensor

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        self.sizes = {"width": width}
        self.recognition = Recognition(width)
        self.detection = Detection(width)
        self.register_buffer("category_temperature", torch.ones(1))
        self.register_buffer("defect_temperature", torch.ones(1))
        self.register_buffer("sound_offset", torch.zeros(1))

    def both_ways(self, pictures: Tensor) -> Tensor:
        """Logits (n, 10), the mean over the picture and its mirror image."""
        there, mirrored = self.recognition(torch.cat([pictures, pictures.flip(3)])).chunk(2)
        return cast(Tensor, (there + mirrored) / 2)

    def categories(self, pictures: Tensor) -> Tensor:
        """Probabilities (n, 10) of the classes."""
        return (self.both_ways(pictures) / self.category_temperature).softmax(1)

    def defects(self, pictures: Tensor) -> Tensor:
        """Probabilities (n, 8): sound, then each kind."""
        named = self.detection(pictures) / self.defect_temperature
        return torch.cat([named[:, :1] + self.sound_offset, named[:, 1:]], 1).softmax(1)

    def places(self, pictures: Tensor) -> Tensor:
        """Probabilities (n, 7, 7) that a part of 4 x 4 pixels is changed by a defect."""
        return self.detection.placed(self.detection.near_maps(pictures)).sigmoid()
