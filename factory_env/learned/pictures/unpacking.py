"""Unpacks gzip up to a size: a small file may hold more than the memory."""

from __future__ import annotations

import gzip
import io
import zlib

MOST_MB = 128.0  # unpacked; the largest of the four files of Fashion-MNIST has 47
_BYTES_PER_MB = 1_000_000


def unpack(packed: bytes, most_mb: float = MOST_MB) -> bytes:
    """The content of a gzip file.

    Raises
    ------
    ValueError
        If it is no whole gzip file, or holds more than ``most_mb``.
    """
    most = int(most_mb * _BYTES_PER_MB)
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
            content = file.read(most + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(str(error)) from None
    if len(content) > most:
        raise ValueError(f"holds more than {most_mb:g} MB")
    return content
