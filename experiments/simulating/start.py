"""What a run of `simulate.py` starts from: a scenario's first minute, or a branch of a run."""

from __future__ import annotations

import dataclasses
import sys
from dataclasses import dataclass
from datetime import date
from typing import Any

from experiments.building.dated_changes import read_changes_file
from experiments.building.floor_file import begin_with_floor, read_floor_minute
from experiments.building.order_book import workload
from experiments.building.policy import policy_notes
from experiments.building.scenario import FactoryConfig, scenario_and_notes, with_own_sheets
from experiments.report.finished_run import FinishedRun
from experiments.simulating.branch import Branch, branch_from
from experiments.simulating.branch_point import minute_text
from experiments.simulating.options import SimulateOptions
from factory_env.compiled import is_compiled
from factory_env.domain.records import RunLog
from factory_env.domain.scenario import Scenario
from factory_env.sim.factory import Factory, Readings
from factory_env.sim.history.replay import Past
from factory_env.sim.planning.estimate import fill_candidates
from factory_env.units import MIN_PER_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A checked start. ``branch`` None = the first minute."""

    past: Past
    first_day: date | None
    notes: tuple[str, ...]
    config: FactoryConfig  # of the factory; a branch brings its own
    branch: Branch | None = None
    floor_min: float | None = None  # at which the floor is written

    def announce(self) -> None:
        """Say the notes on stderr, and why the first run of all takes so long."""
        for note in self.notes:
            print(f"note: {note}", file=sys.stderr)
        if not is_compiled(fill_candidates):
            print("first run: the simulation is compiled, up to a minute, once", file=sys.stderr)

    def finish(self, scenario: Scenario, log: RunLog) -> FinishedRun:
        """The run, to be told and drawn."""
        site_agent = self.config.site_agent
        return FinishedRun(
            log=log, scenario=scenario, first_day=self.first_day, site_agent=site_agent
        )

    def ground(self) -> Readings:
        """Lines and book of the run, to check a plan against; nothing of it is played."""
        past = self.past
        return Factory(past.scenario, past.seed, orders=past.orders, floor=past.opening)

    def factory(self, *, record_operations: bool) -> Factory:
        """The factory at its start; a branch has lived its past."""
        if self.branch is not None:
            return self.branch.factory(record_operations=record_operations)
        past = self.past
        given: dict[str, Any] = {
            "orders": past.orders,
            "floor": past.opening,
            "changes": past.changes,
        }
        return Factory(past.scenario, past.seed, record_operations=record_operations, **given)


def start_from(options: SimulateOptions) -> Start:
    """The start of a run of `simulate.py`.

    Raises
    ------
    InputError
        With every problem of scenario, order book and branch.
    """
    if options.branch is not None:
        branch = branch_from(options.branch, options)
        return Start(
            past=branch.past,
            first_day=branch.first_day,
            notes=branch.notes + rule_notes(options, branch.config),
            config=branch.config,
            branch=branch,
            floor_min=_floor_min(options, branch.past.scenario, branch.first_day),
        )
    options, sheets = with_own_sheets(options, options.orders)
    scenario, notes = scenario_and_notes(options)
    notes += sheets + options.site_note
    work = workload(scenario, options.orders, options.seed, options.orders_format)
    past = Past(scenario=work.scenario, seed=options.seed, orders=work.orders)
    notes = (*notes, *work.notes, *rule_notes(options, options))
    if options.floor is not None:
        ground = Factory(past.scenario, past.seed, orders=past.orders)
        floor, left = begin_with_floor(options.floor, ground, work.first_day)
        past = dataclasses.replace(past, orders=left, opening=floor)
        begun = minute_text(floor.at_min, work.first_day)
        notes += (f"the run begins with the floor of {begun}: before that minute nothing happens",)
    if options.changes is not None:
        changes = read_changes_file(options.changes, past, work.first_day)
        past = dataclasses.replace(past, changes=changes)
    return Start(
        past=past,
        first_day=work.first_day,
        notes=notes,
        config=options,
        floor_min=_floor_min(options, past.scenario, work.first_day),
    )


def _floor_min(
    options: SimulateOptions, scenario: Scenario, first_day: date | None
) -> float | None:
    """The minute of ``floor_at=``, if the floor is to be written."""
    if options.floor_at is None:
        return None
    return read_floor_minute(options.floor_at, first_day, scenario.calendar_days * MIN_PER_DAY)


def rule_notes(options: SimulateOptions, config: FactoryConfig) -> tuple[str, ...]:
    """The values that a rule runs with on the plant of a config."""
    agent = options.plan_rest if options.agent == "plan" else options.agent
    return policy_notes(agent, options.params, config.plant_name)
