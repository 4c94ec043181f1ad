"""Reads Fashion-MNIST from its original IDX files and keeps the six garment classes."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from factory_env.errors import InputError, Problem, wrong
from factory_env.learned.pictures.garments import GARMENTS, LABELS, SIDE_PX
from factory_env.learned.pictures.unpacking import MOST_MB, unpack

Bytes = NDArray[np.uint8]

IMAGES_MAGIC, LABELS_MAGIC = 2051, 2049
CLASSES = 10  # in the label files; six of them are sewn garments

PARTS = ("train", "t10k")
ORIGINALS: Mapping[str, str] = {
    "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
}
"""SHA-256 of the unpacked content of the publisher's four files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Garments:
    """Pictures of the six sewn classes.

    pictures: (n, 28, 28), grey values 0..255, garment bright on black; category: (n,), 0..5.
    """

    train_pictures: Bytes
    train_category: NDArray[np.int64]
    test_pictures: Bytes
    test_category: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class AllClasses:
    """Pictures of all ten classes (n, 28, 28), grey values 0..255; label: (n,), 0..9."""

    train_pictures: Bytes
    train_label: NDArray[np.int64]
    test_pictures: Bytes
    test_label: NDArray[np.int64]


def unit(pictures: Bytes) -> NDArray[np.float32]:
    """Grey values as the networks take them: 0..255 -> [0, 1], float32."""
    return pictures.astype(np.float32) / np.float32(255)


def read_garments(folder: Path, checksums: Mapping[str, str] | None = ORIGINALS) -> Garments:
    """The garments in the four IDX files of ``folder``, packed (.gz) or not.

    Parameters
    ----------
    checksums
        SHA-256 of the unpacked files by name; None takes pictures of your own.

    Raises
    ------
    InputError
        With every file that is missing, damaged, of wrong magic, length or checksum, and with
        labels outside 0..9 or a garment class without a picture.
    """
    everything = read_all_classes(folder, checksums)
    train, train_category = _sewn(everything.train_pictures, everything.train_label)
    test, test_category = _sewn(everything.test_pictures, everything.test_label)
    return Garments(
        train_pictures=train,
        train_category=train_category,
        test_pictures=test,
        test_category=test_category,
    )


def read_all_classes(folder: Path, checksums: Mapping[str, str] | None = ORIGINALS) -> AllClasses:
    """The pictures of all ten classes; otherwise as `read_garments`."""
    problems: list[Problem] = []
    parts = []
    for part in PARTS:
        pictures = _read(folder, f"{part}-images-idx3-ubyte", IMAGES_MAGIC, checksums, problems)
        labels = _read(folder, f"{part}-labels-idx1-ubyte", LABELS_MAGIC, checksums, problems)
        if pictures is not None and labels is not None:
            problems += _fit(part, pictures, labels)
            parts.append((pictures, labels.astype(np.int64)))
    if problems:
        raise InputError(problems)
    (train, train_label), (test, test_label) = parts
    return AllClasses(
        train_pictures=train, train_label=train_label, test_pictures=test, test_label=test_label
    )


_FOUR_FILES = "data_dir=<folder of the four IDX files>"
_AGAIN = "fetch the file again"


def _read(
    folder: Path,
    name: str,
    magic: int,
    checksums: Mapping[str, str] | None,
    problems: list[Problem],
) -> Bytes | None:
    """One IDX file, or None and a problem."""
    path = next((p for p in (folder / name, folder / f"{name}.gz") if p.is_file()), None)
    if path is None:
        rule, right = "must be in the data folder, packed (.gz) or not", _FOUR_FILES
        problems.append(wrong(str(folder), name, rule, "no such file", right))
        return None
    try:
        if path.stat().st_size > MOST_MB * 1_000_000:
            raise ValueError(f"has more than {MOST_MB:g} MB")
        content = path.read_bytes()
        content = unpack(content) if path.suffix == ".gz" else content
    except (OSError, ValueError) as error:
        problems.append(wrong(str(path), "gzip", "must unpack without error", error, _AGAIN))
        return None
    array = decode_idx(content, magic)
    if isinstance(array, str):
        rule = f"must be an IDX file of magic {magic}"
        problems.append(wrong(str(path), "IDX", rule, array, _AGAIN))
        return None
    digest = hashlib.sha256(content).hexdigest() if checksums is not None else None
    if checksums is not None and digest != checksums[name]:
        rule = f"SHA-256 must be {checksums[name]}"
        right = "fetch it again, or check_originals=false for own pictures"
        problems.append(wrong(str(path), "checksum", rule, digest, right))
        return None
    return array


def decode_idx(content: bytes, magic: int) -> Bytes | str:
    """The array in an IDX file of bytes, or a sentence that says what is wrong with it.

    The format: big-endian magic (its last byte is the number of dimensions), one 32-bit length a
    dimension, then the values.
    """
    dimensions = magic & 0xFF
    head = 4 * (1 + dimensions)
    if len(content) < head:
        return f"only {len(content)} bytes, less than its header"
    number, *shape = struct.unpack(f">{1 + dimensions}I", content[:head])
    if number != magic:
        return f"magic {number}"
    if dimensions == 3 and tuple(shape[1:]) != (SIDE_PX, SIDE_PX):
        return f"pictures of {shape[1]} x {shape[2]} pixels instead of {SIDE_PX} x {SIDE_PX}"
    wanted = int(np.prod(shape, dtype=np.int64))
    if len(content) - head != wanted:
        return f"{len(content) - head} values where its header promises {wanted}"
    return np.frombuffer(content, np.uint8, offset=head).reshape(shape)


def _fit(part: str, pictures: Bytes, labels: Bytes) -> list[Problem]:
    problems = []
    if len(pictures) != len(labels):
        problems.append(
            wrong(
                part,
                "count",
                "must hold one label a picture",
                f"{len(pictures)} pictures, {len(labels)} labels",
                "two files of one set",
            )
        )
    if len(labels) and labels.max() >= CLASSES:
        problems.append(
            wrong(
                part,
                "labels",
                "class ids must be 0 to 9",
                f"{int(labels.max())} at picture {int(labels.argmax())}",
                "the labels of Fashion-MNIST",
            )
        )
    absent = [g for g, label in zip(GARMENTS, LABELS, strict=True) if label not in labels]
    if absent and not problems:
        problems.append(
            wrong(
                part,
                "labels",
                "every garment class needs pictures",
                f"none of {', '.join(absent)}",
                "labels 0, 1, 2, 3, 4 and 6",
            )
        )
    return problems


def _sewn(pictures: Bytes, labels: NDArray[np.int64]) -> tuple[Bytes, NDArray[np.int64]]:
    sewn = np.isin(labels, LABELS)
    return pictures[sewn], np.searchsorted(LABELS, labels[sewn]).astype(np.int64)
