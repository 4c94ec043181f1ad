"""Any photograph of fabric as the stain network knows them: a square, close by; NumPy, Pillow."""

from __future__ import annotations

from typing import Final

import numpy as np
from PIL import Image

from factory_env.learned.pictures.known_picture import Frame, Grey

SIDE_PX: Final = 224  # of the photographs that the network was measured on
SMALLEST_PX: Final = 112  # [assumed] of the shorter side: enlarged more than twice shows no specks


def as_fabric(grey: Grey) -> tuple[Grey, Frame] | None:
    """The middle square of a grey picture (h, w) in [0, 1], (224, 224), and its frame.

    The frame is left, top, right and bottom as shares of width and height: what lies outside is
    not looked at. None if the shorter side has less than 112 pixels.
    """
    height, width = grey.shape
    side = min(height, width)
    if side < SMALLEST_PX:
        return None
    left, top = (width - side) // 2, (height - side) // 2
    square = grey[top : top + side, left : left + side]
    if side != SIDE_PX:
        picture = Image.fromarray(square.astype(np.float32))
        square = np.asarray(picture.resize((SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS))
    frame = left / width, top / height, (left + side) / width, (top + side) / height
    return np.clip(square, 0, 1).astype(np.float32), frame
