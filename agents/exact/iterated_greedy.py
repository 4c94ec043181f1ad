"""Iterated greedy for the permutation flow shop (Ruiz & Stuetzle 2007, EJOR 177).

From the NEH sequence on: a few jobs are taken out and put back where they cost least, every job
is moved to its best place until none moves any more, and what is a little worse than before is
sometimes kept all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from agents.exact.neh import insert_best, neh_sequence
from factory_env.compiled import compiled

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
ROUNDS = 500  # between two looks at the clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Permutation:
    """A sequence of jobs and what it takes."""

    sequence: Ints  # (jobs,)
    makespan: int
    rounds: int  # of taking out and putting back until the search ended


@dataclass(frozen=True, slots=True, kw_only=True)
class IteratedGreedy:
    """The search; equal seeds and rounds give equal sequences.

    ``temperature`` is that of Ruiz and Stuetzle: a share of the tenth part of a mean operation.
    """

    taken_out: int = 4
    temperature: float = 0.4
    rounds: int = 50_000
    seconds: float = 30.0  # at most, by the clock
    seed: int = 0

    def solve(self, times: Ints) -> Permutation:
        """The best sequence that the search comes by; ``times`` (jobs, machines)."""
        times = np.ascontiguousarray(times, dtype=np.int64)
        begin, rng = perf_counter(), np.random.default_rng(self.seed)
        now = neh_sequence(times)
        best = now.copy()
        spans = np.full(2, sweep_jobs(times, now, best), dtype=np.int64)  # present, best
        best[:] = now
        warmth = self.temperature * float(times.mean()) / 10.0
        out, done = min(self.taken_out, times.shape[0] - 1), 0
        while out > 0 and done < self.rounds and perf_counter() - begin < self.seconds:
            rounds = min(ROUNDS, self.rounds - done)
            _search(times, now, best, spans, rng.random((rounds, out + 1)), warmth)
            done += rounds
        return Permutation(sequence=best, makespan=int(spans[1]), rounds=done)


@compiled
def sweep_jobs(times: Ints, sequence: Ints, turn: Ints) -> int:
    """Move jobs to their best places until a whole round of them gains nothing; the makespan.

    ``turn``: the jobs in the order in which they are looked at (Pan, Tasgetiren & Liang 2008).
    """
    n = sequence.shape[0]
    span, idle, at = -1, 0, 0
    while idle < n:
        _take_out(sequence, n, turn[at])
        new_span = insert_best(times, sequence, n - 1, turn[at])  # its old place is among them
        idle = 0 if new_span < span or span < 0 else idle + 1
        span = new_span
        at = (at + 1) % n
    return span


@compiled
def _search(times: Ints, now: Ints, best: Ints, spans: Ints, luck: Floats, warmth: float) -> None:
    """So many rounds as ``luck`` has rows; changes ``now``, ``best`` and their ``spans``."""
    n, out = now.shape[0], luck.shape[1] - 1
    trial, removed = np.empty_like(now), np.empty(out, dtype=np.int64)
    for r in range(luck.shape[0]):
        trial[:] = now
        for d in range(out):
            removed[d] = trial[int(luck[r, d] * (n - d))]
            _take_out(trial, n - d, removed[d])
        for d in range(out):
            insert_best(times, trial, n - out + d, removed[d])
        span = sweep_jobs(times, trial, best)
        worse = span - spans[0]
        if worse <= 0 or luck[r, out] < np.exp(-worse / max(warmth, 1e-12)):
            now[:] = trial
            spans[0] = span
            if span < spans[1]:
                best[:] = trial
                spans[1] = span


@compiled
def _take_out(sequence: Ints, n: int, job: int) -> None:
    """Remove a job from the first ``n`` of a sequence."""
    at = 0
    while sequence[at] != job:
        at += 1
    for i in range(at, n - 1):
        sequence[i] = sequence[i + 1]
