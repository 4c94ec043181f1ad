"""Any grey picture as the inspection network knows pictures: ground, outline, frame, crispness.

The network has learned Fashion-MNIST: grey, 28 x 28 pixels, the garment bright on pure black and as
long as the frame, its brightest pixel at full scale. In the publisher's 10,000 test pictures 94 %
of the garments are exactly 28 pixels long and 99 % have a brightest pixel of 254 or 255: there is
no margin. Its makers trimmed photographs, shrank them to 28 pixels, sharpened them, and centred and
negated them (Xiao, Rasul and Vollgraf 2017); so does `as_known`. NumPy, SciPy and Pillow only.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from factory_env.learned.pictures.garments import SIDE_PX
from factory_env.learned.pictures.shape import GROUND

Grey = NDArray[np.float32]  # (h, w) in [0, 1]
Frame = tuple[float, float, float, float]  # left, top, right, bottom as shares of a picture's sides

NOISES: Final = 4.0  # [assumed] a pixel is no ground if it is so many deviations off
PART: Final = 0.01  # [assumed] a part of a garment has this share of its largest part, or is dust
SPECK: Final = 0.002  # [assumed] what covers less of a picture is no garment
# strength of an unsharp mask of radius 1 px; chosen of 0, 0.3, 0.45, 0.6, 0.8 and 1 on 1,000
# training pictures that the network had not learned from, saved in three soft ways: 0.6 names
# classes as well and finds defects worse (mean AUC 0.804 against 0.815), 1 finds them as well
# (0.819) and names classes worse (0.924 against 0.931)
SHARPER: Final = 0.8


def as_known(grey: Grey) -> tuple[Grey, Frame] | None:
    """A grey picture (h, w) of any size in [0, 1] as the network knows it, (28, 28), and its frame.

    The ground is the median of the border; the garment is what is further from it than noise, and
    is made bright whether it was the lighter or the darker of both. A picture of 28 x 28 on black
    is taken as it is: it is of the network's own kind. The frame is left, top, right and bottom
    as shares of width and height. None if nothing stands out.
    """
    height, width = grey.shape
    border = _border(grey)
    ground = float(np.median(border))
    noise = 1.4826 * float(np.median(np.abs(border - ground)))  # deviation, if it were normal
    least = max(GROUND, NOISES * noise)
    off = grey - ground
    stands_out = np.abs(off) > least
    if stands_out.mean() < SPECK:
        return None
    bright = off if off[stands_out].sum() > 0 else -off
    if grey.shape == (SIDE_PX, SIDE_PX):
        own = grey if bright is off else 1 - grey
        if ground in (0.0, 1.0):
            return own, (0.0, 0.0, 1.0, 1.0)
    body = _without_dust(bright > least)
    if body.mean() < SPECK:
        return None
    rows, columns = np.flatnonzero(body.any(1)), np.flatnonzero(body.any(0))
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    left, right = int(columns[0]), int(columns[-1]) + 1
    scale = SIDE_PX / max(bottom - top, right - left)
    wide, high = (max(1, round(n * scale)) for n in (right - left, bottom - top))
    x, y = (SIDE_PX - wide + 1) // 2, (SIDE_PX - high + 1) // 2  # odd rests as the publisher's
    picture = np.zeros((SIDE_PX, SIDE_PX), np.float32)
    cut = np.where(body, bright, 0)[top:bottom, left:right]
    picture[y : y + high, x : x + wide] = _shrunk_crisply(cut, wide, high)
    across, down = (right - left) / wide / width, (bottom - top) / high / height
    x0, y0 = left / width - x * across, top / height - y * down
    return picture, (x0, y0, x0 + SIDE_PX * across, y0 + SIDE_PX * down)


def _shrunk_crisply(bright: Grey, wide: int, high: int) -> Grey:
    """In (high, wide) pixels, as crisp as the publisher made them; the brightest becomes 1.

    Edges softer than in Fashion-MNIST look like defects to the network.
    """
    shrunk = Image.fromarray(bright.astype(np.float32)).resize(
        (wide, high), Image.Resampling.LANCZOS
    )
    small = np.clip(np.asarray(shrunk, np.float32), 0, None)
    blurred = ndimage.gaussian_filter(small, 1.0, mode="constant")
    crisp = np.clip(small + SHARPER * (small - blurred), 0, None)
    return np.asarray(np.rint(crisp / crisp.max() * 255) / 255, np.float32)


def _border(grey: Grey) -> Grey:
    """The outermost pixels, a fiftieth of the shorter side deep."""
    deep = max(1, round(min(grey.shape) / 50))
    inside = np.ones(grey.shape, bool)
    inside[deep:-deep, deep:-deep] = False
    return grey[inside]


def _without_dust(body: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The largest connected part, and the parts that are no dust beside it."""
    parts, count = ndimage.label(body)
    if count < 2:
        return body
    area = np.bincount(parts.ravel())
    area[0] = 0
    return np.asarray((area >= PART * area.max())[parts] & body)
