"""Runs a factory to its end behind a progress bar that shows the time left."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
    track,
)

from factory_env.decision import Policy
from factory_env.domain.records import RunLog
from factory_env.sim.factory import Factory
from factory_env.sim.run import step_through
from factory_env.units import MIN_PER_DAY

T = TypeVar("T")


def run_factory(factory: Factory, policy: Policy) -> RunLog:
    """The log of a whole run; the bar goes to stderr."""
    last_day = factory.horizon_min / MIN_PER_DAY
    columns = (
        TextColumn("simulating"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("day {task.completed:.0f} of at most {task.total:.0f}, time left"),
        TimeRemainingColumn(),
    )
    console = Console(file=sys.stderr)
    with Progress(*columns, console=console, transient=not console.is_terminal) as progress:
        bar = progress.add_task("simulating", total=last_day)
        shown = 0.0
        for question in step_through(factory, policy):
            if question.now_min - shown >= MIN_PER_DAY:
                shown = question.now_min
                progress.update(bar, completed=shown / MIN_PER_DAY)
        progress.update(bar, completed=factory.now_min / MIN_PER_DAY)
    return factory.log()


def watched(items: Iterable[T], what: str, total: int) -> Iterator[T]:
    """``items`` behind a progress bar on stderr."""
    console = Console(file=sys.stderr)
    return iter(track(items, what, total=total, console=console, transient=True))
