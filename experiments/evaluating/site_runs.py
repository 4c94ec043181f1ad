"""What a run cost for whom: figures of runs in which a policy is asked how the site runs."""

from __future__ import annotations

from typing import Final

from experiments.evaluating.bound import bound_usd, energy_cost_usd, lateness_usd
from experiments.evaluating.tournament import Player
from experiments.report.plain_bill import bill_error_usd
from factory_env import RunLog, Scenario
from factory_env.domain.costs import BILL_PARTS, SITE_PARTS
from factory_env.kpi.energy import energy_kpis

REFERENCE: Final = "always_on"  # the bound is made from the work of its runs
BOUND: Final = "bound_usd"
PARTS: Final = (*BILL_PARTS, *SITE_PARTS[1:])
FLOWS: Final = PARTS[:-1]  # what is paid slot by slot: no price on carbon


def measure_site(log: RunLog, scenario: Scenario, player: Player) -> dict[str, float]:
    """What a run cost, part by part [USD], and what it used; of `REFERENCE` also the bound."""
    slots, energy = log.tables["slots"], energy_kpis(log)
    parts = {name: float(slots[f"{name}_usd"].sum()) for name in FLOWS}
    parts["carbon"] = log.cost_usd["carbon"]
    site, late, total = energy_cost_usd(log), lateness_usd(log), float(sum(log.cost_usd.values()))
    shown = ("kwh_per_piece", "mj_per_piece", "co2_kg", "peak_kw", "battery_cycles")
    figures = {
        **parts,
        "site": site,
        "lateness": late,
        "rest": total - site - late,
        "total": total,
        "paid": site - parts["carbon"],
        "bill_error": bill_error_usd(log, scenario),
        **{key: energy[key] for key in shown},
    }
    if player.name == REFERENCE:
        figures[BOUND] = bound_usd(log, scenario)
    return figures
