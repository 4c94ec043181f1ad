"""Tiers of published tariffs, and files of many periods: bills done by hand."""

from __future__ import annotations

import json

import numpy as np
import pytest

from factory_env.door.urdb import read_urdb
from factory_env.errors import InputError
from factory_env.kpi.bill import RunningBill, bill

JUNE = ("2026-06-01", 30 * 96)
FREE = [[0] * 24] * 12
AFTERNOON = [[0] * 12 + [1] * 6 + [0] * 6] * 12


def read(tmp_path, **fields):
    flat = {
        "name": "Large service",
        "energyratestructure": [[{"rate": 0.08, "unit": "kWh"}]],
        "energyweekdayschedule": FREE,
        "energyweekendschedule": FREE,
        **fields,
    }
    path = tmp_path / "rate.json"
    path.write_text(json.dumps(flat), encoding="utf-8")
    return read_urdb(path)


def said(tmp_path, **fields) -> str:
    with pytest.raises(InputError) as error:
        read(tmp_path, **fields)
    return str(error.value)


def june_kwh(kw: float, *peaks: tuple[int, float]) -> np.ndarray:
    """A June of ``kw`` with other powers in single slots."""
    grid = np.full(JUNE[1], kw / 4.0)
    for slot, power in peaks:
        grid[slot] = power / 4.0
    return grid


def charge(rate, grid, **how):
    """The bill, checked against the sum of what its slots were charged."""
    tariff = rate.tariff
    whole = bill(tariff, JUNE[0], grid, **how)
    slots = tariff.slots(JUNE[0], len(grid), prorate=how.get("prorate", True))
    past = how.get("past_peaks_kw", ())
    running = RunningBill(slots, grid, np.zeros(len(grid)), past)
    by_slot = sum(running.advance(i + 1) for i in range(len(grid)))
    assert by_slot == pytest.approx(whole.total_usd, rel=1e-9)
    return whole


FREE_50_KW = [[{"max": 50, "rate": 0.0}, {"rate": 14.0}]]


def test_the_first_50_kw_are_free_and_the_others_are_not(tmp_path) -> None:
    rate = read(tmp_path, flatdemandstructure=FREE_50_KW, flatdemandmonths=[0] * 12)
    whole = charge(rate, june_kwh(40.0, (500, 180.0)))
    assert whole.demand_usd["any_time"] == pytest.approx((180 - 50) * 14.0)
    assert charge(rate, june_kwh(40.0)).demand_usd["any_time"] == 0.0
    # half a month pays half of the charge; the threshold is a power and stays
    half = bill(rate.tariff, JUNE[0], june_kwh(40.0, (500, 180.0))[: 15 * 96])
    assert half.demand_usd["any_time"] == pytest.approx((180 - 50) * 14.0 / 2)
    whole_charge = bill(rate.tariff, JUNE[0], june_kwh(180.0)[:96], prorate=False)
    assert whole_charge.demand_usd["any_time"] == pytest.approx((180 - 50) * 14.0)


def test_a_site_that_lies_above_the_first_tier_sees_the_rate_of_its_own(tmp_path) -> None:
    rate = read(tmp_path, flatdemandstructure=FREE_50_KW)
    at_280 = rate.tariff.with_contract_kw(280.0)
    assert rate.tariff.slots(*JUNE).demand_usd[0, 0] == 0.0
    assert at_280.slots(*JUNE).demand_usd[0, 0] == 14.0
    for kw in (30.0, 50.0, 51.0, 400.0):
        grid = june_kwh(20.0, (500, kw))
        first, seen = bill(rate.tariff, JUNE[0], grid), bill(at_280, JUNE[0], grid)
        assert seen.total_usd == pytest.approx(first.total_usd)


def test_tiers_of_hours_are_charged_at_the_demand_of_those_hours(tmp_path) -> None:
    rate = read(
        tmp_path,
        demandratestructure=[
            [{"rate": 0}],
            [{"max": 100, "rate": 25}, {"max": 1e38, "rate": 35}],
        ],
        demandweekdayschedule=AFTERNOON,
        demandweekendschedule=FREE,
    )
    # 1 June is a Monday: 13:00 is slot 52, at night the 500 kW are free
    whole = charge(rate, june_kwh(20.0, (52, 160.0), (8, 500.0)))
    assert whole.demand_usd["demand_1"] == pytest.approx(100 * 25 + 60 * 35)


def test_tiers_of_three_rates_with_another_in_summer(tmp_path) -> None:
    summer = [{"max": 50, "rate": 2.0}, {"max": 150, "rate": 10.0}, {"rate": 6.0, "adj": 1.0}]
    rate = read(
        tmp_path,
        flatdemandstructure=[[{"rate": 3.0}], summer],
        flatdemandmonths=[0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0],
    )
    june = charge(rate, june_kwh(20.0, (52, 200.0)))
    assert june.demand_usd["any_time"] == pytest.approx(50 * 2 + 100 * 10 + 50 * 7)
    may = bill(rate.tariff, "2026-05-01", np.full(31 * 96, 50.0))
    assert may.demand_usd["any_time"] == pytest.approx(200 * 3)


def test_a_ratchet_bills_the_tiers_of_the_earlier_peak(tmp_path) -> None:
    rate = read(tmp_path, flatdemandstructure=FREE_50_KW, demandratchetpercentage=[80] * 12)
    whole = charge(rate, june_kwh(60.0), past_peaks_kw=(200.0,))
    assert whole.demand_usd["any_time"] == pytest.approx(10 * 14.0)
    assert whole.demand_usd["ratchet"] == pytest.approx((160 - 60) * 14.0)


def test_horse_powers_are_thresholds_too(tmp_path) -> None:
    rate = read(tmp_path, flatdemandstructure=FREE_50_KW, flatdemandunit="hp")
    whole = charge(rate, june_kwh(74.57))  # 100 hp
    assert whole.demand_usd["any_time"] == pytest.approx(50 * 14.0)


# 100 kW through June: 72,000 kWh in 30 days
TIERS = [
    # unit, thresholds, expected cost of 0.10 / 0.20 / 0.15 USD
    ("kWh", (1000, 50_000), 1000 * 0.10 + 49_000 * 0.20 + 22_000 * 0.15),
    ("", (1000, 50_000), 1000 * 0.10 + 49_000 * 0.20 + 22_000 * 0.15),
    ("kWh daily", (100, 2000), 3000 * 0.10 + 57_000 * 0.20 + 12_000 * 0.15),
    # 100 kW of demand, once 250 kW in the last afternoon: hours of use of the demand
    ("kWh/kW", (100, 200), 25_000 * 0.10 + 25_000 * 0.20 + 22_037.5 * 0.15),
    ("kWh/kW daily", (4, 8), 30_000 * 0.10 + 30_000 * 0.20 + 12_037.5 * 0.15),
]


@pytest.mark.parametrize(("unit", "thresholds", "usd"), TIERS)
def test_energy_is_charged_tier_by_tier(tmp_path, unit, thresholds, usd) -> None:
    first, second = thresholds
    tiers = [
        {"rate": 0.10, "max": first, "unit": unit},
        {"rate": 0.20, "max": second, "unit": unit},
        {"rate": 0.15, "unit": unit},
    ]
    rate = read(tmp_path, energyratestructure=[tiers])
    by_demand = unit.startswith("kWh/kW")
    grid = june_kwh(100.0, (29 * 96 + 60, 250.0)) if by_demand else june_kwh(100.0)
    whole = charge(rate, grid)
    assert whole.energy_usd["period_0"] == pytest.approx(usd)
    assert whole.energy_kwh["period_0"] == pytest.approx(72_037.5 if by_demand else 72_000.0)


def test_half_a_month_has_half_of_the_thresholds(tmp_path) -> None:
    tiers = [{"rate": 0.10, "max": 1000}, {"rate": 0.20}]
    rate = read(tmp_path, energyratestructure=[tiers])
    grid = june_kwh(100.0)[: 15 * 96]
    assert charge(rate, grid).energy_usd["period_0"] == pytest.approx(500 * 0.1 + 35_500 * 0.2)
    in_full = charge(rate, grid, prorate=False).energy_usd["period_0"]
    assert in_full == pytest.approx(1000 * 0.1 + 35_000 * 0.2)


def test_periods_share_the_tiers_of_a_month_by_their_energy(tmp_path) -> None:
    rate = read(
        tmp_path,
        energyratestructure=[
            [{"rate": 0.10, "max": 36_000}, {"rate": 0.12}],
            [{"rate": 0.30, "max": 36_000}, {"rate": 0.40}],
        ],
        energyweekdayschedule=AFTERNOON,
        energyweekendschedule=AFTERNOON,
    )
    whole = charge(rate, june_kwh(100.0))  # 72,000 kWh, half of them above; a quarter afternoons
    assert whole.energy_usd["period_0"] == pytest.approx(27_000 * 0.10 + 27_000 * 0.12)
    assert whole.energy_usd["period_1"] == pytest.approx(9_000 * 0.30 + 9_000 * 0.40)


def test_two_months_begin_anew(tmp_path) -> None:
    rate = read(
        tmp_path,
        energyratestructure=[[{"rate": 0.10, "max": 1000}, {"rate": 0.20}]],
        flatdemandstructure=FREE_50_KW,
    )
    grid = np.full(61 * 96, 25.0)  # June and July at 100 kW: 72,000 and 74,400 kWh
    whole = charge(rate, grid)
    assert whole.energy_usd["period_0"] == pytest.approx(2 * 100 + (71_000 + 73_400) * 0.2)
    assert whole.demand_usd["any_time"] == pytest.approx(2 * 50 * 14.0)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"energyratestructure": [[{"rate": 0.1}, {"rate": 0.2}]]},
            "energyratestructure[0][0].max: must end above 0, where the one before does, and "
            "before the next; got nothing",
        ),
        (
            {"energyratestructure": [[{"rate": 0.1, "max": 9, "unit": "kVAh"}, {"rate": 0.2}]]},
            "energyratestructure[0][0].unit: must be kWh, or a unit that thresholds of energy "
            "have; "
            "got 'kVAh'",
        ),
        (
            {"flatdemandstructure": [[{"max": 9, "rate": 1}, {"max": 5, "rate": 2}, {"rate": 3}]]},
            "flatdemandstructure[0][1].max: must end above 9",
        ),
        (
            {"flatdemandstructure": [[{"max": 50, "rate": 1}, {"rate": 9000}]]},
            "flatdemandstructure[0][1]: is in USD per kW and month, 0 to 500; got 9000",
        ),
        (
            {"flatdemandstructure": [[{"rate": -3}]]},
            "flatdemandstructure[0][0]: is in USD per kW and month, 0 to 500; got -3",
        ),
    ],
)
def test_tiers_that_cannot_be_charged_are_refused(tmp_path, fields, words) -> None:
    assert words in said(tmp_path, **fields)


def test_a_last_tier_with_an_end_goes_on_and_it_is_told(tmp_path) -> None:
    rate = read(tmp_path, flatdemandstructure=[[{"max": 50, "rate": 1}, {"max": 90, "rate": 2}]])
    told = "flatdemandstructure[0]: the rate of the last tier also holds above 90"
    assert told in rate.left_out
    assert charge(rate, june_kwh(100.0)).demand_usd["any_time"] == pytest.approx(50 + 50 * 2)


# --- many periods -----------------------------------------------------------------------------


def test_576_periods_are_576_prices(tmp_path) -> None:
    week = [[24 * month + hour for hour in range(24)] for month in range(12)]
    end = [[288 + period for period in row] for row in week]
    rate = read(
        tmp_path,
        energyratestructure=[[{"rate": round(0.05 + i / 10_000, 6)}] for i in range(576)],
        energyweekdayschedule=week,
        energyweekendschedule=end,
    )
    numbers = rate.tariff.hours.numbers
    assert numbers[11, 0, 95] == 287
    assert numbers[11, 6, 95] == 575
    # Saturday 6 June 2026 at 100 kW: hours 288 + 5 * 24 ... + 23 of the weekend
    usd = sum(100 * (0.05 + (288 + 120 + hour) / 10_000) for hour in range(24))
    whole = bill(rate.tariff, "2026-06-06", np.full(96, 25.0))
    assert sum(whole.energy_usd.values()) == pytest.approx(usd)


def test_140_periods_of_demand_are_charged(tmp_path) -> None:
    rate = read(
        tmp_path,
        demandratestructure=[[{"rate": 1.0 + i}] for i in range(140)],
        demandweekdayschedule=[[139] * 24] * 12,
        demandweekendschedule=FREE,
    )
    whole = charge(rate, june_kwh(10.0))
    assert whole.demand_usd["demand_139"] == pytest.approx(10 * 140.0)
    assert whole.demand_usd["demand_0"] == pytest.approx(10.0)


def test_more_periods_than_hours_are_refused(tmp_path) -> None:
    text = said(tmp_path, energyratestructure=[[{"rate": 0.1}]] * 1001)
    assert "energyratestructure: must have at most 1000 periods; got 1001" in text


@pytest.mark.parametrize("unit", ["MWh", "cents/kWh", "therm", "kVAh"])
def test_a_rate_of_energy_in_another_unit_is_refused(tmp_path, unit) -> None:
    words = said(tmp_path, energyratestructure=[[{"rate": 0.1, "unit": unit}]])
    assert "energyratestructure[0][0].unit: must be kWh, or a unit that" in words
    assert f"got {unit!r}" in words


def test_tiers_of_a_period_have_one_unit(tmp_path) -> None:
    tiers = [{"max": 50, "unit": "kWh", "rate": 0.1}, {"rate": 0.05, "unit": "kWh/kW"}]
    words = said(tmp_path, energyratestructure=[tiers])
    assert (
        "energyratestructure[0]: must have one unit in all its tiers; got kWh and kWh/kW" in words
    )
    read(tmp_path, energyratestructure=[[{"rate": 0.1, "unit": "KWH"}]])
