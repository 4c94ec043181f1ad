"""What a run of `simulate.py` starts from: a scenario's first minute, or a branch of a run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from experiments.building.order_book import workload
from experiments.building.scenario import FactoryConfig, scenario_and_notes
from experiments.simulating.branch import Branch, branch_from
from experiments.simulating.options import SimulateOptions
from factory_env.sim.factory import Factory
from factory_env.sim.history.replay import Past


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A checked start. ``branch`` None = the first minute."""

    past: Past
    first_day: date | None
    notes: tuple[str, ...]
    config: FactoryConfig  # of the factory; a branch brings its own
    branch: Branch | None = None

    def with_notes(self, notes: tuple[str, ...]) -> Start:
        """The same start with further notes behind its own."""
        return replace(self, notes=(*self.notes, *notes))

    def factory(self, *, record_operations: bool) -> Factory:
        """The factory at its start; a branch has lived its past."""
        if self.branch is not None:
            return self.branch.factory(record_operations=record_operations)
        past = self.past
        return Factory(
            past.scenario, past.seed, orders=past.orders, record_operations=record_operations
        )


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
            notes=branch.notes,
            config=branch.config,
            branch=branch,
        )
    scenario, notes = scenario_and_notes(options)
    notes += options.site_note
    work = workload(scenario, options.orders, options.seed, options.orders_format)
    past = Past(scenario=work.scenario, seed=options.seed, orders=work.orders)
    notes = (*notes, *work.notes)
    return Start(past=past, first_day=work.first_day, notes=notes, config=options)
