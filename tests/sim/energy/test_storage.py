"""Battery and bus: limits, efficiency and balance, whatever is asked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory_env.door.site_door import build_site
from factory_env.presets import read_group
from factory_env.sim.energy.slot_engine import site_record
from factory_env.sim.energy.storage import battery_slot, bus

PV_BATTERY = read_group("site", "pv_battery")
ONE_WAY = 0.88**0.5
LOW_KWH, HIGH_KWH = 50.0, 475.0  # 10 % and 95 % of 500 kWh


def site(**parts: dict[str, Any]) -> Any:
    """The preset with some fields of some parts changed, as a record."""
    changed = {name: PV_BATTERY[name] | part for name, part in parts.items()}
    return site_record(build_site(PV_BATTERY | changed))[0]


SITE = site()
KW = st.floats(0.0, 400.0)
ASKED = st.one_of(st.floats(-1e6, 1e6), st.sampled_from([-250.0, 0.0, 250.0]))
GRID = st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0.0, 1.0))


def test_charging_stores_what_the_efficiency_leaves() -> None:
    charge, discharge, soc = battery_slot(SITE, 200.0, 100.0, 50.0, 0.0, 1.0)
    assert (charge, discharge) == (100.0, 0.0)
    assert soc == pytest.approx(200.0 + 100.0 * 0.25 * ONE_WAY)


def test_a_round_trip_gives_back_88_percent() -> None:
    charge, _, soc = battery_slot(SITE, 200.0, 100.0, 0.0, 0.0, 1.0)
    out_kwh = 0.0
    while soc > 200.0 + 1e-9:
        wish = -min(250.0, (soc - 200.0) * ONE_WAY / 0.25)
        _, discharge, soc = battery_slot(SITE, soc, wish, 400.0, 0.0, 1.0)
        out_kwh += discharge * 0.25
    assert out_kwh == pytest.approx(0.88 * charge * 0.25)


def test_a_full_battery_takes_only_what_has_room() -> None:
    charge, _, soc = battery_slot(SITE, HIGH_KWH - 1.0, 250.0, 0.0, 0.0, 1.0)
    assert soc == HIGH_KWH
    assert charge * 0.25 * ONE_WAY == pytest.approx(1.0)
    assert battery_slot(SITE, HIGH_KWH, 250.0, 0.0, 0.0, 1.0) == (0.0, 0.0, HIGH_KWH)


def test_an_empty_battery_gives_only_what_is_above_its_floor() -> None:
    _, discharge, soc = battery_slot(SITE, LOW_KWH + 1.0, -250.0, 400.0, 0.0, 1.0)
    assert soc == LOW_KWH
    assert discharge * 0.25 == pytest.approx(ONE_WAY)
    assert battery_slot(SITE, LOW_KWH, -250.0, 400.0, 0.0, 1.0) == (0.0, 0.0, LOW_KWH)


def test_the_battery_never_feeds_the_grid() -> None:
    assert battery_slot(SITE, 300.0, -250.0, 120.0, 30.0, 1.0)[1] == pytest.approx(90.0)
    assert battery_slot(SITE, 300.0, -250.0, 120.0, 130.0, 1.0)[1] == 0.0


def test_charging_leaves_the_connection_to_the_load() -> None:
    # 400 kW connection, 330 kW load, 20 kW of sun: 90 kW are left
    assert battery_slot(SITE, 100.0, 250.0, 330.0, 20.0, 1.0)[0] == pytest.approx(90.0)


def test_in_an_outage_only_the_sun_charges() -> None:
    assert battery_slot(SITE, 100.0, 250.0, 100.0, 130.0, 0.0)[0] == pytest.approx(30.0)
    assert battery_slot(SITE, 100.0, 250.0, 100.0, 0.0, 0.5)[0] == 0.0


def test_charging_and_discharging_have_limits_of_their_own() -> None:
    uneven = site(battery={"charge_kw": 60, "discharge_kw": 90})
    assert battery_slot(uneven, 200.0, 999.0, 0.0, 0.0, 1.0)[0] == 60.0
    assert battery_slot(uneven, 200.0, -999.0, 400.0, 0.0, 1.0)[1] == 90.0


def test_without_a_battery_nothing_flows() -> None:
    none = site_record(build_site(read_group("site", "pv")))[0]
    assert battery_slot(none, 0.0, 250.0, 100.0, 0.0, 1.0) == (0.0, 0.0, 0.0)
    assert battery_slot(none, 0.0, -250.0, 100.0, 0.0, 1.0) == (0.0, 0.0, 0.0)


@given(st.floats(LOW_KWH, HIGH_KWH), ASKED, KW, KW, GRID)
def test_limits_hold_and_energy_is_kept_whatever_is_asked(
    soc: float, asked: float, load: float, pv: float, grid: float
) -> None:
    charge, discharge, after = battery_slot(SITE, soc, asked, load, pv, grid)
    assert LOW_KWH <= after <= HIGH_KWH
    assert 0.0 <= charge <= min(250.0, max(asked, 0.0))
    assert 0.0 <= discharge <= min(250.0, max(-asked, 0.0))
    # in x efficiency = out / efficiency + change of the charge
    assert charge * 0.25 * ONE_WAY == pytest.approx(
        discharge * 0.25 / ONE_WAY + after - soc, abs=1e-9
    )


@given(st.floats(0.0, 900.0), KW, st.floats(0.0, 250.0), st.booleans(), GRID, st.booleans())
def test_the_bus_balances_and_no_connection_is_exceeded(
    load: float, pv: float, battery: float, is_charging: bool, grid: float, can_export: bool
) -> None:
    record = SITE if can_export else site(grid={"export_kw": 0})
    charge = battery if is_charging else 0.0
    discharge = 0.0 if is_charging else min(battery, max(0.0, load - pv))
    bought, sold, curtailed, diesel, unserved = bus(record, load, pv, charge, discharge, grid)
    assert min(bought, sold, curtailed, diesel, unserved) >= 0.0
    assert pv + discharge + bought + diesel + unserved == pytest.approx(
        load + charge + sold + curtailed, abs=1e-9
    )
    assert bought <= 400.0 * grid
    assert sold <= (200.0 * grid if can_export else 0.0)
    assert sold + curtailed <= pv + 1e-9
    assert bought == 0.0 or sold + curtailed == 0.0


def test_surplus_beyond_the_export_limit_is_curtailed() -> None:
    assert bus(SITE, 10.0, 280.0, 0.0, 0.0, 1.0) == pytest.approx((0.0, 200.0, 70.0, 0.0, 0.0))


def test_load_beyond_the_connection_is_not_served() -> None:
    assert bus(SITE, 450.0, 0.0, 0.0, 0.0, 1.0) == pytest.approx((400.0, 0.0, 0.0, 0.0, 50.0))


def test_the_back_up_carries_the_site_through_an_outage() -> None:
    assert bus(SITE, 200.0, 50.0, 0.0, 0.0, 0.0) == pytest.approx((0.0, 0.0, 0.0, 150.0, 0.0))
    # a third of the slot without grid: a third of the energy is the back-up's
    assert bus(SITE, 90.0, 0.0, 0.0, 0.0, 2 / 3) == pytest.approx((60.0, 0.0, 0.0, 30.0, 0.0))
    no_diesel = site(fuels={"diesel_kw": 0})
    assert bus(no_diesel, 200.0, 50.0, 0.0, 0.0, 0.0)[4] == pytest.approx(150.0)


def test_a_day_of_random_wishes_never_leaves_the_limits() -> None:
    rng = np.random.default_rng(1)
    soc = 250.0
    for asked in rng.normal(0.0, 300.0, size=5000).tolist():
        _, _, soc = battery_slot(SITE, soc, asked, 150.0, 60.0, 1.0)
        assert LOW_KWH <= soc <= HIGH_KWH
