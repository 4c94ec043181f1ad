"""Drawn pictures side by side as one PNG: a column per garment, a row per latent."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.image import imsave
from numpy.typing import NDArray

ENLARGED = 3  # screen pixels per picture pixel
GAP_PX = 2


def save_sheet(path: Path, pictures: NDArray[np.float32], columns: int) -> None:
    """Write pictures (n, 28, 28) in [0, 1] row by row; an odd rest is left out."""
    rows = len(pictures) // columns
    padded = np.pad(pictures[: rows * columns], ((0, 0), (0, GAP_PX), (0, GAP_PX)))
    height, width = padded.shape[1:]
    sheet = padded.reshape(rows, columns, height, width).swapaxes(1, 2)
    sheet = sheet.reshape(rows * height, columns * width)
    imsave(path, np.kron(sheet, np.ones((ENLARGED, ENLARGED))), cmap="gray", vmin=0, vmax=1)
