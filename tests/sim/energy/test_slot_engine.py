"""The slot engine: balance, plausible energy of a mid factory, decisions that count, and speed."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from factory_env.domain.site import BOILER_OFF, BOILER_ON, COOLING_OFF_C, Site
from factory_env.door.site_door import build_site
from factory_env.presets import read_group
from factory_env.sim.energy.slot_engine import (
    ACT,
    FEED,
    LOG,
    OUTSIDE,
    SLOT_COLUMNS,
    advance,
    ahead,
    fresh_state,
    run_slots,
    site_record,
    slot_table,
)

Rows = NDArray[np.void]
PRESETS = ("grid_only", "pv", "pv_battery", "electric_boiler")
SITES = {name: build_site(read_group("site", name)) for name in PRESETS}
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
PIECES = 7400  # a day, domain reference, section 20


def hours(n: int) -> NDArray[np.float64]:
    """Hour of the day in the middle of each slot."""
    return (np.arange(n) % 96 + 0.5) / 4.0


def activity(n: int) -> Rows:
    """A mid factory, 8 to 17 with an hour's break, every day: 300 machines, 70 % at work."""
    rows = np.zeros(n, FEED)
    hour = hours(n)
    is_open = (hour > 8) & (hour < 17)
    works = is_open & ~((hour > 12) & (hour < 13))
    rows["open_share"] = is_open
    rows["people"] = is_open * 430.0
    rows["machines_running"] = works * 210.0
    rows["run_kw"] = works * 210.0 * 0.135  # mean of the types, domain reference, section 4
    rows["idle_kw"] = works * 60.0 * 0.022
    resting = is_open * 30.0 + (is_open & ~works) * 270.0
    rows["rest_idle_kw"], rows["rest_standby_kw"] = resting * 0.022, resting * 0.004
    rows["cutting_share"] = works * 0.8
    rows["fusing_busy"] = works * 0.7
    rows["press_busy"] = works * 18.0
    rows["line_irons_busy"], rows["line_irons_ready"] = works * 3.0, is_open * 10.0
    rows["packers_busy"] = works * 20.0
    return rows


def world(n: int, mean_c: float = 30.0) -> Rows:
    """Hot days, half a clear sky, no outage, 30-day months."""
    rows = np.zeros(n, OUTSIDE)
    rows["outdoor_c"] = mean_c + 3.0 * np.cos(2.0 * np.pi * (hours(n) - 15.0) / 24.0)
    rows["pv_kw_per_kwp"] = 0.5 * np.maximum(0.0, np.sin(np.pi * (hours(n) - 6.0) / 12.0))
    rows["grid_share"] = 1.0
    rows["carbon_kg_per_kwh"] = 0.691
    rows["month"] = np.arange(n) // (30 * 96)
    return rows


def always_on(n: int) -> Rows:
    """Cooling to 28 C and steam while there is work, standby where possible, battery at rest."""
    rows = np.zeros(n, ACT)
    hour = hours(n)
    rows["set_point_c"] = np.where((hour > 8) & (hour < 17), 28.0, COOLING_OFF_C)
    rows["boiler_mode"] = np.where((hour > 7.25) & (hour < 17), BOILER_ON, BOILER_OFF)
    rows["standby"] = 1
    rows["lines_allowed"] = 8
    return rows


def run(site: Site, feed: Rows, outside: Rows, act: Rows) -> Rows:
    log = np.zeros(len(feed), LOG)
    state = fresh_state(site, float(outside["outdoor_c"][0]))
    run_slots(0, len(feed), site_record(site), state, feed, outside, act, log)
    return log


def residual(log: Rows) -> Any:
    """Sources less sinks of the bus [kW] in every slot."""
    supply = log["import_kwh"] + log["diesel_kwh"] + log["unserved_kwh"] - log["export_kwh"]
    return (
        supply / 0.25
        + log["pv_kw"]
        + log["discharge_kw"]
        - log["load_kw"]
        - log["charge_kw"]
        - log["curtailed_kw"]
    )


@pytest.fixture(scope="module")
def day() -> Rows:
    """The third of three equal days of the default site."""
    return run(SITES["grid_only"], activity(288), world(288), always_on(288))[192:]


def test_a_mid_factory_has_the_load_of_the_reference(day: Rows) -> None:
    # section 20: 188 kW mean in shift, 235 kW peak, 12 kW at night; a smooth day peaks lower
    is_open = activity(96)["open_share"] > 0
    assert day["load_kw"][is_open].mean() == pytest.approx(188.0, rel=0.08)
    assert 200.0 <= day["load_kw"].max() <= 240.0
    assert day["load_kw"][:28].mean() == pytest.approx(12.0, abs=0.1)


def test_a_piece_takes_the_energy_of_the_reference(day: Rows) -> None:
    # section 20: 1,870 kWh a day, 0.25 kWh a piece; section 4: 0.78-1.44 MJ a piece
    bought = float(day["import_kwh"].sum())
    assert bought == pytest.approx(1870.0, rel=0.08)
    assert 0.20 <= bought / PIECES <= 0.32
    assert 0.78 <= (bought + day["fuel_kwh"].sum()) * 3.6 / PIECES <= 1.44


def test_the_fans_do_less_on_a_mild_day_and_the_piece_stays_in_its_range() -> None:
    mild = run(SITES["grid_only"], activity(288), world(288, 25.0), always_on(288))[192:]
    hot = run(SITES["grid_only"], activity(288), world(288, 30.0), always_on(288))[192:]
    assert mild["fans_kw"].sum() < 0.5 * hot["fans_kw"].sum()
    assert 0.20 <= mild["import_kwh"].sum() / PIECES <= 0.32


def test_an_electric_boiler_moves_the_gas_to_the_meter() -> None:
    slots = activity(288), world(288), always_on(288)
    gas, electric = (run(SITES[name], *slots)[192:] for name in ("grid_only", "electric_boiler"))
    assert electric["fuel_kwh"].sum() == 0.0
    assert electric["import_kwh"].sum() > gas["import_kwh"].sum() + 500.0
    assert electric["steam_kg"].sum() == pytest.approx(gas["steam_kg"].sum())


SEEDS = st.integers(0, 2**32 - 1)


def anything(seed: int, n: int = 192) -> tuple[Rows, Rows, Rows]:
    """Activity, weather, outages and decisions without any sense in them."""
    rng = np.random.default_rng(seed)
    feed, outside, act = activity(n), world(n), np.zeros(n, ACT)
    for name in FEED.names or ():
        feed[name] *= rng.uniform(0.0, 1.0, n)
    outside["outdoor_c"] = rng.uniform(-5.0, 45.0, n)
    outside["pv_kw_per_kwp"] = rng.uniform(0.0, 1.1, n)
    outside["grid_share"] = np.minimum(1.0, rng.uniform(0.0, 2.0, n))
    act["battery_kw"] = rng.normal(0.0, 10.0 ** rng.integers(0, 5), n)
    act["set_point_c"] = rng.uniform(15.0, 40.0, n)
    act["boiler_mode"] = rng.integers(0, 3, n)
    act["standby"] = rng.integers(0, 2, n)
    return feed, outside, act


@settings(max_examples=40)
@given(SEEDS, st.sampled_from(PRESETS), st.floats(0.3, 3.0))
def test_the_bus_balances_and_limits_hold_whatever_is_decided(
    seed: int, preset: str, factor: float
) -> None:
    site = SITES[preset].sized_for(round(374 * factor))
    log = run(site, *anything(seed))
    assert np.abs(residual(log)).max() <= 1e-9
    assert log["load_kw"] == pytest.approx(sum(log[name] for name in CONSUMERS), abs=1e-9)
    assert log["pv_used_kw"] + log["export_kwh"] / 0.25 + log["curtailed_kw"] == pytest.approx(
        log["pv_kw"], abs=1e-9
    )
    battery, grid = site.battery, site.grid
    low, high = battery.capacity_kwh * battery.soc_min, battery.capacity_kwh * battery.soc_max
    assert ((log["soc_kwh"] >= low) & (log["soc_kwh"] <= high)).all()
    assert log["charge_kw"].max() <= battery.charge_kw
    assert log["discharge_kw"].max() <= battery.discharge_kw
    assert (log["charge_kw"] * log["discharge_kw"] == 0.0).all()
    assert log["import_kwh"].max() <= grid.connection_kw * 0.25
    assert log["export_kwh"].max() <= grid.export_kw * 0.25
    assert all((log[name] >= 0.0).all() for name in CONSUMERS)
    for name in ("heat_factor", "steam_factor"):
        assert ((log[name] >= 0.0) & (log[name] <= 1.0)).all()


@settings(max_examples=40)
@given(SEEDS)
def test_the_battery_keeps_its_energy_over_a_run(seed: int) -> None:
    log = run(SITES["pv_battery"], *anything(seed))
    one_way = 0.88**0.5
    stored = log["charge_kw"].sum() * 0.25 * one_way
    taken = log["discharge_kw"].sum() * 0.25 / one_way
    assert stored == pytest.approx(taken + log["soc_kwh"][-1] - 250.0, abs=1e-6)


def test_the_battery_pays_its_standby_at_the_bus_and_wear_for_what_it_gives() -> None:
    slots = activity(96), world(96), always_on(96)
    slots[2]["battery_kw"] = np.where(hours(96) < 6, 100.0, -100.0)
    log = run(SITES["pv_battery"], *slots)
    assert (log["battery_aux_kw"] == 1.25).all()  # 0.5 % of 250 kW, domain reference, section 14
    assert log["discharge_kw"].sum() > 0.0
    assert log["wear_usd"].sum() == pytest.approx(log["discharge_kw"].sum() * 0.25 * 0.00833)


@settings(max_examples=40)
@given(SEEDS, st.floats(0.0, 8.0))
def test_hotter_weather_never_cools_the_hall_in_any_slot(seed: int, hotter_k: float) -> None:
    feed, outside, act = anything(seed)
    cooler = run(SITES["pv"], feed, outside, act)["indoor_c"]
    outside["outdoor_c"] += hotter_k
    hotter = run(SITES["pv"], feed, outside, act)["indoor_c"]
    assert (hotter >= cooler - 1e-9).all()


@settings(max_examples=40)
@given(SEEDS)
def test_no_slot_with_the_boiler_off_or_on_hold_has_steam(seed: int) -> None:
    feed, outside, act = anything(seed)
    log = run(SITES["grid_only"], feed, outside, act)
    idle = act["boiler_mode"] != BOILER_ON
    assert not log["steam_kg"][idle].any()
    assert not log["steam_factor"][idle].any()
    assert log["steam_kg"][~idle].any()


def test_carbon_is_import_gas_and_diesel_by_their_factors() -> None:
    feed, outside, act = activity(192), world(192), always_on(192)
    outside["grid_share"][140:150] = 0.0
    outside["carbon_kg_per_kwh"] = np.linspace(0.2, 0.9, 192)
    log = run(SITES["grid_only"], feed, outside, act)
    assert log["diesel_kwh"][140:150].min() > 0.0
    expected = (
        log["import_kwh"] * outside["carbon_kg_per_kwh"]
        + log["fuel_kwh"] * 0.202
        + log["diesel_kwh"] * 0.80
    )
    assert log["carbon_kg"] == pytest.approx(expected, abs=1e-9)


def test_standby_saves_the_difference_of_the_long_idle_machines() -> None:
    feed, outside, awake = activity(96), world(96), always_on(96)
    asleep = awake.copy()
    awake["standby"] = 0
    saved = run(SITES["grid_only"], feed, outside, awake)["sewing_idle_kw"]
    log = run(SITES["grid_only"], feed, outside, asleep)
    assert saved - log["sewing_idle_kw"] == pytest.approx(feed["rest_idle_kw"])
    assert log["sewing_standby_kw"] == pytest.approx(feed["rest_standby_kw"])


def test_the_month_peak_is_the_highest_import_and_starts_anew() -> None:
    feed, outside, act = activity(192), world(192), always_on(192)
    outside["month"] = np.arange(192) >= 96
    feed["run_kw"][96:] *= 0.5
    log = run(SITES["grid_only"], feed, outside, act)
    imported = log["import_kwh"] / 0.25
    assert log["month_peak_kw"][95] == imported[:96].max()
    assert log["month_peak_kw"][191] == imported[96:].max() < imported[:96].max()


def test_what_is_seen_ahead_is_what_then_holds() -> None:
    site, n = site_record(SITES["grid_only"]), 96
    state = fresh_state(SITES["grid_only"], 34.0)
    feed, outside, act, log = activity(n), world(n, 36.0), always_on(n), np.zeros(n, LOG)
    for i in range(n):
        seen = ahead(site, state, act["boiler_mode"][i])
        advance(i, site, state, feed, outside, act, log)
        assert seen == (log["heat_factor"][i], log["defect_factor"][i], log["steam_factor"][i])
    assert log["heat_factor"].min() < 1.0
    assert 0.0 < log["steam_factor"][31] < 1.0  # 40 minutes from 7:15 end within a slot


def test_slot_by_slot_equals_all_at_once() -> None:
    feed, outside, act = anything(7)
    whole = run(SITES["pv_battery"], feed, outside, act)
    site, log = site_record(SITES["pv_battery"]), np.zeros(192, LOG)
    state = fresh_state(SITES["pv_battery"], float(outside["outdoor_c"][0]))
    for i in range(100):
        advance(i, site, state, feed, outside, act, log)
    run_slots(100, 192, site, state, feed, outside, act, log)
    assert log.tobytes() == whole.tobytes()


def test_the_table_has_every_column_of_the_schema() -> None:
    log = run(SITES["grid_only"], activity(96), world(96), always_on(96))
    table = slot_table(log)
    assert table.keys() == SLOT_COLUMNS.keys()
    assert all(table[name].dtype == np.dtype(SLOT_COLUMNS[name][0]) for name in table)
    assert table["slot"].tolist() == list(range(96))


def test_own_machine_powers_reach_the_rooms() -> None:
    iron = {"machine": "IRON", "rated_kw": 2.0, "run_kw": 0.9, "idle_kw": 0.25, "standby_kw": 0.0}
    own = build_site(read_group("site", "grid_only") | {"machine_powers": [iron]})
    slots = activity(96), world(96), always_on(96)
    more = run(own, *slots)["pressing_kw"] - run(SITES["grid_only"], *slots)["pressing_kw"]
    assert more[60] == pytest.approx(18 * 0.45)  # 15:00, 18 irons at work


def test_a_site_that_is_twice_as_large_draws_twice_the_base() -> None:
    double = SITES["grid_only"].sized_for(748)
    empty = np.zeros(96, FEED), world(96), np.zeros(96, ACT)
    empty[2]["set_point_c"] = COOLING_OFF_C
    one, two = run(SITES["grid_only"], *empty), run(double, *empty)
    assert two["load_kw"] == pytest.approx(2.0 * one["load_kw"])


def test_69_days_take_well_under_10_ms_and_a_slot_under_10_microseconds() -> None:
    n = 6624
    site, feed, outside, act = SITES["pv_battery"], activity(n), world(n), always_on(n)
    record, log, state = site_record(site), np.zeros(n, LOG), fresh_state(site, 28.0)
    whole, single = [], []
    for _ in range(5):
        start = time.perf_counter()
        run_slots(0, n, record, state, feed, outside, act, log)
        middle = time.perf_counter()
        for i in range(2000):
            advance(i, record, state, feed, outside, act, log)
        whole.append(middle - start)
        single.append((time.perf_counter() - middle) / 2000)
    assert min(whole) < 0.005
    assert min(single) < 10e-6
