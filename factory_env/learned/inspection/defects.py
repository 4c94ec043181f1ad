"""Puts sewing and fabric defects on garment pictures: NumPy only, a batch at a time.

Kinds are those of the factory's defect table that a grey 28 x 28 picture can show; a pixel stands
for about 25 mm of a garment. Every picture draws its position, side and form from the generator
*before* its severity is looked at: equal generators put defects of different severity on the same
spots. Strengths and sizes are [assumed].
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factory_env.learned.pictures.garments import SIDE_PX
from factory_env.learned.pictures.shape import Outline, outline

Pictures = NDArray[np.float32]  # (n, 28, 28) in [0, 1], steps of 1/255, garment bright on black
Floats = NDArray[np.floating[Any]]
Codes = NDArray[np.int64]
Draw = NDArray[np.float32]  # (n, DRAWS), uniform on [0, 1)

SOUND = "sound"
DRAWS = 8 + SIDE_PX  # eight for place and form, one a column for an edge
LIGHT_DRAWS = 3  # brightness and its slope, across and down
COLUMNS = np.arange(SIDE_PX, dtype=np.float32)
DARK = 0.35  # fabric darker than this shows a light mark, not a dark one
BRIGHT = 0.6  # fabric brighter than this has no room for a lighter panel


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """Pictures with defects, and what was done to them."""

    pictures: Pictures
    kind: Codes  # (n,), 0 sound, k = KINDS[k]
    severity: Floats  # (n,), 0..1; 0 where sound
    mask: NDArray[np.bool_]  # (n, 28, 28), pixels that the defect changed, lighting left out


def render(
    pictures: Pictures,
    kind: Codes,
    severity: Floats,
    rng: np.random.Generator,
    lighting: float = 0.0,
) -> Rendering:
    """Put one defect on each picture, then light all of them.

    Parameters
    ----------
    kind : shape (n,), number in `KINDS`; 0 leaves the piece sound
    severity : shape (n,), 0 (nothing changes) to 1
    lighting : largest relative error of brightness and of its slope over the picture

    Raises
    ------
    ValueError
        If shapes do not fit, or a kind or severity is out of range.
    """
    n = len(pictures)
    if pictures.shape != (n, SIDE_PX, SIDE_PX) or kind.shape != (n,) or severity.shape != (n,):
        raise ValueError(f"{pictures.shape}, {kind.shape} and {severity.shape} do not fit together")
    if n and not (kind.min() >= 0 and kind.max() < len(KINDS)):
        raise ValueError(f"kinds must be 0 to {len(KINDS) - 1}, got {kind.min()} to {kind.max()}")
    if n and not (severity.min() >= 0.0 and severity.max() <= 1.0):
        raise ValueError(f"severities must be 0 to 1, got {severity.min()} to {severity.max()}")
    draw = rng.random((n, DRAWS), dtype=np.float32)
    light = rng.random((n, LIGHT_DRAWS), dtype=np.float32)
    return rendered(pictures, kind, severity, draw, light, lighting)


def rendered(
    pictures: Pictures,
    kind: Codes,
    severity: Floats,
    draw: Draw,
    light: Draw,
    lighting: float = 0.0,
) -> Rendering:
    """`render` with the random numbers given: ``draw`` (n, DRAWS), ``light`` (n, LIGHT_DRAWS)."""
    strength = np.where(kind > 0, severity, 0).astype(np.float32)
    shown = pictures.copy()
    for number, name in enumerate(KINDS):
        rows = np.flatnonzero((kind == number) & (strength > 0))
        if number and len(rows):
            shown[rows] = RENDERERS[name](pictures[rows], strength[rows], draw[rows])
    shown = _in_steps(shown)
    mask = np.abs(shown - pictures) > 0.5 / 255
    shown = np.where(mask, shown, pictures)
    return Rendering(
        pictures=_lit(shown, light, lighting) if lighting else shown,
        kind=np.where(strength > 0, kind, 0),
        severity=strength,
        mask=mask,
    )


def _in_steps(pictures: Floats) -> Pictures:
    return (np.rint(np.clip(pictures, 0, 1) * 255) / 255).astype(np.float32)


def _lit(pictures: Pictures, draw: Floats, lighting: float) -> Pictures:
    """Brightness and a slope of it, off by up to ``lighting`` each; black stays black."""
    level, across, down = (2 * draw - 1).T[:, :, None, None] * lighting
    place = (COLUMNS - (SIDE_PX - 1) / 2) / (SIDE_PX / 2)
    return _in_steps(pictures * (1 + level + across * place + down * place[:, None]))


def _column(values: Floats) -> Floats:
    return np.asarray(values[:, None, None])


def _spot(form: Outline, u: Floats) -> tuple[Floats, Floats]:
    """A pixel inside each garment, as (row, column), shape (n, 1, 1) each."""
    inside = form.inner.reshape(len(u), -1)
    count = inside.cumsum(1)
    wanted = np.floor(u * count[:, -1])[:, None] + 1
    place = (count >= np.maximum(wanted, 1)).argmax(1)
    row, column = np.divmod(place, SIDE_PX)
    return _column(row.astype(np.float32)), _column(column.astype(np.float32))


def _stain(p: Pictures, s: Floats, u: Draw) -> Floats:
    """A soft ellipse, darker than the fabric; on dark fabric a light mark."""
    row, column = _spot(outline(p), u[:, 0])
    turn, flat = _column(u[:, 1]) * np.pi, 0.6 + 0.4 * _column(u[:, 2])
    x, y = COLUMNS - column, COLUMNS[:, None] - row
    along, across = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    distance = np.sqrt(along**2 + (across / flat) ** 2)
    strength = _column(s)
    cover = np.clip(0.8 + 2.6 * strength - distance + 0.5, 0, 1) * 0.75 * np.sqrt(strength)
    ground = (p * (distance < 2)).sum((1, 2)) / np.maximum((distance < 2).sum((1, 2)), 1)
    light = p + (p > 0) * (0.75 - p) * cover
    shown = np.where(_column(ground) < DARK, np.maximum(light, p), p * (1 - cover))
    return np.asarray(shown)


def _hole(p: Pictures, s: Floats, u: Draw) -> Floats:
    """A disc through which the dark inside is seen."""
    row, column = _spot(outline(p), u[:, 0])
    distance = np.hypot(COLUMNS - column, COLUMNS[:, None] - row)
    cover = np.clip(0.4 + 2.0 * _column(s) - distance + 0.5, 0, 1)
    return np.asarray(p * (1 - 0.95 * cover))


def _open_seam(p: Pictures, s: Floats, u: Draw) -> Floats:
    """A dark slit along the side seam, a pixel or two inside the outline."""
    form = outline(p)
    middle = form.top + (0.2 + 0.6 * u[:, 0]) * (form.bottom - form.top)
    half = 1.0 + 5.0 * s
    edge = np.where(u[:, 1:2] < 0.5, form.left + 1.5 + u[:, 2:3], form.right - 1.5 - u[:, 2:3])
    along = np.clip(_column(half) - np.abs(COLUMNS[:, None] - _column(middle)) + 0.5, 0, 1)
    across = np.clip(0.3 + 0.5 * _column(s) - np.abs(COLUMNS - edge[:, :, None]) + 0.5, 0, 1)
    return np.asarray(p * (1 - 0.9 * along * across * np.sqrt(_column(s))))


def _uneven_edge(p: Pictures, s: Floats, u: Draw) -> Floats:
    """A hem that ends higher in some columns than in others."""
    form = outline(p)
    centre = form.first + (form.last - form.first) * u[:, 0]
    near = np.abs(COLUMNS - centre[:, None]) <= 4 + 6 * u[:, 1:2]
    missing = 3.5 * s[:, None] * u[:, 8:] * near
    end = form.hem + 1 - missing
    return np.asarray(p * np.clip(end[:, None, :] - COLUMNS[:, None], 0, 1))


def _puckering(p: Pictures, s: Floats, u: Draw) -> Floats:
    """Ripples across a stretch of seam."""
    row, column = _spot(outline(p), u[:, 0])
    upright = _column(u[:, 1]) < 0.5
    x, y = COLUMNS - column, COLUMNS[:, None] - row
    along, across = np.where(upright, y, x), np.where(upright, x, y)
    wave = np.sin(2 * np.pi * (along / (2.4 + 1.6 * _column(u[:, 2])) + _column(u[:, 3])))
    envelope = np.exp(-((across / 2.0) ** 2) - (along / 5.0) ** 2)
    return np.asarray(p * (1 + 0.9 * _column(s) * envelope * wave))


def _wrong_measurement(p: Pictures, s: Floats, u: Draw) -> Floats:
    """One half too narrow, or skewed: it hangs lower the further it is from the middle."""
    form = outline(p)
    axis = _column((form.first + form.last) / 2)
    side = np.where(_column(u[:, 0]) < 0.5, -1, 1)
    off = (COLUMNS - axis) * side
    is_narrow = _column(u[:, 1]) < 0.5
    strength = _column(s)
    x = axis + side * off / np.where(is_narrow, 1 - 0.3 * strength, 1)
    y = COLUMNS[:, None] - np.where(is_narrow, 0, 0.35 * strength * off)
    return np.where(off > 0, _sampled(p, y, x), p)


def _sampled(p: Pictures, y: Floats, x: Floats) -> Floats:
    """Pictures at fractional places, linear between pixels; black outside."""
    wide = np.pad(p, ((0, 0), (1, 2), (1, 2)))
    y, x = (np.broadcast_to(np.clip(a + 1, 0, SIDE_PX + 1), p.shape) for a in (y, x))
    top, left = y.astype(np.int64), x.astype(np.int64)
    down, right = y - top, x - left
    n = np.arange(len(p))[:, None, None]
    upper = wide[n, top, left] * (1 - right) + wide[n, top, left + 1] * right
    lower = wide[n, top + 1, left] * (1 - right) + wide[n, top + 1, left + 1] * right
    return np.asarray(upper * (1 - down) + lower * down, np.float32)


def _shade_variation(p: Pictures, s: Floats, u: Draw) -> Floats:
    """A panel cut from another roll: lighter or darker than the rest."""
    form = outline(p)
    share = 0.35 + 0.3 * u[:, 0]
    across = _column(form.first + share * (form.last - form.first)) > COLUMNS
    down = COLUMNS[:, None] < _column(form.top + share * (form.bottom - form.top))
    panel = np.where(_column(u[:, 1]) < 0.5, across, down) ^ (_column(u[:, 2]) < 0.5)
    is_darker = (u[:, 3] < 0.5) | (form.grey > BRIGHT)
    gain = 1 + np.where(is_darker, -0.5, 0.5) * s
    return np.where(panel, p * _column(gain), p)


RENDERERS: Mapping[str, Callable[[Pictures, Floats, Draw], Floats]] = {
    "stain": _stain,
    "open_seam": _open_seam,
    "uneven_edge": _uneven_edge,
    "puckering": _puckering,
    "wrong_measurement": _wrong_measurement,
    "hole": _hole,
    "shade_variation": _shade_variation,
}

KINDS: tuple[str, ...] = (SOUND, *RENDERERS)
"""What a picture can be, by number; names as in the factory's defect table."""

UNSEEN: tuple[str, ...] = ("skipped_stitch", "broken_stitch", "label_fault", "untrimmed_threads")
"""Kinds of the factory's table that 25 mm a pixel cannot show: the human gate finds them."""
