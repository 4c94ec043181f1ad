"""Workers that step environments side by side, and what they share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from multiprocessing.connection import wait
from typing import Any

import numpy as np
from gymnasium.error import AlreadyPendingCallError, NoAsyncCallError
from gymnasium.vector import AutoresetMode

from factory_env.envs.vector.group import Group
from factory_env.envs.vector.layout import Batch, Layout, map_file, shared_file
from factory_env.envs.vector.worker import Here, Maker, Process, Worker, describe
from factory_env.errors import InputError


class Crew:
    """Asks workers and gathers their answers; each has one open question at a time."""

    def __init__(
        self, workers: Sequence[Worker], batch: Batch, description: tuple[Any, ...]
    ) -> None:
        self.workers = tuple(workers)
        self.batch = batch
        self.description = description  # spaces, metadata, render mode: see `worker.describe`
        self._asked: list[str | None] = [None] * len(self.workers)

    @property
    def rows(self) -> tuple[slice, ...]:
        """Which environments each worker steps."""
        return tuple(worker.rows for worker in self.workers)

    def ask(self, worker: int, request: str, *arguments: Any) -> None:
        """Ask one worker for something; see the methods of `Group`."""
        asked = self._asked[worker]
        if asked is not None:
            raise AlreadyPendingCallError(
                f"worker {worker} was asked to {asked} and its answer was not fetched", asked
            )
        self.workers[worker].send(request, *arguments)
        self._asked[worker] = request

    def answer(self, worker: int) -> Any:
        """What a worker answers; waits for it."""
        if self._asked[worker] is None:
            raise NoAsyncCallError(f"worker {worker} was asked for nothing", "send")
        self._asked[worker] = None
        return self.workers[worker].receive()

    def ask_all(self, request: str, arguments: Iterable[Sequence[Any]]) -> list[Any]:
        """Ask every worker at once, and gather the answers.

        Raises the first error only after all have answered, so that the next question is not met
        with an old answer.
        """
        errors: list[Exception] = []
        asked = []
        for worker, own in enumerate(arguments):
            try:
                self.ask(worker, request, *own)
                asked.append(worker)
            except AlreadyPendingCallError:
                raise
            except RuntimeError as error:
                errors.append(error)
        answers = []
        for worker in asked:
            try:
                answers.append(self.answer(worker))
            except Exception as error:
                errors.append(error)
        if errors:
            raise errors[0]
        return answers

    def run(self, function: Callable[..., Any], arguments: Iterable[Sequence[Any]]) -> list[Any]:
        """``function(group, *arguments)`` in every worker at once; what each gave.

        Parameters
        ----------
        function
            Of a module, so that it can travel; it gets the worker's `Group`.
        arguments
            Of each worker.
        """
        return self.ask_all("run", ((function, *own) for own in arguments))

    def deal(self, function: Callable[..., Any], tasks: Sequence[Any]) -> list[Any]:
        """``function(group, task)`` for every task, by whichever worker is free; in their order.

        Functions that play the environments leave them elsewhere: reset them afterwards.
        """
        results: dict[int, Any] = {}
        open_tasks: dict[int, int] = {}  # worker -> task
        left = iter(range(len(tasks)))
        error: Exception | None = None
        free = list(range(len(self.workers)))
        while True:
            for worker in free:
                task = next(left, None) if error is None else None
                if task is not None:
                    self.ask(worker, "run", function, tasks[task])
                    open_tasks[worker] = task
            if not open_tasks:
                break
            free = self._await_any(open_tasks)
            for worker in free:
                task = open_tasks.pop(worker)
                try:
                    results[task] = self.answer(worker)
                except Exception as raised:
                    error = error or raised
        if error is not None:
            raise error
        return [results[task] for task in range(len(tasks))]

    def close(self) -> None:
        """Close every environment and end the processes."""
        for worker in self.workers:
            worker.close()

    def _await_any(self, busy: Iterable[int]) -> list[int]:
        """Workers whose answers can be fetched; waits for at least one."""
        pipes = {w.pipe: i for i in busy if isinstance(w := self.workers[i], Process)}
        if not pipes:
            return list(busy)  # it works when it is asked for the answer
        return [pipes[pipe] for pipe in wait(list(pipes))]  # type: ignore[index]


def hire(makers: Sequence[Maker], workers: int, autoreset: AutoresetMode) -> Crew:
    """A crew that shares environments out evenly; without workers they stay in this process.

    Raises
    ------
    ValueError
        If there are no environments.
    InputError
        If ``workers`` is no whole number from 0 to the number of environments.
    """
    if not makers:
        raise ValueError("a VectorEnv needs at least one environment, got none")
    is_whole = isinstance(workers, int | np.integer) and not isinstance(workers, bool)
    if not is_whole or not 0 <= workers <= len(makers):
        rule = f"must be a whole number from 0 to {len(makers)}, the number of environments"
        right = "e.g. workers=0: all in this process"
        raise InputError.of("make_vec", "workers", rule, repr(workers), right)
    if workers == 0:
        return _stay(makers, autoreset)
    ends = np.linspace(0, len(makers), workers + 1).round().astype(int).tolist()
    shares = [slice(*span) for span in pairwise(ends)]
    processes = [Process(makers[rows], rows, autoreset) for rows in shares]
    try:
        return _share(processes, len(makers))
    except BaseException:
        for process in processes:
            process.close()
        raise


def _stay(makers: Sequence[Maker], autoreset: AutoresetMode) -> Crew:
    envs = [make() for make in makers]
    description = describe(envs)
    layout = Layout(description[0], len(envs))
    batch = layout.batch(bytearray(layout.nbytes))
    return Crew([Here(Group(envs, batch, autoreset))], batch, description)


def _share(processes: Sequence[Process], n: int) -> Crew:
    """Map the memory in every process."""
    descriptions = [process.receive() for process in processes]
    layout = Layout(descriptions[0][0], n)
    with shared_file(layout.nbytes) as path:
        batch = layout.batch(map_file(path))
        for process in processes:
            process.pipe.send((str(path), n))
        for process in processes:
            process.receive()
    return Crew(processes, batch, descriptions[0])
