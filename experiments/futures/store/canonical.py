"""Frozen data as one plain value: equal data gives equal text, other data other text."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from datetime import date, time
from pathlib import PurePath
from typing import Any

import numpy as np


def digest(value: Any) -> str:
    """SHA-256 of the canonical text of anything that frozen data is made of.

    Raises
    ------
    TypeError
        If there is something in it whose text may differ from one process to the next.
    """
    text = json.dumps(_plain(value), ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, tuple | list):
        return [_plain(v) for v in value]
    if isinstance(value, Mapping):  # its order may count: what is drawn first has other luck
        return {"map": [[_plain(k), _plain(v)] for k, v in value.items()]}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return {"is": type(value).__name__, **fields}
    return _plain_rest(value)


def _plain_rest(value: Any) -> Any:
    if isinstance(value, np.ndarray) and value.dtype != object:
        content = hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest()
        return {"array": [str(value.dtype), list(value.shape), content]}
    if isinstance(value, np.ndarray):
        return {"array": ["object", list(value.shape), _plain(value.ravel().tolist())]}
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, set | frozenset):
        return {"set": sorted(json.dumps(_plain(v)) for v in value)}
    if isinstance(value, date | time):  # a moment is a date, too
        return {"time": value.isoformat()}
    if isinstance(value, PurePath):
        return {"path": str(value)}
    raise TypeError(f"no canonical text for {type(value).__name__}")
