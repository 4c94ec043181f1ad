"""Draws plain fabric as a camera sees it: weave, moire, slubs, wrinkles, folds, light; NumPy only.

A cloth is two maps of logarithms, so that a stain can darken it and drown its texture: ``shade``
(light, wrinkles, folds) and ``texture`` (threads and noise). All sizes are pixels of a picture of
224 x 224; all amplitudes are natural logarithms of grey. Numbers are [assumed], set by eye.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

Map = NDArray[np.float32]  # (224, 224)

SIDE = 224
_LINE = np.arange(SIDE, dtype=np.float32)
DOWN, ACROSS = np.meshgrid(_LINE, _LINE, indexing="ij")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloth:
    """A piece of clean fabric: log of grey is ``shade + texture``."""

    shade: Map
    texture: Map


@cache
def _bumps(count: int) -> Map:
    """Rows of Gaussian weights (224, count) that join ``count`` numbers to a smooth line."""
    centres = np.linspace(0, SIDE - 1, count, dtype=np.float32)
    weight = np.exp(-0.5 * ((_LINE[:, None] - centres) * (count - 1) / SIDE / 0.6) ** 2)
    return np.asarray(weight / np.sqrt((weight**2).sum(1, keepdims=True)), np.float32)


def smooth_map(rng: np.random.Generator, down: int, across: int = 0) -> Map:
    """A random map of unit variance with ``down`` x ``across`` independent places."""
    across = across or down
    grid = rng.standard_normal((down, across), dtype=np.float32)
    return np.asarray(_bumps(down) @ grid @ _bumps(across).T, np.float32)


def log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def draw_cloth(rng: np.random.Generator) -> Cloth:
    """A clean piece of cloth, smooth or crumpled, with or without moire."""
    return Cloth(shade=_shade(rng), texture=_texture(rng))


def photograph(log_grey: Map, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Grey values 0..255 (224, 224) of a log picture: blur, sensor noise, sometimes JPEG."""
    grey = np.exp(log_grey)
    if rng.random() < 0.5:
        grey = ndimage.gaussian_filter(grey, rng.uniform(0.3, 0.8), truncate=3)
    noise = rng.standard_normal(grey.shape, dtype=np.float32)
    grey = grey * 255 + noise * np.float32(rng.uniform(0.2, 2.0))
    bytes_ = np.asarray(np.clip(np.rint(grey), 0, 255), np.uint8)
    if rng.random() < 0.5:
        return bytes_
    memory = io.BytesIO()
    Image.fromarray(bytes_).save(memory, "JPEG", quality=int(rng.integers(70, 96)))
    return np.asarray(Image.open(memory).convert("L"), np.uint8)


def _texture(rng: np.random.Generator) -> Map:
    turn = rng.normal(0, 0.06)
    across = ACROSS * np.float32(np.cos(turn)) + DOWN * np.float32(np.sin(turn))
    down = DOWN * np.float32(np.cos(turn)) - ACROSS * np.float32(np.sin(turn))
    total = _noise(rng)
    threads = rng.random()
    if threads < 0.8:
        total = total + _threads(rng, across if rng.random() < 0.5 else down)
    if threads < 0.35:
        total = total + _threads(rng, down if rng.random() < 0.5 else across)
    return np.asarray(total, np.float32)


def _threads(rng: np.random.Generator, place: Map) -> Map:
    """Stripes; threads finer than the pixels alias into moire, bent where the cloth is bent."""
    if rng.random() < 0.6:  # seen moire
        frequency, bend = rng.uniform(0.04, 0.3), rng.uniform(0.5, 6.0)
    else:  # fine weave, cycles a pixel
        frequency, bend = rng.uniform(0.3, 1.0), rng.uniform(0.0, 3.0)
    count = int(rng.integers(3, 7))
    phase = 2 * np.pi * frequency * place + np.float32(bend) * smooth_map(rng, count)
    wave = np.cos(phase)
    if rng.random() < 0.5:
        wave = np.sign(wave) * np.abs(wave) ** np.float32(rng.uniform(0.4, 1.5))
    strength = log_uniform(rng, 0.004, 0.09)
    patchy = np.clip(0.6 + np.float32(rng.uniform(0, 0.8)) * smooth_map(rng, 5), 0, 1.6)
    return np.asarray(np.float32(strength) * patchy * wave, np.float32)


def _noise(rng: np.random.Generator) -> Map:
    """Grain, slubs along one or both threads, and a cloudy mottle."""
    grain = rng.standard_normal((SIDE, SIDE), dtype=np.float32)
    total = np.float32(log_uniform(rng, 0.004, 0.05)) * grain
    if rng.random() < 0.5:
        total = total * np.clip(1 + np.float32(0.5) * smooth_map(rng, 4), 0.2, 2)
    for axis in (0, 1):
        if rng.random() < 0.6:
            length, width = rng.uniform(3, 20), rng.uniform(0.4, 1.2)
            sigma = (length, width) if axis == 0 else (width, length)
            grain = rng.standard_normal((SIDE, SIDE), dtype=np.float32)
            slub = ndimage.gaussian_filter(grain, sigma, truncate=2.5)
            total = total + np.float32(log_uniform(rng, 0.002, 0.018)) * slub / slub.std()
    if rng.random() < 0.5:
        total = total + np.float32(log_uniform(rng, 0.001, 0.008)) * smooth_map(rng, 40)
    return np.asarray(total, np.float32)


def _shade(rng: np.random.Generator) -> Map:
    level = np.log(rng.uniform(0.35, 0.85))
    slope = rng.normal(0, 0.09, 2).astype(np.float32)
    total = level + slope[0] * (ACROSS / SIDE - 0.5) * 2 + slope[1] * (DOWN / SIDE - 0.5) * 2
    total = total + np.float32(log_uniform(rng, 0.01, 0.12)) * smooth_map(rng, 3)
    if rng.random() < 0.6:
        total = total + np.float32(log_uniform(rng, 0.004, 0.03)) * smooth_map(rng, 6)
    if rng.random() < 0.35:
        total = total + _crumple(rng)
    if rng.random() < 0.6:
        for _ in range(int(rng.integers(1, 6))):
            total = total + _wrinkle(rng)
    if rng.random() < 0.2:
        total = total + _fold(rng)
    return np.asarray(total, np.float32)


def _crumple(rng: np.random.Generator) -> Map:
    """Light on an uneven surface: the slope of a random height in one direction."""
    down, across = rng.integers(4, 18, 2)
    height = smooth_map(rng, int(down), int(across))
    if rng.random() < 0.5:
        height = -np.abs(height)
    slope = np.gradient(height, axis=int(rng.integers(2)))
    return np.asarray(np.float32(log_uniform(rng, 0.003, 0.03)) * slope / slope.std(), np.float32)


def _line(rng: np.random.Generator) -> tuple[Map, Map]:
    """Signed distance from a bent line, and the place along it, both in pixels."""
    angle = rng.uniform(0, np.pi) if rng.random() < 0.6 else rng.choice([0, np.pi / 2])
    cos, sin = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    middle = rng.uniform(0, SIDE, 2).astype(np.float32)
    right, under = ACROSS - middle[0], DOWN - middle[1]
    bend = np.float32(rng.uniform(0, 14)) * smooth_map(rng, 3)
    return right * cos + under * sin + bend, under * cos - right * sin


def _wrinkle(rng: np.random.Generator) -> Map:
    """A ridge: dark beside light, or a groove that is only dark or only light."""
    across, along = _line(rng)
    width = log_uniform(rng, 1.5, 16)
    d = across / np.float32(width)
    bell = np.exp(-0.5 * d * d)
    shape = d * bell if rng.random() < 0.6 else bell * np.float32(rng.choice([-1, 1]))
    length = np.float32(rng.uniform(30, 200))
    ends = np.exp(-((along / length) ** 4))
    return np.asarray(np.float32(log_uniform(rng, 0.01, 0.2)) * shape * ends, np.float32)


def _fold(rng: np.random.Generator) -> Map:
    """A step of light along a line, often with a dark crease."""
    across, _ = _line(rng)
    step = np.tanh(across / np.float32(log_uniform(rng, 1, 20)))
    crease = np.exp(-0.5 * (across / np.float32(log_uniform(rng, 0.8, 6))) ** 2)
    strength = rng.normal(0, 0.12), rng.uniform(0, 0.35)
    return np.asarray(np.float32(strength[0]) * step - np.float32(strength[1]) * crease, np.float32)
