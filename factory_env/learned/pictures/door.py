"""The door for pictures that a person brings: files of any kind, size and state; no torch.

Nothing that a file holds can stop a run: what can not be judged comes back with the reason.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from factory_env.learned.pictures.known_fabric import SMALLEST_PX, as_fabric
from factory_env.learned.pictures.known_picture import Frame, Grey, as_known

FORMATS: Final = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP")
MOST_PIXELS: Final = 50_000_000  # [assumed] a picture of 8,660 x 5,770; four bytes a pixel at most
MOST_BYTES: Final = 400_000_000  # [assumed] what 50 million uncompressed pixels need, and some
WORK_PX: Final = 448  # longest side on which the garment is looked for, and up to twice as much
VIEW_PX: Final = 160  # longest side of what is kept for a person to look at
WIDE_MODES: Final = ("I", "F", "I;16", "I;16B", "I;16L", "I;16N")  # more than eight bits a pixel

# tag 274 of EXIF: how the camera was held
UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
ORIENTATION: Final = 274
UNKNOWN: Final = (
    "no garment to be seen: nothing stands out from the border",
    f"too small for fabric: less than {SMALLEST_PX} pixels",
)


Take = Callable[[Grey], tuple[Grey, Frame] | None]  # what a network is shown of a grey picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A picture as the network takes it, and as a person gave it."""

    picture: Grey  # (28, 28), garment bright on black, steps of 1/255; fabric: (224, 224)
    view: NDArray[np.uint8]  # (h, w, 3), upright, at most 160 pixels long
    frame: Frame  # of `picture` on the view; may reach beyond it
    width_px: int  # upright
    height_px: int
    mode: str  # of the file, in Pillow's words: L, RGB, RGBA, P, 1, I;16, ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a file can not be judged; size and mode if its header could be read."""

    reason: str
    width_px: int | None = None
    height_px: int | None = None
    mode: str | None = None


def read_photo(path: Path, take: Take = as_known) -> Photo | Refusal:
    """The picture in a file, or why there is none; raises nothing that a file can cause.

    ``take`` makes of it what the network knows: `as_known` for garments, `as_fabric` for fabric.

    The size is taken from the header before anything is decoded: files over `MOST_BYTES` and
    pictures over `MOST_PIXELS` are refused. Of an animation the first picture counts.
    """
    try:
        size = path.stat().st_size
        if size == 0:
            return Refusal(reason="empty file, 0 bytes")
        if size > MOST_BYTES:
            return Refusal(reason=f"more than {MOST_BYTES // 10**6} million bytes")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd EXIF and palettes; what matters raises
            return _read(path, take)
    except UnidentifiedImageError:
        return Refusal(reason="no picture, or damaged: not read as PNG, JPEG, BMP, GIF, TIFF, WebP")
    except Image.DecompressionBombError:
        return Refusal(reason=_too_large())
    except Exception as error:  # decoders raise whatever a damaged file leads them to
        return Refusal(reason=f"can not be opened: {_one_line(error)}")


def _read(path: Path, take: Take) -> Photo | Refusal:
    with Image.open(path, formats=FORMATS) as file:
        mode = file.mode
        width, height = file.size
        facts: dict[str, Any] = {"width_px": width, "height_px": height, "mode": mode}
        if width * height > MOST_PIXELS:
            return Refusal(reason=_too_large(), **facts)
        try:
            file.draft(None, (WORK_PX, WORK_PX))  # JPEG: decode no more than is needed
            file.load()
        except Exception as error:  # as above
            return Refusal(reason=f"damaged or truncated: {_one_line(error)}", **facts)
        turn = UPRIGHT.get(_orientation(file))
        grey, colours = _flat(file)
    if turn is not None:
        grey, colours = grey.transpose(turn), colours.transpose(turn)
        if turn in (UPRIGHT[5], UPRIGHT[6], UPRIGHT[7], UPRIGHT[8]):
            facts |= {"width_px": height, "height_px": width}
    colours.thumbnail((VIEW_PX, VIEW_PX))
    found = take(np.asarray(grey, np.float32))
    if found is None:
        return Refusal(reason=UNKNOWN[take is as_fabric], **facts)
    return Photo(picture=found[0], frame=found[1], view=np.array(colours, np.uint8), **facts)


def _flat(file: Image.Image) -> tuple[Image.Image, Image.Image]:
    """A loaded picture, shrunk for work: grey in [0, 1] (mode F), and its colours (mode RGB).

    What shows through is laid on black if the rest is light, and on white if it is dark.
    """
    if file.mode in WIDE_MODES:
        grey = _shrunk(_unit(file))
        return grey, Image.fromarray(np.rint(np.asarray(grey) * 255).astype(np.uint8)).convert(
            "RGB"
        )
    if not file.has_transparency_data:
        colours = _shrunk(file if file.mode == "RGB" else file.convert("RGB"))
    else:
        cut = _shrunk(file.convert("RGBA"))
        opaque = np.asarray(cut.getchannel("A"), np.float32)
        lightness = (np.asarray(cut.convert("L"), np.float32) * opaque).sum()
        is_light = lightness > 127.5 * opaque.sum()
        colours = Image.new("RGBA", cut.size, "black" if is_light else "white")
        colours.alpha_composite(cut)
        colours = colours.convert("RGB")
    grey = Image.fromarray(np.asarray(colours.convert("L"), np.float32) / np.float32(255))
    return grey, colours


def _unit(file: Image.Image) -> Image.Image:
    """Pixels of 16 or 32 bits as [0, 1]: scale by mode, or by the values if they exceed it."""
    values = np.nan_to_num(np.asarray(file, np.float32), posinf=0, neginf=0)
    low, high = float(values.min()), float(values.max())
    full = 1.0 if file.mode == "F" and high <= 1 else 65535.0
    if low < 0 or high > full:
        values, full = values - low, max(high - low, 1e-9)
    return Image.fromarray(values / np.float32(full))


def _shrunk(picture: Image.Image) -> Image.Image:
    """Whole pixels averaged until the longest side is less than twice `WORK_PX`."""
    factor = max(picture.size) // WORK_PX
    return picture.reduce(factor) if factor > 1 else picture.copy()


def _orientation(file: Image.Image) -> int:
    try:
        return int(file.getexif().get(ORIENTATION, 1))
    except Exception:  # damaged EXIF turns no picture
        return 1


def _too_large() -> str:
    return f"more than {MOST_PIXELS // 10**6} million pixels"


def _one_line(error: Exception) -> str:
    said = error.strerror if isinstance(error, OSError) and error.strerror else error
    return " ".join(f"{said or type(error).__name__}".split())[:120]
