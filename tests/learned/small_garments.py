"""Garments made of plain bars: a bar's place is its class, its grey is free."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np

from factory_env.learned.pictures.garments import LABELS, SIDE_PX
from factory_env.learned.pictures.images import Garments

TRAIN, TEST = 240, 60


def bars(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures (count, 28, 28) uint8 and their categories in turn 0..5."""
    rng = np.random.default_rng(seed)
    category = np.arange(count) % len(LABELS)
    pictures = rng.integers(0, 20, (count, SIDE_PX, SIDE_PX)).astype(np.uint8)
    for picture, one in zip(pictures, category, strict=True):
        picture[4 * one : 4 * one + 6, 3:25] = rng.integers(120, 255)
    return pictures, category


def small_garments() -> Garments:
    """240 training and 60 test pictures."""
    train, test = bars(TRAIN, 1), bars(TEST, 2)
    return Garments(
        train_pictures=train[0],
        train_category=train[1],
        test_pictures=test[0],
        test_category=test[1],
    )


def write_idx(folder: Path, *, packed: bool = False) -> Path:
    """The same garments as the four IDX files, with two pictures of other classes in front."""
    garments = small_garments()
    for part, pictures, category in (
        ("train", garments.train_pictures, garments.train_category),
        ("t10k", garments.test_pictures, garments.test_category),
    ):
        shoes = np.full((2, SIDE_PX, SIDE_PX), 9, np.uint8)
        images = np.concatenate([shoes, pictures])
        labels = np.concatenate([[5, 9], np.array(LABELS)[category]]).astype(np.uint8)
        head = struct.pack(">4I", 2051, len(images), SIDE_PX, SIDE_PX)
        write(folder / f"{part}-images-idx3-ubyte", head + images.tobytes(), packed=packed)
        head = struct.pack(">2I", 2049, len(labels))
        write(folder / f"{part}-labels-idx1-ubyte", head + labels.tobytes(), packed=packed)
    return folder


def write(path: Path, content: bytes, *, packed: bool) -> None:
    """One file, gzip'd or plain."""
    if packed:
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(content, 1))
    else:
        path.write_bytes(content)


def tees(count: int = 60) -> np.ndarray:
    """Tee-like shapes in greys 60..230 with a little texture, steps of 1/255."""
    rng = np.random.default_rng(3)
    pictures = np.zeros((count, 28, 28), np.float32)
    for picture, grey in zip(pictures, rng.integers(60, 230, count), strict=True):
        picture[3:25, 8:20] = grey
        picture[4:11, 3:25] = grey
    noise = rng.integers(-12, 13, pictures.shape)
    return (np.where(pictures > 0, pictures + noise, 0) / 255).astype(np.float32)
