"""Looks at photographs of fabric with the trained stain network: NumPy in, NumPy out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from factory_env.learned.stain_net import StainNet, lit_evenly
from factory_env.learned.stain_training import turned
from factory_env.learned.weights_file import SHIPPED, load_network

Photos = NDArray[np.uint8]  # (n, h, w) grey, sides in multiples of 32

BATCH = 32
TURNS = 8
STAIN_FILE = "stain.safetensors"
STAIN_CARD_FILE = "stain.json"


class StainEye:
    """The stain network behind a NumPy door.

    >>> eye = StainEye.shipped()                                          # doctest: +SKIP
    >>> eye.places(np.zeros((3, 224, 224), np.uint8)).shape               # doctest: +SKIP
    (3, 56, 56)
    """

    def __init__(self, network: StainNet) -> None:
        self.network = network.eval().to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    @classmethod
    def shipped(cls, folder: Path = SHIPPED) -> StainEye:
        """The network whose weights lie in ``folder``; raises `InputError` on a bad file."""
        return cls(load_network(folder / STAIN_FILE, "stain", StainNet))

    @torch.inference_mode()
    def places(self, photos: Photos) -> NDArray[np.float32]:
        """Where a stain is: probability by cell of 4 x 4 pixels, mean over eight ways to lay the
        picture, shape (n, h / 4, w / 4)."""
        found = []
        for lit in _lit(photos):
            sides = (self.network(turned(lit, t))[0][:, None].sigmoid() for t in range(TURNS))
            back = [turned_back(place, t) for t, place in enumerate(sides)]
            found.append(torch.stack(back).mean(0)[:, 0])
        return torch.cat(found).numpy()


def turned_back(maps: Tensor, number: int) -> Tensor:
    """Undoes `turned` on maps (n, 1, h, w)."""
    shown = maps.flip(3) if number >= 4 else maps
    return shown.rot90(-(number % 4), (2, 3))


def _lit(photos: Photos) -> list[Tensor]:
    starts = range(0, max(len(photos), 1), BATCH)
    some = (torch.from_numpy(photos[i : i + BATCH]).float()[:, None] for i in starts)
    return [lit_evenly(x) for x in some]
