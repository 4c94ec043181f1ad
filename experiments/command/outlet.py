"""What a command prints may be cut off by its reader; what it computes is finished all the same."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO


class Outlet:
    """A stream that goes quiet when nobody takes its text any more: a closed pipe, a full disk.

    A letter that the stream's encoding lacks is written as its number.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.failure: OSError | None = None

    def write(self, text: str) -> int:
        """Write, or drop the text once the stream has failed."""
        if self.failure is None:
            try:
                self._write(text)
            except OSError as error:
                self.failure = error
        return len(text)

    def flush(self) -> None:
        """Flush, if anybody still reads."""
        if self.failure is None:
            try:
                self._stream.flush()
            except OSError as error:
                self.failure = error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
        except UnicodeEncodeError:
            encoding = self._stream.encoding or "ascii"
            self._stream.write(text.encode(encoding, "backslashreplace").decode(encoding))


@contextmanager
def open_outlets() -> Iterator[tuple[Outlet, Outlet]]:
    """Standard output and standard error as outlets, put back at the end."""
    old = sys.stdout, sys.stderr
    outlets = Outlet(old[0]), Outlet(old[1])
    sys.stdout, sys.stderr = outlets  # type: ignore[assignment]
    try:
        yield outlets
    finally:
        for outlet in outlets:
            outlet.flush()
        sys.stdout, sys.stderr = old
        for stream, outlet in zip(old, outlets, strict=True):
            if outlet.failure is not None:
                _drop_rest(stream)


def _drop_rest(stream: TextIO) -> None:
    """Let Python's last flush at its end not fail once more."""
    try:
        stream.close()
    except OSError:
        return
