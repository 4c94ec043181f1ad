"""Jobs for workers: results in the order of the jobs, whoever does them."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from experiments.command.crew import work_off


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
