"""Tariffs laid over the slots of a run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from factory_env.domain.series import SlotSeries, slot_dates
from factory_env.domain.tariff import (
    Contract,
    DemandBand,
    EnergyBand,
    Export,
    Tariff,
    Timetable,
    always,
)

MONDAY = "2026-06-01"


def two_bands() -> Tariff:
    """Night 0-6 h every day at 1, else 3; demand from 17 to 19 h on weekdays of June."""
    hours = np.ones((12, 7, 96), dtype=np.int8)
    hours[:, :, :24] = 0
    demand = np.zeros((12, 7, 96), dtype=np.int8)
    demand[5, :5, 68:76] = 1
    return Tariff(
        name="two",
        currency="X",
        usd_per_unit=0.5,
        source="test",
        bands=(EnergyBand(name="night", price=1.0), EnergyBand(name="day", price=3.0)),
        hours=Timetable(hours),
        any_time_rates=tuple(float(m) for m in range(1, 13)),
        demand_bands=(DemandBand(name="evening", rates=(10.0,) * 12),),
        demand_hours=Timetable(demand),
        fixed_per_month=30.0,
        fixed_per_day=2.0,
    )


def test_slots_know_their_dates() -> None:
    dates = slot_dates("2028-02-28", 3 * 96)  # a Monday in a leap year: 28 and 29 February, 1 March
    assert dates.months == ("2028-02", "2028-03")
    assert dates.month_slots.tolist() == [29 * 96, 31 * 96]
    assert dates.run_slots.tolist() == [2 * 96, 96]
    assert dates.weekday[::96].tolist() == [0, 1, 2]
    assert dates.calendar_month[[0, -1]].tolist() == [1, 2]
    assert dates.quarter[[0, 95, 96]].tolist() == [0, 95, 0]


def test_prices_follow_the_timetable_in_usd() -> None:
    slots = two_bands().slots(MONDAY, 96)
    assert slots.price_usd[:24].tolist() == [0.5] * 24
    assert slots.price_usd[24:].tolist() == [1.5] * 72
    assert slots.band_names == ("night", "day")


def test_demand_bands_hold_on_their_days_and_months_only() -> None:
    slots = two_bands().slots("2026-06-29", 7 * 96)  # Monday, Tuesday in June, then July
    held = np.flatnonzero(slots.demand_band)
    assert held.tolist() == [*range(68, 76), *range(96 + 68, 96 + 76)]
    assert slots.demand_names == ("any_time", "evening")


def test_charges_of_a_month_are_in_proportion_to_its_days_in_the_run() -> None:
    slots = two_bands().slots("2026-06-29", 7 * 96)  # 2 of 30 days of June, 5 of 31 of July
    assert slots.share == pytest.approx([2 / 30, 5 / 31])
    # rate of June 6, of July 7, half a dollar each unit
    assert slots.demand_usd[:, 0] == pytest.approx([6 * 0.5 * 2 / 30, 7 * 0.5 * 5 / 31])
    # 30 a month in proportion, 2 a day
    assert slots.fixed_usd == pytest.approx([0.5 * (2 + 4), 0.5 * (30 * 5 / 31 + 10)])


def test_without_proration_a_started_month_is_charged_in_full() -> None:
    slots = two_bands().slots("2026-06-29", 7 * 96, prorate=False)
    assert slots.share.tolist() == [1.0, 1.0]
    assert slots.fixed_usd == pytest.approx([0.5 * (30 + 4), 0.5 * (30 + 10)])


@pytest.mark.parametrize(
    ("rule", "night", "day"), [("zero", 0.0, 0.0), ("net", 0.5, 1.5), ("net_offpeak", 0.5, 0.5)]
)
def test_export_earns_what_its_rule_says(rule, night, day) -> None:
    slots = replace(two_bands(), export=Export(rule=rule)).slots(MONDAY, 96)
    assert slots.export_usd[[0, 95]].tolist() == [night, day]


def test_export_at_a_price_earns_that_price() -> None:
    slots = replace(two_bands(), export=Export(rule="price", price=0.8)).slots(MONDAY, 96)
    assert set(slots.export_usd.tolist()) == {0.4}


def test_a_spot_price_is_added_to_the_bands_and_may_be_negative() -> None:
    spot = SlotSeries(name="s", unit="", first_day=MONDAY, values=np.linspace(-4.0, 4.0, 96))
    slots = replace(two_bands(), spot=spot).slots(MONDAY, 96)
    assert slots.price_usd[0] == pytest.approx(0.5 * (1.0 - 4.0))
    assert slots.price_usd[-1] == pytest.approx(0.5 * (3.0 + 4.0))


def test_a_tariff_equals_its_twin_and_not_another() -> None:
    assert two_bands() == two_bands()
    assert two_bands() != replace(two_bands(), hours=always(1))
    assert len({two_bands(), two_bands()}) == 1


def test_a_tariff_can_be_changed_in_one_place() -> None:
    doubled = two_bands().with_band_factor("day", 2.0)
    assert [b.price for b in doubled.bands] == [1.0, 6.0]
    assert two_bands().with_contract_kw(5.0).contract is None
    contract = replace(two_bands(), contract=Contract(kw=1.0, rate=2.0)).with_contract_kw(5.0)
    assert contract.contract == Contract(kw=5.0, rate=2.0)


def test_a_series_refuses_a_span_that_it_does_not_cover() -> None:
    series = SlotSeries(name="s", unit="", first_day=MONDAY, values=np.arange(96.0), first_slot=4)
    assert series.part("2026-06-02", 4).tolist() == [92.0, 93.0, 94.0, 95.0]
    assert series.missing_slots(MONDAY, 96) == (4, 0)
    assert series.missing_slots("2026-06-02", 96) == (0, 92)
    with pytest.raises(ValueError, match="lacks 4 of 96"):
        series.part(MONDAY, 96)


def test_a_series_that_repeats_keeps_the_weekday() -> None:
    values = np.repeat(np.arange(364), 96)  # the day of the cycle
    series = SlotSeries(name="s", unit="", first_day="2023-01-02", values=values, repeats=True)
    # 2026-06-01 is 1246 days later: 1246 = 3 x 364 + 154, and 154 is a multiple of 7
    assert set(series.part(MONDAY, 96).tolist()) == {154.0}
    assert series.part("2023-12-31", 192)[[0, -1]].tolist() == [363.0, 0.0]


def test_values_of_a_series_cannot_be_changed() -> None:
    series = SlotSeries(name="s", unit="", first_day=MONDAY, values=np.zeros(96))
    with pytest.raises(ValueError, match="read-only"):
        series.values[0] = 1.0
