"""Many jobs for few processes that may hang or die: such a worker is ended and replaced."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Final

from tqdm import tqdm

from experiments.command.crew import Job, Result, Workplace
from factory_env.processes import end_with_parent

_CONTEXT: Final = get_context("spawn")
_GLANCE_S: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """What became of a job whose worker did not bring a result."""

    seconds: float  # after its begin
    has_overrun: bool  # it was ended; else it died by itself


def work_off_watched(
    workplace: Workplace[Job, Result],
    jobs: Sequence[Job],
    *,
    workers: int,
    title: str,
    seconds: float | None,
    is_wanted: Callable[[Job, Sequence[Result | Lost | None]], bool],
) -> list[Result | Lost | None]:
    """Every job's result, `Lost`, or None where it was not wanted any more.

    Parameters
    ----------
    workers
        Processes; they end with this one, however it ends.
    seconds
        Most time that a job may take; None = any.
    is_wanted
        Of a job and what there is of all results, when it is the job's turn.
    """
    results: list[Result | Lost | None] = [None] * len(jobs)
    turns = iter(range(len(jobs)))
    crew = [_Worker(workplace) for _ in range(min(workers, len(jobs)))]
    with tqdm(total=len(jobs), desc=title, unit="run", file=sys.stderr, mininterval=0.5) as bar:
        try:
            while crew:
                for worker in [w for w in crew if w.job is None]:
                    turn = next((t for t in turns if is_wanted(jobs[t], results)), None)
                    if turn is None:
                        crew.remove(worker)
                        worker.dismiss()
                    else:
                        worker.begin(turn, jobs[turn])
                wait([w.pipe for w in crew], timeout=_GLANCE_S)
                for i, worker in enumerate(crew):
                    turn, outcome = worker.job, worker.look(seconds)
                    if turn is None or outcome is None:
                        continue
                    results[turn] = outcome
                    bar.update()
                    if isinstance(outcome, Lost):
                        crew[i] = _Worker(workplace)
        finally:
            for worker in crew:
                worker.end()
    return results


@dataclass(slots=True)
class _Worker:
    """A process, the job it has, and since when."""

    workplace: Workplace[Any, Any]
    pipe: Connection = field(init=False)
    process: BaseProcess = field(init=False)
    job: int | None = None
    begun_s: float | None = None

    def __post_init__(self) -> None:
        self.pipe, theirs = _CONTEXT.Pipe()
        self.process = _CONTEXT.Process(target=_serve, args=(theirs, self.workplace), daemon=True)
        self.process.start()
        theirs.close()

    def begin(self, turn: int, job: Any) -> None:
        """Hand a job over."""
        self.job, self.begun_s = turn, None
        with suppress(OSError):  # it has died, which is seen next
            self.pipe.send(job)

    def look(self, seconds: float | None) -> Any:
        """The result of the job, `Lost`, or None while it goes on."""
        try:
            while self.pipe.poll():
                word, value = self.pipe.recv()
                if word == "begun":
                    self.begun_s = time.monotonic()
                    continue
                self.job = None
                if word == "raised":
                    raise value
                return value
        except (EOFError, ConnectionError):
            return self._lose(has_overrun=False)
        is_late = seconds is not None and self.seconds > seconds
        return self._lose(has_overrun=True) if is_late else None

    @property
    def seconds(self) -> float:
        """Since the job was begun."""
        return 0.0 if self.begun_s is None else time.monotonic() - self.begun_s

    def dismiss(self) -> None:
        """There is no more to do."""
        with suppress(OSError):
            self.pipe.send(None)
        self.process.join(5.0)
        self.end()

    def end(self) -> None:
        """End it, whatever it does."""
        self.process.kill()
        self.process.join()
        self.pipe.close()

    def _lose(self, *, has_overrun: bool) -> Lost:
        if self.begun_s is None:  # it never came to the job
            self.end()
            raise BrokenProcessPool
        lost = Lost(seconds=self.seconds, has_overrun=has_overrun)
        self.end()
        return lost


def _serve(pipe: Connection, workplace: Workplace[Any, Any]) -> None:
    """The life of a worker."""
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started it ends it
    os.environ["OMP_NUM_THREADS"] = "1"  # before anything brings torch
    try:
        work = workplace.open()
        while (job := pipe.recv()) is not None:
            pipe.send(("begun", None))
            pipe.send(("done", work(job)))
    except EOFError:
        return
    except Exception as error:
        pipe.send(("raised", _portable(error)))


def _portable(error: Exception) -> Exception:
    """The error, if it can travel; else its words."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
