"""The test pictures on which the bank of verdicts was drawn; the live camera shows the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from factory_env.learned.pictures.garments import LABELS
from factory_env.learned.pictures.images import ORIGINALS, AllClasses, read_all_classes

PER_GARMENT = 150  # pictures of each class, for the bank and for the live camera

Sheet = NDArray[np.uint8]  # (6, n, 28, 28), grey values 0..255, garments in the order of GARMENTS


def sheet_of(data: AllClasses, per_garment: int = PER_GARMENT) -> Sheet:
    """``per_garment`` test pictures of each class, evenly spread over the file; some twice if the
    class has fewer."""
    rows = []
    for label in LABELS:
        own = np.flatnonzero(data.test_label == label)
        rows.append(data.test_pictures[own[np.arange(per_garment) * len(own) // per_garment]])
    return np.stack(rows)


def read_sheet(folder: Path) -> Sheet:
    """The sheet of the publisher's files in ``folder``; raises `InputError` on bad files."""
    return sheet_of(read_all_classes(folder, ORIGINALS))
