"""The built-in weather: sun by place and season, temperature by month, a day-ahead price."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from factory_env.domain.weather.place import Climate, Place
from factory_env.domain.weather.price import PriceYear
from factory_env.domain.weather.sky import Panels, clear_sky
from factory_env.domain.weather.year import SyntheticSeries, synthetic_series
from factory_env.door.site_door import build_site
from factory_env.presets import place_names, read_place

MEASURED = Path(__file__).resolve().parents[3] / "shared" / "data" / "electricity"
MONTH = np.arange("2026-01-01", "2027-01-01", dtype="datetime64[D]").astype("datetime64[M]")
MONTH_OF_DAY = MONTH.astype(int) % 12  # (365,) 0 = January


def place(name: str) -> Place:
    """A shipped place, through the door."""
    return build_site({"place": read_place(name)}).place


def year(seed: int, days: int = 365, **kinds: object) -> SyntheticSeries:
    return synthetic_series("2026-01-01", days, np.random.default_rng(seed), **kinds)


def month_means(by_day: np.ndarray) -> np.ndarray:
    """Means of the months of 365 days, (12,)."""
    return np.array([by_day[month == MONTH_OF_DAY].mean() for month in range(12)])


def daylight(name: str) -> np.ndarray:
    """Sun, light and dark by slot of a usual year; (365, 96)."""
    return year(0, place=place(name)).usual_pv_kw_per_kwp.values.reshape(365, 96)


def test_the_synthetic_year_is_set_by_its_seed_and_a_longer_span_begins_like_a_shorter() -> None:
    a, b, other = year(1), year(1, 30), year(2)
    for name in ("temperature_c", "pv_kw_per_kwp", "price_usd_per_kwh"):
        values = getattr(a, name).values
        assert np.array_equal(values[: 30 * 96], getattr(b, name).values)
        assert not np.array_equal(values, getattr(other, name).values)
    assert np.array_equal(a.usual_pv_kw_per_kwp.values, other.usual_pv_kw_per_kwp.values)


def test_dhakas_pv_yields_1300_kwh_a_year_and_a_quarter_less_a_day_in_the_monsoon() -> None:
    days = np.mean(
        [year(seed).pv_kw_per_kwp.values.reshape(365, 96).sum(1) / 4 for seed in range(20)], axis=0
    )
    assert days.sum() == pytest.approx(1300.0, rel=0.02)
    monsoon = days[151:273]  # 1 June to 30 September
    rest = np.concatenate([days[:151], days[273:]])
    assert monsoon.mean() / rest.mean() == pytest.approx(0.75, abs=0.02)


# kWh per kWp and year of a fixed plant with 14 % system loss, as PVGIS and PVWatts give it for the
# town, rounded to 50 and widened by 10 %: modules here lie at 10 degrees
YIELDS = {
    "antananarivo": (1450.0, 1800.0),
    "dhaka": (1200.0, 1500.0),
    "frankfurt": (850.0, 1100.0),
    "fresno": (1450.0, 1800.0),
    "hangzhou": (950.0, 1250.0),
    "ho_chi_minh_city": (1250.0, 1600.0),
    "istanbul": (1150.0, 1500.0),
    "tiruppur": (1400.0, 1750.0),
}


@pytest.mark.slow
def test_every_place_has_a_plausible_yield() -> None:
    assert set(YIELDS) == set(place_names())
    for name, (low, high) in YIELDS.items():
        assert low < daylight(name).sum() / 4 < high, name


def test_the_sun_never_gives_more_than_the_installed_power() -> None:
    for name in place_names():
        assert year(3, place=place(name)).pv_kw_per_kwp.values.max() < 1.0, name


def test_days_are_long_in_summer_and_short_in_winter() -> None:
    # from sunrise to sunset at 50.1 N: 16 h 20 min in June, 8 h 5 min in December; under the low
    # sun at the ends pvlib sees no light on the modules for some minutes
    hours = (daylight("frankfurt") > 0.0).sum(axis=1) / 4
    assert hours[171] == pytest.approx(16.3, abs=0.6)
    assert hours[354] == pytest.approx(8.1, abs=0.6)


def test_the_southern_summer_is_in_january() -> None:
    days = daylight("antananarivo").sum(axis=1) / 4
    light = (daylight("antananarivo") > 0.0).sum(axis=1)
    assert light[:20].mean() > light[180:200].mean() + 4  # more than an hour
    air = year(0, place=place("antananarivo")).temperature_c.values.reshape(365, 96).mean(axis=1)
    assert month_means(air)[0] > month_means(air)[6] + 4.0
    assert days.min() > 0.0


def test_southern_modules_look_north_and_northern_ones_south() -> None:
    south = build_site({"place": read_place("antananarivo")}).panels
    north = build_site({"place": read_place("fresno")}).panels
    assert (south.azimuth_deg, north.azimuth_deg) == (0.0, 180.0)
    away = replace(south, azimuth_deg=180.0, tilt_deg=30.0)
    towards = replace(south, tilt_deg=30.0)
    where = place("antananarivo")
    winter = [
        year(0, place=where, panels=panels).usual_pv_kw_per_kwp.values.reshape(365, 96)[182:212]
        for panels in (towards, away)
    ]
    assert winter[0].sum() > 1.3 * winter[1].sum()


def test_noon_of_the_sun_follows_the_clock_on_the_wall() -> None:
    # Fresno lies 119.79 degrees west: noon at 11:59 standard time less the equation of time (-11
    # min on 7 March, -1 on 20 June, -8 on 11 January), an hour later on the summer clock
    sky = clear_sky(place("fresno"), "2026-01-01", 365)
    noon = sky.noon_h.reshape(365, 96)[:, 48]
    assert noon[65] == pytest.approx(12.17, abs=0.05)
    assert noon[171] == pytest.approx(13.02, abs=0.05)
    assert noon[10] == pytest.approx(12.12, abs=0.05)


@pytest.mark.slow
def test_temperature_has_the_months_means_and_is_highest_three_hours_after_noon() -> None:
    for name in place_names():
        where = place(name)
        calm = replace(where, climate=replace(where.climate, noise_c=0.0))
        hours = year(4, place=calm).temperature_c.values.reshape(365, 96)
        means = month_means(hours.mean(axis=1))
        # a year's clearness moves the swing, not the mean; months are not all of 30.4 days
        assert means == pytest.approx(np.array(where.climate.month_c), abs=0.35), name
    hours = year(4, place=replace(Place(), climate=Climate(noise_c=0.0))).temperature_c.values
    assert hours.reshape(365, 96).mean(axis=0).argmax() == pytest.approx(60, abs=1)  # 15:00


def test_any_date_has_a_sun_like_that_of_its_season() -> None:
    june = clear_sky(Place(), "2026-06-01", 7).clear_w_m2.sum()
    for first_day in ("0001-06-04", "1900-06-04", "2400-06-05", "9999-06-07"):
        assert clear_sky(Place(), first_day, 7).clear_w_m2.sum() == pytest.approx(june, rel=0.01)


def test_poles_have_a_night_of_half_a_year() -> None:
    pole = Place(name="pole", latitude=90.0, longitude=0.0, zone="+00:00")
    sun = year(0, place=pole, panels=Panels(tilt_deg=0.0, azimuth_deg=180.0, performance=0.8))
    light = sun.pv_kw_per_kwp.values.reshape(365, 96)
    assert (light[:60] == 0.0).all()
    assert (light[171] > 0.0).all()


def rows(name: str) -> list[dict[str, str]]:
    """A file of measured weather, where the checkout has it beside it."""
    file = MEASURED / name
    if not file.is_file():
        pytest.skip(f"{file} is not beside this checkout")
    with file.open(encoding="utf-8") as text:
        return list(csv.DictReader(text))


def test_frankfurts_months_are_those_measured_in_2023_within_a_years_luck() -> None:
    air = np.array([float(row["temperature_c"]) for row in rows("weather_de_lu_2023.csv")])
    measured = month_means(air.reshape(365, 24).mean(axis=1))
    ours = np.array(place("frankfurt").climate.month_c)
    assert np.abs(measured - ours).max() < 3.6  # single months of a year differ by so much
    assert (measured - ours).mean() == pytest.approx(0.0, abs=1.5)  # 2023 was a warm year
    swing = air.reshape(365, 24).max(axis=1) - air.reshape(365, 24).min(axis=1)
    assert month_means(swing) / 2.0 == pytest.approx(
        np.array(place("frankfurt").climate.swing_c), abs=1.6
    )


def test_the_sun_of_fontana_rises_and_sets_as_it_was_measured() -> None:
    measured = [
        (int(row["month"]), int(row["hour"]), float(row["pv_w_per_kw"]))
        for row in rows("microgrid_fontana_2016_2017.csv")
    ]
    where = replace(place("fresno"), latitude=34.1, longitude=-117.44, zone="-08:00")
    ours = year(0, place=where).usual_pv_kw_per_kwp.values.reshape(365, 24, 4).mean(axis=2) * 1000
    for month in range(12):
        of_month = [row for row in measured if row[0] == month + 1]
        curve = np.array([np.mean([w for _, h, w in of_month if h == k + 1]) for k in range(24)])
        model = ours[month == MONTH_OF_DAY].mean(axis=0)
        # from November to February the file's clock is an hour ahead of that of its summer
        late = np.roll(curve, 1)
        best = max(np.corrcoef(one, model)[0, 1] for one in (curve, late))
        assert best > 0.985, month
    total = sum(watts for *_, watts in measured) / 1000.0  # 1,803 kWh per kW in a dry year
    assert ours.sum() / 1000.0 == pytest.approx(total, rel=0.2)


def test_the_synthetic_price_has_its_mean_its_evening_peak_and_a_cheaper_weekend() -> None:
    mean = np.mean([year(s).price_usd_per_kwh.values for s in range(20)], axis=0)
    assert mean.mean() == pytest.approx(0.095, rel=0.03)
    days = mean[4 * 96 : 4 * 96 + 51 * 7 * 96].reshape(51, 7, 96).mean(axis=0)  # from a Monday
    assert days[:5].mean(axis=0).argmax() // 4 == 19
    assert days[5:].mean() / days[:5].mean() == pytest.approx(0.79, abs=0.03)
    calm = year(1, price=PriceYear(day_sd=0.0, hour_sd=0.0)).price_usd_per_kwh.values
    assert calm.std() < year(1).price_usd_per_kwh.values.std()
