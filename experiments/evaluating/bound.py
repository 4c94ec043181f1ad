"""Energy policies against the clairvoyant bound: runs, costs, and the share of the gap closed."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents import energy
from agents.exact.energy_lp import Least, cheapest_run
from agents.team import Team
from factory_env import Factory, RunLog, Scenario, simulate
from factory_env.catalogue import load_plug
from factory_env.decision import Policy
from factory_env.decisions.energy_choice import EnergyPolicy
from factory_env.domain.costs import LATE_PARTS, SITE_PARTS
from factory_env.domain.records import Table
from factory_env.domain.series import SLOT_H
from factory_env.presets import CONF, read_group
from factory_env.sim.plant.tables import PlantTables

Floats = NDArray[np.float64]


def run_energy(
    scenario: Scenario,
    scheduler: Policy,
    energy_policy: EnergyPolicy,
    seed: int,
    *,
    tables: PlantTables | None = None,
) -> RunLog:
    """A run of the real factory in which ``energy_policy`` is asked how the site runs.

    ``always_on`` is asked too: heat and steam then act on its work as on that of the others.

    Parameters
    ----------
    tables
        Of an earlier run of the same ``asked(scenario)``, to save the line balancing.
    """
    return simulate(asked(scenario), Team(lines=scheduler, site=energy_policy), seed, tables=tables)


def asked(scenario: Scenario) -> Scenario:
    """The scenario with the site run by a policy."""
    assert scenario.energy is not None
    if scenario.energy.control.mode == "agent":
        return scenario
    control = dataclasses.replace(scenario.energy.control, mode="agent")
    return scenario.replace(energy=dataclasses.replace(scenario.energy, control=control))


def tables_of(scenario: Scenario) -> PlantTables:
    """Line balances that all runs of ``scenario`` share; pass the same ``asked`` scenario."""
    return Factory(scenario, seed=0).world.tables


def energy_policy_from(
    name: str, tariff: str = "", params: Mapping[str, Any] | None = None
) -> EnergyPolicy:
    """A plug of ``agents/energy`` with its values from ``conf/tuned/energy/<tariff>.yaml``.

    Without such a file, or the plug in it, its defaults hold.
    """
    values = {**tuned_energy(tariff).get(name, {}), **(params or {})}
    policy: EnergyPolicy = load_plug(energy, name)(**values)
    return policy


def tuned_energy(tariff: str) -> dict[str, dict[str, float]]:
    """All tuned values of a tariff: plug -> parameter -> value."""
    if not (CONF / "tuned" / "energy" / f"{tariff}.yaml").is_file():
        return {}
    return {name: dict(values) for name, values in read_group("tuned/energy", tariff).items()}


def energy_cost_usd(log: RunLog) -> float:
    """Electricity bill, fuel, wear, and carbon at the goal's price: what the bound bounds."""
    return float(sum(log.cost_usd[part] for part in SITE_PARTS))


def lateness_usd(log: RunLog) -> float:
    """Lateness penalties and air freight."""
    return float(sum(log.cost_usd[part] for part in LATE_PARTS))


def bound_usd(log: RunLog, scenario: Scenario) -> float:
    """The least that the site could have cost with the work of this run; see `cheapest_run`.

    Pair it with the always-on run of the same seed: it then bounds every policy that leaves
    production alone.
    """
    return cheapest_energy(log, scenario).total_usd


def cheapest_energy(log: RunLog, scenario: Scenario, *, only_battery: bool = False) -> Least:
    """The clairvoyant's way to run the site of a run, or its battery alone."""
    setup = scenario.energy
    assert setup is not None
    days = scenario.calendar.calendar_days(scenario.horizon_days)
    tariff = setup.tariff_slots(days)
    slots = log.tables["slots"]
    share = grid_share(slots, setup.site.grid.connection_kw)
    return cheapest_run(slots, tariff, setup, share, only_battery=only_battery)


def grid_share(slots: Table, connection_kw: float) -> Floats:
    """Share of each slot with grid, (n,), as its import says; 1 where nothing was bought."""
    bought, missing = slots["import_kwh"], slots["diesel_kwh"] + slots["unserved_kwh"]
    need = np.minimum(bought + missing, connection_kw * SLOT_H)
    return np.asarray(np.where(missing > 0.0, bought / np.maximum(need, 1e-12), 1.0))


def gap_closed(best_rule_usd: float, policy_usd: float, bound_usd: float) -> float:
    """Share of the gap between the best rule and the bound that a policy closes.

    1 = it pays as little as the bound; negative = more than the rule; NaN where there is no gap.
    """
    gap = best_rule_usd - bound_usd
    return (best_rule_usd - policy_usd) / gap if gap > 0.0 else float("nan")
