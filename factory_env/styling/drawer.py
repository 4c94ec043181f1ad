"""Draws garments by rule: the stand-in for the trained generator that needs no network.

A latent vector is twelve normal numbers; each becomes one trait of the garment: how long, how
wide, how much sleeve, what pattern. Everything is arithmetic on a grid, one batch at a time.
"""

from __future__ import annotations

from functools import cache
from math import erf
from typing import Final

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.design import CATEGORIES, SIDE_PX
from factory_env.domain.studio import Latents, Pictures
from factory_env.errors import InputError, wrong
from factory_env.styling.plain_eye import PlainEye, taught

Floats = NDArray[np.float64]

TRAITS: Final = (
    "length",
    "width",
    "sleeve",
    "neck",
    "brightness",
    "pattern",
    "frequency",
    "direction",
    "asymmetry",
    "patches",
    "flare",
    "fold",
)
TEE, TROUSER, PULLOVER, DRESS, COAT, SHIRT = range(len(CATEGORIES))
# by class: half-width of the body, its extra by width, length, its extra, sleeve length, its extra
_CUT: Final = np.array(
    [
        [0.40, 0.14, 0.78, 0.20, 0.24, 0.16],  # tee
        [0.30, 0.14, 0.86, 0.14, 0.00, 0.00],  # trouser
        [0.34, 0.12, 0.80, 0.16, 0.66, 0.20],  # pullover
        [0.24, 0.12, 0.88, 0.12, 0.00, 0.30],  # dress
        [0.38, 0.12, 0.90, 0.10, 0.72, 0.20],  # coat
        [0.36, 0.12, 0.80, 0.16, 0.50, 0.36],  # shirt
    ]
)
_LESSONS: Final = 200  # pictures a class from which the eye is taught


class Drawer:
    """Six classes of garments from twelve traits.

    >>> drawer = Drawer()
    >>> drawer.draw(np.array([0, 3]), drawer.latents(2, np.random.default_rng(1))).shape
    (2, 28, 28)
    """

    @property
    def classifier(self) -> PlainEye:
        """An eye taught on this drawer's own pictures."""
        return _own_eye()

    @property
    def latent_dim(self) -> int:
        """One number a trait."""
        return len(TRAITS)

    def latents(self, n: int, rng: np.random.Generator) -> Latents:
        """``n`` standard normal vectors."""
        return rng.standard_normal((n, len(TRAITS)), dtype=np.float32)

    def draw(self, category: NDArray[np.integer], z: Latents) -> Pictures:
        """One picture for each class number 0 to 5 and latent vector (n, 12).

        Raises
        ------
        InputError
            If a class number is none or the shapes do not fit.
        """
        wanted = np.asarray(category)
        _check(wanted, z)
        share = dict(zip(TRAITS, _as_shares(z).T[:, :, None, None], strict=True))
        cloth = _silhouettes(wanted, share)
        grey = np.where(cloth, np.clip(_painted(wanted, share), 0.15, 1.0), 0.0)
        return np.asarray(np.rint(grey * 255.0) / 255.0, dtype=np.float32)


def _as_shares(z: Latents) -> Floats:
    """The normal probability of each trait, so that every value is equally likely."""
    return np.asarray(0.5 * (1.0 + np.vectorize(erf, otypes=[float])(z / np.sqrt(2.0))))


def _grid() -> tuple[Floats, Floats]:
    """Down from 0 to 1, shape (28, 1); across from -1 to 1, shape (1, 28)."""
    step = (np.arange(SIDE_PX) + 0.5) / SIDE_PX
    return step[:, None], (2.0 * step - 1.0)[None, :]


def _silhouettes(category: NDArray[np.integer], share: dict[str, Floats]) -> NDArray[np.bool_]:
    """Where there is cloth, shape (n, 28, 28)."""
    down, across = _grid()
    body, wider, long, longer, arm, more_arm = _CUT[category].T[:, :, None, None]
    top = 0.02
    half = body + wider * share["width"]
    bottom = top + (long + longer * share["length"]) * (1.0 - top)
    depth = np.clip((down - top) / (bottom - top), 0.0, 1.0)
    is_dress = (category == DRESS)[:, None, None]
    is_trouser = (category == TROUSER)[:, None, None]
    waist = half * (1.0 - 0.3 * np.exp(-(((depth - 0.4) / 0.18) ** 2)))
    skirt = waist + (0.05 + 0.45 * share["flare"]) * np.clip(depth - 0.4, 0.0, 1.0)
    edge = np.where(is_dress, skirt, half + 0.05 * share["flare"] * depth)
    rows = (down >= top) & (down <= bottom)
    inside = np.abs(across) <= edge
    gap = 0.02 + 0.10 * share["fold"] + 0.12 * np.clip(depth - 0.3, 0.0, 1.0)
    legs = (np.abs(across) > gap * (depth > 0.28)) & (np.abs(across) <= half * (1.0 - 0.2 * depth))
    inside = np.where(is_trouser, legs, inside)
    reach = arm + more_arm * share["sleeve"]
    sleeve_width = 0.17 + 0.08 * share["width"]
    slope = half - 0.06 + (0.30 + 0.1 * share["flare"]) * np.clip(down - top, 0.0, 1.0)
    sleeves = (np.abs(across) >= slope - 0.1) & (np.abs(across) <= slope + sleeve_width)
    sleeves &= (down >= top + 0.03) & (down <= top + reach)
    neck = (np.abs(across) < 0.10 + 0.10 * share["neck"]) & (
        down < top + (0.05 + 0.16 * share["neck"]) * (1.0 - np.abs(across))
    )
    neck &= ~is_trouser
    return np.asarray(((rows & inside) | sleeves) & ~neck)


def _painted(category: NDArray[np.integer], share: dict[str, Floats]) -> Floats:
    """Grey of the cloth: tone, folds, weave, stripes, a panel aside, patches, what a class has."""
    down, across = _grid()
    tone = 0.35 + 0.55 * share["brightness"]
    grey = tone * (1.08 - (0.2 + 0.5 * share["fold"]) * across**2 - 0.12 * down)
    grey = grey + (0.02 + 0.07 * share["fold"]) * np.sin(14.0 * down + 5.0 * across)
    weave = np.sin(83.0 * down + 57.0 * across) * np.sin(41.0 * across - 67.0 * down)
    grey = grey + (0.02 + 0.05 * share["frequency"]) * weave
    turn = 3.2 * share["direction"] - 0.1  # stripes across, slanting, upright
    along = down * np.cos(turn / 2.0) + 0.5 * across * np.sin(turn / 2.0)
    stripes = np.sin(2.0 * np.pi * (2.0 + 7.0 * share["frequency"]) * along)
    strength = 0.45 * np.clip(share["pattern"] - 0.35, 0.0, None)
    grey = grey + strength * np.tanh(2.0 * stripes)
    panel = across > 0.9 - 1.6 * np.clip(share["asymmetry"] - 0.4, 0.0, None) + 0.3 * down
    grey = np.where(panel, grey - 0.35 * share["asymmetry"], grey)
    grid = np.sin(9.0 * np.pi * down) * np.sin(7.0 * np.pi * across * 0.5 + 0.7)
    grey = np.where(grid > 1.35 - share["patches"], grey + 0.3, grey)
    kind = category[:, None, None]
    is_open = (kind == COAT) & (np.abs(across) < 0.06)
    grey = np.where(is_open & (down > 0.1), 0.15, grey)
    placket = (kind == SHIRT) & (np.abs(across) < 0.05) & (np.sin(30.0 * down) > 0.2)
    collar = (kind == SHIRT) & (down < 0.14) & (np.abs(across) < 0.30)
    lapel = (kind == COAT) & (down < 0.3) & (np.abs(np.abs(across) - 0.3 + 0.8 * down) < 0.05)
    grey = np.where(placket | lapel, grey - 0.3, grey)
    grey = np.where(collar, grey + 0.25, grey)
    arms = _CUT[category].T[4][:, None, None] > 0.4
    half = (_CUT[category].T[0][:, None, None]) + 0.12 * share["width"]
    seam = arms & (down > 0.28) & (np.abs(np.abs(across) - half - 0.16 * down - 0.02) < 0.04)
    grey = np.where(seam, grey - 0.22, grey)
    rib = (kind == PULLOVER) & (down > 0.72) & (down < 0.78)
    return np.asarray(np.where(rib, grey - 0.15, grey))


@cache
def _own_eye() -> PlainEye:
    """An eye taught on the same pictures in every process."""
    rng = np.random.default_rng(28)
    category = np.repeat(np.arange(len(CATEGORIES)), _LESSONS)
    drawer = Drawer()
    return taught(drawer.draw(category, drawer.latents(len(category), rng)), category)


def _check(category: NDArray[np.integer], z: Latents) -> None:
    problems = []
    known = range(len(CATEGORIES))
    is_whole = np.issubdtype(category.dtype, np.integer)
    if category.ndim != 1 or not is_whole or not np.isin(category, known).all():
        odd = np.setdiff1d(category, known)[:5].tolist()
        problems.append(
            wrong(
                "drawer",
                "category",
                "must be whole numbers 0 to 5",
                f"{odd} in an array of shape {category.shape}",
                ", ".join(f"{k} {name}" for k, name in enumerate(CATEGORIES)),
            )
        )
    if z.shape != (len(category), len(TRAITS)):
        problems.append(
            wrong(
                "drawer",
                "z",
                "must hold one latent vector a picture",
                f"shape {z.shape}",
                f"shape ({len(category)}, {len(TRAITS)})",
            )
        )
    if problems:
        raise InputError(problems)
