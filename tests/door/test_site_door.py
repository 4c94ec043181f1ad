"""Sites: every mistake is found before a run starts, all of them at once."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import Any

import pytest

from agents.rules.edd import PLUG as EarliestDue
from factory_env import load_scenario, simulate
from factory_env.domain.site import Site
from factory_env.door.site_door import build_site
from factory_env.errors import InputError
from factory_env.presets import read_group

Tree = dict[str, Any]
FULL = read_group("site", "pv_battery")
SNLS = {"machine": "SNLS", "rated_kw": 0.4, "run_kw": 0.32, "idle_kw": 0.22, "standby_kw": 0.0}


def changed(change: Callable[[Tree], object]) -> Tree:
    site = copy.deepcopy(FULL)
    change(site)
    return site


def report(change: Callable[[Tree], object]) -> list[str]:
    with pytest.raises(InputError) as caught:
        build_site(changed(change))
    return [str(p) for p in caught.value.problems]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda s: s["battery"].update(charge_kw=300),
            ["battery.connection_kw", "300 kW on 250 kW", "at least 300"],
        ),
        (lambda s: s["battery"].update(charge_kw=0), ["to charge and to discharge"]),
        (lambda s: s["battery"].update(soc_min=0.96), ["battery.soc_min", "below 0.95"]),
        (lambda s: s["battery"].update(soc_start=0.05), ["battery.soc_start", "0.1 to 0.95"]),
        (lambda s: s["battery"].update(round_trip=88), ["battery.round_trip", "e.g. 0.88"]),
        (lambda s: s["battery"].update(capacity_kwh=-5), ["battery.capacity_kwh", "got -5"]),
        (lambda s: s.update(climate={"mean_c": 26}), ["climate", "part of a place"]),
        (lambda s: s["battery"].update(capacity=500), ["battery.capacity", "'capacity_kwh'"]),
        (
            lambda s: s["battery"].update(charge_kw=450, connection_kw=450),
            ["battery.charge_kw", "must not exceed the grid connection", "at most 400"],
        ),
        (lambda s: s["solar"].update(kwp=900), ["solar.kwp", "must fit on the roof", "698"]),
        (lambda s: s["solar"].update(kwp=math.nan), ["solar.kwp", "got nan"]),
        (lambda s: s["heat"].update(from_c=math.nan), ["heat.from_c", "must be a number"]),
        (lambda s: s["solar"].update(kwp=math.inf), ["solar.kwp", "finite"]),
        (lambda s: s["solar"].update(kwp="lots"), ["solar.kwp", "'lots'"]),
        (lambda s: s["grid"].update(sanctioned_kw=500), ["grid.sanctioned_kw", "at most 400"]),
        (lambda s: s["grid"].update(export_kw=500), ["grid.export_kw", "at most 400"]),
        (lambda s: s["grid"].update(carbon_kg_per_kwh=691), ["in kg", "0.691 if it was"]),
        (lambda s: s["hall"].update(floor_m2=60000), ["grid.connection_kw", "lighting"]),
        (lambda s: s["boiler"].update(efficiency=0.99), ["boiler.efficiency", "at most 0.971"]),
        (lambda s: s["boiler"].update(start_fire=1.2), ["boiler.start_fire", "at most 1"]),
        (lambda s: s["boiler"].update(part_load_loss=1), ["boiler.part_load_loss", "below 1"]),
        (lambda s: s["boiler"].update(hot_restart_min=50), ["hot_restart_min", "at most 40"]),
        (lambda s: s["boiler"].update(kind="wood"), ["boiler.kind", "'wood'"]),
        (
            lambda s: s["boiler"].update(kind="electric", steam_kg_h=600),
            ["grid.connection_kw", "electric boiler", "508 kW"],
        ),
        (lambda s: s["steam"].update(loss_kg_h=300), ["steam.loss_kg_h", "below 300"]),
        (lambda s: s["cooling"].update(set_point_c=40), ["cooling.set_point_c", "24 to 34"]),
        (lambda s: s["cooling"].update(set_point_range_c=[34, 24]), ["set_point_range_c"]),
        (lambda s: s.update(first_day="2026-06-03"), ["a Wednesday", "'2026-06-01'"]),
        (lambda s: s.update(first_day="June"), ["first_day", "must be a date", "'June'"]),
        (lambda s: s["sun"].update(file="no.csv", column="pv"), ["sun.file", "'no.csv'"]),
        (lambda s: s["carbon"].update(column="co2"), ["carbon", "go together"]),
        (
            lambda s: s.update(machine_powers=[SNLS | {"machine": "SNL"}]),
            ["machine_powers[0].machine", "'SNL'"],
        ),
        (lambda s: s.update(machine_powers=[SNLS, SNLS]), ["must be given once"]),
        (lambda s: s.update(machine_powers=[SNLS | {"idle_kw": 0.5}]), ["must not rise"]),
        (lambda s: s.update(machine_powers=[SNLS | {"run_kw": -1}]), ["[0].run_kw", "got -1"]),
    ],
)
def test_a_mistake_is_named_with_what_would_be_right(
    change: Callable[[Tree], object], words: list[str]
) -> None:
    problems = report(change)
    assert any(all(word in problem for word in words) for problem in problems), problems


def test_one_mistake_gives_one_problem() -> None:
    assert len(report(lambda s: s["battery"].update(capacity_kwh=-5))) == 1
    assert len(report(lambda s: s["solar"].update(kwp=math.nan))) == 1


def test_all_mistakes_are_told_at_once() -> None:
    def spoil(site: Tree) -> None:
        site["battery"].update(charge_kw=300, soc_min=0.99)
        site["solar"].update(kwp=-1)
        site["hall"].update(flor_m2=1)
        site.update(first_day="2026-06-03")

    problems = report(spoil)
    fields = {problem.split(": ")[1] for problem in problems}
    assert fields == {
        "battery.connection_kw",
        "battery.soc_min",
        "solar.kwp",
        "hall.flor_m2",
        "first_day",
    }


def test_a_site_without_sun_is_legal() -> None:
    assert build_site(changed(lambda s: s["solar"].update(kwp=0))).solar.kwp == 0.0


def test_nothing_given_is_the_default_site_with_the_powers_of_the_house() -> None:
    built = build_site({})
    assert built.hall == Site().hall
    assert built.power("OL4").run_kw == 0.16  # domain reference, section 4


def test_own_powers_take_the_place_of_the_house() -> None:
    built = build_site(changed(lambda s: s.update(machine_powers=[SNLS])))
    assert built.power("SNLS").idle_kw == 0.22
    assert built.power("DNLS").idle_kw == 0.022
    assert len(built.machine_powers) == len(build_site({}).machine_powers)


# --- limits of sense --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("workers", 1e-300),
        ("hall.store_kwh_per_k", 1e-9),
        ("hall.floor_m2", 1e9),
        ("boiler.efficiency", 1e-9),
        ("boiler.heat_kwh_per_kg", 2500),  # kJ
        ("fuels.gas_usd_per_kwh", 35.0),  # per MWh
        ("solar.performance", 80),  # per cent
        ("battery.round_trip", 0.01),
        ("compressor.pressure_bar", 700.0),  # kPa
    ],
)
def test_numbers_beyond_sense_are_refused_with_their_limits(path, value) -> None:
    site = dict(read_group("site", "pv_battery"))
    part, _, name = path.partition(".")
    site[part] = {**site[part], name: value} if name else value
    with pytest.raises(InputError) as error:
        build_site(site)
    assert f"{path}: must lie between" in str(error.value)


def test_panels_turned_west_are_a_site_that_runs() -> None:
    overrides = {"site.solar.azimuth_deg": 270, "horizon_days": 2, "demand.days": 1}
    scenario = load_scenario("small", site="pv", tariff="us_demand", overrides=overrides)
    assert simulate(scenario, EarliestDue(), 0).tables["slots"]["pv_kw"].sum() > 0.0


@pytest.mark.parametrize("day", ["9999-12-27", "0001-01-01", "1899-12-25"])
def test_a_first_day_out_of_this_age_is_refused(day) -> None:
    problems = report(lambda site: site.update(first_day=day))
    assert any("must lie between 1950 and 2199" in problem for problem in problems)
