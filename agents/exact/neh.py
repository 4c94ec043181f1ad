"""NEH: the constructive heuristic of Nawaz, Enscore and Ham for the permutation flow shop."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from factory_env.compiled import compiled

Ints = NDArray[np.int64]


def neh_sequence(times: Ints) -> Ints:
    """The NEH permutation of jobs.

    Jobs are taken by falling total time (equal totals: in the order of the file) and put at the
    position that gives the least makespan of the jobs so far (equal makespans: the first such
    position).

    Parameters
    ----------
    times : shape (jobs, machines), processing times
    """
    by_total = np.argsort(-times.sum(axis=1), kind="stable")
    return np.asarray(_insert_all(np.ascontiguousarray(times, dtype=np.int64), by_total))


@compiled
def insert_best(times: Ints, sequence: Ints, placed: int, job: int) -> int:
    """Put ``job`` where the first ``placed`` jobs of ``sequence`` and it end first; when they do.

    Taillard's acceleration evaluates all positions in one pass (Taillard 1990, European Journal
    of Operational Research 47). ``sequence`` has room for one more.
    """
    m = times.shape[1]
    tail = np.zeros((placed + 1, m + 1), dtype=np.int64)  # time from a start to the end of all
    for i in range(placed - 1, -1, -1):
        for k in range(m - 1, -1, -1):
            tail[i, k] = max(tail[i + 1, k], tail[i, k + 1]) + times[sequence[i], k]
    head = np.zeros(m, dtype=np.int64)  # completion with the jobs before
    best, best_span = 0, -1
    for i in range(placed + 1):
        done, span = 0, 0
        for k in range(m):
            done = max(done, head[k]) + times[job, k]
            span = max(span, done + tail[i, k])
        if best_span < 0 or span < best_span:
            best, best_span = i, span
        if i < placed:
            before = 0
            for k in range(m):
                before = max(before, head[k]) + times[sequence[i], k]
                head[k] = before
    for i in range(placed, best, -1):
        sequence[i] = sequence[i - 1]
    sequence[best] = job
    return best_span


@compiled
def _insert_all(times: Ints, by_total: Ints) -> Ints:
    sequence = np.empty(times.shape[0], dtype=np.int64)
    for placed in range(times.shape[0]):
        insert_best(times, sequence, placed, by_total[placed])
    return sequence
