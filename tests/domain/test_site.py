"""The shipped sites: complete, one set of defaults, and the powers of the domain reference."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from factory_env.domain.site import EXTENSIVE, Site
from factory_env.door.site_door import build_site
from factory_env.library import machine_codes, machine_powers
from factory_env.presets import CONF, read_group

PRESETS = sorted(path.stem for path in (CONF / "site").glob("*.yaml"))


def preset(name: str) -> Site:
    return build_site(read_group("site", name))


def test_four_sites_are_shipped_under_their_own_names() -> None:
    assert PRESETS == ["electric_boiler", "grid_only", "pv", "pv_battery"]
    assert [preset(name).name for name in PRESETS] == PRESETS


def test_the_grid_only_file_equals_the_defaults_in_code() -> None:
    assert dataclasses.replace(preset("grid_only"), machine_powers=()) == Site()


@pytest.mark.parametrize("name", PRESETS)
def test_a_site_file_names_every_field(name: str) -> None:
    given = read_group("site", name)
    assert given.keys() == {f.name for f in dataclasses.fields(Site)}
    assert given.pop("place") is None  # that of the tariff
    for part, value in given.items():
        built: Any = getattr(Site(), part)
        if dataclasses.is_dataclass(built):
            assert value.keys() == {f.name for f in dataclasses.fields(built)}, part


# domain reference, section 4: working average, ready, standby [kW]
POWERS = {
    "SNLS": (0.12, 0.020, 0.004),
    "DNLS": (0.14, 0.022, 0.004),
    "OL4": (0.16, 0.025, 0.004),
    "FL": (0.15, 0.025, 0.004),
    "FOA": (0.20, 0.030, 0.005),
    "BH": (0.13, 0.035, 0.005),
    "APS": (0.60, 0.15, 0.02),
    "RIV": (0.10, 0.02, 0.0),
    "FUS": (11.0, 8.0, 0.0),
    "CUTTER": (17.0, 6.0, 0.3),
    "KNIFE": (0.40, 0.0, 0.0),
    "SPREADER": (0.6, 0.1, 0.0),
    "IRON": (0.45, 0.25, 0.0),
    "VACUUM": (0.40, 0.40, 0.0),
    "MAN": (0.0, 0.0, 0.0),
}


@pytest.mark.parametrize("machine", POWERS)
def test_a_machine_draws_what_the_reference_says(machine: str) -> None:
    power = preset("grid_only").power(machine)
    assert (power.run_kw, power.idle_kw, power.standby_kw) == POWERS[machine]


def test_every_machine_of_a_line_has_a_power_and_rooms_have_four_more() -> None:
    codes = {power.machine for power in machine_powers()}
    assert codes - set(machine_codes()) == {"CUTTER", "KNIFE", "SPREADER", "VACUUM"}
    assert set(machine_codes()) < codes


def test_every_power_is_at_most_the_one_of_the_busier_state() -> None:
    for power in machine_powers():
        assert power.rated_kw >= power.run_kw >= power.idle_kw >= power.standby_kw, power.machine


def test_a_site_for_half_the_workers_has_half_the_sizes() -> None:
    whole = preset("pv_battery")
    half = whole.sized_for(187)  # 374 / 2
    assert half.battery.capacity_kwh == 250.0
    assert half.solar.kwp == 150.0
    assert half.cooling.fans == 20
    assert half.rooms.fusing_presses == 1  # one stays one
    assert half.hall.floor_m2 == 2250.0
    assert half.boiler.efficiency == whole.boiler.efficiency
    assert half.workers == 187.0


def test_a_site_without_sun_or_battery_has_none_in_any_size() -> None:
    large = preset("grid_only").sized_for(1000)
    assert large.battery.capacity_kwh == 0.0
    assert large.solar.kwp == 0.0


def test_only_fields_that_exist_grow() -> None:
    for part, names in EXTENSIVE.items():
        assert set(names) <= {f.name for f in dataclasses.fields(getattr(Site(), part))}


def test_wear_is_the_lost_share_of_the_price_over_the_cycles() -> None:
    # section 14: 20 % of 250 USD/kWh are lost in 6,000 full cycles
    assert Site().battery.wear_usd_per_kwh == pytest.approx(0.20 * 250.0 / 6000.0, abs=1e-5)


def test_the_electric_boiler_draws_two_times_72_kw_and_holds_with_two() -> None:
    boiler = preset("electric_boiler").boiler
    rated_kw = boiler.steam_kg_h * boiler.heat_kwh_per_kg
    assert rated_kw / boiler.efficiency == pytest.approx(144.0, abs=0.1)
    combustion = boiler.efficiency * (1.0 + boiler.fixed_loss_share)
    assert rated_kw * boiler.fixed_loss_share / combustion == pytest.approx(2.0, abs=0.05)
