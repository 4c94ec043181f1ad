"""Energy KPIs and the bill's lines, from logs small enough to be worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from agents.rules.edd import Edd
from factory_env import RunLog, load_scenario, simulate
from factory_env.domain.energy import EnergySetup
from factory_env.domain.records import SCHEMA, make_table
from factory_env.kpi.energy import ENERGY_LABELS, bill_lines, energy_kpis, month_peaks
from factory_env.kpi.table import LABELS, kpis
from factory_env.kpi.washing import WASHING_LABELS


def log_of(slots: dict[str, Any], n: int, good: int = 50, battery_kwh: float = 100.0) -> RunLog:
    """A log with ``n`` slots, zero where nothing is said, and one lot."""
    tables = {name: make_table(name, []) for name in SCHEMA}
    kinds = SCHEMA["slots"]
    table = {name: np.zeros(n, dtype=dtype) for name, (dtype, _, _) in kinds.items()}
    table["slot"] = np.arange(n)
    for name, values in slots.items():
        table[name][:] = values
    lot = {name: np.zeros(1, dtype=dtype) for name, (dtype, _, _) in SCHEMA["lots"].items()}
    lot["good"][:] = good
    return RunLog(
        tables={**tables, "slots": table, "lots": lot},
        seed=0,
        end_min=15.0 * n,
        working_days=1.0,
        finished=True,
        lines=(),
        operators=(),
        cost_usd={},
        facts={"battery_kwh": battery_kwh},
    )


def test_a_run_without_a_site_has_zeros() -> None:
    found = energy_kpis(log_of({}, 0))
    assert list(found) == list(ENERGY_LABELS)
    assert set(found.values()) == {0.0}


def test_figures_of_four_slots_by_hand() -> None:
    log = log_of(
        {
            "load_kw": [40.0, 80.0, 80.0, 0.0],  # 200 kW slots x 0.25 h = 50 kWh
            "unserved_kwh": [0.0, 0.0, 5.0, 0.0],  # 45 kWh used
            "import_kwh": [10.0, 12.0, 9.0, 0.0],  # highest in the second: 48 kW
            "fuel_kwh": [5.0, 5.0, 5.0, 0.0],
            "pv_kw": [0.0, 40.0, 40.0, 0.0],  # 20 kWh
            "pv_used_kw": [0.0, 32.0, 24.0, 0.0],  # 14 kWh
            "curtailed_kw": [0.0, 0.0, 8.0, 0.0],
            "discharge_kw": [0.0, 0.0, 60.0, 20.0],  # 20 kWh of 100
            "carbon_kg": [4.0, 4.0, 2.0, 0.0],
            "energy_usd": [2.0, 3.0, 1.0, -1.0],
            "demand_usd": [6.0, 0.5, 0.0, 0.0],
            "standing_usd": 0.25,
            "fuel_usd": [0.5, 0.5, 0.5, 0.0],
            "wear_usd": [0.0, 0.0, 0.3, 0.1],
        },
        4,
    )
    found = energy_kpis(log)
    expected = {
        "energy_bill_usd": 5.0 + 6.5 + 1.0,
        "energy_total_usd": 12.5 + 1.5 + 0.4,
        "energy_usd_per_piece": 14.4 / 50,
        "kwh": 45.0,
        "kwh_per_piece": 0.9,
        "mj_per_piece": (45.0 + 15.0) * 3.6 / 50,
        "grid_kwh": 31.0,
        "peak_kw": 48.0,
        "peak_min": 15.0,
        "mean_load_kw": 50.0,
        "pv_kwh": 20.0,
        "self_consumption_share": 0.7,
        "curtailed_kwh": 2.0,
        "battery_cycles": 0.2,
        "co2_kg": 10.0,
        "co2_kg_per_piece": 0.2,
    }
    assert {key: found[key] for key in expected} == pytest.approx(expected)


def test_no_piece_and_no_battery_divide_nothing() -> None:
    found = energy_kpis(log_of({"load_kw": 4.0, "discharge_kw": 1.0}, 4, good=0, battery_kwh=0.0))
    assert found["kwh_per_piece"] == 4.0
    assert found["battery_cycles"] == 0.0


def test_each_month_has_its_own_peak() -> None:
    log = log_of({"month": [0, 0, 1, 1, 2], "import_kwh": [1.0, 3.0, 2.0, 2.0, 0.0]}, 5)
    assert month_peaks(log) == {0: 1, 1: 2}


@pytest.fixture(scope="module")
def setup() -> EnergySetup:
    energy = load_scenario("mid", site="grid_only", tariff="us_demand").energy
    assert energy is not None
    return energy


def test_the_bill_is_split_by_band_rule_and_fuel(setup: EnergySetup) -> None:
    # Monday 1 June 2026, 30 days of run, 96 slots of log: 25 kWh at 16:00 (peak), 20 kWh at 14:00
    # (part-peak), 30 kWh at 10:00; the whole month is charged
    bought = np.zeros(96)
    bought[64], bought[56], bought[40] = 25.0, 20.0, 30.0
    log = log_of({"import_kwh": bought, "fuel_kwh": 2.0, "diesel_kwh": 1.0}, 96)
    lines = {(line.kind, line.name): line for line in bill_lines(log, setup, 30)}
    usd = {name: line.usd for name, line in lines.items()}
    assert usd == pytest.approx(
        {
            ("energy", "peak"): 25.0 * 0.19,
            ("energy", "off_peak"): 50.0 * 0.13,
            ("demand", "any_time"): 120.0 * 11.98,
            ("demand", "summer_peak"): 100.0 * 16.37,
            ("demand", "summer_part_peak"): 80.0 * 3.56,
            ("fuel", "gas"): 192.0 * 0.035,
            ("fuel", "diesel"): 96.0 * 0.32,
        }
    )
    assert lines["energy", "peak"].kwh == 25.0
    assert lines["demand", "any_time"].month_kw == (120.0,)


def test_a_contract_is_charged_by_the_slots_that_have_passed() -> None:
    energy = load_scenario("mid", tariff="bd_industry").energy
    assert energy is not None
    tariff = replace(energy.tariff, fixed_per_month=300.0)
    contract, fixed = (
        line
        for line in bill_lines(log_of({}, 96), replace(energy, tariff=tariff), 15)
        if line.kind == "standing"
    )
    # 15 of 30 days of June are charged, 1 of these 15 has passed: 1 / 30 of the month
    assert contract.usd == pytest.approx(280.0 * 48.0 / 120.0 / 30.0)
    assert contract.month_kw == (280.0,)
    assert fixed.usd == pytest.approx(300.0 / 120.0 / 30.0)


def test_the_cost_of_scheduling_alone_is_the_total_without_what_the_site_costs() -> None:
    scenario = load_scenario(
        "small", overrides={"demand.days": 5, "horizon_days": 6}, site="pv", tariff="eu_flat"
    )
    log = simulate(scenario, Edd(), 1)
    energy, total = energy_kpis(log), kpis(log)["total_cost_usd"]
    assert energy["energy_total_usd"] > 0.0
    assert energy["scheduling_cost_usd"] + energy["energy_total_usd"] == pytest.approx(total)


def test_no_two_figures_bear_the_same_name() -> None:
    names = [label for label, *_ in (LABELS | WASHING_LABELS | ENERGY_LABELS).values()]
    assert len(names) == len(set(names)), sorted(n for n in names if names.count(n) > 1)
