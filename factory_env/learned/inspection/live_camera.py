"""The network itself looks at a rendered picture of every piece: what ``inspector=cnn_live`` asks.

A piece's picture, the place and form of its defect and its light follow from its luck alone, so a
verdict does not depend on the other pieces.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from factory_env.learned.gan.designer import Designer
from factory_env.learned.inspection.defects import DRAWS, LIGHT_DRAWS, rendered
from factory_env.learned.inspection.eye import Eye
from factory_env.learned.inspection.verdict_drawing import LIGHTING, designs_shown
from factory_env.learned.pictures.garments import GARMENTS, SIDE_PX
from factory_env.learned.pictures.images import unit
from factory_env.learned.pictures.sheet import Sheet, read_sheet

Floats = NDArray[np.float32]
MANTISSA: Final = 2.0**53
GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCamera:
    """The network, and the pictures that it is shown, drawn when needed."""

    eye: Eye
    sheet: Sheet | None  # None = designs of the generator under every condition
    _shown: dict[str, Floats] = field(default_factory=dict, init=False, repr=False, compare=False)

    def pictures(self, condition: str) -> Floats:
        """Pictures of sound garments, (6, n, 28, 28)."""
        sheet = None if condition == "new_styles" else self.sheet
        source = "designs" if sheet is None else "sheet"
        if source not in self._shown:
            self._shown[source] = (
                designs_shown(Designer.shipped()) if sheet is None else unit(sheet)
            )
        return self._shown[source]

    def look(
        self,
        garment: str,
        condition: str,
        state: NDArray[np.int64],
        severity: NDArray[np.float64],
        luck: NDArray[np.float64],
        design: bytes | None = None,
    ) -> Floats:
        """Probability of each kind of defect, as trained, shape (n, 7).

        Parameters
        ----------
        state : number in `defects.KINDS`, shape (n,)
        luck : uniform on [0, 1), shape (n,)
        design : the style's own picture, 28 x 28 grey values, in place of those of its class
        """
        numbers = spread(luck, 1 + DRAWS + LIGHT_DRAWS)
        own = self.pictures(condition)[GARMENTS.index(garment)]
        if design is not None:
            grey = np.frombuffer(design, np.uint8).astype(np.float32) / np.float32(255)
            own = grey.reshape(1, SIDE_PX, SIDE_PX)
        which = np.minimum((numbers[:, 0] * len(own)).astype(np.int64), len(own) - 1)
        shown = rendered(
            own[which],
            state,
            severity.astype(np.float32),
            numbers[:, 1 : 1 + DRAWS],
            numbers[:, 1 + DRAWS :],
            LIGHTING[condition],
        )
        return np.asarray(self.eye.defects(shown.pictures)[:, 1:])


@cache
def live_camera(pictures: str | None = None) -> LiveCamera:
    """The shipped network before the pictures of the bank; made once in a process.

    Parameters
    ----------
    pictures
        Folder of the publisher's files; None = the designs that the bank was drawn on under the
        condition ``new_styles``, and no others.

    Raises
    ------
    InputError
        If shipped weights or the files are missing or damaged.
    """
    sheet = None if pictures is None else read_sheet(Path(pictures).expanduser())
    return LiveCamera(eye=Eye.shipped(), sheet=sheet)


def spread(luck: NDArray[np.float64], count: int) -> Floats:
    """``count`` uniform numbers for each of ``luck``, shape (n, count), by splitmix64."""
    with np.errstate(over="ignore"):
        key = (luck * MANTISSA).astype(np.uint64)[:, None]
        step = np.arange(1, count + 1, dtype=np.uint64) * GOLDEN
        z = _mixed(key * GOLDEN) + step
        whole = _mixed(z) >> np.uint64(40)  # 24 bits: all that a float32 holds
    return (whole.astype(np.float32) * np.float32(2.0**-24)).astype(np.float32)


def _mixed(z: NDArray[np.uint64]) -> NDArray[np.uint64]:
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(z ^ (z >> np.uint64(31)))
