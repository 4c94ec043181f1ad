"""Named randomness: one seed, one independent stream per source and entity.

``Streams(7).generator("line", 3, "absence")`` is always the same generator, whatever else
has been drawn: a policy cannot change the luck. For draws made by the hundred thousand,
``key`` gives a 64-bit key and ``uniforms`` / ``lognormals`` hash it with a counter.
"""

from __future__ import annotations

from statistics import NormalDist
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from factory_env.compiled import compiled, inlined

MASK = (1 << 64) - 1
TABLE_BITS = 12
UNIT = 2.0**-53  # a hash's upper 53 bits become a number on [0, 1)


class Streams:
    """All randomness of one run."""

    def __init__(self, seed: int) -> None:
        if seed < 0:
            raise ValueError(f"seed must be 0 or more, got {seed}")
        self.seed = seed
        self._states: dict[tuple[str | int, ...], int] = {}  # of names' beginnings

    def renew(self, seed: int) -> None:
        """From now on every stream is that of another seed: the future is drawn anew."""
        if seed < 0:
            raise ValueError(f"seed must be 0 or more, got {seed}")
        self.seed = seed
        self._states.clear()

    def generator(self, *name: str | int) -> np.random.Generator:
        """The generator of a named stream, from its beginning."""
        words = [part if isinstance(part, int) else crc32(part.encode()) for part in name]
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence([self.seed, *words])))

    def key(self, *name: str | int) -> np.uint64:
        """A 64-bit key of a named stream, for counter-based draws."""
        return np.uint64(self._state(name))

    def _state(self, name: tuple[str | int, ...]) -> int:
        """State after mixing in all parts of a name; beginnings are remembered."""
        if not name:
            return _mix((self.seed + 1) * 0x9E3779B97F4A7C15)
        found = self._states.get(name)
        if found is None:
            part = name[-1]
            word = part if isinstance(part, int) else crc32(part.encode())
            found = _mix(self._state(name[:-1]) ^ (word + 0x632BE59BD9B4E019))
            self._states[name] = found
        return found


def _mix(x: int) -> int:
    """splitmix64 finaliser (Steele, Lea, Flood 2014)."""
    x &= MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


@inlined
def hash64(key: np.uint64, counter: int) -> np.uint64:
    """Counter-based hash: splitmix64 at position ``counter`` of stream ``key``."""
    x = key + np.uint64(counter + 1) * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@compiled
def uniform_at(key: np.uint64, counter: int) -> float:
    """The uniform on [0, 1) at position ``counter`` of the keyed stream."""
    return float(np.float64(hash64(key, counter) >> np.uint64(11)) * UNIT)


@compiled
def uniforms(key: np.uint64, n: int) -> NDArray[np.float64]:
    """``n`` uniforms on [0, 1) of the keyed stream, shape (n,)."""
    out = np.empty(n)
    for i in range(n):
        out[i] = uniform_at(key, i)
    return out


@compiled
def uniforms_from(key: np.uint64, start: int, n: int) -> NDArray[np.float64]:
    """``n`` uniforms of the keyed stream from its position ``start`` on, shape (n,)."""
    out = np.empty(n)
    for i in range(n):
        out[i] = uniform_at(key, start + i)
    return out


@compiled
def from_table(key: np.uint64, n: int, k: int, table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Draws from a quantile table of 2**TABLE_BITS cells, shape (n, k)."""
    out = np.empty((n, k))
    shift = np.uint64(64 - TABLE_BITS)
    for i in range(n):
        for j in range(k):
            out[i, j] = table[hash64(key, i * k + j) >> shift]
    return out


def lognormal_table(cv: float) -> NDArray[np.float64]:
    """Quantile table of a lognormal with mean 1 and the given coefficient of variation.

    Cell centres of 4,096 equal probabilities, rescaled to mean 1 exactly.
    """
    n = 1 << TABLE_BITS
    if cv <= 0:
        return np.ones(n)
    quantile = NormalDist(0.0, float(np.sqrt(np.log1p(cv * cv)))).inv_cdf
    table = np.exp([quantile((i + 0.5) / n) for i in range(n)])
    return np.asarray(table / table.mean())
