"""Reads JSON that somebody may have changed: any text ends in plain values or in a ValueError."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, Final

MOST_MB: Final = 256.0  # a run's record with 20,000 orders has 12
LARGEST_WHOLE: Final = 2**63 - 1
_BYTES_PER_MB: Final = 1_000_000
_MOST_DIGITS: Final = 19


def read_json(path: Path, most_mb: float = MOST_MB) -> Any:
    """The values in a JSON file: finite numbers, whole ones of at most 64 bits.

    Raises
    ------
    OSError
        If it cannot be read.
    ValueError
        If it is too large, no plain file, or no such JSON.
    """
    if not path.is_file():
        raise FileNotFoundError(2, "No such file", str(path))
    if path.stat().st_size > most_mb * _BYTES_PER_MB:
        raise ValueError(f"more than {most_mb:g} MB")
    return parse_json(path.read_text(encoding="utf-8-sig"))


def parse_json(text: str) -> Any:
    """The values in a JSON text; raises ValueError as `read_json`."""
    try:
        return json.loads(text, parse_int=_whole, parse_float=_real, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("lists or objects in each other without end") from None


def _whole(text: str) -> int:
    if len(text.lstrip("-")) > _MOST_DIGITS or abs(number := int(text)) > LARGEST_WHOLE:
        raise ValueError(f"a whole number of {len(text)} digits")
    return number


def _real(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"a number without end: {text[:40]}")
    return number


def _refuse(text: str) -> Any:
    raise ValueError(f"a number without end: {text}")
