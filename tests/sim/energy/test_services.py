"""Boiler, compressor, rooms and hall against hand-made numbers and laws."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory_env.domain.site import BOILER_HOLD, BOILER_OFF, BOILER_ON, COOLING_OFF_C
from factory_env.door.site_door import build_site
from factory_env.presets import read_group
from factory_env.sim.energy.services import (
    Bank,
    bank_kw,
    boiler_heat,
    boiler_slot,
    compressor_kw,
    hall_slot,
    heat_factors,
    rooms_kw,
    steam_share,
    warming_share,
)
from factory_env.sim.energy.slot_engine import FEED, OUTSIDE, site_record

SITE = site_record(build_site({}))[0]
ELECTRIC = site_record(build_site(read_group("site", "electric_boiler")))[0]
RATED_KW = 300 * 0.6944  # heat of the steam at full load: 208.3 kW
FULL_FIRE_KW = RATED_KW / 0.82  # 254.0 kW of gas
LOSS_KW = 0.03 * RATED_KW  # 6.25 kW while hot


def record(**changes: float) -> Any:
    """The default site with some of the kernels' numbers changed."""
    found = site_record(build_site({}))
    for name, value in changes.items():
        found[name] = value
    return found[0]


def feed(**values: float) -> Any:
    row = np.zeros(1, FEED)
    for name, value in values.items():
        row[name] = value
    return row[0]


def weather(outdoor_c: float, pv_kw_per_kwp: float = 0.0) -> Any:
    row = np.zeros(1, OUTSIDE)
    row["outdoor_c"], row["pv_kw_per_kwp"] = outdoor_c, pv_kw_per_kwp
    return row[0]


def steps(mode: int, warm_min: float, n: int, use_kg_h: float = 0.0) -> list[tuple[float, ...]]:
    """``n`` slots of the gas boiler: (warm_min, used, factor, gas kW, auxiliary kW) of each."""
    found = []
    for _ in range(n):
        found.append(boiler_slot(SITE, warm_min, mode, use_kg_h))
        warm_min = found[-1][0]
    return found


def test_a_cold_boiler_makes_steam_after_40_minutes_at_60_percent_fire() -> None:
    rows = steps(BOILER_ON, 0.0, 4)
    # 15 + 15 + 10 minutes of heating, so the third slot has 5 minutes of steam
    assert [row[0] for row in rows] == [15.0, 30.0, 40.0, 40.0]
    assert [row[2] for row in rows] == pytest.approx([0.0, 0.0, 1 / 3, 1.0])
    assert [row[3] for row in rows[:2]] == pytest.approx([0.6 * FULL_FIRE_KW] * 2)


def test_a_held_boiler_makes_steam_after_8_minutes() -> None:
    warm_min = steps(BOILER_HOLD, 0.0, 3)[-1][0]
    assert warm_min == 32.0  # 40 - 8
    assert steam_share(SITE, warm_min, BOILER_ON) == pytest.approx(7 / 15)


def test_holding_costs_the_loss_of_the_hot_vessel_and_gives_no_steam() -> None:
    _, used, factor, gas_kw, _ = boiler_slot(SITE, 32.0, BOILER_HOLD, 60.0)
    # 32/40 of the fixed loss, burnt at 0.82 x 1.03 less 2 % for the low load of 5.0 / 214.6 kW
    heat_kw = 0.8 * LOSS_KW
    part_load = 1.0 - 0.02 * (1.0 - heat_kw / (1.03 * RATED_KW))
    assert gas_kw == pytest.approx(heat_kw / (0.82 * 1.03 * part_load))
    assert (used, factor) == (0.0, 0.0)


def test_at_full_load_the_boiler_has_its_efficiency() -> None:
    use = (300.0 - 8.0) / 1.3  # with 30 % and 8 kg/h lost on the way
    _, used, factor, gas_kw, _ = boiler_slot(SITE, 40.0, BOILER_ON, use)
    assert used == pytest.approx(use)
    assert factor == pytest.approx(1.0)
    assert RATED_KW / gas_kw == pytest.approx(0.82)


def test_at_half_load_the_fixed_loss_weighs_twice() -> None:
    use = (150.0 - 8.0) / 1.3
    gas_kw = boiler_slot(SITE, 40.0, BOILER_ON, use)[3]
    # efficiency 0.82 x 1.03 x 0.5 / (0.5 + 0.03), less 2 % x (1 - 0.53 / 1.03)
    expected = 0.82 * 1.03 * 0.5 / 0.53 * (1.0 - 0.02 * (1.0 - 0.53 / 1.03))
    assert 0.5 * RATED_KW / gas_kw == pytest.approx(expected)


def test_a_wish_beyond_the_boiler_is_cut_and_slows_pressing() -> None:
    most = (300.0 - 8.0) / 1.3
    _, used, factor, gas_kw, _ = boiler_slot(SITE, 40.0, BOILER_ON, 2.0 * most)
    assert used == pytest.approx(most)
    assert factor == pytest.approx(0.5)
    assert gas_kw == pytest.approx(FULL_FIRE_KW)


def test_a_boiler_that_is_off_cools_by_its_fixed_loss() -> None:
    # stored: 40 min of 0.6 x 254.0 kW x 0.8446 = 85.8 kWh, lost at 6.25 kW: 13.7 h time constant
    tau_h = 40.0 / 60.0 * 0.6 * FULL_FIRE_KW * 0.82 * 1.03 / LOSS_KW
    assert tau_h == pytest.approx(13.7, abs=0.05)
    warm_min = steps(BOILER_OFF, 40.0, 60)[-1][0]  # 15 hours: one night
    assert warm_min == pytest.approx(40.0 * math.exp(-15.0 / tau_h))


def test_a_hot_boiler_put_on_hold_burns_nothing_until_it_has_cooled_so_far() -> None:
    rows = steps(BOILER_HOLD, 40.0, 20)
    # 13.7 h x ln(40 / 32) = 3.06 h: 12 slots without gas, the 13th begins to hold
    assert [row[3] for row in rows[:12]] == [0.0] * 12
    assert 0.0 < rows[12][3] < rows[13][3]
    assert rows[-1][0] == 32.0


@given(st.floats(0.0, 40.0), st.floats(0.0, 400.0))
def test_a_boiler_that_is_off_gives_no_steam_and_takes_nothing(warm_min: float, use: float) -> None:
    after, *rest = boiler_slot(SITE, warm_min, BOILER_OFF, use)
    assert rest == [0.0, 0.0, 0.0, 0.0]
    assert after <= warm_min


@given(
    st.floats(0.0, 40.0),
    st.sampled_from([BOILER_OFF, BOILER_HOLD, BOILER_ON]),
    st.floats(0.0, 400.0),
)
def test_a_boiler_gives_no_more_heat_than_it_burns_and_stored(
    warm_min: float, mode: int, use: float
) -> None:
    after, used, factor, gas_kw, _ = boiler_slot(SITE, warm_min, mode, use)
    stored_kwh = 0.6 * FULL_FIRE_KW * 0.82 * 1.03 / 60.0  # per minute of heating
    assert 0.0 <= after <= 40.0
    assert 0.0 <= factor <= 1.0
    assert 0.0 <= used <= use
    burnt_kwh = gas_kw * 0.25 * 0.82 * 1.03
    assert used * 0.6944 * 0.25 + (after - warm_min) * stored_kwh <= burnt_kwh + 1e-9
    assert gas_kw <= FULL_FIRE_KW + 1e-9


def test_an_electric_boiler_draws_144_kw_at_full_load_and_is_ready_in_12_minutes() -> None:
    use = (190.0 - 8.0) / 1.3
    assert boiler_slot(ELECTRIC, 12.0, BOILER_ON, use)[3] == pytest.approx(144.0, abs=0.1)
    assert steam_share(ELECTRIC, 0.0, BOILER_ON) == pytest.approx(3 / 15)


def test_a_boiler_without_start_up_is_hot_at_once_and_pays_its_loss() -> None:
    instant = record(boiler_cold_start_min=0.0, boiler_hot_restart_min=0.0)
    assert steam_share(instant, 0.0, BOILER_ON) == 1.0
    assert boiler_heat(instant, 0.0, BOILER_ON) == (0.0, 0.0, pytest.approx(LOSS_KW))


def test_a_compressor_pays_for_leaks_and_for_running_unloaded() -> None:
    # capacity 22 / 6.5 = 3.385 m3/min; 200 machines take 1.7 = 50.2 %, leaks 20 %; the rest at 30 %
    loaded = 200 * 0.0085 * 6.5 / 22.0 + 0.20
    assert compressor_kw(SITE, 200.0, 1.0) == pytest.approx(22.0 * (loaded + 0.3 * (1.0 - loaded)))
    assert compressor_kw(SITE, 0.0, 1.0) == pytest.approx(22.0 * (0.2 + 0.3 * 0.8))
    assert compressor_kw(SITE, 0.0, 0.0) == 0.0
    assert compressor_kw(SITE, 1000.0, 1.0) == pytest.approx(22.0)  # never more than rated


def test_a_bar_more_pressure_costs_seven_percent() -> None:
    high = record(compressor_pressure_bar=8.0)
    ratio = compressor_kw(high, 100.0, 1.0) / compressor_kw(SITE, 100.0, 1.0)
    assert ratio == pytest.approx(1.07)


def test_a_machine_warms_up_from_the_opening_on() -> None:
    # 30 minutes: two whole slots, then none; a slot open for its last 5 minutes warms for 5
    shares = [warming_share(30.0, open_min, 1.0) for open_min in (0.0, 15.0, 30.0)]
    assert shares == [1.0, 1.0, 0.0]
    assert warming_share(30.0, 0.0, 1 / 3) == pytest.approx(1 / 3)
    assert warming_share(0.0, 0.0, 1.0) == 0.0


def test_equal_machines_share_the_slot_between_their_states() -> None:
    power = Bank(rated_kw=25.0, run_kw=17.0, idle_kw=6.0, standby_kw=0.3)
    assert bank_kw(2.0, power, 0.0, 0.0, 0.0) == pytest.approx(0.6)  # closed: standby
    # 20 % warming up, 50 % at work, 10 % ready, 20 % closed
    expected = 25.0 * 0.2 + 17.0 * 0.5 + 6.0 * 0.1 + 0.3 * 0.2
    assert bank_kw(1.0, power, 0.8, 0.2, 0.5) == pytest.approx(expected)
    assert bank_kw(1.0, power, 1.0, 1.0, 0.5) == pytest.approx(25.0)  # no work beside warming up


def test_rooms_draw_what_their_machines_draw() -> None:
    work = feed(open_share=1.0, cutting_share=0.5, fusing_busy=0.4, press_busy=12, packers_busy=20)
    cutting, fusing, pressing, packing = rooms_kw(SITE, work, 60.0)
    assert cutting == pytest.approx(0.5 * 17 + 0.5 * 6 + 4 * 0.5 * 0.4 + 2 * (0.5 * 0.6 + 0.05))
    assert fusing == pytest.approx(0.4 * 11 + 0.6 * 8)
    assert pressing == pytest.approx(12 * 0.45 + 12 * 0.25 + 24 * 0.40)
    assert packing == pytest.approx(20 * 0.05)


def test_pedals_stop_the_vacuum_of_idle_tables() -> None:
    pedals = site_record(build_site({"rooms": {"vacuum_pedal": True}}))[0]
    work = feed(open_share=1.0, press_busy=6)
    saved = rooms_kw(SITE, work, 60.0)[2] - rooms_kw(pedals, work, 60.0)[2]
    assert saved == pytest.approx(18 * 0.40)


def test_a_closed_site_keeps_only_the_cutter_on_standby() -> None:
    assert rooms_kw(SITE, feed(), 0.0) == pytest.approx((0.3, 0.0, 0.0, 0.0))


def test_without_fans_the_hall_tends_to_the_outside_plus_gain_over_loss() -> None:
    indoor_c = 30.0
    for _ in range(96 * 10):
        indoor_c, fans = hall_slot(SITE, indoor_c, weather(20.0), 32.0, COOLING_OFF_C)
        assert fans == 0.0
    assert indoor_c == pytest.approx(20.0 + 32.0 / 16.0)


def test_fans_at_full_tend_to_the_cooled_air_and_the_gain_over_their_stream() -> None:
    indoor_c = 33.0
    for _ in range(96):
        indoor_c, fans = hall_slot(SITE, indoor_c, weather(33.0), 200.0, 20.0)
    stream = 40 * 8.3
    expected = (16.0 * 33.0 + stream * 30.0 + 200.0) / (16.0 + stream)  # 30.7 C
    assert fans == 1.0
    assert indoor_c == pytest.approx(expected)


def test_the_set_point_is_held_where_the_fans_can_hold_it() -> None:
    indoor_c, fans = hall_slot(SITE, 28.0, weather(27.0), 200.0, 28.0)
    assert indoor_c == pytest.approx(28.0)
    assert 0.0 < fans < 1.0


def test_fans_stay_off_where_the_air_outside_is_hotter_than_the_hall() -> None:
    assert hall_slot(SITE, 26.0, weather(40.0), 0.0, 24.0)[1] == 0.0


def test_the_sun_on_the_roof_heats_the_hall() -> None:
    # 0.8 kW per kWp is 1 kW/m2: 4,500 m2 x 0.025 = 112.5 kW
    by_sun = hall_slot(SITE, 25.0, weather(25.0, 0.8), 0.0, COOLING_OFF_C)[0]
    by_gain = hall_slot(SITE, 25.0, weather(25.0), 112.5, COOLING_OFF_C)[0]
    assert by_sun == pytest.approx(by_gain)
    assert by_sun > 25.0


TEMPERATURES = st.floats(-10.0, 50.0)


@given(TEMPERATURES, TEMPERATURES, st.floats(0.0, 10.0), st.floats(0.0, 400.0), TEMPERATURES)
def test_a_hotter_day_never_cools_the_hall(
    indoor_c: float, outdoor_c: float, hotter_k: float, gain_kw: float, set_c: float
) -> None:
    cooler = hall_slot(SITE, indoor_c, weather(outdoor_c), gain_kw, set_c)[0]
    hotter = hall_slot(SITE, indoor_c, weather(outdoor_c + hotter_k), gain_kw, set_c)[0]
    assert hotter >= cooler - 1e-9


@given(TEMPERATURES, TEMPERATURES, st.floats(0.0, 400.0), TEMPERATURES, st.floats(0.0, 10.0))
def test_a_higher_set_point_never_runs_more_fans_nor_cools_more(
    indoor_c: float, outdoor_c: float, gain_kw: float, set_c: float, higher_k: float
) -> None:
    low_c, more = hall_slot(SITE, indoor_c, weather(outdoor_c), gain_kw, set_c)
    high_c, less = hall_slot(SITE, indoor_c, weather(outdoor_c), gain_kw, set_c + higher_k)
    assert 0.0 <= less <= more + 1e-9 <= 1.0 + 2e-9
    assert high_c >= low_c - 1e-9


def test_a_degree_above_32_costs_one_percent_and_two_percent_more_defects() -> None:
    assert heat_factors(SITE, 32.0) == (1.0, 1.0)
    assert heat_factors(SITE, 35.0) == pytest.approx((0.97, 1.06))
    assert heat_factors(SITE, 500.0)[0] == 0.0
