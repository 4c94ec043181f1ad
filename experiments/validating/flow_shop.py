"""Permutation flow shops on the sewing line: one operator per operation, one bundle per order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.exact.neh import neh_sequence
from factory_env.errors import InputError, Problem, wrong
from factory_env.sim.work.line_flow import PassInput, run_pass

Ints = NDArray[np.int64]
MAX_CELLS = 10_000_000
LAYOUT = "jobs, machines, then jobs x machines times, separated by white space"


def makespan(times: Ints, sequence: Ints) -> float:
    """When the last job leaves the sewing line, all ready at 0, in the order of ``sequence``.

    A job is an order of one bundle of one piece; a machine is an operation with one operator;
    nobody learns, nothing varies, and bundles are loaded at once.

    Parameters
    ----------
    times : shape (jobs, machines)
    sequence : shape (jobs,), a permutation counted from 0
    """
    jobs, machines = times.shape
    done = run_pass(
        PassInput(
            pieces=np.ones(jobs),
            smv_min=np.ones(machines),
            crew=np.arange(machines),
            crew_start=np.arange(machines + 1),
            efficiency=np.ones(machines),
            free=np.zeros(machines),
            noise=np.ascontiguousarray(times[sequence], dtype=np.float64),
            stop=np.empty((0, 0)),
            start_min=0.0,
            pace_min=0.0,
            learn_loss=0.0,
            learn_tau_min=1.0,
        )
    ).done
    return float(done.max())


def one_instance(flow_shop: Any, sequence_file: Any) -> dict[str, Any]:
    """Makespan of a file's instance in the order of a file, or in the NEH order; also printed.

    Raises
    ------
    InputError
        If a file is missing or wrong.
    """
    if flow_shop is None:
        right = "flow_shop=<file>: jobs, machines, then the times"
        raise InputError([_problem("command line", "flow_shop", "must be given", "nothing", right)])
    times = read_instance(str(flow_shop))
    jobs, machines = times.shape
    name = Path(str(flow_shop)).stem
    found: dict[str, Any] = {"instance": name, "jobs": jobs, "machines": machines}
    if sequence_file is None:
        sequence, first, key = neh_sequence(times), 1, "neh_makespan"
    else:
        (sequence, first), key = read_sequence(str(sequence_file), jobs), "makespan"
        print(f"sequence: jobs counted from {first}")
    found[key] = round(makespan(times, sequence))
    found["sequence"] = (sequence + first).tolist()
    print(f"{name}: {jobs} jobs, {machines} machines, {key} {found[key]}")
    return found


def read_instance(path: str | Path) -> Ints:
    """Times of a flow shop, shape (jobs, machines).

    Raises
    ------
    InputError
        With every problem, by file and line.
    """
    numbers = _numbers(Path(path))
    where = str(path)
    jobs, machines = _sizes(numbers, where)
    cells = numbers[2:]
    _check_count(cells, jobs * machines, where, f"{jobs} x {machines} = {jobs * machines} times")
    return _values(cells).reshape(jobs, machines)


def read_setup_instance(path: str | Path, *, setups: bool = True) -> tuple[Ints, Ints | None]:
    """Times, shape (jobs, machines), and setup times by machine, job before and job after.

    Setup times have the shape (machines, jobs, jobs); they are None if the file holds none.

    Raises
    ------
    InputError
        With every problem, by file and line.
    """
    if not setups:
        return read_instance(path), None
    numbers = _numbers(Path(path))
    where = str(path)
    jobs, machines = _sizes(numbers, where)
    cells, times = numbers[2:], jobs * machines
    rule = f"{jobs} x {machines} times and {machines} x {jobs} x {jobs} setup times"
    _check_count(cells, times + machines * jobs * jobs, where, rule)
    values = _values(cells)
    return values[:times].reshape(jobs, machines), values[times:].reshape(machines, jobs, jobs)


def _sizes(numbers: list[tuple[int, int]], where: str) -> tuple[int, int]:
    """Jobs and machines."""
    problems = []
    for field, (line, value) in zip(("jobs", "machines"), numbers, strict=False):
        if value < 1:
            problems.append(_problem(f"{where}:{line}", field, "must be at least 1", value))
    if len(numbers) < 2:
        problems.append(_problem(where, "file", "must hold jobs and machines", len(numbers)))
    if problems:
        raise InputError(problems)
    return numbers[0][1], numbers[1][1]


def _check_count(cells: list[tuple[int, int]], count: int, where: str, what: str) -> None:
    """So many cells, none of them negative."""
    problems = []
    if len(cells) != count or count > MAX_CELLS:
        problems.append(_problem(where, "times", f"must hold {what}", f"{len(cells)}"))
    problems += [
        _problem(f"{where}:{line}", "times", "must not be negative", value)
        for line, value in cells
        if value < 0
    ]
    if problems:
        raise InputError(problems)


def _values(cells: list[tuple[int, int]]) -> Ints:
    return np.array([value for _, value in cells], dtype=np.int64)


def read_sequence(path: str | Path, jobs: int) -> tuple[Ints, int]:
    """A permutation counted from 0, and the number that the file counts from (0 or 1).

    Raises
    ------
    InputError
        Naming jobs that are unknown, missing or there twice.
    """
    where = str(path)
    numbers = _numbers(Path(path))
    values = [value for _, value in numbers]
    first = 0 if 0 in values else 1
    known = range(first, first + jobs)
    right = f"each of {first} to {first + jobs - 1} once"
    problems = []
    seen: set[int] = set()
    for line, value in numbers:
        if value not in known:
            rule = f"must be a job of the instance, counted from {first}"
            problems.append(_problem(f"{where}:{line}", "job", rule, value, right))
        elif value in seen:
            problems.append(_problem(f"{where}:{line}", "job", "must be there once", value, right))
        seen.add(value)
    missing = [str(j) for j in known if j not in seen]
    if missing:
        got = ", ".join(missing[:10]) + (" ..." if len(missing) > 10 else "") + " missing"
        problems.append(_problem(where, "jobs", "every job must be there", got, right))
    if problems:
        raise InputError(problems)
    return np.array(values, dtype=np.int64) - first, first


def _numbers(path: Path) -> list[tuple[int, int]]:
    """Whole numbers of a text file, each with its line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not text in UTF-8"
        problem = _problem(str(path), "file", "must be a readable text file", reason)
        raise InputError([problem]) from None
    numbers: list[tuple[int, int]] = []
    problems: list[Problem] = []
    for line, words in enumerate(text.splitlines(), start=1):
        for word in words.replace(",", " ").split():
            try:
                numbers.append((line, int(word)))
            except ValueError:
                rule = "must be a whole number"
                problems.append(_problem(f"{path}:{line}", "number", rule, repr(word)))
    if problems:
        raise InputError(problems)
    return numbers


def _problem(where: str, field: str, rule: str, got: object, right: str = LAYOUT) -> Problem:
    return wrong(where, field, rule, got, right)
