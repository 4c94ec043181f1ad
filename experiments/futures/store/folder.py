"""Runs by key in a folder that many processes share, and that has a largest size."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from experiments.futures.outcome import Outcome
from experiments.futures.question import Variant
from experiments.futures.store.parquet import read_outcome, write_outcome
from factory_env.whole_file import clear_leftovers, write_whole

MOST_MB: Final = 500.0
LEFT_SHARE: Final = 0.9  # of the largest size, after the oldest went
_BYTES_PER_MB: Final = 1_000_000
SUFFIX: Final = ".parquet"
FILES: Final = f"*/[0-9a-f]*{SUFFIX}"  # whole ones: those being written begin with a dot


def _to_stderr(text: str) -> None:
    print(text, file=sys.stderr)


class RunFiles:
    """Finds runs that were played before.

    A file appears whole or not at all, whoever is killed; two that play the same run write the
    same. What goes wrong costs a run played anew, never an answer, and is told once.

    Parameters
    ----------
    folder
        Comes into being with the first run.
    most_mb
        Above it those go that were not asked for longest.
    tell
        Gets a line about a damaged file or a disk that takes nothing.
    """

    def __init__(
        self,
        folder: Path,
        most_mb: float = MOST_MB,
        tell: Callable[[str], None] = _to_stderr,
    ) -> None:
        self.folder = folder
        self.hits = self.misses = 0
        self._most = most_mb * _BYTES_PER_MB
        self._tell = tell
        self._told: set[str] = set()
        self._size: float | None = None  # bytes, as far as this process knows

    def find(self, key: str) -> Outcome | None:
        """The run of that name, as it was kept; None if it must be played."""
        path = self._path(key)
        try:
            outcome = read_outcome(path, key)
            os.utime(path)  # asked for just now
        except FileNotFoundError:
            outcome = None
        except Exception as error:  # PyArrow has many words for a damaged file
            outcome = None
            self._drop(path, error)
        if outcome is None:
            self.misses += 1
        else:
            self.hits += 1
        return outcome

    def keep(self, key: str, outcome: Outcome, about: Variant | None = None) -> None:
        """Keep a run; ``about`` says to `query_runs` what it was."""
        path = self._path(key)

        def write(part: Path) -> None:
            write_outcome(part, key, outcome, about)

        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, write)
            size = path.stat().st_size
        except FileNotFoundError:  # somebody removed it at once
            return
        except OSError as error:
            self._tell_once("kept", f"store {self.folder}: runs are not kept ({error})")
            return
        if self._size is None:
            clear_leftovers(self.folder)
            self._size = float(sum(s for _, s, _ in self._list_files()))
        else:
            self._size += size
        if self._size > self._most:
            self._size = self._shrink()

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}{SUFFIX}"

    def _drop(self, path: Path, error: Exception) -> None:
        """A damaged file goes, so that the run that is played now takes its place."""
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        text = f"store: a damaged file is not used, its run is played anew: {path} ({first})"
        self._tell_once("damaged", text)
        try:
            path.unlink(missing_ok=True)
        except OSError:
            return

    def _tell_once(self, kind: str, text: str) -> None:
        if kind not in self._told:
            self._told.add(kind)
            self._tell(text)

    def _list_files(self) -> list[tuple[float, int, Path]]:
        """When each was last asked for, its bytes, its path."""
        files: list[tuple[float, int, Path]] = []
        for path in self.folder.glob(FILES):
            try:
                about = path.stat()
            except OSError:  # it went meanwhile
                continue
            files.append((about.st_mtime, about.st_size, path))
        return files

    def _shrink(self) -> float:
        """Remove the oldest until there is room again; the bytes that stay."""
        clear_leftovers(self.folder)
        files = sorted(self._list_files())
        size = float(sum(s for _, s, _ in files))
        for _, bytes_, path in files:
            if size <= self._most * LEFT_SHARE:
                break
            try:
                path.unlink(missing_ok=True)
            except OSError:
                continue
            size -= bytes_
        return size
