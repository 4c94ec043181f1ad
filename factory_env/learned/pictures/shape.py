"""Where the garment is in a picture: box, outline, hem and mean grey; NumPy only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
GROUND = 0.04  # the ground is black; what is brighter is garment


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """Outlines of n garments on pictures of 28 x 28; a black picture has an empty one."""

    inner: NDArray[np.bool_]  # (n, 28, 28), garment pixels whose four neighbours are garment too
    top: Floats  # (n,), first and last row
    bottom: Floats
    first: Floats  # (n,), first and last column
    last: Floats
    left: Floats  # (n, 28), per row: first and last garment column
    right: Floats
    hem: Floats  # (n, 28), per column: last garment row
    grey: Floats  # (n,), mean of the garment pixels


def outline(pictures: Floats) -> Outline:
    """Outlines of pictures (n, 28, 28) in [0, 1]."""
    body = pictures > GROUND
    framed = np.pad(body, ((0, 0), (1, 1), (1, 1)))
    inner = (
        body
        & framed[:, :-2, 1:-1]
        & framed[:, 2:, 1:-1]
        & framed[:, 1:-1, :-2]
        & framed[:, 1:-1, 2:]
    )
    is_thin = ~inner.any((1, 2))
    inner[is_thin] = body[is_thin]
    rows, columns = np.asarray(body.any(2)), np.asarray(body.any(1))
    count = np.maximum(body.sum((1, 2)), 1)
    return Outline(
        inner=inner,
        top=_first(rows),
        bottom=_last(rows),
        first=_first(columns),
        last=_last(columns),
        left=_first(body),
        right=_last(body),
        hem=_last(body.swapaxes(1, 2)),
        grey=((pictures * body).sum((1, 2)) / count).astype(np.float32),
    )


def _first(flags: NDArray[np.bool_]) -> Floats:
    """Index of the first True along the last axis; 0 if there is none."""
    return np.asarray(flags.argmax(-1), np.float32)


def _last(flags: NDArray[np.bool_]) -> Floats:
    """Index of the last True along the last axis; the last index if there is none."""
    return np.asarray(flags.shape[-1] - 1 - flags[..., ::-1].argmax(-1), np.float32)
