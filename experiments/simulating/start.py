"""What a run of `simulate.py` starts from: a scenario's first minute, or a branch of a run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from omegaconf import DictConfig

from experiments.building.order_book import workload
from experiments.building.scenario import scenario_and_notes, seed_from
from experiments.simulating.branch import Branch, branch_from
from factory_env.door.gather import Gather
from factory_env.sim.factory import Factory
from factory_env.sim.history.replay import Past


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A checked start. ``branch`` None = the first minute."""

    past: Past
    first_day: date | None
    notes: tuple[str, ...]
    branch: Branch | None = None

    def factory(self, *, record_operations: bool) -> Factory:
        """The factory at its start; a branch has lived its past."""
        if self.branch is not None:
            return self.branch.factory(record_operations=record_operations)
        past = self.past
        return Factory(
            past.scenario, past.seed, orders=past.orders, record_operations=record_operations
        )


def start_from(cfg: DictConfig) -> Start:
    """The start of a config of `simulate.py`.

    Raises
    ------
    InputError
        With every problem of scenario, seed, order book and branch.
    """
    gather = Gather()
    branch = gather(branch_from, cfg)
    if branch is not None:
        return Start(
            past=branch.past, first_day=branch.first_day, notes=branch.notes, branch=branch
        )
    seed = gather(seed_from, cfg)
    built = gather(scenario_and_notes, cfg)
    work = gather(workload, built[0], cfg.orders, seed or 0) if built is not None else None
    gather.done()
    assert seed is not None
    assert built is not None
    assert work is not None
    past = Past(scenario=work.scenario, seed=seed, orders=work.orders)
    return Start(past=past, first_day=work.first_day, notes=(*built[1], *work.notes))
