"""Series as people have them: units in names, changes of resolution, spans, hours apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from factory_env.domain.series import SeriesFormat
from factory_env.door.series_door import cover_problems, read_series
from factory_env.door.series_money import USD_VALUES
from factory_env.door.series_verdict import Size
from factory_env.door.tariff_door import read_tariff
from factory_env.errors import InputError


def hours(first: str, n: int, step_min: int = 60) -> list[str]:
    return [str(np.datetime64(first, "m") + step_min * i) for i in range(n)]


def write(folder: Path, header: str, rows, name: str = "a.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def read(folder, column, values, kind="plain", how=None, **more):
    rows = [f"{t},{v}" for t, v in zip(hours("2026-06-01T00:00", len(values)), values, strict=True)]
    path = write(folder, f"time,{column}", rows)
    return read_series(path, column, kind, how or SeriesFormat(), **more)


def said(folder, column, values, kind, how=None, **more) -> str:
    with pytest.raises(InputError) as error:
        read(folder, column, values, kind, how, **more)
    return str(error.value)


# --- units ------------------------------------------------------------------------------------

PRICES = [  # column, value in the file, currency per kWh
    ("Price [c/kWh]", 3.1, 0.031),
    ("Price [ct/kWh]", 6.2, 0.062),
    ("Spot [Cent/kWh]", 6.2, 0.062),
    ("price_p_per_kwh", 16.3, 0.163),
    ("pence per kWh", 16.3, 0.163),
    ("Preis (EUR cent/kWh)", 6.2, 0.062),
    ("€ct/kWh", 6.2, 0.062),
    ("öre/kWh", 45.0, 0.45),
    ("LMP ($/MWh)", 35.0, 0.035),
    ("Day-ahead Price (EUR/MWh)", 62.0, 0.062),
    ("price_eur_mwh", 62.0, 0.062),
    ("Price [EUR/GJ]", 20.0, 0.072),
    ("Price per MWh", 62.0, 0.062),
    ("mills/kWh", 31.0, 0.031),
]


@pytest.mark.parametrize(("column", "value", "right"), PRICES)
def test_a_price_is_read_in_the_unit_of_its_name(tmp_path, column, value, right) -> None:
    series = read(tmp_path, column, [value] * 3, "price").series
    assert series.values == pytest.approx(np.full(12, right))


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("Price [foo/kWh]", 3.0, "got the unit 'foo/kWh'; e.g. EUR/MWh, ct/kWh"),
        ("Price [EUR/MW]", 3.0, "got the unit 'EUR/MW'"),
        ("k€/MWh", 0.05, "got the unit 'k€/MWh'"),
        ("price_eur_per_kwh", 3.0, "got 3 USD in the middle; such prices are per MWh or in cents"),
        ("Price [ct/kWh]", 0.06, "such prices are per kWh"),
        ("price", 9.2, "got 9.2 USD in the middle and no unit in the name; cents per kWh, or a"),
        ("price", 35.0, "got 35 USD in the middle and no unit in the name"),
    ],
)
def test_a_price_in_an_unknown_or_impossible_unit_is_refused(
    tmp_path, column, value, words
) -> None:
    assert words in said(tmp_path, column, [value] * 3, "price")


def test_the_key_unit_settles_what_the_name_does_not_say(tmp_path) -> None:
    how = SeriesFormat(unit="ct/kWh")
    assert read(tmp_path, "price", [9.2] * 3, "price", how).series.values[0] == 0.092
    text = said(tmp_path, "price", [9.2] * 3, "price", SeriesFormat(unit="kilo"))
    assert "got the unit 'kilo'" in text


def test_octopus_prices_are_pence(tmp_path) -> None:
    rows = [f"2026-06-01T0{i}:00:00Z,2026-06-01T0{i + 1}:00:00Z,8.755,9.193" for i in range(4)]
    path = write(tmp_path, "valid_from,valid_to,value_exc_vat,value_inc_vat", rows)
    file = read_series(path, "value_inc_vat", "price")
    assert file.series.values == pytest.approx(np.full(16, 0.09193))
    assert "value_inc_vat: p/kWh, as the publisher of this file says" in file.notes


def test_money_beside_the_numbers_is_their_unit(tmp_path) -> None:
    assert read(tmp_path, "price", ["3.5 ct"] * 3, "price").series.values[0] == 0.035
    text = said(tmp_path, "price", ["3.5 ct", "0.04 EUR", "3 ct"], "price")
    assert "must have one unit beside the numbers" in text


TEMPERATURES = [  # column, value, degrees C
    ("temperature_2m (°F)", 50.0, 10.0),
    ("Temp [degF]", 50.0, 10.0),
    ("Temperature (Fahrenheit)", 50.0, 10.0),
    ("air temperature deg F", 50.0, 10.0),
    ("Temp [K]", 283.15, 10.0),
    ("TG [0.1 °C]", 100.0, 10.0),
    ("Dry Bulb (Celsius)", 10.0, 10.0),
]


@pytest.mark.parametrize(("column", "value", "right"), TEMPERATURES)
def test_degrees_are_read_in_the_unit_of_the_name(tmp_path, column, value, right) -> None:
    series = read(tmp_path, column, [value] * 3, "temperature").series
    assert series.values == pytest.approx(np.full(12, right))


def test_no_place_has_41_degrees_in_the_mean(tmp_path) -> None:
    winter = [41.0 + 8.0 * np.sin(i * np.pi / 12) for i in range(15 * 24)]  # January in Fahrenheit
    text = said(tmp_path, "temperature", winter, "temperature")
    assert "got 41.0 in the mean; no place is as hot: Fahrenheit?" in text
    cool = [f - 6.0 for f in winter]  # a mean of 35: possible, but not without a word
    assert "35.0 in the mean" in said(tmp_path, "temperature", cool, "temperature")
    assert read(tmp_path, "temperature_c", cool, "temperature").series.values.max() > 40.0
    assert "got the unit '°R'" in said(tmp_path, "T (°R)", [500.0] * 3, "temperature")


def test_a_plants_power_needs_its_size(tmp_path) -> None:
    day = [0.0] * 6 + [41_000.0] * 6 + [0.0] * 12
    text = said(tmp_path, "AC System Output (W)", day, "pv")
    assert "got up to 41000, power of a whole plant; give the size of that plant: kwp" in text
    series = read(tmp_path, "AC System Output (W)", day, "pv", size=Size(kwp=50.0)).series
    assert series.values.max() == pytest.approx(0.82)
    text = said(tmp_path, "AC System Output (W)", day, "pv", size=Size(kwp=5.0))
    assert "no plant gives more than 1.5 kW per kWp" in text
    assert "power of a whole plant" in said(tmp_path, "power_kw", [0, 240.0, 0], "pv")
    assert "no unit in the name" in said(tmp_path, "pv", [0, 240.0, 0], "pv")
    assert "such numbers are watts" in said(tmp_path, "pv_kw_per_kwp", [0, 2.0, 0], "pv")


def test_energy_of_a_row_and_sun_on_a_square_metre_are_power_per_kwp(tmp_path) -> None:
    rows = [f"{t},{v}" for t, v in zip(hours("2026-06-01T09:00", 4, 15), [5, 6, 7, 8], strict=True)]
    path = write(tmp_path, "time,Production (kWh)", rows)
    series = read_series(path, "Production (kWh)", "pv", size=Size(kwp=50.0)).series
    assert series.values == pytest.approx(np.array([20, 24, 28, 32]) / 50)  # kWh in a quarter
    sun = read(tmp_path, "GHI [W/m²]", [0, 900.0, 0], "pv")
    assert sun.series.values.max() == pytest.approx(0.72)
    assert any("times 0.8 (solar.performance)" in note for note in sun.notes)


def test_carbon_is_read_in_its_units(tmp_path) -> None:
    for column, value in (("lb/MWh", 800.0), ("gCO₂eq/kWh (direct)", 362.9), ("tCO2/MWh", 0.3629)):
        series = read(tmp_path, column, [value] * 3, "carbon").series
        assert series.values[0] == pytest.approx(0.3629, abs=1e-4)
    assert "the unit 'oz/kWh'" in said(tmp_path, "carbon (oz/kWh)", [9.0] * 3, "carbon")


# --- resolution -------------------------------------------------------------------------------


def test_a_row_holds_until_the_next_where_quarters_come_first(tmp_path) -> None:
    quarter, whole = hours("2026-06-01T00:00", 8, 15), hours("2026-06-01T02:00", 6)
    values = [35, 35, 75, 35, 32, 32, 72, 32, *range(6)]
    rows = [f"{t},{v}" for t, v in zip([*quarter, *whole], values, strict=True)]
    file = read_series(write(tmp_path, "time,x", rows), "x")
    assert file.series.values[:8].tolist() == [35, 35, 75, 35, 32, 32, 72, 32]
    assert file.series.values[8:].tolist() == np.repeat(range(6), 4).tolist()
    told = "rows 15 min apart, then 60 min from 2026-06-01 02:00: each holds until the next"
    assert told in file.notes


def test_hourly_rows_before_quarters_are_no_slopes(tmp_path) -> None:
    times = [*hours("2026-06-01T00:00", 6), *hours("2026-06-01T06:00", 40, 15)]
    file = read_series(write(tmp_path, "time,x", [f"{t},{i}" for i, t in enumerate(times)]), "x")
    assert file.series.values[:24].tolist() == np.repeat(range(6), 4).tolist()
    assert file.series.values[24:].tolist() == list(range(6, 46))
    assert not any("straight line" in note for note in file.notes)


def test_daily_and_ten_minute_rows_are_held_and_averaged(tmp_path) -> None:
    days = [f"2026-06-0{d},{d}" for d in range(1, 6)]
    series = read_series(write(tmp_path, "date,x", days), "x").series
    assert series.values.tolist() == np.repeat(range(1, 6), 96).tolist()
    ten = [f"{t},{i}" for i, t in enumerate(hours("2026-06-01T00:00", 6, 10))]
    series = read_series(write(tmp_path, "time,x", ten), "x").series
    # 0-10 holds 0, 10-20 holds 1: the first quarter has 10 minutes of 0 and 5 of 1
    assert series.values == pytest.approx(np.array([5, 25, 50, 70]) / 15)


def test_a_lone_longer_distance_is_a_gap_and_stays_one(tmp_path) -> None:
    times = [*hours("2026-06-01T00:00", 5), *hours("2026-06-01T06:00", 5)]
    file = read_series(write(tmp_path, "time,x", [f"{t},{t[12]}" for t in times]), "x")
    assert any("1 gaps filled by a straight line" in note for note in file.notes)


def test_two_products_in_one_file_are_refused_with_what_tells_them_apart(tmp_path) -> None:
    rows = [f"{t},{p},{i}" for p in ("60", "15") for i, t in enumerate(hours("2026-06-01", 24))]
    path = write(tmp_path, "time,product,x", rows)
    with pytest.raises(InputError, match=r"keep one kind of row .*: product"):
        read_series(path, "x")


# --- times ------------------------------------------------------------------------------------


def test_spans_of_a_day_first_file_are_read_at_their_beginnings(tmp_path) -> None:
    rows = [
        f'"{d:02d}/06/2026 {h:02d}:00:00 - {d:02d}/06/2026 {h + 1:02d}:00:00","DE-LU","{d}.0{h}"'
        for d in range(1, 15)
        for h in range(23)
    ]
    path = write(tmp_path, '"MTU (CET/CEST)","Area","Day-ahead Price (EUR/MWh)"', rows)
    how = SeriesFormat(time_column="MTU (CET/CEST)")
    file = read_series(path, "Day-ahead Price (EUR/MWh)", "price", how)
    assert (file.series.first_day, file.series.last_day) == ("2026-06-01", "2026-06-14")
    assert file.series.part("2026-06-02", 8)[4] == pytest.approx(0.00201)
    assert any("spans of time" in note for note in file.notes)
    assert any("day first" in note for note in file.notes)
    assert any("Europe/Brussels" in note for note in file.notes)


def test_a_clock_named_in_the_column_is_moved_to_the_sites(tmp_path) -> None:
    rows = [f"{t},{i}" for i, t in enumerate(hours("2026-06-01T00:00", 3))]
    path = write(tmp_path, "time (CET),x", rows)
    series = read_series(path, "x", how=SeriesFormat(zone="Asia/Dhaka")).series
    assert (series.first_day, series.first_slot) == ("2026-06-01", 16)  # CEST is UTC+2, Dhaka UTC+6


def test_slashes_need_a_day_over_12_or_the_key(tmp_path) -> None:
    rows = [f"0{d}/06/2026 00:00,{d}" for d in range(1, 6)]
    path = write(tmp_path, "time,x", rows)
    with pytest.raises(InputError, match=r"must say which number is the day.*dates: dmy, or"):
        read_series(path, "x")
    series = read_series(path, "x", how=SeriesFormat(dates="dmy")).series
    assert (series.first_day, series.last_day) == ("2026-06-01", "2026-06-05")
    rows = [f"6/{d}/2026 1:00 PM,{d}" for d in range(11, 16)]
    series = read_series(write(tmp_path, "time,x", rows), "x").series
    assert (series.first_day, series.first_slot) == ("2026-06-11", 52)


def test_the_hour_in_a_column_of_its_own_is_read(tmp_path) -> None:
    zero = [f"2026-06-0{d},{h},{h}" for d in (1, 2) for h in range(24)]
    series = read_series(write(tmp_path, "date,hour,x", zero), "x").series
    assert series.values.tolist() == np.repeat([*range(24)] * 2, 4).tolist()
    one = [f"2026-06-0{d},{h},{h}" for d in (1, 2) for h in range(1, 25)]
    file = read_series(write(tmp_path, "date,Hour Ending,x", one), "x")
    assert file.series.values[:8].tolist() == [1] * 4 + [2] * 4
    assert any("number 1 begins at 0:00" in note for note in file.notes)
    clock = [f"2026-06-01,{h}:30,{h}" for h in range(4)] + ["2026-06-02,0:30,9"]
    with pytest.raises(InputError, match="must have no gap"):  # 20 hours of 1 June
        read_series(write(tmp_path, "date,time,x", clock), "x")
    parts = [f"2026,6,{d},{h},{h}" for d in (1, 2) for h in range(24)]
    series = read_series(write(tmp_path, "Year,Month,Day,Hour,x", parts), "x").series
    assert (series.first_day, series.values[5]) == ("2026-06-01", 1.0)


def test_days_that_come_24_times_say_that_the_hour_is_elsewhere(tmp_path) -> None:
    rows = [f"2026-06-0{d},{h},{h}" for d in (1, 2) for h in range(24)]
    path = write(tmp_path, "date,slot_of_day,x", rows)
    with pytest.raises(InputError, match="is the hour in another column"):
        read_series(path, "x")


def test_times_from_1_00_to_24_00_are_ends(tmp_path) -> None:
    rows = [f"2026-06-0{d} {h:02d}:00,{h}" for d in (1, 2) for h in range(1, 25)]
    file = read_series(write(tmp_path, "time,x", rows), "x")
    assert (file.series.first_day, file.series.first_slot) == ("2026-06-01", 0)
    assert file.series.values[:5].tolist() == [1, 1, 1, 1, 2]
    assert any("ends of their 60 min" in note for note in file.notes)


def test_a_title_above_the_header_and_a_sep_line_are_passed_over(tmp_path) -> None:
    rows = [f"{t};{i},5" for i, t in enumerate(hours("2026-06-01T00:00", 3))]
    path = write(tmp_path, "sep=;", ["Export of today", "", "time;x", *rows])
    file = read_series(path, "x")
    assert file.series.values[::4].tolist() == [0.5, 1.5, 2.5]
    assert any("the header is line 4" in note for note in file.notes)


def test_a_mark_before_three_digits_is_settled_or_asked(tmp_path) -> None:
    times = hours("2026-06-01T00:00", 3)
    path = write(
        tmp_path, "time;x", [f"{t};{v}" for t, v in zip(times, ("1.250",) * 3, strict=True)]
    )
    with pytest.raises(InputError, match="decimal: point, or decimal: comma"):
        read_series(path, "x")
    assert read_series(path, "x", how=SeriesFormat(decimal="comma")).series.values[0] == 1250.0
    mixed = [f"{t};{v}" for t, v in zip(times, ("1.250,5", "999,5", "1.250"), strict=True)]
    assert read_series(write(tmp_path, "time;x", mixed), "x").series.values[8] == 1250.0


# --- limits, notes, advice --------------------------------------------------------------------


@pytest.mark.parametrize(
    "zone", ["+99:99", "-15:00", "+06:75", "../../etc/passwd", "\x00", "a" * 999]
)
def test_a_zone_that_is_none_is_refused(tmp_path, zone) -> None:
    with pytest.raises(InputError, match="must be a time zone"):
        read_series(tmp_path / "a.csv", "x", how=SeriesFormat(zone=zone))


@pytest.mark.parametrize("time", ["9999-12-31T23:00", "0001-01-01T00:00Z", "1800-01-01T00:00"])
def test_years_out_of_this_age_are_refused(tmp_path, time) -> None:
    path = write(tmp_path, "utc_time,x", [f"{time},1"])
    with pytest.raises(InputError, match="must lie between 1950 and 2200"):
        read_series(path, "x", how=SeriesFormat(zone="Asia/Dhaka"))


def test_a_century_between_two_rows_is_no_series(tmp_path) -> None:
    path = write(tmp_path, "time,x", ["1960-01-01T00:00,1", "2199-01-01T00:00,1"])
    with pytest.raises(InputError, match="must lie within a hundred years"):
        read_series(path, "x")


@pytest.mark.parametrize("step", [1e-300, 0.5, 1e308])
def test_steps_without_sense_are_refused(tmp_path, step) -> None:
    how = SeriesFormat(start="2026-06-01T00:00", step_min=step)
    path = write(tmp_path, "x", ["1", "2"])
    with pytest.raises(InputError, match="step_min: must be 1 to 44640 min"):
        read_series(path, "x", how=how)


def test_a_series_that_begins_within_a_day_says_the_hour(tmp_path) -> None:
    rows = [f"{t}Z,1" for t in hours("2026-06-01T00:00", 48)]
    how = SeriesFormat(zone="Asia/Dhaka")
    series = read_series(write(tmp_path, "time,x", rows), "x", how=how).series
    (problem,) = cover_problems([series], "2026-06-01", 96)
    assert problem.got == "2026-06-01 6:00 to 2026-06-03 6:00"
    assert "a file in UTC begins at another hour" in problem.right


def test_the_notes_of_a_tariffs_series_reach_its_reader(tmp_path) -> None:
    rows = [f"{t},62.5" for t in hours("2026-06-01T00:00", 24)]
    write(tmp_path, "utc_time,price", rows, "price.csv")
    raw = {
        "name": "own",
        "currency": "EUR",
        "spot": {"file": "price.csv", "column": "price"},
        "energy": [{"name": "fee", "price": 2.5, "rest": True}],
    }
    notes = read_tariff(raw, "t.yaml", tmp_path).notes
    assert "tariff own: price.csv price: price: read as prices per MWh" in notes
    assert "tariff own: usd_per_unit is not given: one EUR counts as one USD" in notes
    assert any("energy[0].price: 2.5 USD per kWh as it stands" in note for note in notes)


def test_a_currency_turned_round_is_refused() -> None:
    for currency, value in (("EUR", 0.01), ("BDT", 120.0), ("CNY", 7.1), ("JPY", 1.0)):
        raw = {
            "name": "own",
            "currency": currency,
            "usd_per_unit": value,
            "energy": [{"name": "flat", "price": 0.001, "rest": True}],
        }
        with pytest.raises(InputError, match=f"is the value of one {currency} in USD, about"):
            read_tariff(raw)


def test_a_price_in_another_currency_than_the_tariff_is_refused(tmp_path) -> None:
    rows = [f"{t},62.5" for t in hours("2026-06-01T00:00", 24)]
    write(tmp_path, "utc_time,Price (GBP/MWh)", rows, "price.csv")
    spot = {"file": "price.csv", "column": "Price (GBP/MWh)"}
    with pytest.raises(InputError, match="got GBP, while the tariff is in EUR"):
        read_tariff({"name": "own", "currency": "EUR", "spot": spot}, "t", tmp_path)


def test_a_header_without_rows_is_refused(tmp_path) -> None:
    with pytest.raises(InputError, match="must hold numbers; got none"):
        read_series(write(tmp_path, "time,price_eur_per_mwh", []), "price_eur_per_mwh", "price")


def test_hourly_values_in_a_grid_of_quarters_are_no_slopes(tmp_path) -> None:
    times = hours("2026-06-01T00:00", 48, 15)
    rows = [f"{t},{i if i % 4 == 0 else ''}" for i, t in enumerate(times)]
    file = read_series(write(tmp_path, "time,x", rows), "x")
    assert file.series.values.tolist() == np.repeat(range(0, 48, 4), 4).tolist()
    assert not any("straight line" in note for note in file.notes)


def test_a_row_of_units_below_the_header_is_read_as_that(tmp_path) -> None:
    rows = [f"{t}+02:00,62.5" for t in hours("2026-06-01T00:00", 4)]
    header = ["Date (GMT+2),Day Ahead Auction", ",Price (EUR/MWh; EUR/tCO2)"]
    path = write(tmp_path, header[0], [header[1], *rows])
    file = read_series(path, "Day Ahead Auction", "price")
    assert file.series.values == pytest.approx(np.full(16, 0.0625))
    assert any("the row below the header holds units" in note for note in file.notes)


def test_an_offset_in_the_name_of_the_times_is_their_clock(tmp_path) -> None:
    rows = [f"{t},{i}" for i, t in enumerate(hours("2026-06-01T00:00", 3))]
    path = write(tmp_path, "Date (GMT+2),x", rows)
    series = read_series(path, "x", how=SeriesFormat(zone="Asia/Dhaka")).series
    assert (series.first_day, series.first_slot) == ("2026-06-01", 16)


@pytest.mark.parametrize("form", ["unix", "unix_ms", "digits"])
def test_times_in_digits_are_read(tmp_path, form) -> None:
    begin = 1_780_272_000  # 1 June 2026, 0:00 UTC
    rows = {
        "unix": [f"{begin + 3600 * i},{i}" for i in range(4)],
        "unix_ms": [f"{(begin + 3600 * i) * 1000},{i}" for i in range(4)],
        "digits": [f"202606010{i},{i}" for i in range(4)],
    }[form]
    series = read_series(write(tmp_path, "timestamp,x", rows), "x").series
    assert (series.first_day, series.first_slot) == ("2026-06-01", 0)
    assert series.values[::4].tolist() == [0, 1, 2, 3]


def test_money_beside_the_numbers_does_not_hide_the_unit_of_the_name(tmp_path) -> None:
    series = read(tmp_path, "price_eur_per_mwh", ["€ 20.50"] * 3, "price").series
    assert series.values[0] == pytest.approx(0.0205)


def test_an_hour_that_comes_twice_is_told_apart_when_a_clock_is_moved(tmp_path) -> None:
    wall = ["2026-10-25T01:00", "2026-10-25T02:00", "2026-10-25T02:00", "2026-10-25T03:00"]
    path = write(tmp_path, "time (CET/CEST),x", [f"{t},{i}" for i, t in enumerate(wall)])
    moved = read_series(path, "x", how=SeriesFormat(zone="Asia/Dhaka")).series
    assert (moved.first_slot, moved.values[::4].tolist()) == (20, [0, 1, 2, 3])  # 1:00 is 23 h UTC
    same = read_series(path, "x", how=SeriesFormat(zone="Europe/Berlin")).series
    assert same.values[::4].tolist() == [0, 1.5, 3]


# --- money and units of another kind -----------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "currency", "value", "words"),
    [
        ("$/kWh", "EUR", 0.2, "got $, while the tariff is in EUR"),
        ("kr/kWh", "EUR", 0.35, "got kr, while the tariff is in EUR"),
        ("Fr./kWh", "EUR", 0.2, "got fr, while the tariff is in EUR"),
        ("¥/kWh", "USD", 0.8, "got ¥, while the tariff is in USD"),
        ("öre/kWh", "EUR", 45.0, "got öre, while the tariff is in EUR"),
        ("€/100 kWh", "EUR", 9.0, "got the unit '€/100 kWh'"),
        ("€/therm", "EUR", 0.9, "got the unit '€/therm'"),
        ("price_eur_per_therm", "EUR", 0.9, "got the unit 'price_eur_per_therm'"),
        ("€/kVAh", "EUR", 0.2, "got the unit '€/kVAh'"),
    ],
)
def test_a_price_in_money_or_a_unit_of_another_kind_is_refused(
    tmp_path, column, currency, value, words
) -> None:
    assert words in said(tmp_path, column, [value] * 3, "price", size=Size(currency=currency))


@pytest.mark.parametrize(
    ("column", "currency", "value", "right"),
    [
        ("$/kWh", "AUD", 0.2, 0.2),
        ("kr/kWh", "SEK", 0.35, 0.35),
        ("Fr./kWh", "CHF", 0.2, 0.2),
        ("Rp/kWh", "CHF", 20.0, 0.2),
        ("Rp/kWh", "IDR", 1400.0, 1400.0),
        ("p/kWh", "GBP", 20.0, 0.2),
        ("¥/kWh", "CNY", 0.8, 0.8),
        ("Rs/kWh", "PKR", 40.0, 40.0),
    ],
)
def test_a_mark_of_several_currencies_is_read_in_each(
    tmp_path, column, currency, value, right
) -> None:
    usd = USD_VALUES[currency]
    made = read(
        tmp_path, column, [value] * 3, "price", usd_per_unit=usd, size=Size(currency=currency)
    )
    assert made.series.values == pytest.approx(np.full(12, right))


@pytest.mark.parametrize("column", ["p/kWh", "pence per kWh", "ct/kWh", "price_p_per_kwh"])
@pytest.mark.parametrize("currency", ["EUR", "CNY"])
def test_small_coins_that_people_write_for_any_money_are_hundredths_and_noted(
    tmp_path, column, currency
) -> None:
    usd = USD_VALUES[currency]
    made = read(
        tmp_path, column, [20.0] * 3, "price", usd_per_unit=usd, size=Size(currency=currency)
    )
    assert made.series.values == pytest.approx(np.full(12, 0.2))
    if not (currency == "EUR" and column.startswith("ct")):
        assert any("a hundredth of the tariff's" in note for note in made.notes)
