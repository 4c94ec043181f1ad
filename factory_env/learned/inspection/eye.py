"""Looks at pictures with the trained inspection network: NumPy in, NumPy out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from factory_env.learned.inspection.net import InspectionNet
from factory_env.learned.weights_file import SHIPPED, load_network

Pictures = NDArray[np.float32]  # (n, 28, 28) in [0, 1], garment bright on black

BATCH = 256
INSPECTION_FILE = "inspection.safetensors"
CARD_FILE = "inspection.json"


class Eye:
    """The inspection network behind a NumPy door.

    >>> eye = Eye.shipped()                                               # doctest: +SKIP
    >>> eye.defective(np.zeros((3, 28, 28), np.float32)).shape            # doctest: +SKIP
    (3,)
    """

    def __init__(self, network: InspectionNet) -> None:
        self.network = network.eval().to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    @classmethod
    def shipped(cls, folder: Path = SHIPPED) -> Eye:
        """The network whose weights lie in ``folder``; raises `InputError` on a bad file."""
        return cls(load_network(folder / INSPECTION_FILE, "inspection", InspectionNet))

    @torch.inference_mode()
    def categories(self, pictures: Pictures) -> NDArray[np.float32]:
        """Probability of each of the ten classes of Fashion-MNIST, shape (n, 10)."""
        return logits(self.network.categories, pictures).numpy()

    @torch.inference_mode()
    def defects(self, pictures: Pictures) -> NDArray[np.float32]:
        """Probability of sound and of each kind of `defects.KINDS`, shape (n, 8)."""
        return logits(self.network.defects, pictures).numpy()

    @torch.inference_mode()
    def places(self, pictures: Pictures) -> NDArray[np.float32]:
        """Where the defect is: probability of each part of 4 x 4 pixels, shape (n, 7, 7)."""
        return logits(self.network.places, pictures).numpy()

    def defective(self, pictures: Pictures) -> NDArray[np.float32]:
        """Probability that a piece has a defect, shape (n,); half of the pieces were defective
        where it was fitted (`at_share` moves it to another share)."""
        return np.asarray(1 - self.defects(pictures)[:, 0], np.float32)


def at_share(probability: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    """Probabilities fitted where half of the pieces are defective, moved to ``share`` of them."""
    odds = probability / np.maximum(1 - probability, 1e-9) * share / (1 - share)
    return np.asarray(odds / (1 + odds), np.float32)


def logits(answer: Callable[[Tensor], Tensor], pictures: Pictures) -> Tensor:
    """What a network says of pictures (n, 28, 28), batch by batch."""
    starts = range(0, max(len(pictures), 1), BATCH)
    parts = (np.ascontiguousarray(pictures[i : i + BATCH], np.float32) for i in starts)
    return torch.cat([answer(torch.from_numpy(p)[:, None]) for p in parts])
