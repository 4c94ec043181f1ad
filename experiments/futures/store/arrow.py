"""NumPy columns as Arrow columns and back, by their buffers: `pyarrow.array` would load pandas."""

from __future__ import annotations

from typing import Any

import numpy as np

from experiments.futures.outcome import Column


def to_arrow(values: Column) -> Any:
    """Numbers, truth values or strings as one Arrow array without copies of numbers."""
    import pyarrow as pa

    size = values.shape[0]
    if values.dtype.kind in "OU":
        return _strings(values.tolist())
    if values.dtype.kind == "b":
        bits = np.packbits(values, bitorder="little")
        return pa.Array.from_buffers(pa.bool_(), size, [None, pa.py_buffer(bits)])
    kind = pa.from_numpy_dtype(values.dtype)
    numbers = np.ascontiguousarray(values)
    return pa.Array.from_buffers(kind, size, [None, pa.py_buffer(numbers)])


def to_numpy(values: Any, kind: str) -> Column:
    """An Arrow array as a column of a NumPy type (``<f8``, ``|O``, ``<U5``, ``|b1``, ...)."""
    dtype = np.dtype(kind)
    if dtype.kind in "OUb":
        return np.array(values.to_pylist(), dtype=dtype)
    return np.asarray(np.from_dlpack(values)).astype(dtype, copy=False)


def one_row(values: Any) -> Any:
    """An Arrow array as the only row of a column of lists."""
    import pyarrow as pa

    ends = pa.py_buffer(np.array([0, len(values)], dtype=np.int32))
    kind = pa.list_(values.type)
    return pa.Array.from_buffers(kind, 1, [None, ends], children=[values])


def _strings(words: list[Any]) -> Any:
    import pyarrow as pa

    if not all(isinstance(word, str) for word in words):
        return pa.array(words, pa.string())  # None among them
    texts = [word.encode() for word in words]
    ends = np.cumsum([0, *map(len, texts)], dtype=np.int32)
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(b"".join(texts))]
    return pa.Array.from_buffers(pa.string(), len(words), buffers)
