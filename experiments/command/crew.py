"""Many jobs for few processes, behind one bar: results come back in the order of the jobs."""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import Any, Protocol, Self, TypeVar

from tqdm import tqdm

from factory_env.processes import end_with_parent

Job = TypeVar("Job")
Result = TypeVar("Result")


class Workplace(Protocol[Job, Result]):
    """What a worker needs for its jobs; travels to it once, and is opened there."""

    def open(self) -> Callable[[Job], Result]:
        """Set up what all jobs share; the work itself, job by job."""


class Crew:
    """Worker processes that stay for several rounds of jobs; started with the first of them.

    Parameters
    ----------
    workers
        Processes; 1 works here, without starting any. They end with this one, however it ends.
    is_warm
        The first workplace is opened here and the workers are forked from it, so that they need
        not bring packages and kernels anew; where the system can fork, and no thread is about.
    """

    def __init__(self, workers: int, *, is_warm: bool = False) -> None:
        self.workers = workers
        self._is_warm = is_warm and sys.platform == "linux"
        self._pool: ProcessPoolExecutor | None = None
        self._here: dict[int, tuple[object, Callable[[Any], Any]]] = {}
        self._parcels: dict[int, tuple[object, bytes]] = {}

    def work_off(
        self,
        workplace: Workplace[Job, Result],
        jobs: Sequence[Job],
        *,
        title: str | None = None,
        unit: str = "run",
        tell: Callable[[Result], str] | None = None,
    ) -> list[Result]:
        """Every job's result; a workplace that comes again is open already.

        Parameters
        ----------
        title
            Of the bar; None = no bar.
        tell
            What the bar says of the latest result.
        """
        results: dict[int, Result] = {}
        bar = tqdm(
            total=len(jobs),
            desc=title,
            unit=unit,
            file=sys.stderr,
            mininterval=0.5,
            disable=title is None,
        )
        with bar:
            for i, result in self._results(workplace, jobs):
                results[i] = result
                _show(bar, result, tell)
        return [results[i] for i in range(len(jobs))]

    def close(self) -> None:
        """End the processes; another round would start new ones."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        self.close()

    def _results(self, workplace: Any, jobs: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        if self.workers <= 1:
            if id(workplace) not in self._here:
                self._here[id(workplace)] = (workplace, workplace.open())
            work = self._here[id(workplace)][1]
            yield from enumerate(map(work, jobs))
            return
        if self._pool is None:
            if self._is_warm:
                _work_here[id(workplace)] = workplace.open()  # forked workers have it
            way = "fork" if self._is_warm else "spawn"
            self._pool = ProcessPoolExecutor(
                self.workers, mp_context=get_context(way), initializer=_begin
            )
        if id(workplace) not in self._parcels:  # kept with the object, whose id stays its own
            self._parcels[id(workplace)] = (workplace, pickle.dumps(workplace))
        parcel = self._parcels[id(workplace)][1]
        places = {self._pool.submit(_work, id(workplace), parcel, j): i for i, j in enumerate(jobs)}
        for done in as_completed(places):
            yield places[done], done.result()


def work_off(
    workplace: Workplace[Job, Result],
    jobs: Sequence[Job],
    *,
    workers: int,
    title: str,
    unit: str = "run",
    tell: Callable[[Result], str] | None = None,
) -> list[Result]:
    """Every job's result, of one round; see `Crew`."""
    with Crew(min(workers, len(jobs)) or 1) as crew:
        return crew.work_off(workplace, jobs, title=title, unit=unit, tell=tell)


def _show(bar: tqdm[Any], result: Any, tell: Callable[[Any], str] | None) -> None:
    if tell is not None:
        bar.set_postfix_str(tell(result), refresh=False)
    bar.update()


_work_here: dict[int, Callable[[Any], Any]] = {}  # of this worker, by workplace


def _begin() -> None:
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C is the parent's to tell of
    os.environ["OMP_NUM_THREADS"] = "1"  # before anything brings torch


def _work(key: int, parcel: bytes, job: Any) -> Any:
    if key not in _work_here:
        _work_here[key] = pickle.loads(parcel).open()
    return _work_here[key](job)
