"""Series files: clocks, gaps, units, and the real years of the public data."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from factory_env.domain.series import SeriesFormat, SlotSeries
from factory_env.door.series_door import cover_problems, read_series
from factory_env.errors import InputError

BERLIN = "Europe/Berlin"


def write(path: Path, header: str, rows) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def said(error) -> str:
    return str(error.value)


def hours(first: str, n: int):
    """Times of ``n`` hours without zone, from ``first``."""
    return [str(np.datetime64(first, "m") + 60 * i) for i in range(n)]


# --- the real files ---------------------------------------------------------------------------


def test_the_german_price_of_2023_has_301_negative_hours(data_dir) -> None:
    path = data_dir / "electricity" / "price_de_lu_2023.csv"
    found = read_series(path, "price_eur_per_mwh", "price", SeriesFormat(zone=BERLIN))
    series = found.series
    assert (series.first_day, series.last_day, len(series.values)) == (
        "2023-01-01",
        "2023-12-31",
        365 * 96,
    )
    assert (series.values < 0).sum() == 4 * 301
    assert series.values.min() == pytest.approx(-0.5)  # EUR/kWh, 2 July
    assert series.values.mean() == pytest.approx(0.09518, abs=5e-6)


def test_utc_hours_become_wall_hours_and_clock_changes_are_told(data_dir) -> None:
    path = data_dir / "electricity" / "carbon_de_lu_2023.csv"
    column = "ci_direct_g_per_kwh"
    found = read_series(path, column, "carbon", SeriesFormat(zone=BERLIN))
    with path.open(encoding="utf-8") as lines:
        utc = {row["utc_time"]: float(row[column]) / 1000 for row in csv.DictReader(lines)}
    series = found.series
    assert (series.first_day, series.first_slot) == ("2023-01-01", 4)  # midnight UTC is 1:00
    winter, summer = series.part("2023-01-10", 96), series.part("2023-07-10", 96)
    assert winter[48] == pytest.approx(utc["2023-01-10T11:00Z"])  # noon is 11 h UTC
    assert summer[48] == pytest.approx(utc["2023-07-10T10:00Z"])  # noon is 10 h UTC
    spring, autumn = series.part("2023-03-26", 96), series.part("2023-10-29", 96)
    assert spring[8] == spring[4] == pytest.approx(utc["2023-03-26T00:00Z"])  # no hour from 2 to 3
    twice = (utc["2023-10-29T00:00Z"] + utc["2023-10-29T01:00Z"]) / 2
    assert autumn[8] == pytest.approx(twice)
    assert any("2023-03-26 02:00" in note for note in found.notes)
    # the year less the hour that is told twice: the mean of the direct intensity is 307.7 g
    assert series.values.mean() == pytest.approx(0.3077, abs=0.0002)


def test_blank_hours_of_the_californian_mix_are_filled_and_listed(data_dir) -> None:
    path = data_dir / "electricity" / "carbon_us_ciso_2022_eia.csv"
    how = SeriesFormat(zone="America/Los_Angeles")
    found = read_series(path, "avg_ci_g_per_kwh", "carbon", how)
    gaps = next(note for note in found.notes if "gaps" in note)
    # 10:00 UTC is 2:00 in winter, 18:00 UTC is 11:00 in summer
    assert gaps == (
        "3 gaps filled by a straight line: 2022-01-05 02:00 to 2022-01-05 03:00, "
        "2022-05-17 11:00 to 2022-05-17 12:00, 2022-06-13 11:00 to 2022-06-13 12:00"
    )
    assert np.isfinite(found.series.values).all()
    assert found.series.values.mean() == pytest.approx(0.256, abs=0.001)
    with pytest.raises(InputError) as error:
        read_series(path, "avg_ci_g_per_kwh", "carbon", SeriesFormat(max_gap_h=0.5))
    assert "2022-01-05 10:00 to 2022-01-05 11:00" in said(error)


def test_weather_in_standard_time_moves_by_an_hour_in_summer(data_dir) -> None:
    path = data_dir / "electricity" / "weather_de_lu_2023.csv"
    found = read_series(path, "temperature_c", "temperature", SeriesFormat(zone=BERLIN))
    with path.open(encoding="utf-8") as lines:
        plain = {r["local_standard_time"]: float(r["temperature_c"]) for r in csv.DictReader(lines)}
    assert found.series.part("2023-02-01", 96)[60] == plain["2023-02-01T15:00"]
    assert found.series.part("2023-08-01", 96)[60] == plain["2023-08-01T14:00"]


def test_a_file_without_times_is_counted_from_its_start(data_dir) -> None:
    path = data_dir / "electricity" / "microgrid_fontana_2016_2017.csv"
    start = "2016-07-31T23:00"  # hour 24 of 31 July
    sun = read_series(path, "pv_w_per_kw", "pv", SeriesFormat(start=start)).series
    assert sun.values.sum() / 4 == pytest.approx(1803, abs=1)  # kWh per kW and year, its README
    price = read_series(path, "price_usd_per_kwh", "price", SeriesFormat(start=start)).series
    assert set(price.values.tolist()) == {0.21, 0.22, 0.40, 0.50, 0.54}
    carbon = read_series(path, "carbon_kg_per_kwh", "carbon", SeriesFormat(start=start))
    assert carbon.series.values[0] == pytest.approx(0.170724)
    assert (price.first_day, price.first_slot) == ("2016-07-31", 92)


# --- clocks -----------------------------------------------------------------------------------


def test_a_day_of_25_hours_on_the_wall_averages_the_hour_that_comes_twice(tmp_path) -> None:
    day = hours("2023-10-29T00:00", 24)
    times = [*day[:3], day[2], *day[3:]]  # 0, 1, 2, 2, 3, ...
    rows = [f"{time},{i}" for i, time in enumerate(times)]
    path = write(tmp_path / "a.csv", "local_time,x", rows)
    values = read_series(path, "x", how=SeriesFormat(zone=BERLIN)).series.values
    assert len(values) == 96
    assert values[8:12].tolist() == [2.5] * 4
    assert values[12] == 4.0


def test_a_day_of_23_hours_repeats_the_hour_before_the_one_that_is_skipped(tmp_path) -> None:
    day = hours("2023-03-26T00:00", 24)
    rows = [f"{time},{i}" for i, time in enumerate([*day[:2], *day[3:]])]
    path = write(tmp_path / "a.csv", "local_time,x", rows)
    found = read_series(path, "x", how=SeriesFormat(zone=BERLIN, max_gap_h=0.0))
    assert found.series.values[4:16].tolist() == [1.0] * 8 + [2.0] * 4
    assert any("no such hour" in note for note in found.notes)


@pytest.mark.parametrize(
    ("time", "first"),
    [
        ("2026-06-01T00:00Z", 24),
        ("2026-06-01T06:00+06:00", 24),
        ("2026-05-31 20:00-04:00", 24),
    ],
)
def test_an_offset_says_the_instant_whatever_the_columns_name(tmp_path, time, first) -> None:
    path = write(tmp_path / "a.csv", "local_time,x", [f"{time},1"])
    series = read_series(path, "x", how=SeriesFormat(zone="Asia/Dhaka")).series
    assert (series.first_day, series.first_slot) == ("2026-06-01", first)


def test_quarter_hours_stay_and_five_minutes_are_averaged(tmp_path) -> None:
    times = [str(np.datetime64("2026-06-01T00:00") + 15 * i) for i in range(8)]
    path = write(tmp_path / "a.csv", "time,x", [f"{t},{i}" for i, t in enumerate(times)])
    assert read_series(path, "x").series.values.tolist() == list(range(8))
    times = [str(np.datetime64("2026-06-01T00:00") + 5 * i) for i in range(6)]
    path = write(tmp_path / "b.csv", "time,x", [f"{t},{i}" for i, t in enumerate(times)])
    assert read_series(path, "x").series.values.tolist() == [1.0, 4.0]


def test_semicolons_and_decimal_commas_are_read(tmp_path) -> None:
    path = write(tmp_path / "a.csv", "Zeit time;x", ["01.06.2026 00:00;1,5", "01.06.2026 01:00;2"])
    assert read_series(path, "X").series.values.tolist() == [1.5] * 4 + [2.0] * 4


# --- what is wrong ----------------------------------------------------------------------------


def test_every_problem_of_a_file_is_told_at_once(tmp_path) -> None:
    rows = ["2026-06-01T00:00,1", "1/2/2026 1:00,2", "2026-06-01T02:00,abc", "2026-06-01T03:00,inf"]
    path = write(tmp_path / "a.csv", "time,x", rows)
    with pytest.raises(InputError) as error:
        read_series(path, "x")
    text = said(error)
    assert "3 problems" in text
    assert f"{path}:3: time: must be a time; got '1/2/2026 1:00': a date with slashes" in text
    assert f"{path}:4: x: must be a number or blank; got 'abc'" in text
    assert f"{path}:5: x: must be a number or blank; got 'inf'" in text


def test_a_missing_column_is_told_with_the_nearest_name(tmp_path) -> None:
    path = write(tmp_path / "a.csv", "time,price_eur", ["2026-06-01T00:00,1"])
    with pytest.raises(InputError, match=r"did you mean 'price_eur'.*columns: time, price_eur"):
        read_series(path, "prise_eur")
    path = write(tmp_path / "b.csv", "hour,x", ["1,1"])
    with pytest.raises(InputError, match="start must say when the first row is"):
        read_series(path, "x")


def test_an_unknown_zone_is_told_with_the_nearest_name(tmp_path) -> None:
    with pytest.raises(InputError, match="did you mean Asia/Dhaka"):
        read_series(tmp_path / "a.csv", "x", how=SeriesFormat(zone="Asia/Daka"))


def test_long_gaps_are_refused_with_their_times_and_nan_is_a_gap(tmp_path) -> None:
    rows = [
        f"{t},{'NaN' if 5 <= i < 10 else i}" for i, t in enumerate(hours("2026-06-01T00:00", 24))
    ]
    path = write(tmp_path / "a.csv", "time,x", rows)
    with pytest.raises(InputError, match="2026-06-01 05:00 to 2026-06-01 10:00"):
        read_series(path, "x")
    values = read_series(path, "x", how=SeriesFormat(max_gap_h=5.0)).series.values
    # a line from the last slot of 4 h (value 4) to the first of 10 h, 21 slots later
    assert values[20] == pytest.approx(4 + 6 / 21)


def test_duplicate_times_are_refused_with_their_times(tmp_path) -> None:
    times = hours("2026-06-01T00:00", 4)
    path = write(tmp_path / "a.csv", "time,x", [f"{t},1" for t in [*times, times[2]]])
    with pytest.raises(InputError, match="must be unique; got twice: 2026-06-01 02:00"):
        read_series(path, "x")
    path = write(tmp_path / "b.csv", "time,x", [f"{t}Z,1" for t in [*times, times[2]]])
    with pytest.raises(InputError, match=r"twice \(UTC\): 2026-06-01 02:00"):
        read_series(path, "x")


def test_times_off_the_grid_and_mixed_offsets_are_refused(tmp_path) -> None:
    path = write(tmp_path / "a.csv", "time,x", ["2026-06-01T00:07,1", "2026-06-01T01:07,1"])
    with pytest.raises(InputError, match="must be full 15 min of the clock"):
        read_series(path, "x")
    path = write(tmp_path / "b.csv", "time,x", ["2026-06-01T00:00,1", "2026-06-01T00:07,1"])
    with pytest.raises(InputError, match="1, 3, 5, 15 or a multiple of 15 min apart; got 7 min"):
        read_series(path, "x")
    path = write(tmp_path / "c.csv", "time,x", ["2026-06-01T00:00Z,1", "2026-06-01T01:00,1"])
    with pytest.raises(InputError, match="must all have Z or an offset, or none; got 1 of 2"):
        read_series(path, "x")


def test_a_file_without_numbers_is_refused(tmp_path) -> None:
    path = write(tmp_path / "a.csv", "time,x", ["2026-06-01T00:00,", "2026-06-01T01:00,nan"])
    with pytest.raises(InputError, match="must hold numbers"):
        read_series(path, "x", "price")


# column, kind, value in the file, value read (None = refused), word of the message or note
UNITS = [
    ("price_eur_per_mwh", "price", 95.0, 0.095, ""),
    ("price_eur_per_kwh", "price", 0.095, 0.095, ""),
    ("price", "price", 95.0, 0.095, "read as prices per MWh"),
    ("price", "price", 0.095, 0.095, "read as prices per kWh"),
    ("price_eur_per_kwh", "price", 95.0, None, "name the column ..._per_mwh"),
    ("price_eur_per_mwh", "price", 0.095, None, "name the column ..._per_kwh"),
    ("ci_g_per_kwh", "carbon", 500.0, 0.5, ""),
    ("ci_kg_per_kwh", "carbon", 0.5, 0.5, ""),
    ("ci", "carbon", 500.0, 0.5, "read as grams"),
    ("ci", "carbon", 0.5, 0.5, "read as kilograms"),
    ("ci_kg_per_kwh", "carbon", 500.0, None, "such numbers are grams"),
    ("ci_g_per_kwh", "carbon", 0.5, None, "such numbers are kilograms"),
    ("temperature", "temperature", 25.0, 25.0, ""),
    ("temp_f", "temperature", 77.0, 25.0, ""),
    ("temp", "temperature", 298.15, 25.0, "read as kelvin"),
    ("temp_c", "temperature", 77.0, None, "name the column ..._f or ..._k"),
    ("pv_w_per_kw", "pv", 500.0, 0.5, ""),
    ("pv", "pv", 500.0, 0.5, "read as watts"),
    ("pv_kw_per_kwp", "pv", 0.5, 0.5, ""),
    ("pv_kw_per_kwp", "pv", 500.0, None, "such numbers are watts"),
    ("pv_w_per_kw", "pv", 0.5, None, "such numbers are kilowatts"),
    ("pv", "pv", -0.5, None, "check the sign"),
    ("anything", "plain", -7.0, -7.0, ""),
]


@pytest.mark.parametrize(("column", "kind", "value", "right", "word"), UNITS)
def test_units_come_from_the_name_and_must_agree_with_the_numbers(
    tmp_path, column, kind, value, right, word
) -> None:
    rows = [f"{t},{value}" for t in hours("2026-06-01T00:00", 3)]
    path = write(tmp_path / "a.csv", f"utc_time,{column}", rows)
    if right is None:
        with pytest.raises(InputError) as error:
            read_series(path, column, kind)
        assert word in said(error)
        return
    found = read_series(path, column, kind)
    assert found.series.values[0] == pytest.approx(right)
    units = [note for note in found.notes if note.startswith(f"{column}: read")]
    assert bool(units) == bool(word)
    assert word in "".join(units)


def test_a_price_in_a_small_currency_is_judged_in_dollars(tmp_path) -> None:
    rows = [f"{t},12.5" for t in hours("2026-06-01T00:00", 3)]  # BDT per kWh: 0.10 USD
    path = write(tmp_path / "a.csv", "utc_time,price", rows)
    found = read_series(path, "price", "price", usd_per_unit=1 / 120)
    assert found.series.values[0] == 12.5


# --- before the run ---------------------------------------------------------------------------


def test_a_series_shorter_than_the_run_is_told_before_the_run() -> None:
    series = SlotSeries(name="price.csv x", unit="", first_day="2023-01-01", values=np.zeros(35040))
    assert cover_problems([series], "2023-01-02", 69 * 96) == []
    (problem,) = cover_problems([series], "2026-06-01", 69 * 96, "site")
    assert problem.rule == "must cover the run, 2026-06-01 to 2026-08-08"
    assert problem.got == "2023-01-01 to 2023-12-31"
    assert "repeats: true" in problem.right


def test_a_year_can_stand_for_every_year_but_a_month_cannot(tmp_path) -> None:
    rows = [f"{t},{i}" for i, t in enumerate(hours("2023-01-01T00:00", 8760))]
    path = write(tmp_path / "a.csv", "time,x", rows)
    series = read_series(path, "x", how=SeriesFormat(repeats=True)).series
    assert cover_problems([series], "2026-06-01", 69 * 96) == []
    # 2026-06-01 is 1247 days after 2023-01-01, 155 days after 3 x 364
    assert series.part("2026-06-01", 1)[0] == 155 * 24
    path = write(tmp_path / "b.csv", "time,x", rows[:700])
    with pytest.raises(InputError, match=r"needs a series of 52 weeks; got 29\.2 days"):
        read_series(path, "x", how=SeriesFormat(repeats=True))
