"""The clairvoyant program: hand-computed days, and a bound that no policy on that work beats."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from agents import energy
from agents.exact.energy_lp import cheapest_run
from agents.exact.program import Program
from agents.rules.edd import Edd
from agents.team import Team
from experiments.evaluating.bound import bound_usd, cheapest_energy, gap_closed
from experiments.tuning.recording import record_runs
from experiments.tuning.replay import replay
from factory_env import load_scenario, simulate
from factory_env.catalogue import load_plug, plug_names
from factory_env.domain.energy import Control, EnergySetup
from factory_env.domain.site import Battery, Cooling, Site
from factory_env.domain.slot_columns import SLOT_COLUMNS
from factory_env.domain.tariff import DemandBand, EnergyBand, Tariff, Timetable
from factory_env.domain.tariff_tiers import DemandStep, EnergyStep

DAY = 96
FIRST_DAY = "2026-06-01"


def night_and_day(day_usd: float = 0.3, night_usd: float = 0.1, **changes) -> Tariff:
    """The night, hours 0 to 12, is cheap, the rest of the day is dear."""
    hours = np.zeros((12, 7, DAY), dtype=np.int8)
    hours[:, :, 48:] = 1
    plain = {
        "name": "t",
        "currency": "USD",
        "usd_per_unit": 1.0,
        "source": "made up",
        "bands": (EnergyBand(name="night", price=night_usd), EnergyBand(name="day", price=day_usd)),
        "hours": Timetable(hours),
    }
    return Tariff(**(plain | changes))


def plain_site(**changes) -> Site:
    """No boiler fire, no fans, a battery of 100 kWh that loses nothing."""
    battery = Battery(
        capacity_kwh=100.0,
        charge_kw=50.0,
        discharge_kw=50.0,
        connection_kw=50.0,
        round_trip=1.0,
        soc_min=0.0,
        soc_max=1.0,
        soc_start=0.0,
        standby_share=0.0,
        wear_usd_per_kwh=0.0,
    )
    return Site(**({"battery": battery, "cooling": Cooling(fans=0)} | changes))


def table(load_kw: np.ndarray, pv_kw: float = 0.0) -> dict[str, np.ndarray]:
    """A log of a site that only has a load: nobody works, nothing is hot."""
    n = len(load_kw)
    found = {name: np.zeros(n, dtype=kind) for name, (kind, _, _) in SLOT_COLUMNS.items()}
    found["slot"] = np.arange(n)
    found["load_kw"], found["pv_kw"] = np.asarray(load_kw, dtype=float), np.full(n, pv_kw)
    found["outdoor_c"], found["indoor_c"] = np.full(n, 25.0), np.full(n, 25.0)
    return found


def least(slots, tariff, site, n=DAY, **control):
    setup = EnergySetup(site=site, tariff=tariff, control=Control(**control))
    return cheapest_run(slots, tariff.slots(FIRST_DAY, n), setup)


def test_a_flat_load_is_shifted_into_the_night_as_far_as_the_battery_holds() -> None:
    # 10 kW all day: 120 kWh by night at 0.1, 120 kWh by day at 0.3. The battery carries 100 kWh:
    # 220 kWh at night and 20 by day = 22 + 6 = 28 USD
    found = least(table(np.full(DAY, 10.0)), night_and_day(), plain_site())
    assert found.total_usd == pytest.approx(28.0, abs=1e-6)
    assert found.import_kw.sum() / 4.0 == pytest.approx(240.0)


def test_losses_and_wear_are_paid() -> None:
    # round trip 0.81, one way 0.9, wear 0.05 per kWh out: 100 kWh held give 90 by day and take
    # 100 / 0.9 = 111.1 at night: 12 + 11.11 + (120 - 90) x 0.3 + 90 x 0.05 = 36.61 USD
    battery = dataclasses.replace(plain_site().battery, round_trip=0.81, wear_usd_per_kwh=0.05)
    found = least(table(np.full(DAY, 10.0)), night_and_day(), plain_site(battery=battery))
    assert found.total_usd == pytest.approx(12.0 + 100.0 / 0.9 * 0.1 + 9.0 + 4.5, abs=1e-6)
    assert found.wear_usd == pytest.approx(4.5, abs=1e-6)


def test_a_peak_is_shaved_and_a_month_charged_by_its_share() -> None:
    # one slot of 60 kW, else 0, demand 30 USD per kW and month; June has 30 days, one is run:
    # 1 USD per kW. The battery starts empty and fills before the peak: 15 kWh over 48 slots of
    # 0.25 h = 1.25 kW of import, and no more in the peak slot: 1.25 + a share of the slot itself.
    # With P the peak: 48 x 0.25 P + 0.25 P = 15, P = 15 / 12.25 = 1.2245 kW; energy is free
    load = np.zeros(DAY)
    load[48] = 60.0
    tariff = night_and_day(0.0, 0.0, any_time_rates=(30.0,) * 12)
    battery = dataclasses.replace(plain_site().battery, discharge_kw=60.0, connection_kw=60.0)
    found = least(table(load), tariff, plain_site(battery=battery))
    assert found.total_usd == pytest.approx(15.0 / 12.25, abs=1e-6)


def test_a_band_has_a_maximum_of_its_own() -> None:
    # 10 kW all day; the band from noon on is charged 30 USD per kW and month (1 USD a day's run),
    # its 120 kWh are more than the 100 of the battery: 20 kWh over 12 h = 1.667 kW are left
    hours = np.zeros((12, 7, DAY), dtype=np.int8)
    hours[:, :, 48:] = 1
    tariff = night_and_day(
        0.0,
        0.0,
        demand_bands=(DemandBand(name="noon", rates=(30.0,) * 12),),
        demand_hours=Timetable(hours),
    )
    found = least(table(np.full(DAY, 10.0)), tariff, plain_site())
    assert found.total_usd == pytest.approx(20.0 / 12.0, abs=1e-6)


def test_negative_prices_buy_no_more_than_load_and_battery_take() -> None:
    # 10 kW all day; the night pays 0.1 a kWh. The battery can be filled with 100 kWh: 120 + 100
    # kWh bought at -0.1, 20 by day at 0.3. What is lost by charging and discharging at once could
    # burn more if there were losses; here there are none
    found = least(table(np.full(DAY, 10.0)), night_and_day(0.3, -0.1), plain_site())
    assert found.total_usd == pytest.approx(-22.0 + 6.0, abs=1e-6)


def test_carbon_has_its_price() -> None:
    # 240 kWh at 0, 0.5 kg per kWh, 0.2 USD per kg; without a battery
    tariff = night_and_day(0.0, 0.0, carbon_g_per_kwh=500.0)
    site = plain_site(battery=Battery())
    found = least(table(np.full(DAY, 10.0)), tariff, site, carbon_usd_per_kg=0.2)
    assert found.total_usd == pytest.approx(240.0 * 0.5 * 0.2, abs=1e-6)


def test_without_battery_sun_and_fans_the_bound_is_the_bill_of_the_load() -> None:
    load = np.linspace(0.0, 95.0, DAY)
    found = least(table(load), night_and_day(), plain_site(battery=Battery()))
    assert found.total_usd == pytest.approx(load[:48].sum() * 0.025 + load[48:].sum() * 0.075)


@pytest.mark.parametrize("usual_kw", [0.0, 80.0])
def test_tiers_that_rise_are_in_the_bound_and_those_that_fall_keep_it_below(usual_kw) -> None:
    # at most 95 kW; the first 50 at 30 USD per kW and month (1 USD a day), the others at 60 or 6
    load = np.linspace(0.0, 95.0, DAY)

    def bound(step: float, **energy) -> float:
        tariff = night_and_day(
            any_time_rates=(30.0,) * 12,
            demand_steps=(DemandStep(rule=0, above_kw=50.0, extra=(step,) * 12),),
            usual_kw=usual_kw,
            **energy,
        )
        return float(least(table(load), tariff, plain_site(battery=Battery())).total_usd)

    energy_usd = load[:48].sum() * 0.025 + load[48:].sum() * 0.075
    assert bound(30.0) == pytest.approx(energy_usd + 50.0 * 1.0 + 45.0 * 2.0)
    true_usd = energy_usd + 50.0 * 1.0 + 45.0 * 0.2
    assert energy_usd < bound(-24.0) <= true_usd
    # a second step by which the night becomes cheaper than at first bounds all its energy
    steps = (EnergyStep(above=90.0, extra=(0.05, 0.05)), EnergyStep(above=300.0, extra=(-0.1, 0.0)))
    assert bound(0.0, energy_steps=steps) < energy_usd + 95.0


def test_steam_costs_its_heat_and_a_cold_start() -> None:
    # 100 kg/h used in the last slot, boiler as shipped. Heat: (100 x 1.3 + 8) x 0.6944 kW =
    # 95.83 kW over 0.8446 of combustion, a quarter hour: 28.36 kWh. The cold start is 40 min at
    # 0.6 x 208.33 / 0.82 kW = 101.6 kWh, less 4.9 % for what cools meanwhile, and a little held
    site = plain_site(battery=Battery())
    slots = table(np.zeros(DAY))
    slots["steam_kg"][-1] = 25.0
    slots["boiler_warm_min"][-2:] = 40.0
    found = least(slots, night_and_day(0.0, 0.0), site)
    made = (100.0 * 1.3 + 8.0) * 0.6944 / (0.82 * 1.03) / 4.0
    start = 40.0 / 60.0 * 0.6 * 300.0 * 0.6944 / 0.82
    gas = site.fuels.gas_usd_per_kwh
    assert (made + 0.95 * start) * gas < found.total_usd < (made + 1.05 * start) * gas


def test_the_program_solves_its_own_example_and_says_when_it_cannot() -> None:
    program = Program()
    x = program.columns(1, low=1.0, high=2.0, cost=-1.0)
    assert program.solve()[0] == -2.0
    program.at_least([(x, 1.0)], 3.0)
    with pytest.raises(RuntimeError, match="HiGHS"):
        program.solve()


@pytest.fixture(scope="module")
def scenario():
    """The small plant for two weeks, with PV and battery."""
    found = load_scenario(
        "small",
        overrides={"horizon_days": 12, "demand.days": 10},
        site="pv_battery",
        tariff="us_demand",
    )
    return found.with_control("agent")


@pytest.fixture(scope="module")
def recording(scenario):
    return record_runs(scenario, Edd(), [210000])[0]


@pytest.mark.slow_cases("mpc")
@pytest.mark.parametrize("name", plug_names(energy))
def test_no_policy_pays_less_than_the_bound_of_its_own_work(name, scenario, recording) -> None:
    setup = scenario.energy
    played = replay(recording, scenario, load_plug(energy, name)())
    tariff = setup.tariff.slots(setup.site.first_day, 13 * DAY)
    whole = cheapest_run(played.slots, tariff, setup).total_usd
    battery = cheapest_run(played.slots, tariff, setup, only_battery=True).total_usd
    assert whole <= battery + 1e-6
    assert battery <= played.cost_usd + 1e-6


@pytest.mark.slow
def test_the_bound_of_the_always_on_work_holds_for_all_that_leave_work_alone(
    scenario, recording
) -> None:
    setup = scenario.energy
    tariff = setup.tariff.slots(setup.site.first_day, 13 * DAY)
    usual = replay(recording, scenario, load_plug(energy, "always_on")())
    bound = cheapest_run(usual.slots, tariff, setup).total_usd
    assert bound < 0.6 * usual.cost_usd
    for name in plug_names(energy):
        assert bound <= replay(recording, scenario, load_plug(energy, name)()).cost_usd


def test_the_bound_of_a_log_can_be_followed_on_its_own_load(scenario) -> None:
    log = simulate(scenario, Team(lines=Edd(), site=load_plug(energy, "always_on")()), 210000)
    least_battery = cheapest_energy(log, scenario, only_battery=True)
    np.testing.assert_allclose(least_battery.load_kw, log.tables["slots"]["load_kw"])
    assert bound_usd(log, scenario) < least_battery.total_usd


def test_replaying_the_usual_answers_pays_what_the_run_paid(scenario, recording) -> None:
    usual = dataclasses.replace(scenario.energy, control=Control(mode="always_on"))
    from factory_env import simulate

    log = simulate(scenario.replace(energy=usual), Edd(), 210000)
    played = replay(recording, scenario, load_plug(energy, "always_on")())
    assert played.energy_usd == pytest.approx(log.cost_usd["energy"], rel=1e-9)
    assert played.fuel_usd == pytest.approx(log.cost_usd["fuel"], rel=1e-9)


def test_the_share_of_the_gap() -> None:
    assert gap_closed(100.0, 100.0, 50.0) == 0.0
    assert gap_closed(100.0, 50.0, 50.0) == 1.0
    assert gap_closed(100.0, 70.0, 50.0) == pytest.approx(0.6)
    assert gap_closed(100.0, 110.0, 50.0) == pytest.approx(-0.2)
    assert np.isnan(gap_closed(50.0, 40.0, 50.0))
