"""Arrays that hold one step of many environments, in this process or shared by several."""

from __future__ import annotations

import mmap
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

Observation = dict[str, NDArray[Any]] | NDArray[Any]
PLAIN: Final = ""  # name of the one array where an observation is no `Dict`
ALIGN: Final = 64  # bytes; an array begins on a cache line of its own
ARRAYS: Final = (spaces.Box, spaces.Discrete, spaces.MultiDiscrete, spaces.MultiBinary)
MEMORY: Final = Path("/dev/shm")  # of Linux, where a file is memory


@dataclass(frozen=True, slots=True)
class Batch:
    """What the last step of ``n`` environments gave; each array has ``n`` rows."""

    observations: dict[str, NDArray[Any]]
    rewards: NDArray[np.float64]
    terminations: NDArray[np.bool_]
    truncations: NDArray[np.bool_]

    def rows(self, span: slice) -> Batch:
        """The part of some environments; the same memory."""
        return Batch(
            {name: array[span] for name, array in self.observations.items()},
            self.rewards[span],
            self.terminations[span],
            self.truncations[span],
        )

    def write(self, row: int, observation: Observation) -> None:
        """Put one environment's observation into its row."""
        if isinstance(observation, dict):
            for name, array in self.observations.items():
                array[row] = observation[name]
        else:
            self.observations[PLAIN][row] = observation

    def observe(self, copy: bool) -> Any:
        """Observations as the space has them: a dict, or one array."""
        arrays = self.observations
        if copy:
            arrays = {name: array.copy() for name, array in arrays.items()}
        return arrays[PLAIN] if PLAIN in arrays else dict(arrays)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where every array of a batch lies in one piece of memory.

    Raises
    ------
    TypeError
        If the observations are not an array or a flat `Dict` of arrays.
    """

    space: spaces.Space[Any]
    n: int

    @property
    def nbytes(self) -> int:
        """Size of the memory."""
        return sum(_pad_size(shape, dtype) for _, shape, dtype in self._arrays())

    def batch(self, memory: mmap.mmap | bytearray) -> Batch:
        """The batch that lies in ``memory``."""
        arrays, at = {}, 0
        for name, shape, dtype in self._arrays():
            count = int(np.prod(shape))
            arrays[name] = np.frombuffer(memory, dtype, count, at).reshape(shape)
            at += _pad_size(shape, dtype)
        rewards, terminations, truncations = (arrays.pop(name) for name in _ENDS)
        return Batch(arrays, rewards, terminations, truncations)

    def _arrays(self) -> Iterator[tuple[str, tuple[int, ...], np.dtype[Any]]]:
        for name, space in _parts(self.space).items():
            assert space.shape is not None
            yield name, (self.n, *space.shape), np.dtype(space.dtype)
        for name, dtype in _ENDS.items():
            yield name, (self.n,), np.dtype(dtype)


_ENDS: Final[dict[str, type[Any]]] = {
    "rewards of the step": np.float64,
    "terminations of the step": np.bool_,
    "truncations of the step": np.bool_,
}


@contextmanager
def shared_file(nbytes: int) -> Iterator[Path]:
    """A file of zeros that processes map to share memory; once all have, its name may go.

    What is mapped stays until the last process lets it go, however that one ends.
    """
    folder = MEMORY if MEMORY.is_dir() else None
    with tempfile.NamedTemporaryFile(dir=folder, prefix="factories-", delete=False) as file:
        file.truncate(max(nbytes, 1))
    path = Path(file.name)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def map_file(path: Path) -> mmap.mmap:
    """The memory behind a shared file."""
    with path.open("r+b") as file:
        return mmap.mmap(file.fileno(), 0)


def _parts(space: spaces.Space[Any]) -> dict[str, spaces.Space[Any]]:
    parts = dict(space.spaces) if isinstance(space, spaces.Dict) else {PLAIN: space}
    for name, part in parts.items():
        if not isinstance(part, ARRAYS):
            at = f"observation {name!r}" if name else "the observation"
            raise TypeError(f"{at} must be an array, got the space {part}; use a sync VectorEnv")
    return parts


def _pad_size(shape: tuple[int, ...], dtype: np.dtype[Any]) -> int:
    nbytes = int(np.prod(shape)) * dtype.itemsize
    return -(-nbytes // ALIGN) * ALIGN
