"""Reads photographs of fabric sorted by folder: ``stain/`` and ``defect_free/``."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from factory_env.errors import InputError, Problem, wrong

CLEAN, STAINED = "defect_free", "stain"
SIDE_PX = 224
SUFFIXES = frozenset({".jpg", ".jpeg", ".png"})
FEWEST = 5  # pictures of a class: one for each part of a five-fold split


@dataclass(frozen=True, slots=True, kw_only=True)
class FabricPhotos:
    """Grey photographs of fabric, clean ones first.

    pictures: (n, 224, 224), 0..255; is_stained: (n,); names: ``folder/file`` of each.
    """

    pictures: NDArray[np.uint8]
    is_stained: NDArray[np.bool_]
    names: tuple[str, ...]


def read_fabric(folder: Path) -> FabricPhotos:
    """Every picture in ``folder/defect_free`` and ``folder/stain``, in the order of their numbers.

    Hidden files are passed over. A picture of colour is read as grey; sizes other than 224 x 224
    are refused, because shrinking decides which specks are left.

    Raises
    ------
    InputError
        With every file that is no readable picture of 224 x 224, and every folder that is missing
        or holds fewer than five pictures.
    """
    problems: list[Problem] = []
    pictures, stained, names = [], [], []
    for name in (CLEAN, STAINED):
        for path in _files(folder / name, problems):
            grey = _grey(path)
            if isinstance(grey, Problem):
                problems.append(grey)
            else:
                pictures.append(grey)
                stained.append(name == STAINED)
                names.append(f"{name}/{path.name}")
    if problems:
        raise InputError(problems)
    return FabricPhotos(
        pictures=np.stack(pictures), is_stained=np.array(stained), names=tuple(names)
    )


def _files(folder: Path, problems: list[Problem]) -> list[Path]:
    """Files of one class by number, then name; a problem if there are too few."""
    found = [p for p in folder.iterdir() if not p.name.startswith(".")] if folder.is_dir() else []
    if len(found) < FEWEST:
        problems.append(
            wrong(
                str(folder),
                "folder",
                f"must hold at least {FEWEST} pictures",
                f"{len(found)} files" if folder.is_dir() else "no such folder",
                f"a folder with {CLEAN}/ and {STAINED}/",
            )
        )
    return sorted(found, key=lambda p: (not p.stem.isdecimal(), p.stem.zfill(12), p.name))


def _grey(path: Path) -> NDArray[np.uint8] | Problem:
    """Grey values of a file, or what is wrong with it."""
    if not path.is_file() or path.suffix.lower() not in SUFFIXES:
        got = f"suffix {path.suffix!r}" if path.is_file() else "no plain file"
        return _refused(path, "must be a JPEG or PNG picture", got)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a picture of huge size warns before it is decoded
            with Image.open(path) as image:
                if image.size != (SIDE_PX, SIDE_PX):
                    got = f"{image.size[0]} x {image.size[1]}"
                    return _refused(path, f"must be {SIDE_PX} x {SIDE_PX} pixels", got)
                return np.asarray(image.convert("L"), np.uint8)
    except Exception as error:  # decoders raise whatever a damaged file leads them to
        reason = str(error).replace(str(path), path.name).split("\n")[0]
        return _refused(path, "must be a readable picture", reason)


def _refused(path: Path, rule: str, got: str) -> Problem:
    return wrong(
        str(path), "picture", rule, got, "grey photographs of 224 x 224, or take the file away"
    )
