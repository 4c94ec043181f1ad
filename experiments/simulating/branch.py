"""Continues a logged run from any minute under another policy: same luck, or a fresh future."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from experiments.building.dated_changes import read_changes_file
from experiments.building.decider import list_unsaid
from experiments.building.scenario import FactoryConfig
from experiments.simulating.branch_point import minute_text, point_min, split_branch
from experiments.simulating.logged_run import LoggedRun, refuse_others
from experiments.simulating.options import SimulateOptions
from factory_env.domain.records import RunLog
from factory_env.door.gather import Gather
from factory_env.errors import InputError
from factory_env.sim.factory import Factory
from factory_env.sim.history.replay import Past

# what may stand beside branch=: the rest is the run's own
FREE: Final = (
    "agent",
    "changes",
    "params",
    "plan",
    "plan_rest",
    "floor_at",
    "operations",
    "pictures",
    "branch",
    "luck",
    "fresh_seed",
)
BOUND: Final = (
    "can not be set beside branch=: a branch lives the run's own past again, and that is exact "
    "under its own scenario, orders and seed only"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A run, and the minute from which it goes on otherwise."""

    folder: Path
    at_min: float
    fresh_seed: int | None  # None = the same luck
    log: RunLog  # of the run
    agent: str  # of the run
    past: Past
    first_day: date | None
    config: FactoryConfig  # of the run
    adopted: Mapping[str, Any]  # keys of the run's config that the branch takes over

    @property
    def text(self) -> str:
        """The branch point for people."""
        return minute_text(self.at_min, self.first_day)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the comparison should know."""
        notes: list[str] = []
        if not any(row.now_min >= self.at_min for row in self.past.answers):
            notes.append(f"the run asks nothing at or after {self.text}: nothing can change")
        if self.fresh_seed is not None:
            notes.append(
                f"fresh luck from {self.text} on (seed {self.fresh_seed}): the difference to the "
                "run is luck as well as policy; compare branches of one fresh_seed with each other"
            )
        return tuple(notes)

    def factory(self, *, record_operations: bool) -> Factory:
        """The run lived again up to the branch point.

        Raises
        ------
        ArtifactError
            If it asks other questions than the log holds.
        """
        return Factory.of(
            self.past, self.at_min, fresh_seed=self.fresh_seed, record_operations=record_operations
        )


def branch_from(text: str, options: SimulateOptions) -> Branch:
    """The branch that a person asks for with ``branch=text``.

    Raises
    ------
    InputError
        With every reason why there can be no such branch.
    """
    gather = Gather()
    gather.add(refuse_others(options.words, FREE, BOUND, "branch="))
    place = gather(split_branch, text)
    found = gather(LoggedRun, place[0]) if place is not None else None
    at_min = gather(_minute, found, place[1]) if found is not None and place is not None else None
    if found is not None:
        where = str(found.path / "config.yaml")
        gather.add(list_unsaid(found.adopted, ["energy"], options.words, where))
    past = gather(_changed_past, found, at_min, options.changes)
    gather.done()
    assert found is not None
    assert at_min is not None
    assert past is not None
    seed = found.record.seed + 1 if options.fresh_seed is None else options.fresh_seed
    return Branch(
        folder=found.path,
        at_min=at_min,
        fresh_seed=seed if options.luck == "fresh" else None,
        log=found.log,
        agent=found.agent,
        past=past,
        first_day=found.record.first_day,
        config=found.config,
        adopted=found.adopted,
    )


def _changed_past(run: LoggedRun | None, at_min: float | None, changes: str | None) -> Past | None:
    """The run's past, with the changes of a file from the branch point on."""
    if run is None or at_min is None or changes is None:
        return None if run is None else run.past
    more = read_changes_file(changes, run.past, run.record.first_day, at_min)
    return replace(run.past, changes=(*run.past.changes, *more))


def _minute(run: LoggedRun, point: str) -> float:
    """The wall minute of a branch point, within the run."""
    first_day, end_min = run.record.first_day, run.log.end_min
    at_min = point_min(point, first_day)
    if not 0.0 <= at_min <= end_min:
        span = f"{minute_text(0.0, first_day)} to {minute_text(end_min // 1.0, first_day)}"
        raise InputError.of(
            "command line",
            "branch",
            "must lie within the run",
            minute_text(at_min, first_day),
            span,
        )
    return at_min
