"""Many jobs for few processes that may hang or die: such a worker is ended and replaced."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Final, cast

from tqdm import tqdm

from experiments.command.crew import Job, Result, Workplace
from factory_env.processes import end_with_parent

_CONTEXT: Final = get_context("spawn")
_GLANCE_S: Final = 0.5
_START_S: Final = 600.0  # most time until a worker comes to a job: it brings the packages first
_MOST_UNBEGUN: Final = 3  # workers in a row that end before they come to a job


class _Unbegun(Exception):
    """A worker is gone before it came to its job, which another one may do."""


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
    seconds: Callable[[Job], float | None],
    is_wanted: Callable[[Job, Sequence[Result | Lost | None]], bool],
    keep: Callable[[Job, Result | Lost], None] | None = None,
) -> list[Result | Lost | None]:
    """Every job's result, `Lost`, or None where it was not wanted any more.

    Parameters
    ----------
    workers
        Processes; they end with this one, however it ends.
    seconds
        Most time that a job may take, unless it allows itself another, see `allow_s`; None = any.
    is_wanted
        Of a job and what there is of all results, when it is the job's turn.
    keep
        Given each job with its result as soon as it is there.

    Raises
    ------
    BrokenProcessPool
        If no worker comes to a job at all.
    """
    results: list[Result | Lost | None] = [None] * len(jobs)
    turns = deque(range(len(jobs)))
    unbegun = 0
    crew = [_Worker(workplace) for _ in range(min(workers, len(jobs)))]
    with tqdm(total=len(jobs), desc=title, unit="run", file=sys.stderr, mininterval=0.5) as bar:
        try:
            while crew:
                for worker in [w for w in crew if w.job is None]:
                    turn = _next_turn(turns, lambda t: is_wanted(jobs[t], results))
                    if turn is None:
                        crew.remove(worker)
                        worker.dismiss()
                    else:
                        worker.begin(turn, jobs[turn], seconds(jobs[turn]))
                wait([end for w in crew for end in w.ends], timeout=_GLANCE_S)
                for i, worker in enumerate(crew):
                    turn = worker.job
                    try:
                        outcome = worker.look()
                    except _Unbegun:
                        unbegun += 1
                        if unbegun >= _MOST_UNBEGUN:
                            raise BrokenProcessPool from None
                        turns.appendleft(cast(int, turn))
                        crew[i] = _Worker(workplace)
                        continue
                    if turn is None or outcome is None:
                        continue
                    unbegun = 0
                    results[turn] = outcome
                    if keep is not None:
                        keep(jobs[turn], outcome)
                    bar.update()
                    if isinstance(outcome, Lost):
                        crew[i] = _Worker(workplace)
        finally:
            for worker in crew:
                worker.end()
    return results


def allow_s(seconds: float | None) -> None:
    """Begin a part of the job that may take so long; None = as long as any.

    To be called from a job; does nothing where nobody watches.
    """
    for pipe in _pipe_here:
        pipe.send(("begun", seconds))


def _next_turn(turns: deque[int], is_wanted: Callable[[int], bool]) -> int | None:
    """Take the turns up to the next that is wanted; None if there is none."""
    while turns:
        turn = turns.popleft()
        if is_wanted(turn):
            return turn
    return None


@dataclass(slots=True, eq=False)
class _Worker:
    """A process, the job it has, and since when."""

    workplace: Workplace[Any, Any]
    pipe: Connection = field(init=False)
    process: BaseProcess = field(init=False)
    job: int | None = None
    given_s: float = 0.0  # on the clock, like the next
    begun_s: float | None = None
    part_s: float = 0.0  # when the part of the job began that it is at
    allowed_s: float | None = None  # for that part
    default_s: float | None = None

    def __post_init__(self) -> None:
        self.pipe, theirs = _CONTEXT.Pipe()
        self.process = _CONTEXT.Process(target=_serve, args=(theirs, self.workplace), daemon=True)
        self.process.start()
        theirs.close()

    @property
    def ends(self) -> tuple[Connection, int]:
        """What tells that there is something to look at."""
        return self.pipe, self.process.sentinel

    def begin(self, turn: int, job: Any, seconds: float | None) -> None:
        """Hand a job over."""
        self.job, self.begun_s, self.given_s = turn, None, time.monotonic()
        self.default_s = seconds
        with suppress(OSError):  # it has died, which is seen next
            self.pipe.send(job)

    def look(self) -> Any:
        """The result of the job, `Lost`, or None while it goes on; `_Unbegun` if it never did."""
        is_dead = not self.process.is_alive()  # asked first: what it has sent by then is there
        try:
            while self.pipe.poll():
                word, value = self.pipe.recv()
                if word == "begun":
                    self.part_s = time.monotonic()
                    self.begun_s = self.begun_s or self.part_s
                    self.allowed_s = self.default_s if value is None else value
                    continue
                self.job = None
                if word == "raised":
                    raise value
                return value
        except (EOFError, ConnectionError):
            return self._lose(has_overrun=False)
        if is_dead:  # a child of its own may hold the pipe open
            return self._lose(has_overrun=False)
        return self._lose(has_overrun=True) if self._is_late() else None

    def _is_late(self) -> bool:
        now_s = time.monotonic()
        if self.begun_s is None:
            return now_s - self.given_s > _START_S
        limited = self.default_s is not None and self.allowed_s is not None
        return limited and now_s - self.part_s > cast(float, self.allowed_s)

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
            raise _Unbegun
        lost = Lost(seconds=self.seconds, has_overrun=has_overrun)
        self.end()
        return lost


_pipe_here: list[Connection] = []  # of this worker, if it is one


def _serve(pipe: Connection, workplace: Workplace[Any, Any]) -> None:
    """The life of a worker."""
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started it ends it
    os.environ["OMP_NUM_THREADS"] = "1"  # before anything brings torch
    _pipe_here.append(pipe)
    try:
        work = workplace.open()
        while (job := pipe.recv()) is not None:
            pipe.send(("begun", None))
            pipe.send(("done", work(job)))
    except EOFError:
        return
    except Exception as error:
        pipe.send(("raised", _portable(error)))
    except BaseException:  # nothing that a policy left behind keeps the process
        traceback.print_exc()
        os._exit(1)


def _portable(error: Exception) -> Exception:
    """The error, if it can travel; else its words."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
