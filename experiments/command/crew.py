"""Many jobs for few processes, behind one bar: results come back in the order of the jobs."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import Any, Protocol, TypeVar

from tqdm import tqdm

from factory_env.processes import end_with_parent

Job = TypeVar("Job")
Result = TypeVar("Result")


class Workplace(Protocol[Job, Result]):
    """What a worker needs for its jobs; travels to it once, and is opened there."""

    def open(self) -> Callable[[Job], Result]:
        """Set up what all jobs share; the work itself, job by job."""


def work_off(
    workplace: Workplace[Job, Result],
    jobs: Sequence[Job],
    *,
    workers: int,
    title: str,
    unit: str = "run",
    tell: Callable[[Result], str] | None = None,
) -> list[Result]:
    """Every job's result.

    Parameters
    ----------
    tell
        What the bar says of the latest result.
    workers
        Processes; 1 works here, without starting any. They end with this one, however it ends.
    """
    results: dict[int, Result] = {}
    bar = tqdm(total=len(jobs), desc=title, unit=unit, file=sys.stderr, mininterval=0.5)
    with bar:
        if workers <= 1:
            work = workplace.open()
            for i, job in enumerate(jobs):
                results[i] = work(job)
                _show(bar, results[i], tell)
        else:
            with ProcessPoolExecutor(
                min(workers, len(jobs)) or 1,
                mp_context=get_context("spawn"),
                initializer=_begin,
                initargs=(workplace,),
            ) as pool:
                places = {pool.submit(_work, job): i for i, job in enumerate(jobs)}
                for done in as_completed(places):
                    results[places[done]] = done.result()
                    _show(bar, results[places[done]], tell)
    return [results[i] for i in range(len(jobs))]


def _show(bar: tqdm[Any], result: Any, tell: Callable[[Any], str] | None) -> None:
    if tell is not None:
        bar.set_postfix_str(tell(result), refresh=False)
    bar.update()


_work_here: list[Callable[[Any], Any]] = []  # of this worker


def _begin(workplace: Workplace[Any, Any]) -> None:
    end_with_parent()
    os.environ["OMP_NUM_THREADS"] = "1"  # before anything brings torch
    _work_here[:] = [workplace.open()]


def _work(job: Any) -> Any:
    return _work_here[0](job)
