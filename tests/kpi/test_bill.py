"""The bill against an independent one in plain loops, and against hand-computed months."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from holidays import country_holidays
from hypothesis import given
from hypothesis import strategies as st

from factory_env.domain.series import SlotSeries
from factory_env.domain.tariff import (
    Contract,
    DemandBand,
    EnergyBand,
    Export,
    Ratchet,
    Tariff,
    Timetable,
)
from factory_env.door.tariff_door import build_tariff
from factory_env.kpi.bill import RunningBill, bill
from factory_env.kpi.tariff_reference import (
    TARIFFS,
    battery_with_losses,
    demand_share,
    worked_values,
)
from factory_env.presets import CONF, read_group

PRESETS = sorted(path.stem for path in (CONF / "tariff").glob("*.yaml"))


def preset(name: str) -> Tariff:
    return build_tariff(read_group("tariff", name), name)


def plain_bill(tariff, first_day, grid, export, prorate=True, past=()):
    """A bill [USD] in plain Python: no array, no code of the engine."""
    start = date.fromisoformat(first_day)
    days = [start + timedelta(days=d) for d in range(-(-len(grid) // 96))]
    months = sorted({(d.year, d.month) for d in days})
    carbon_kg = total = 0.0
    for i, kwh in enumerate(grid):
        day = days[i // 96]
        timetable = tariff.hours
        if tariff.holiday_hours is not None and day in country_holidays(tariff.country):
            timetable = tariff.holiday_hours
        hours = timetable.numbers[day.month - 1, day.weekday()]
        spot = 0.0 if tariff.spot is None else float(tariff.spot.values[i])
        price = tariff.bands[hours[i % 96]].price + spot
        month_prices = {
            tariff.bands[b].price for b in set(tariff.hours.numbers[day.month - 1].ravel().tolist())
        }
        sold = {
            "zero": 0.0,
            "net": price,
            "net_offpeak": min(month_prices) + spot,
            "price": tariff.export.price,
        }[tariff.export.rule]
        total += kwh * price - export[i] * sold
        carbon_kg += kwh * (
            tariff.carbon_g_per_kwh / 1000 if tariff.carbon is None else tariff.carbon.values[i]
        )
    peaks = list(past)  # any-time maxima, month after month
    for year, month in months:
        inside = [
            i
            for i in range(len(grid))
            if (days[i // 96].year, days[i // 96].month) == (year, month)
        ]
        length = (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days
        share = len(inside) / 96 / length if prorate else 1.0
        width = tariff.window_min // 15
        windows = [inside[k : k + width] for k in range(0, len(inside), width)]
        kw = {w[0]: sum(grid[i] for i in w) / (0.25 * len(w)) for w in windows}
        peak = max(kw.values())
        floor = 0.0
        if tariff.ratchet is not None:
            before = []
            for back in range(1, tariff.ratchet.months + 1):
                which = (month - 1 - back) % 12 + 1
                if back <= len(peaks) and which in tariff.ratchet.peak_months:
                    before.append(peaks[-back])
            floor = tariff.ratchet.shares[month - 1] * max(before, default=0.0)
        total += share * tariff.any_time_rates[month - 1] * max(peak, floor)
        for k, band in enumerate(tariff.demand_bands):
            held = [
                value
                for i, value in kw.items()
                if tariff.demand_hours.numbers[month - 1, days[i // 96].weekday(), i % 96] == k + 1
            ]
            total += share * band.rates[month - 1] * max(held, default=0.0)
        if tariff.contract is not None:
            c = tariff.contract
            total += share * c.rate * (c.kw + c.penalty_factor * max(0.0, peak - c.kw))
        total += share * tariff.fixed_per_month + tariff.fixed_per_day * len(inside) / 96
        peaks.append(peak)
    return total * tariff.usd_per_unit, carbon_kg


def random_tariff(rng: np.random.Generator, n: int) -> Tariff:
    """Anything a tariff can hold, negative prices included."""
    window = int(rng.choice([15, 30, 60]))
    demand = rng.integers(0, 3, size=(12, 7, 96 // (window // 15))).repeat(window // 15, axis=2)
    spot = SlotSeries(name="s", unit="", first_day="2026-06-01", values=rng.normal(0.1, 0.1, n))
    carbon = SlotSeries(name="c", unit="", first_day="2026-06-01", values=rng.uniform(0, 1, n))
    return Tariff(
        name="random",
        currency="X",
        usd_per_unit=float(rng.uniform(0.01, 2.0)),
        source="",
        bands=tuple(EnergyBand(name=f"b{i}", price=float(rng.normal(0.1, 0.1))) for i in range(4)),
        hours=Timetable(rng.integers(0, 4, size=(12, 7, 96))),
        spot=spot if rng.random() < 0.5 else None,
        any_time_rates=tuple(rng.uniform(0, 20, 12).tolist()),
        demand_bands=tuple(
            DemandBand(name=f"d{i}", rates=tuple(rng.uniform(0, 20, 12).tolist())) for i in range(2)
        ),
        demand_hours=Timetable(demand),
        window_min=window,  # type: ignore[arg-type]
        ratchet=Ratchet(
            shares=tuple(rng.uniform(0, 1, 12).tolist()),
            months=int(rng.integers(1, 12)),
            peak_months=tuple(rng.permutation(12)[:6] + 1),
        ),
        contract=Contract(kw=float(rng.uniform(50, 300)), rate=0.4, penalty_factor=2.0),
        fixed_per_month=float(rng.uniform(0, 500)),
        fixed_per_day=float(rng.uniform(0, 20)),
        export=Export(rule=rng.choice(["zero", "net", "net_offpeak", "price"]).item(), price=0.05),
        carbon_g_per_kwh=500.0,
        carbon=carbon if rng.random() < 0.5 else None,
    )


@pytest.mark.sample
@pytest.mark.slow
@given(seed=st.integers(0, 10**6))
def test_the_bill_equals_one_in_plain_loops(seed) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 45)) * 96
    tariff = random_tariff(rng, n)
    grid, export = rng.uniform(0, 60, n), rng.uniform(0, 10, n) * (rng.random(n) < 0.3)
    past = tuple(rng.uniform(0, 300, int(rng.integers(0, 12))).tolist())
    prorate = bool(rng.random() < 0.5)
    found = bill(tariff, "2026-06-01", grid, export, prorate=prorate, past_peaks_kw=past)
    usd, carbon_kg = plain_bill(tariff, "2026-06-01", grid, export, prorate, past)
    assert found.total_usd == pytest.approx(usd, abs=1e-6)
    assert found.carbon_kg == pytest.approx(carbon_kg, abs=1e-6)


@pytest.mark.slow_cases("cn_zhejiang")
@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_bills_like_the_plain_loops(name) -> None:
    rng = np.random.default_rng(7)
    grid, export = rng.uniform(0, 75, 69 * 96), rng.uniform(0, 5, 69 * 96)
    found = bill(preset(name), "2026-06-01", grid, export)
    usd, carbon_kg = plain_bill(preset(name), "2026-06-01", grid, export)
    assert found.total_usd == pytest.approx(usd, abs=1e-6)
    assert found.carbon_kg == pytest.approx(carbon_kg, abs=1e-6)


@given(seed=st.integers(0, 10**6))
def test_what_is_charged_step_by_step_adds_up_to_the_bill(seed) -> None:
    rng = np.random.default_rng(seed)
    n = 40 * 96
    slots = random_tariff(rng, n).slots("2026-06-01", n)
    grid, export = rng.uniform(0, 60, n), rng.uniform(0, 10, n)
    running = RunningBill(slots, np.zeros(n), np.zeros(n))
    stops = [*np.sort(rng.integers(0, n, 50)).tolist(), n]
    charged, at = 0.0, 0
    for stop in stops:
        running.grid_kwh[at:stop], running.export_kwh[at:stop] = grid[at:stop], export[at:stop]
        charged += running.advance(stop)
        at = stop
    whole = bill(slots, "", grid, export)
    assert charged == pytest.approx(whole.total_usd, abs=1e-6)
    by_slot = running.energy_usd + running.demand_usd + running.standing_usd
    assert by_slot.sum() == pytest.approx(whole.total_usd, abs=1e-6)
    assert running.bill() == whole


def flat(**parts) -> Tariff:
    given = {"bands": (EnergyBand(name="flat", price=0.10),), **parts}
    return Tariff(name="t", currency="USD", usd_per_unit=1.0, source="", **given)


def test_a_flat_tariff_costs_kwh_times_price() -> None:
    grid = np.random.default_rng(1).uniform(0, 60, 30 * 96)
    assert bill(flat(), "2026-06-01", grid).total_usd == pytest.approx(0.10 * grid.sum())


def test_a_month_of_us_demand_is_the_sum_done_by_hand() -> None:
    grid = np.full(30 * 96, 25.0)  # 100 kW through June
    grid[40] = 75.0  # 300 kW on Monday from 10:00 to 10:15
    grid[66] = 50.0  # 200 kW from 16:30 to 16:45, in the peak band
    found = bill(preset("us_demand"), "2026-06-01", grid)
    # 20 peak slots a day of 25 kWh, one of 50; 76 others, one of 75
    assert found.energy_kwh == {"peak": 30 * 500 + 25, "off_peak": 30 * 1900 + 50}
    assert found.energy_usd["peak"] == pytest.approx(0.19 * 15025)
    assert found.energy_usd["off_peak"] == pytest.approx(0.13 * 57050)
    assert found.demand_usd["any_time"] == pytest.approx(300 * 11.98)
    assert found.demand_usd["summer_peak"] == pytest.approx(200 * 16.37)
    assert found.demand_usd["summer_part_peak"] == pytest.approx(100 * 3.56)
    assert found.peak_kw == 300.0
    assert found.carbon_kg == pytest.approx(0.256 * (15025 + 57050))


def test_a_window_of_30_minutes_halves_a_peak_of_15() -> None:
    grid = np.zeros(96)
    grid[40] = 50.0  # 200 kW for 15 min: 100 kW as a mean of 10:00 to 10:30
    any_time = (1.0,) * 12
    assert bill(flat(any_time_rates=any_time), "2026-06-01", grid).peak_kw == 200.0
    half_hour = flat(any_time_rates=any_time, window_min=30)
    assert bill(half_hour, "2026-06-01", grid).peak_kw == 100.0


def test_a_ratchet_bills_80_percent_of_an_earlier_peak() -> None:
    ratchet = Ratchet(shares=(0.8,) * 12)
    tariff = flat(any_time_rates=(10.0,) * 12, ratchet=ratchet)
    grid = np.zeros(61 * 96)  # June and July
    grid[5], grid[40 * 96] = 100.0, 25.0  # 400 kW in June, 100 kW in July
    found = bill(tariff, "2026-06-01", grid)
    assert found.demand_usd["any_time"] == pytest.approx(10 * (400 + 100))
    assert found.demand_usd["ratchet"] == pytest.approx(10 * (320 - 100))
    assert found.months[1].billed_kw == pytest.approx(320.0)
    # a peak of 600 kW five months before the run: 480 kW are billed in both months
    earlier = bill(tariff, "2026-06-01", grid, past_peaks_kw=(600, 0, 0, 0, 0))
    assert [month.billed_kw for month in earlier.months] == pytest.approx([480.0, 480.0])
    # eleven months back in June, twelve in July: there the peak of June counts
    oldest = bill(tariff, "2026-06-01", grid, past_peaks_kw=(600.0, *[0.0] * 10))
    assert [month.billed_kw for month in oldest.months] == pytest.approx([480.0, 320.0])


def test_the_sanctioned_load_is_charged_used_or_not_and_its_excess_twice() -> None:
    grid = np.zeros(30 * 96)
    grid[0] = 75.0  # 300 kW against 280 sanctioned
    found = bill(preset("bd_industry"), "2026-06-01", grid)
    assert found.demand_usd["contract"] == pytest.approx(280 * 48 / 120)
    assert found.demand_usd["penalty"] == pytest.approx(20 * 48 / 120 * 2)
    assert found.demand_usd["any_time"] == 0.0


def test_a_negative_price_pays_for_using_and_charges_for_feeding_in() -> None:
    tariff = flat(bands=(EnergyBand(name="flat", price=-0.05),), export=Export(rule="net"))
    found = bill(tariff, "2026-06-01", np.full(96, 2.0), np.full(96, 1.0))
    assert found.parts()["energy_flat_usd"] == pytest.approx(-0.05 * 192)
    assert found.parts()["export_usd"] == pytest.approx(0.05 * 96)


def test_an_agent_sees_the_peak_of_the_month_so_far_and_it_starts_anew() -> None:
    slots = preset("us_demand").slots("2026-06-01", 61 * 96)
    grid = np.zeros(61 * 96)
    grid[10], grid[66], grid[31 * 96] = 50.0, 25.0, 5.0
    running = RunningBill(slots, grid, np.zeros(61 * 96))
    running.advance(70)
    assert running.month_peak_kw().tolist() == [200.0, 100.0, 0.0]  # any time, peak, part-peak
    running.advance(30 * 96 + 1)
    assert running.month_peak_kw().tolist() == [0.0, 0.0, 0.0]
    running.advance(61 * 96)
    assert running.month_peak_kw().tolist() == [20.0, 0.0, 0.0]


def test_a_bill_needs_a_load_for_every_slot() -> None:
    slots = flat().slots("2026-06-01", 96)
    with pytest.raises(ValueError, match="96 slots, but 95"):
        bill(slots, "2026-06-01", np.zeros(95))


def test_half_a_month_pays_half_its_demand_charge() -> None:
    tariff = flat(any_time_rates=(10.0,) * 12, fixed_per_month=60.0)
    grid = np.full(15 * 96, 25.0)  # 100 kW for the first half of June
    found = bill(tariff, "2026-06-01", grid)
    assert found.demand_usd["any_time"] == pytest.approx(500.0)
    assert found.fixed_usd == pytest.approx(30.0)
    whole = bill(tariff, "2026-06-01", grid, prorate=False)
    assert whole.demand_usd["any_time"] == pytest.approx(1000.0)
    assert whole.demand_share == pytest.approx(1000 / (1000 + 60 + 0.1 * 36000))


def test_the_engine_meets_the_worked_values_of_the_domain_reference() -> None:
    values = worked_values({name: preset(name) for name in TARIFFS})
    assert len(values) == 10
    assert not [v.name for v in values if abs(v.got - v.expected) > v.spread]


def test_a_battery_whose_losses_are_bought_is_worth_less() -> None:
    worth = battery_with_losses({name: preset(name) for name in TARIFFS})
    # 299 cycles of 440 x 12.95 / 120 - 500 x 9.68 / 120 (February has 24 working days)
    assert worth["bd_industry"] == pytest.approx(299 * (440 * 12.95 - 500 * 9.68) / 120, abs=0.1)
    # 299 cycles of 440 x 0.65 x 1.85 / 7.2 - 500 x 0.65 x 0.4 / 7.2
    expected = 299 * 0.65 / 7.2 * (440 * 1.85 - 500 * 0.4)
    assert worth["cn_zhejiang"] == pytest.approx(expected, abs=0.1)
    # 100 kW: 12 x 11.98 + 4 x (16.37 + 3.56); and 100 cycles of 440 x 0.19 - 500 x 0.13
    expected = 100 * (12 * 11.98 + 4 * (16.37 + 3.56)) + 100 * (440 * 0.19 - 500 * 0.13)
    assert worth["us_demand"] == pytest.approx(expected, abs=0.1)


def test_with_six_days_a_week_the_demand_share_of_us_demand_is_lower() -> None:
    # 235 x 31.91 = 7,499 of demand; 26 days of 1,872 kWh, 4 Sundays of 288, 12.6 % of them at peak
    assert demand_share(preset("us_demand"), 6) == pytest.approx(0.522, abs=0.001)
    assert demand_share(preset("us_demand"), 5) > demand_share(preset("us_demand"), 6)
    no_peak = replace(preset("us_demand"), any_time_rates=(0.0,) * 12, demand_bands=())
    assert demand_share(no_peak, 6) == 0.0
