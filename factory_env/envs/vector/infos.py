"""Infos of many environments as Gymnasium batches them: an array a key, and ``_key`` who has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Infos = dict[str, Any]
FINAL_OBS: Final = "final_obs"
FINAL_INFO: Final = "final_info"


def batch_infos(listed: Sequence[Infos]) -> Infos:
    """One info an environment -> what ``gymnasium.vector.SyncVectorEnv`` makes of them."""
    batched: Infos = {}
    for row, info in enumerate(listed):
        _add(batched, info, row, len(listed))
    return batched


def join_infos(parts: Sequence[tuple[slice, Infos]], n: int) -> Infos:
    """Batched infos of groups -> those of all ``n`` environments."""
    joined: Infos = {}
    for span, infos in parts:
        _join(joined, infos, span, n)
    return joined


def _add(batched: Infos, info: Infos, row: int, n: int) -> None:
    for key, value in info.items():
        if isinstance(value, dict) and key != FINAL_OBS:
            inner = batched.setdefault(key, {})
            _add(inner, value, row, n)
        else:
            array = batched.get(key)
            if array is None:
                array = batched[key] = _room(key, value, n)
            array[row] = value
        owners = batched.get(f"_{key}")
        if owners is None:
            owners = batched[f"_{key}"] = np.zeros(n, dtype=np.bool_)
        owners[row] = True


def _room(key: str, value: Any, n: int) -> NDArray[Any]:
    """An empty array for values like this one; dtype and shape are those of the first."""
    if key != FINAL_OBS:
        if type(value) in (int, float, bool) or isinstance(value, np.number):
            return np.zeros(n, dtype=type(value))
        if isinstance(value, np.ndarray):
            return np.zeros((n, *value.shape), dtype=value.dtype)
    return np.full(n, fill_value=None, dtype=object)


def _join(joined: Infos, infos: Infos, span: slice, n: int) -> None:
    for key, value in infos.items():
        if isinstance(value, dict):
            _join(joined.setdefault(key, {}), value, span, n)
            continue
        array = joined.get(key)
        if array is None:
            shape = (n, *value.shape[1:])
            fill = None if value.dtype == object else 0
            array = joined[key] = np.full(shape, fill, dtype=value.dtype)
        array[span] = value
