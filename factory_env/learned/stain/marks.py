"""Draws stains on rendered fabric: oil, ink, finger marks, smears, rings, specks; NumPy only.

A stain is a map of cover (0 to 1), a depth (how much darker, natural logarithm) and the share of
the texture that it drowns, as oil does. Centres may lie beyond the border, so cut stains come by
themselves. Sizes in pixels of 224 x 224; all numbers [assumed], set by eye.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from factory_env.learned.stain.fabric import (
    ACROSS,
    DOWN,
    SIDE,
    Cloth,
    Map,
    draw_cloth,
    log_uniform,
    photograph,
    smooth_map,
)

CELL = 4  # the network answers for cells of 4 x 4 pixels
SEEN = 0.4  # cover from which a pixel counts as stained


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One stain on its way to a cloth."""

    cover: Map  # 0..1
    depth: float  # log of grey that full cover takes away
    drowns: float  # share of the texture that full cover hides


@dataclass(frozen=True, slots=True, kw_only=True)
class StainTwins:
    """The same cloths clean and stained."""

    clean: NDArray[np.uint8]  # (n, 224, 224)
    stained: NDArray[np.uint8]  # (n, 224, 224)
    mask: NDArray[np.bool_]  # (n, 224, 224), pixels that a stain covers


def draw_twins(count: int, rng: np.random.Generator) -> StainTwins:
    """``count`` cloths, each photographed clean and with stains; equal generators, equal twins."""
    clean = np.empty((count, SIDE, SIDE), np.uint8)
    stained, mask = np.empty_like(clean), np.empty(clean.shape, np.bool_)
    for row in range(count):
        cloth = draw_cloth(rng)
        clean[row] = photograph(cloth.shade + cloth.texture, rng)
        log_grey, mask[row] = soil(cloth, draw_marks(rng))
        stained[row] = photograph(log_grey, rng)
    return StainTwins(clean=clean, stained=stained, mask=mask)


def draw_marks(rng: np.random.Generator) -> list[Mark]:
    """One kind of stain, one to four times, now and then with a second kind."""
    names = list(KINDS)
    first = KINDS[names[int(rng.choice(len(names), p=SHARES))]]
    marks = [first(rng) for _ in range(int(rng.choice([1, 2, 3, 4], p=[0.55, 0.25, 0.12, 0.08])))]
    if rng.random() < 0.15:
        marks.append(KINDS[names[int(rng.integers(len(names)))]](rng))
    visible = [m for m in marks if (m.cover > SEEN).any()]
    return visible or draw_marks(rng)


def soil(cloth: Cloth, marks: list[Mark]) -> tuple[Map, NDArray[np.bool_]]:
    """Log picture of a cloth with marks on it, and the pixels that they cover."""
    texture, shade = cloth.texture, cloth.shade
    mask = np.zeros((SIDE, SIDE), np.bool_)
    for mark in marks:
        texture = texture * (1 - np.float32(mark.drowns) * mark.cover)
        shade = shade - np.float32(mark.depth) * mark.cover
        mask |= mark.cover > SEEN
    return np.asarray(np.maximum(shade + texture, np.log(0.06)), np.float32), mask


def _centre(rng: np.random.Generator, margin: float) -> tuple[float, float]:
    low, high = -margin, SIDE + margin
    return float(rng.uniform(low, high)), float(rng.uniform(low, high))


def _ellipse(rng: np.random.Generator, radius: float, stretch: float, uneven: float) -> Map:
    """Signed distance (pixels, negative inside) from the rim of a warped ellipse."""
    x, y = _centre(rng, 0.4 * min(radius, 30.0))
    angle = rng.uniform(0, np.pi)
    cos, sin = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    right, under = ACROSS - np.float32(x), DOWN - np.float32(y)
    a = (right * cos + under * sin) / np.float32(stretch)
    b = under * cos - right * sin
    distance = np.hypot(a, b) - np.float32(radius)
    if uneven:
        cells = int(np.clip(SIDE / max(radius, 3) * 1.5, 4, 60))
        distance = distance + np.float32(uneven * radius) * smooth_map(rng, cells)
    return np.asarray(distance, np.float32)


def _inside(distance: Map, softness: float) -> Map:
    x = np.clip(distance / np.float32(softness), -30, 30)
    return np.asarray(1 / (1 + np.exp(x)), np.float32)


def _along_threads(distance: Map, rng: np.random.Generator, reach: float) -> Map:
    """Ink runs along the threads: every column, or row, moves a little on its own."""
    run = rng.standard_normal((1, SIDE) if rng.random() < 0.5 else (SIDE, 1), dtype=np.float32)
    return np.asarray(distance + np.float32(reach) * run, np.float32)


def _patchy(rng: np.random.Generator, cells: int, share: float) -> Map:
    """1 on about ``share`` of the places, 0 on the rest, with soft borders."""
    return _inside(smooth_map(rng, cells) - np.float32(3 * (share - 0.5)), 0.25)


def _oil(rng: np.random.Generator) -> Mark:
    radius = log_uniform(rng, 5, 70)
    rim = _ellipse(rng, radius, rng.uniform(0.7, 1.5), rng.uniform(0, 0.12))
    if rng.random() < 0.3:  # drops that have run together
        rim = np.minimum(rim, _ellipse(rng, radius * 0.7, 1.0, 0.05))
    cover = _inside(rim, log_uniform(rng, 0.5, 4.0))
    if rng.random() < 0.25:  # a darker ring where it dried
        cover = cover * 0.75 + 0.25 * np.exp(-0.5 * (rim / np.float32(rng.uniform(1, 3))) ** 2)
    return Mark(
        cover=np.asarray(cover, np.float32),
        depth=log_uniform(rng, 0.012, 0.1),
        drowns=float(rng.uniform(0, 0.8)),
    )


def _ink(rng: np.random.Generator) -> Mark:
    rim = _ellipse(rng, log_uniform(rng, 2, 26), rng.uniform(0.6, 1.6), rng.uniform(0, 0.25))
    if rng.random() < 0.6:
        rim = _along_threads(rim, rng, rng.uniform(0.3, 3))
    return Mark(
        cover=_inside(rim, log_uniform(rng, 0.3, 1.5)),
        depth=log_uniform(rng, 0.12, 1.3),
        drowns=float(rng.uniform(0, 0.7)),
    )


def _finger(rng: np.random.Generator) -> Mark:
    rim = _ellipse(rng, log_uniform(rng, 5, 16), rng.uniform(1.2, 2.4), rng.uniform(0, 0.15))
    cover = _inside(rim, log_uniform(rng, 0.5, 2.5))
    grain = _patchy(rng, int(rng.integers(40, 110)), rng.uniform(0.4, 0.95))
    fade = np.clip(0.7 + np.float32(rng.uniform(0, 0.7)) * smooth_map(rng, 12), 0.1, 1.3)
    cover = np.clip(cover * (0.35 + 0.65 * grain) * fade, 0, 1)
    return Mark(cover=cover, depth=log_uniform(rng, 0.04, 0.6), drowns=float(rng.uniform(0, 0.3)))


def _path(rng: np.random.Generator) -> Map:
    """Distance in pixels from a wandering line."""
    x, y = _centre(rng, 5)
    angle, turn = rng.uniform(0, 2 * np.pi), rng.normal(0, 0.15)
    steps = int(rng.integers(3, 14))
    distance = np.full((SIDE, SIDE), 1e3, np.float32)
    for _ in range(steps):
        length = rng.uniform(3, 9)
        dx, dy = length * np.cos(angle), length * np.sin(angle)
        along = np.clip(((ACROSS - x) * dx + (DOWN - y) * dy) / (length * length), 0, 1)
        near = np.hypot(ACROSS - x - along * dx, DOWN - y - along * dy)
        distance = np.minimum(distance, near).astype(np.float32)
        x, y, angle = x + dx, y + dy, angle + turn + rng.normal(0, 0.3)
    return distance


def _smear(rng: np.random.Generator) -> Mark:
    rim = _path(rng) - np.float32(log_uniform(rng, 0.8, 7))
    if rng.random() < 0.4:
        rim = _along_threads(rim, rng, rng.uniform(0.3, 2))
    cover = _inside(rim, log_uniform(rng, 0.4, 2))
    if rng.random() < 0.7:
        cover = cover * _patchy(rng, int(rng.integers(25, 90)), rng.uniform(0.35, 0.95))
    return Mark(
        cover=np.asarray(cover, np.float32),
        depth=log_uniform(rng, 0.03, 0.7),
        drowns=float(rng.uniform(0, 0.5)),
    )


def _ring(rng: np.random.Generator) -> Mark:
    rim = np.abs(_ellipse(rng, log_uniform(rng, 8, 55), rng.uniform(0.8, 1.6), 0.03))
    cover = _inside(rim - np.float32(rng.uniform(0.6, 3)), rng.uniform(0.4, 1.2))
    cover = cover * _patchy(rng, int(rng.integers(4, 10)), rng.uniform(0.3, 0.8))
    return Mark(
        cover=np.asarray(cover, np.float32),
        depth=log_uniform(rng, 0.05, 0.6),
        drowns=float(rng.uniform(0, 0.3)),
    )


def _specks(rng: np.random.Generator) -> Mark:
    """One tiny dot, or a cluster of them."""
    many = int(rng.integers(4, 25)) if rng.random() < 0.3 else 1
    x, y = _centre(rng, 0)
    spread = rng.uniform(8, 35)
    cover = np.zeros((SIDE, SIDE), np.float32)
    for _ in range(many):
        cx, cy = (x, y) if many == 1 else (rng.normal(x, spread), rng.normal(y, spread))
        radius = log_uniform(rng, 0.7, 3.5)
        left, top = max(int(cx) - 10, 0), max(int(cy) - 10, 0)
        part = slice(top, max(int(cy) + 11, 0)), slice(left, max(int(cx) + 11, 0))
        distance = np.hypot(ACROSS[part] - cx, (DOWN[part] - cy) * rng.uniform(0.7, 1.4)) - radius
        cover[part] = np.maximum(cover[part], _inside(distance, rng.uniform(0.3, 0.8)))
    return Mark(cover=cover, depth=log_uniform(rng, 0.12, 1.0), drowns=0.0)


def _cloud(rng: np.random.Generator) -> Mark:
    """Dirt without a rim."""
    rim = _ellipse(rng, log_uniform(rng, 6, 35), rng.uniform(0.6, 1.6), 0.15)
    spread = log_uniform(rng, 3, 12)
    cover = _inside(rim, spread) * np.clip(0.8 + 0.4 * smooth_map(rng, 30), 0, 1.3)
    return Mark(
        cover=np.asarray(np.clip(cover, 0, 1), np.float32),
        depth=log_uniform(rng, 0.04, 0.5),
        drowns=float(rng.uniform(0, 0.3)),
    )


KINDS: dict[str, Callable[[np.random.Generator], Mark]] = {
    "oil": _oil,
    "ink": _ink,
    "finger": _finger,
    "smear": _smear,
    "ring": _ring,
    "specks": _specks,
    "cloud": _cloud,
}
SHARES = (0.32, 0.13, 0.15, 0.11, 0.07, 0.15, 0.07)
