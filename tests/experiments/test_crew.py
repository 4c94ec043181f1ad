"""Jobs for workers: results in the order of the jobs, whoever does them."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from experiments.command.crew import Crew, work_off


@dataclass(frozen=True)
class Squares:
    """Squares numbers; says in which process it was opened."""

    def open(self) -> Callable[[int], tuple[int, int]]:
        here = os.getpid()
        return lambda job: (job * job, here)


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_the_order_of_the_jobs(workers: int) -> None:
    results = work_off(Squares(), [3, 1, 2], workers=workers, title="squares")
    assert [square for square, _ in results] == [9, 1, 4]
    assert ({place for _, place in results} == {os.getpid()}) == (workers == 1)


def test_no_job_needs_no_worker() -> None:
    assert work_off(Squares(), [], workers=2, title="squares") == []


@dataclass(frozen=True)
class Openings:
    """Counts the jobs since it was opened."""

    def open(self) -> Callable[[int], int]:
        counter = itertools.count(1)
        return lambda job: next(counter)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_workplace_that_comes_again_is_open_already(workers: int) -> None:
    place = Openings()
    with Crew(workers) as crew:
        rounds = [crew.work_off(place, [0] * 4) for _ in range(3)]
    # 12 jobs of at most two processes: some one has worked six times without a new opening
    assert max(count for counts in rounds for count in counts) >= 6


def test_two_workplaces_of_one_crew_are_kept_apart() -> None:
    with Crew(2) as crew:
        squares = crew.work_off(Squares(), [3, 4])
        counts = crew.work_off(Openings(), [0])
    assert [square for square, _ in squares] == [9, 16]
    assert counts == [1]
