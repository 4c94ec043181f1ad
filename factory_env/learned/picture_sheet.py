"""The test pictures on which the bank of verdicts was drawn; the live camera shows the same.

NumPy only. The pictures are of Fashion-MNIST (Zalando SE, MIT licence).
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from factory_env.errors import InputError, Problem
from factory_env.learned.garments import GARMENTS, LABELS, SIDE_PX
from factory_env.learned.images import AllClasses

SHIPPED_SHEET = Path(__file__).parent / "weights" / "inspection_pictures.npz"
SOURCE: Final = "Fashion-MNIST test pictures, (c) 2017 Zalando SE, MIT licence"

Sheet = NDArray[np.uint8]  # (6, n, 28, 28), grey values 0..255, garments in the order of GARMENTS


def sheet_of(data: AllClasses, per_garment: int) -> Sheet:
    """``per_garment`` test pictures of each class, evenly spread over the file; some twice if the
    class has fewer."""
    rows = []
    for label in LABELS:
        own = np.flatnonzero(data.test_label == label)
        rows.append(data.test_pictures[own[np.arange(per_garment) * len(own) // per_garment]])
    return np.stack(rows)


def save_sheet(path: Path, sheet: Sheet) -> None:
    """Write the pictures; a reader sees the old file or the new one."""
    temporary = path.with_name(f".{path.name}.tmp.npz")
    np.savez_compressed(
        temporary, garments=np.array(GARMENTS), pictures=sheet, source=np.array(SOURCE)
    )
    temporary.replace(path)


def load_sheet(path: Path = SHIPPED_SHEET) -> Sheet:
    """The pictures in ``path``.

    Raises
    ------
    InputError
        If the file is missing or damaged, or holds something else.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            garments, pictures = tuple(file["garments"].tolist()), file["pictures"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise _wrong(path, str(error)) from error
    shape = pictures.shape
    wanted = (len(GARMENTS), *shape[1:2], SIDE_PX, SIDE_PX)
    if garments != GARMENTS or pictures.dtype != np.uint8 or shape != wanted or not shape[1]:
        raise _wrong(path, f"{garments}, {pictures.dtype}, shape {shape}")
    return np.asarray(pictures)


def _wrong(path: Path, got: str) -> InputError:
    return InputError([Problem(
        where=str(path), field="pictures",
        rule=f"must hold grey pictures of {', '.join(GARMENTS)}", got=got,
        right="the file that fit.py model=cnn leaves in weights/")])  # fmt: skip
