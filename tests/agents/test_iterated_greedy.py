"""Iterated greedy on permutation flow shops."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from agents.exact.iterated_greedy import IteratedGreedy, sweep_jobs
from agents.exact.neh import insert_best, neh_sequence
from experiments.validating.flow_shop import makespan

SEARCH = IteratedGreedy(rounds=300, seed=1)


def shop(seed: int, jobs: int = 12, machines: int = 4) -> np.ndarray:
    return np.random.default_rng(seed).integers(1, 100, size=(jobs, machines))


@pytest.mark.parametrize("seed", range(5))
def test_it_finds_the_optimum_of_shops_small_enough_to_try_every_sequence(seed: int) -> None:
    times = shop(seed, jobs=6, machines=3)
    optimum = min(makespan(times, np.array(p)) for p in permutations(range(6)))
    assert SEARCH.solve(times).makespan == optimum


@pytest.mark.parametrize("seed", range(5))
def test_its_makespan_is_that_of_the_sewing_line_and_no_worse_than_neh(seed: int) -> None:
    times = shop(seed)
    best = SEARCH.solve(times)
    assert sorted(best.sequence) == list(range(12))
    assert best.makespan == makespan(times, best.sequence)
    assert best.makespan <= makespan(times, neh_sequence(times))


def test_equal_seeds_give_equal_sequences_and_other_seeds_another_search() -> None:
    times = shop(7, jobs=20, machines=5)
    first, again = SEARCH.solve(times), SEARCH.solve(times)
    assert first.sequence.tolist() == again.sequence.tolist()
    others = [IteratedGreedy(rounds=3, seed=s).solve(times).sequence.tolist() for s in range(5)]
    assert len(set(map(tuple, others))) > 1


@pytest.mark.parametrize("seed", range(5))
def test_a_job_goes_where_a_trial_of_every_place_ends_first(seed: int) -> None:
    times, sequence = shop(seed), np.arange(12)
    tried = [makespan(times, np.insert(np.arange(11), i, 11)) for i in range(12)]
    assert insert_best(times, sequence, 11, 11) == min(tried)
    assert sequence.tolist().index(11) == int(np.argmin(tried))


def test_after_a_sweep_no_job_gains_by_another_place() -> None:
    times, sequence = shop(3), np.arange(12)
    span = sweep_jobs(times, sequence, np.arange(12))
    for job in range(12):
        rest = sequence[sequence != job]
        assert all(makespan(times, np.insert(rest, i, job)) >= span for i in range(12))


def test_one_job_needs_no_search() -> None:
    best = SEARCH.solve(np.array([[3, 4]]))
    assert (best.makespan, best.rounds) == (7, 0)
