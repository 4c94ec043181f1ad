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
    position). Taillard's acceleration evaluates all positions of a job in one pass
    (Taillard 1990, European Journal of Operational Research 47).

    Parameters
    ----------
    times : shape (jobs, machines), processing times
    """
    by_total = np.argsort(-times.sum(axis=1), kind="stable")
    return np.asarray(_insert_all(np.ascontiguousarray(times, dtype=np.int64), by_total))


@compiled
def _insert_all(times: Ints, by_total: Ints) -> Ints:
    n, m = times.shape
    sequence = np.empty(n, dtype=np.int64)
    head = np.zeros((n + 1, m + 1), dtype=np.int64)  # completion with the jobs before
    tail = np.zeros((n + 2, m + 1), dtype=np.int64)  # time from a start to the end of all
    for placed in range(n):
        job = by_total[placed]
        for i in range(placed):
            for k in range(m):
                before = max(head[i, k + 1], head[i + 1, k])
                head[i + 1, k + 1] = before + times[sequence[i], k]
        tail[placed, :] = 0
        for i in range(placed - 1, -1, -1):
            for k in range(m - 1, -1, -1):
                tail[i, k] = max(tail[i + 1, k], tail[i, k + 1]) + times[sequence[i], k]
        best, best_span = 0, -1
        for i in range(placed + 1):
            done = 0
            span = 0
            for k in range(m):
                done = max(done, head[i, k + 1]) + times[job, k]
                span = max(span, done + tail[i, k])
            if best_span < 0 or span < best_span:
                best, best_span = i, span
        for i in range(placed, best, -1):
            sequence[i] = sequence[i - 1]
        sequence[best] = job
    return sequence
