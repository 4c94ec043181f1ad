"""Weather files in the formats of their publishers: EnergyPlus, TMY3, NSRDB, PVGIS, ninja."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from factory_env.domain.series import SeriesFormat
from factory_env.door.energy_door import build_energy
from factory_env.door.series_door import read_series
from factory_env.door.series_verdict import Size
from factory_env.errors import InputError
from factory_env.presets import read_group

DAYS = [date(2025, 1, 1) + timedelta(days=i) for i in range(365)]
YEARS = (2011, 2007, 2015, 2009, 2012, 2008, 2010, 2014, 2013, 2006, 2016, 2005)  # of months


def degrees(day: date, hour: int) -> float:
    """Warm at the hour that begins at 14 h, warmer in July."""
    return round(20.0 + day.month + (5.0 if hour == 14 else 0.0), 1)


def sun(hour: int) -> float:
    return 800.0 if hour == 12 else 0.0


def epw(year_of=lambda day: day.year, days=DAYS, head: int = 8) -> str:
    lines = ["LOCATION,Dhaka,-,BGD,SRC,419230,23.78,90.38,6.0,9.0"]
    lines += [f"HEADER LINE {i}" for i in range(head - 1)]
    for day in days:
        for hour in range(24):
            start = f"{year_of(day)},{day.month},{day.day},{hour + 1},60,A7A7"
            lines.append(f"{start},{degrees(day, hour)},20.0,70,100900,0,0,400,{sun(hour)},0,0")
    return "\n".join(lines) + "\n"


def typical(day: date) -> int:
    return YEARS[day.month - 1]


def tmy3() -> str:
    lines = ['722780,"PHOENIX",AZ,-7.0,33.45,-111.98,337']
    lines.append("Date (MM/DD/YYYY),Time (HH:MM),GHI (W/m^2),Dry-bulb (C)")
    for day in DAYS:
        for hour in range(24):
            at = f"{day.month:02d}/{day.day:02d}/{typical(day)},{hour + 1:02d}:00"
            lines.append(f"{at},{sun(hour)},{degrees(day, hour)}")
    return "\n".join(lines) + "\n"


def nsrdb(zone: str = "5.5") -> str:
    facts = "Source,Location ID,Latitude,Longitude,Time Zone,Elevation,Local Time Zone"
    lines = [
        facts,
        f"NSRDB,1,11.1,77.3,{zone},300,{zone}",
        "Year,Month,Day,Hour,Minute,GHI,Temperature",
    ]
    for day in DAYS:
        for hour in range(24):
            at = f"{day.year},{day.month},{day.day},{hour},30"
            lines.append(f"{at},{sun(hour)},{degrees(day, hour)}")
    return "\n".join(lines) + "\n"


def pvgis() -> str:
    lines = [
        "Latitude (decimal degrees): 23.800",
        "Longitude (decimal degrees): 90.400",
        "Elevation (m): 10",
        "Radiation database: PVGIS-SARAH3",
        "Nominal power of the PV system (c-Si) (kWp): 50.0",
        "System losses (%): 14.0",
        "",
        "time,P,G(i),H_sun,T2m,WS10m,Int",
    ]
    for day in DAYS:
        for hour in range(24):  # of UTC: Dhaka's noon is 6 h
            local = (hour + 6) % 24
            at = f"{day:%Y%m%d}:{hour:02d}11"
            lines.append(f"{at},{40000.0 if local == 12 else 0.0},{sun(local)},0.0,25.0,1.0,0.0")
    return "\n".join([*lines, "", "P: PV system power (W)", ""]) + "\n"


def ninja() -> str:
    lines = [
        "# Renewables.ninja PV point API - 23.8, 90.4",
        "# Units: time in UTC, local_time in Asia/Dhaka, electricity in kW",
        '# {"params": {"capacity": 10.0, "tracking": 0}}',
        "time,local_time,electricity",
    ]
    for day in DAYS:
        for hour in range(24):
            at = f"{day} {(hour - 6) % 24:02d}:00,{day} {hour:02d}:00"
            lines.append(f"{at},{7.5 if hour == 12 else 0.0}")
    return "\n".join(lines) + "\n"


def write(folder, text: str, name: str):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def read(folder, text: str, kind, column: str = "", name: str = "weather.csv", how=None):
    how = how or SeriesFormat(repeats=True)
    return read_series(write(folder, text, name), column, kind, how, size=Size(year=2026))


FILES = [
    ("EPW", epw()),
    ("EPW", epw(typical)),
    ("TMY3", tmy3()),
    ("NSRDB", nsrdb()),
    ("NSRDB", nsrdb("-7")),
]


@pytest.mark.parametrize(("name", "text"), FILES)
def test_temperature_and_sun_come_at_the_hour_of_the_place(tmp_path, name, text) -> None:
    file = read(tmp_path, text, "temperature")
    july = file.series.part("2026-07-10", 96)
    assert july[4 * 14 : 4 * 15].tolist() == [32.0] * 4
    assert july[4 * 13] == july[4 * 15] == 27.0
    bright = read(tmp_path, text, "pv").series.part("2026-07-10", 96)
    assert np.flatnonzero(bright).tolist() == [48, 49, 50, 51]
    assert bright[48] == pytest.approx(0.8 * 0.8)  # kW/m2 x solar.performance
    assert any(f"a weather file in the format {name}" in note for note in file.notes)


def test_months_of_several_years_are_one_typical_year(tmp_path) -> None:
    file = read(tmp_path, epw(typical), "temperature")
    assert file.series.first_day == "2026-01-01"
    assert any("a typical year of months of 2005 to 2016, taken as 2026" in n for n in file.notes)


def test_an_epw_file_with_two_lines_above_and_few_cells_is_read(tmp_path) -> None:
    text = epw(days=[date(2026, 6, 1) + timedelta(days=i) for i in range(9)], head=2)
    file = read(tmp_path, text, "temperature", "temp_air", "small.epw", SeriesFormat())
    assert (file.series.first_day, file.series.first_slot) == ("2026-06-01", 0)
    assert len(file.series.values) == 9 * 96
    assert file.series.values[56] == 31.0


def test_pvgis_power_is_divided_by_its_plant_and_lies_at_noon(tmp_path) -> None:
    file = read(tmp_path, pvgis(), "pv")
    noon = file.series.part("2026-07-10", 96)
    assert np.flatnonzero(noon).tolist() == [48, 49, 50, 51]
    assert noon[48] == pytest.approx(40.0 / 50.0)
    assert any("UTC+6 h, from the longitude" in note for note in file.notes)
    bright = read(tmp_path, pvgis(), "pv", "ghi").series
    assert bright.values.max() == pytest.approx(0.64)


def test_ninja_power_is_divided_by_its_capacity(tmp_path) -> None:
    file = read(tmp_path, ninja(), "pv", "electricity")
    noon = file.series.part("2026-07-10", 96)
    assert np.flatnonzero(noon).tolist() == [48, 49, 50, 51]
    assert noon[48] == pytest.approx(0.75)


def test_a_column_that_the_file_lacks_is_told_with_those_it_has(tmp_path) -> None:
    with pytest.raises(InputError, match=r"got 'snow'; columns: temperature \(°C\), ghi"):
        read(tmp_path, epw(), "temperature", "snow")


@pytest.mark.parametrize("text", [epw(), tmy3(), nsrdb(), pvgis(), ninja()])
def test_a_file_cut_short_within_a_row_is_one_clear_error_or_read(tmp_path, text) -> None:
    for length in (60, 300, 3000):
        try:
            read(tmp_path, text[:length], "pv", how=SeriesFormat())
            problems = 1
        except InputError as error:
            problems = len(error.problems)
        assert problems == 1


def test_a_site_takes_a_weather_file_without_a_column(tmp_path) -> None:
    path = write(tmp_path, epw(), "dhaka.epw")
    site = dict(read_group("site", "pv"))
    site["temperature"] = {**site["temperature"], "file": str(path)}
    site["sun"] = {**site["sun"], "file": str(path)}
    built = build_energy(site, read_group("tariff", "bd_industry"), days=30)
    assert built.setup.temperature is not None
    assert built.setup.sun is not None
    assert built.setup.sun.part("2026-07-10", 96)[48] == pytest.approx(0.64)
    assert any("format EPW" in note for note in built.notes)
