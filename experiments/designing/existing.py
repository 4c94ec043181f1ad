"""Existing designs to compare with: the season's collection, or pictures in a user's folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from matplotlib.image import imread
from numpy.typing import NDArray
from PIL import Image

from factory_env.domain.design import SIDE_PX
from factory_env.domain.product import Style
from factory_env.domain.studio import Eye
from factory_env.door.text_file import user_path
from factory_env.errors import InputError, Problem, wrong

MOST: Final = 6000  # pictures of a folder that are looked at
FEWEST: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Existing:
    """Pictures (m, 28, 28), features (m, d) and names of existing designs."""

    pictures: NDArray[np.uint8]
    features: NDArray[np.float64]
    names: tuple[str, ...]
    source: str


def of_season(styles: Sequence[Style]) -> Existing:
    """The designs of a collection."""
    drawn = [(s.style_id, s.design) for s in styles if s.design is not None]
    pictures = [np.frombuffer(d.picture, np.uint8).reshape(SIDE_PX, SIDE_PX) for _, d in drawn]
    return Existing(
        pictures=np.array(pictures),
        features=np.array([d.features for _, d in drawn]),
        names=tuple(name for name, _ in drawn),
        source="the season's collection",
    )


def of_folder(folder: str, category: int, eye: Eye) -> Existing:
    """The class's training pictures of a folder with IDX files, or all its PNG pictures.

    Raises
    ------
    InputError
        If there is no such folder, a file is damaged, or there are fewer than two pictures.
    """
    path = user_path(folder)
    if not path.is_dir():
        raise _wrong(path, "must be a folder", "no such folder")
    files = sorted(path.glob("*.png"))
    if files:
        pictures, names = _read_png(files[:MOST]), tuple(f.stem for f in files[:MOST])
    else:
        from factory_env.learned.pictures.images import read_garments

        garments = read_garments(path, None)
        own = np.flatnonzero(garments.train_category == category)[:MOST]
        pictures = garments.train_pictures[own]
        names = tuple(f"picture {i}" for i in own.tolist())
    if len(pictures) < FEWEST:
        raise _wrong(path, f"must hold {FEWEST} pictures or more", str(len(pictures)))
    features = eye.features(np.asarray(pictures / np.float32(255), dtype=np.float32))
    return Existing(
        pictures=pictures, features=features.astype(np.float64), names=names, source=folder
    )


def _read_png(files: Sequence[Path]) -> NDArray[np.uint8]:
    pictures, problems = [], []
    for file in files:
        try:
            with Image.open(file, formats=["PNG"]) as head:
                size = head.size  # before anything is decoded: a small file may be a huge picture
            if size != (SIDE_PX, SIDE_PX):
                got, rule = f"{size[0]} x {size[1]}", f"must have {SIDE_PX} x {SIDE_PX} pixels"
                problems.append(_problem(file, rule, got))
                continue
            grey = np.asarray(imread(file), dtype=np.float64)
        except Exception as error:  # decoders raise whatever a damaged file leads them to
            problems.append(_problem(file, "must be a PNG picture", str(error)))
            continue
        grey = grey[:, :, :3].mean(axis=2) if grey.ndim == 3 else grey
        pictures.append(np.rint(grey * 255.0).astype(np.uint8))
    if problems:
        raise InputError(problems)
    return np.array(pictures)


def _problem(path: Path, rule: str, got: str) -> Problem:
    return wrong(
        str(path),
        "data_dir",
        rule,
        got,
        "the four IDX files, or 28 x 28 PNG pictures, light on black",
    )


def _wrong(path: Path, rule: str, got: str) -> InputError:
    return InputError([_problem(path, rule, got)])
