"""The luck of an order's pieces: hashed from the order's keys by piece number.

The same piece has the same luck under every policy. A fork renews it for what is still to come.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from factory_env.compiled import compiled
from factory_env.sim.kernel.streams import hash64, uniform_at, uniforms
from factory_env.sim.work.line_flow import PassInput, PassResult
from factory_env.sim.world import World

Floats = NDArray[np.float64]
Keys = NDArray[np.uint64]


class LuckKeys(NamedTuple):
    """Keys of one kind of luck, and the working minute after which each holds; (m,) each."""

    keys: Keys
    since: Floats


@dataclass(slots=True, kw_only=True)
class PieceLuck:
    """Keys of an order's luck. A fork renews it: bundles done after ``since`` use the later key."""

    since: Floats  # (m,) line working minutes, rising; the first is -inf
    defects: Keys  # (m,)
    inspection: Keys  # (m,)

    @classmethod
    def of(cls, world: World, order: int) -> PieceLuck:
        """The luck of an order under the run's seed."""
        defects, inspection = _keys(world, order)
        return cls(
            since=np.array([-np.inf]),
            defects=np.array([defects], dtype=np.uint64),
            inspection=np.array([inspection], dtype=np.uint64),
        )

    @property
    def defect_keys(self) -> LuckKeys:
        """Which pieces are spoiled, and how."""
        return LuckKeys(keys=self.defects, since=self.since)

    def renew(self, world: World, order: int, now_work: float) -> None:
        """Whatever is done after ``now_work`` meets the luck of the streams' present seed."""
        defects, inspection = _keys(world, order)
        self.since = np.append(self.since, now_work)
        self.defects = np.append(self.defects, defects)
        self.inspection = np.append(self.inspection, inspection)


def _keys(world: World, order: int) -> tuple[np.uint64, np.uint64]:
    luck = int(world.book.luck[order])
    return (
        world.streams.key("order", luck, "defects"),
        world.streams.key("order", luck, "inspection"),
    )


def by_bundle(result: PassResult) -> Floats:
    """Working minute at which each bundle is done, by bundle number, shape (B,)."""
    done = np.empty_like(result.done)
    done[result.order] = result.done
    return done


def inspection_luck(luck: PieceLuck, job: PassInput, result: PassResult, n: int) -> Floats:
    """The inspector's luck with each piece, shape (n,)."""
    drawn = uniforms(luck.inspection[0], n)
    for since, key in zip(luck.since[1:], luck.inspection[1:], strict=True):
        late = np.repeat(by_bundle(result) > since, job.pieces.astype(np.int64))
        drawn = np.where(late, uniforms(key, n), drawn)
    return np.asarray(drawn)


@compiled
def find_key(luck: LuckKeys, done: float) -> np.uint64:
    """The key of what is done at a working minute."""
    j = luck.keys.shape[0] - 1
    while j > 0 and done <= luck.since[j]:
        j -= 1
    return np.uint64(luck.keys[j])


def piece_keys(luck: PieceLuck, keys: Keys, job: PassInput, result: PassResult) -> Keys:
    """The key of each piece, of ``luck.defects`` or ``luck.inspection``, shape (n,)."""
    index = np.searchsorted(luck.since[1:], by_bundle(result), side="left")
    return np.repeat(keys[index], job.pieces.astype(np.int64))


@compiled
def round_luck(keys: Keys, pieces: NDArray[np.int64], turn: int, what: int) -> Floats:
    """Luck of pieces, by number, in a turn of the repair loop, shape as ``pieces``.

    ``what`` tells the draws of one turn apart. Counters lie far beyond those of the first verdict.
    """
    out = np.empty(pieces.shape[0])
    for j in range(pieces.shape[0]):
        i = pieces[j]
        out[j] = uniform_at(hash64(keys[i], (1 << 40) + turn), 4 * i + what)
    return out
