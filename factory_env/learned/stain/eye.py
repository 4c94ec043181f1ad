"""Looks at photographs of fabric with the trained stain network: NumPy in, NumPy out."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from factory_env.learned.stain.net import SIDE_STEP, StainNet, described, lit_evenly
from factory_env.learned.stain.training import turned
from factory_env.learned.weights_file import SHIPPED, load_network

Photos = NDArray[np.uint8]  # (n, h, w) grey, sides in multiples of 32

BATCH = 32
TURNS = 8
HALF_TURNS = (0, 3, 5, 6)
RANKS = (0, 3, 10, 30, 100)  # of the cells of the map, most stained first
RIM_CELLS = 3  # outer cells, where light falls off
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

    @torch.inference_mode()
    def looked(self, photos: Photos) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Probability of a stain (n,) where half are stained, by the network's own verdict, and
        where it is (n, h / 4, w / 4), as `places`; means over four ways to lay the picture."""
        verdicts, maps = [], []
        for lit in _lit(photos):
            said = [self.network(turned(lit, t)) for t in HALF_TURNS]
            verdicts.append(torch.stack([verdict for _, verdict in said]).mean(0).sigmoid())
            back = [
                turned_back(place[:, None].sigmoid(), t)
                for t, (place, _) in zip(HALF_TURNS, said, strict=True)
            ]
            maps.append(torch.stack(back).mean(0)[:, 0])
        return torch.cat(verdicts).numpy(), torch.cat(maps).numpy()

    @torch.inference_mode()
    def numbers(self, photos: Photos) -> NDArray[np.float64]:
        """What the map says of each picture (n, 24), for a head that is fitted on photographs: the
        verdict and the most stained cells, also without the rim, at full and at half size; mean
        over eight ways to lay the picture (half size: four)."""
        full = [self._pooled(lit, range(TURNS), RIM_CELLS) for lit in _lit(photos)]
        half = [self._pooled(lit, HALF_TURNS, RIM_CELLS - 1) for lit in _lit(halved(photos))]
        return torch.cat([torch.cat(full), torch.cat(half)], 1).double().numpy()

    def _pooled(self, lit: Tensor, turns: Iterable[int], rim: int) -> Tensor:
        ways = []
        for number in turns:
            shown = turned(lit, number).contiguous(memory_format=torch.channels_last)
            fine, coarse = self.network.maps(shown)
            place = self.network.place(fine)[:, 0]
            cells, inner = _ranked(place), _ranked(place[:, rim:-rim, rim:-rim])
            ways.append(
                torch.cat(
                    [
                        self.network.verdict(described(fine, coarse)),
                        cells[:, list(RANKS)],
                        cells[:, :20].mean(1, keepdim=True),
                        cells.logsumexp(1, keepdim=True),
                        inner[:, list(RANKS[:-1])],
                    ],
                    1,
                )
            )
        return torch.stack(ways).mean(0)


def halved(photos: Photos) -> Photos:
    """Pictures of half the size, mirrored at the border to sides in multiples of 32."""
    count, height, width = photos.shape
    small = photos.reshape(count, height // 2, 2, width // 2, 2).mean((2, 4))
    missing = [(-side) % SIDE_STEP for side in small.shape[1:]]
    around = [(m // 2, m - m // 2) for m in missing]
    return np.asarray(np.rint(np.pad(small, [(0, 0), *around], mode="reflect")), np.uint8)


def _ranked(place: Tensor) -> Tensor:
    """Cells of each map (n, cells), most stained first."""
    return place.flatten(1).sort(1, descending=True)[0]


def turned_back(maps: Tensor, number: int) -> Tensor:
    """Undoes `turned` on maps (n, 1, h, w)."""
    shown = maps.flip(3) if number >= 4 else maps
    return shown.rot90(-(number % 4), (2, 3))


def _lit(photos: Photos) -> list[Tensor]:
    starts = range(0, max(len(photos), 1), BATCH)
    some = (torch.from_numpy(photos[i : i + BATCH]).float()[:, None] for i in starts)
    return [lit_evenly(x) for x in some]
