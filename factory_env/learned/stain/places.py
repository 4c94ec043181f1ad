"""Does the map of stains point at the stain? Measured on photographs with pixel masks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from factory_env.errors import InputError, Problem, wrong
from factory_env.learned.scores import roc_auc
from factory_env.learned.stain.eye import StainEye
from factory_env.learned.stain.marks import CELL

Masked = tuple[NDArray[np.uint8], NDArray[np.bool_]]

SHOWN_PX = 256  # side at which the network looks: threads are then as fine as in its training
NEAR_CELLS = 1  # a maximum this far from the mask still counts as a hit


@dataclass(frozen=True, slots=True, kw_only=True)
class StainPlaces:
    """How well the map finds the stained pixels."""

    stain_cell_auc: float  # mean over pictures: stained cells against the clean ones beside them
    stain_hit_rate: float  # share of pictures whose most stained cell lies on the mask
    hits: int  # those pictures
    pictures: int  # with a stain; those with an empty mask are left out


def judged_places(masked: Masked, eye: StainEye) -> StainPlaces:
    """How well the map finds the masks; ``masked`` is what `read_masked` gives."""
    pictures, masks = masked
    aucs, hits = [], []
    for place, mask in zip(eye.places(pictures), masks, strict=True):
        side = mask.shape[0] // CELL
        cells = mask.reshape(side, CELL, side, CELL).any((1, 3))
        if cells.any():
            aucs.append(roc_auc(place[cells], place[~cells]))
            row, column = np.unravel_index(int(place.argmax()), place.shape)
            window = (
                slice(max(row - NEAR_CELLS, 0), row + NEAR_CELLS + 1),
                slice(max(column - NEAR_CELLS, 0), column + NEAR_CELLS + 1),
            )
            hits.append(bool(cells[window].any()))
    return StainPlaces(
        stain_cell_auc=float(np.mean(aucs)),
        stain_hit_rate=float(np.mean(hits)),
        hits=sum(hits),
        pictures=len(aucs),
    )


def read_masked(folder: Path) -> Masked:
    """Grey pictures (n, 256, 256) and their masks; both shrunk, a mask keeps its small spots.

    Raises `InputError` with every bad picture, or if none has a stain.
    """
    problems: list[Problem] = []
    pictures, masks = [], []
    for path in sorted((folder / "images").glob("*.jpg")):
        try:
            with (
                Image.open(path) as image,
                Image.open(folder / "annotations" / f"{path.stem}.png") as mask,
            ):
                if image.size != mask.size:
                    raise ValueError(f"picture {image.size}, mask {mask.size}")
                size = (SHOWN_PX, SHOWN_PX)
                pictures.append(np.asarray(image.convert("L").resize(size, Image.Resampling.BOX)))
                soft = np.asarray(mask.convert("L").resize(size, Image.Resampling.BOX))
                masks.append(soft > 127)
        except Exception as error:  # decoders raise whatever a damaged file leads them to
            reason = str(error).split("\n")[0]
            problems.append(
                wrong(
                    str(path),
                    "mask",
                    "needs a readable picture and mask of one size",
                    reason,
                    "images/NAME.jpg and annotations/NAME.png",
                )
            )
    if not problems and not any(mask.any() for mask in masks):
        problems.append(
            wrong(
                str(folder),
                "images",
                "must hold pictures with a stain",
                f"{len(pictures)} pictures, no stained pixel",
                "a folder with images/ and annotations/",
            )
        )
    if problems:
        raise InputError(problems)
    return np.stack(pictures), np.stack(masks)
