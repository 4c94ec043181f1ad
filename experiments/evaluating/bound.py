"""Energy policies against the clairvoyant bound: costs, and the share of the gap closed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from agents.exact.energy_lp import Least, cheapest_run
from factory_env import RunLog, Scenario
from factory_env.domain.costs import LATE_PARTS, SITE_PARTS
from factory_env.domain.records import Table
from factory_env.domain.series import SLOT_H

Floats = NDArray[np.float64]


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
