"""Energy: the bus balances, the meter agrees with the work done, the bill with the load curve."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from agents.rules.edd import Edd
from agents.team import Team
from experiments.report.plain_bill import Prices, bill_error_usd, recomputed
from factory_env import Factory, RunLog, Scenario, load_scenario
from factory_env.decisions.energy_choice import EnergyAnswer, EnergyChoice
from factory_env.domain.site import BOILER_HOLD, BOILER_OFF, BOILER_ON, COOLING_OFF_C
from factory_env.kpi.energy import bill_lines, energy_kpis
from tests.play import play

BUSY = {"horizon_days": 30, "demand.days": 8, "demand.load": 0.6}  # everything is shipped in time
CONSUMERS = (
    "sewing_run_kw",
    "sewing_idle_kw",
    "sewing_standby_kw",
    "cutting_kw",
    "fusing_kw",
    "pressing_kw",
    "packing_kw",
    "compressor_kw",
    "fans_kw",
    "lighting_kw",
    "base_kw",
    "boiler_kw",
    "battery_aux_kw",
)


class Wild:
    """Answers at random: whatever is done to the site, the laws hold."""

    def __init__(self) -> None:
        self._rng = np.random.default_rng(0)

    def run_site(self, choice: EnergyChoice) -> EnergyAnswer:
        rng = self._rng
        return EnergyAnswer(
            battery_kw=float(rng.uniform(-300.0, 300.0)),
            set_point_c=float(rng.choice([24.0, 28.0, 34.0, COOLING_OFF_C])),
            boiler_mode=int(rng.choice([BOILER_OFF, BOILER_HOLD, BOILER_ON])),
            lines_allowed=int(rng.integers(1, choice.lines + 1)),
            standby=bool(rng.integers(2)),
        )


def scenario(tariff: str = "us_demand", site: str = "pv_battery", **more: Any) -> Scenario:
    return load_scenario("small", site=site, tariff=tariff, overrides={**BUSY, **more})


def played(made: Scenario, **how: Any) -> tuple[Factory, RunLog]:
    factory = Factory(made, 3, **how)
    return factory, play(factory, Edd())


@pytest.fixture(scope="module")
def quiet() -> tuple[Factory, RunLog]:
    return played(scenario(**{"absence.enabled": False}), record_operations=True)


@pytest.fixture(scope="module")
def wild() -> tuple[Factory, RunLog]:
    factory = Factory(scenario(**{"control.mode": "agent"}), 3)
    return factory, play(factory, Team(lines=Edd(), site=Wild()))


@pytest.mark.parametrize("which", ["quiet", "wild"])
def test_the_bus_balances_in_every_slot(which: str, request: pytest.FixtureRequest) -> None:
    slots = request.getfixturevalue(which)[1].tables["slots"]
    assert len(slots["slot"]) > 8 * 96
    given = 4.0 * (slots["import_kwh"] + slots["diesel_kwh"] + slots["unserved_kwh"])
    given = given + slots["pv_used_kw"] + slots["discharge_kw"]
    assert np.abs(given - slots["load_kw"] - slots["charge_kw"]).max() < 1e-9
    sun = slots["pv_used_kw"] + slots["curtailed_kw"] + 4.0 * slots["export_kwh"]
    assert np.abs(sun - slots["pv_kw"]).max() < 1e-9
    assert np.abs(sum(slots[name] for name in CONSUMERS) - slots["load_kw"]).max() < 1e-9
    if which == "wild":
        assert slots["charge_kw"].max() > 10.0
        assert slots["discharge_kw"].max() > 10.0


def test_the_battery_keeps_what_is_put_into_it_less_its_losses(wild) -> None:
    factory, log = wild
    slots, battery = log.tables["slots"], factory.scenario.energy.site.battery
    before = np.concatenate([[battery.capacity_kwh * battery.soc_start], slots["soc_kwh"][:-1]])
    way = battery.round_trip**0.5  # half of the loss on either way
    change = 0.25 * (slots["charge_kw"] * way - slots["discharge_kw"] / way)
    assert np.abs(before + change - slots["soc_kwh"]).max() < 1e-9
    assert slots["soc_kwh"].min() >= battery.capacity_kwh * battery.soc_min - 1e-9
    assert slots["soc_kwh"].max() <= battery.capacity_kwh * battery.soc_max + 1e-9


def shift_min(wall_min: np.ndarray) -> np.ndarray:
    """Working minutes until a wall minute: 8 to 12 and 13 to 17 h, Monday to Saturday."""
    day, minute = np.divmod(wall_min, 1440.0)
    today = np.clip(minute, 480.0, 720.0) - 480.0 + np.clip(minute, 780.0, 1020.0) - 780.0
    week, weekday = np.divmod(day, 7.0)
    return 480.0 * (6.0 * week + np.minimum(weekday, 6.0)) + today * (weekday < 6.0)


def test_the_meter_equals_the_energy_of_all_operations_of_the_log(quiet) -> None:
    factory, log = quiet
    assert log.finished
    rows, power = (
        log.tables["operations"],
        {p.machine: p.run_kw for p in factory.scenario.energy.site.machine_powers},
    )
    duration = shift_min(rows["end_min"]) - shift_min(rows["start_min"])  # nobody is absent
    kwh = 0.0
    for order, line in {*zip(rows["order"].tolist(), rows["line"].tolist(), strict=True)}:
        machines = factory.tables.balance(
            line, factory.tables.styles[factory.book.style[order]].product
        ).machines
        kw = np.array([0.0 if m in ("FUS", "IRON", "MAN") else power[m] for m in machines])
        here = (rows["order"] == order) & (rows["line"] == line)
        kwh += float(kw[rows["station"][here]] @ duration[here]) / 60.0
    metered = log.tables["slots"]["sewing_run_kw"].sum() / 4.0
    assert kwh > 500.0
    assert metered == pytest.approx(kwh, rel=1e-9)


def test_accounting_changes_nothing_in_the_house(quiet) -> None:
    factory, log = quiet
    plain = factory.scenario.replace(energy=None)
    without = play(Factory(plain, 3, record_operations=True), Edd())
    for name, table in without.tables.items():
        if name == "slots":
            assert table["slot"].shape == (0,)
            continue
        for column, values in table.items():
            assert np.array_equal(values, log.tables[name][column], equal_nan=values.dtype == float)
    energy = ("energy", "fuel", "wear", "carbon")
    for name, usd in without.cost_usd.items():
        assert usd == (0.0 if name in energy else log.cost_usd[name])
    assert log.cost_usd["energy"] > 0.0
    assert set(energy_kpis(without).values()) == {0.0}


def test_a_flat_tariff_costs_kwh_times_price(tmp_path: Path) -> None:
    (tmp_path / "flat.yaml").write_text(
        "name: flat\nenergy: [{name: all, price: 0.2, rest: true}]\n"
    )
    _, log = played(scenario(str(tmp_path / "flat.yaml")))
    slots = log.tables["slots"]
    assert log.cost_usd["energy"] == pytest.approx(0.2 * slots["import_kwh"].sum(), rel=1e-12)


# --- the bill once more, with nothing of the house: dates and loops ---


CNY, BDT = 0.138888889, 0.00833333333  # USD, as in the files


def us_price(at: datetime) -> float:
    return 0.19 if at.month in (6, 7, 8, 9) and 16 <= at.hour < 21 else 0.13


def us_demand(at: datetime) -> Mapping[str, float]:
    rates = {"any": 11.98}
    if at.month in (6, 7, 8, 9):
        if 16 <= at.hour < 21:
            rates["peak"] = 16.37
        elif at.hour in (14, 15, 21, 22):
            rates["part"] = 3.56
    return rates


def cn_price(at: datetime) -> float:
    hour, hot = at.hour, at.month in (7, 8)
    is_sunday = at.weekday() == 6
    if hot and hour in (9, 10):
        return 1.3325 * CNY
    if hour == 8 or hour in (9, 10) or 17 <= hour < 22:
        return 1.2025 * CNY
    if hour >= 23 or hour < 7:
        return 0.26 * CNY
    if hour in (11, 12):
        return (0.13 if is_sunday and at.month in (2, 5, 10) else 0.26) * CNY
    return 0.65 * CNY


def cn_demand(at: datetime) -> Mapping[str, float]:
    return {"any": 40.0 * CNY}


def bd_price(at: datetime) -> float:
    return (12.95 if 17 <= at.hour < 23 else 9.68) * BDT


def nothing(at: datetime) -> Mapping[str, float]:
    return {}


@pytest.mark.parametrize("mode", ["always_on", "agent"])
@pytest.mark.parametrize("tariff", ["us_demand", "cn_zhejiang", "bd_industry"])
def test_the_bill_equals_one_made_by_independent_code(tariff: str, mode: str) -> None:
    # from 22 June on, so that the run lies in two months; a contract that is exceeded
    made = scenario(
        tariff,
        **{"site.first_day": "2026-06-22", "control.mode": mode, "site.grid.sanctioned_kw": 130.0},
    )
    factory = Factory(made, 3)
    log = play(factory, Team(lines=Edd(), site=Wild()) if mode == "agent" else Edd())
    slots, site = log.tables["slots"], made.energy.site
    days = made.calendar.calendar_days(made.horizon_days)
    rules = {
        "us_demand": Prices(price=us_price, demand=us_demand),
        "cn_zhejiang": Prices(price=cn_price, demand=cn_demand),
        "bd_industry": Prices(
            price=bd_price,
            demand=nothing,
            export=lambda at: 9.68 * BDT,
            per_contract_kw=48.0 * BDT,
            contract_kw=site.grid.sanctioned_kw,
        ),
    }
    expected = recomputed(slots, date(2026, 6, 22), days, rules[tariff])
    assert bill_error_usd(log, made) < 1e-6  # as reported: prices from the tariff's own tables
    bill_max_error = abs(log.cost_usd["energy"] - expected)
    assert expected > 100.0
    assert bill_max_error < 1e-6
    if tariff == "bd_industry":
        assert site.grid.sanctioned_kw == pytest.approx(130.0 * 129 / 374)
        assert 4.0 * slots["import_kwh"].max() > site.grid.sanctioned_kw
    lines = bill_lines(log, made.energy, days)
    found = energy_kpis(log)
    assert sum(line.usd for line in lines) == pytest.approx(found["energy_total_usd"], abs=1e-6)
    assert found["energy_bill_usd"] == pytest.approx(log.cost_usd["energy"], abs=1e-6)


def test_whoever_buys_at_a_negative_price_is_paid(data_dir: Path, tmp_path: Path) -> None:
    tariff = {
        "name": "spot",
        "currency": "EUR",
        "usd_per_unit": 1.0,
        "carbon_g_per_kwh": 400,
        "spot": {
            "file": str(data_dir / "electricity" / "price_de_lu_2023.csv"),
            "column": "price_eur_per_mwh",
            "clock": "wall",
            "zone": "Europe/Berlin",
        },
    }
    (tmp_path / "spot.yaml").write_text(yaml.safe_dump(tariff))
    made = scenario(str(tmp_path / "spot.yaml"), "grid_only", **{"site.first_day": "2023-06-26"})
    _, log = played(made)  # holds 2 July 2023 with -500 EUR/MWh
    slots = log.tables["slots"]
    below = slots["price_usd"] < 0.0
    assert slots["price_usd"].min() == pytest.approx(-0.5)
    assert below.sum() >= 20
    assert (slots["energy_usd"][below] <= 0.0).all()
    # base load of 11.7 kW x 129 / 374 workers, and the cutter's standby, 0.3 kW; 0.50 EUR
    night_kw = 11.7 * 129 / 374 + 0.3
    assert slots["energy_usd"].min() == pytest.approx(-night_kw * 0.25 * 0.5, rel=1e-9)
    assert log.cost_usd["energy"] == pytest.approx(float(slots["price_usd"] @ slots["import_kwh"]))


def test_a_day_on_which_clocks_change_has_96_slots(data_dir: Path, tmp_path: Path) -> None:
    folder = data_dir / "electricity"
    tariff = {
        "name": "spot",
        "spot": {
            "file": str(folder / "price_de_lu_2023.csv"),
            "column": "price_eur_per_mwh",
            "clock": "wall",
            "zone": "Europe/Berlin",
        },
    }
    (tmp_path / "spot.yaml").write_text(yaml.safe_dump(tariff))
    carbon = {
        "site.carbon.file": str(folder / "carbon_de_lu_2023.csv"),
        "site.carbon.column": "ci_direct_g_per_kwh",
        "site.carbon.zone": "Europe/Berlin",
        "site.carbon.repeats": False,
    }
    made = scenario(str(tmp_path / "spot.yaml"), **{"site.first_day": "2023-03-20", **carbon})
    _, log = played(made)
    slots = log.tables["slots"]
    day = (
        6 * 96
    )  # Sunday 26 March: 2 h does not exist, the file of wall times holds it all the same
    prices = (folder / "price_de_lu_2023.csv").read_text().splitlines()
    sunday = [float(row.split(",")[1]) / 1000.0 for row in prices if row.startswith("2023-03-26")]
    assert slots["price_usd"][day : day + 96] == pytest.approx(np.repeat(sunday, 4))
    # 00:00 UTC of the 26th is 1 h on the wall, 01:00 UTC is 3 h; 2 h repeats 1 h
    rows = (folder / "carbon_de_lu_2023.csv").read_text().splitlines()
    by_utc = {row.split(",")[0]: float(row.split(",")[1]) / 1000.0 for row in rows[1:]}
    bought = slots["import_kwh"] > 1.0
    factor = (slots["carbon_kg"] - 0.202 * slots["fuel_kwh"]) / np.where(
        bought, slots["import_kwh"], 1.0
    )
    for slot, utc in (
        (day + 4, "2023-03-26T00:00Z"),
        (day + 8, "2023-03-26T00:00Z"),
        (day + 12, "2023-03-26T01:00Z"),
    ):
        assert bought[slot]
        assert factor[slot] == pytest.approx(by_utc[utc], rel=1e-9)


def test_a_site_without_sun_and_battery_buys_all_it_uses() -> None:
    none = {
        "site.solar.kwp": 0,
        "site.battery.capacity_kwh": 0,
        "site.battery.charge_kw": 0,
        "site.battery.discharge_kw": 0,
    }
    _, log = played(scenario(site="pv_battery", **none))
    slots = log.tables["slots"]
    assert not slots["pv_kw"].any()
    assert not slots["export_kwh"].any()
    assert np.abs(4.0 * slots["import_kwh"] - slots["load_kw"]).max() < 1e-9
    assert energy_kpis(log)["self_consumption_share"] == 0.0


def test_a_price_on_carbon_is_a_cost_of_the_run_and_in_no_bill() -> None:
    made = scenario()
    energy = made.energy
    priced = made.replace(
        energy=replace(energy, control=replace(energy.control, carbon_usd_per_kg=0.1))
    )
    (_, free), (_, log) = played(made), played(priced)
    assert free.cost_usd["carbon"] == 0.0
    carbon_kg = log.tables["slots"]["carbon_kg"].sum()
    assert log.cost_usd["carbon"] == pytest.approx(0.1 * carbon_kg, rel=1e-12)
    assert log.cost_usd["energy"] == free.cost_usd["energy"]
    assert energy_kpis(log)["energy_total_usd"] == energy_kpis(free)["energy_total_usd"]
