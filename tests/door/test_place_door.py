"""Where a site lies: its own word, the tariff's, or Dhaka; blocks are completed and say how."""

from __future__ import annotations

from typing import Any

import pytest

from factory_env import load_scenario
from factory_env.domain.weather.place import Place
from factory_env.errors import InputError
from factory_env.presets import Parts, assemble, read_group, read_place

PLACES = {
    "bd_industry": "dhaka",
    "bd_ehv": "dhaka",
    "cn_zhejiang": "hangzhou",
    "eu_flat": "frankfurt",
    "in_tod": "tiruppur",
    "tr_three_time": "istanbul",
    "us_demand": "fresno",
    "vn_2025": "ho_chi_minh_city",
}


def lying(place: Any = None, tariff: str = "us_demand") -> tuple[Place, str]:
    """The place of a site, and the note about it."""
    parts = Parts(
        scenario=read_group("scenario", "default"),
        plant=read_group("plant", "mid"),
        site=read_group("site", "pv") | {"place": place},
        tariff=read_group("tariff", tariff),
    )
    scenario, notes = assemble(parts)
    assert scenario.energy is not None
    return scenario.energy.site.place, notes[0]


def refused(place: Any) -> str:
    with pytest.raises(InputError) as caught:
        lying(place)
    return str(caught.value)


def test_dhaka_in_code_is_dhaka_in_its_file() -> None:
    assert lying("dhaka")[0] == Place()


@pytest.mark.parametrize("tariff", PLACES)
def test_weather_is_that_of_the_tariffs_place_and_the_run_says_so(tariff: str) -> None:
    place, note = lying(tariff=tariff)
    assert place.name == PLACES[tariff]
    assert f"weather of {place.name} (" in note
    assert f"the place of tariff {tariff}" in note


def test_a_site_without_a_tariff_lies_in_dhaka() -> None:
    energy = load_scenario("small", site="pv").energy
    assert energy is not None
    assert energy.site.place == Place()


def test_a_tariff_of_ones_own_that_names_no_place_is_said_to_have_none() -> None:
    tariff = {k: v for k, v in read_group("tariff", "eu_flat").items() if k != "place"}
    parts = Parts(
        scenario=read_group("scenario", "default"),
        plant=read_group("plant", "small"),
        tariff=tariff,
    )
    assert "tariff eu_flat names no place" in assemble(parts)[1][0]


def test_the_sites_word_goes_before_the_tariffs() -> None:
    place, note = lying("frankfurt")
    assert place.name == "frankfurt"
    assert "site.place" in note


def test_a_block_takes_the_climate_of_the_nearest_place_and_says_so() -> None:
    place, note = lying({"latitude": 48.14, "longitude": 11.58})
    assert (place.latitude, place.longitude) == (48.14, 11.58)
    assert place.climate == lying("frankfurt")[0].climate
    assert place.zone == "+01:00"  # 11.58 degrees are 46 minutes: the hour of Greenwich and one
    assert "climate of frankfurt, the nearest that ships" in note
    assert "clock +01:00 by its longitude" in note


def test_like_and_marks_of_ones_own_go_before_the_nearest() -> None:
    given = {"latitude": 48.1, "longitude": 11.6, "like": "istanbul", "zone": "Europe/Berlin"}
    place, note = lying({**given, "climate": {"noise_c": 0.5}})
    assert place.zone == "Europe/Berlin"
    assert place.climate.noise_c == 0.5
    assert place.climate.month_c == lying("istanbul")[0].climate.month_c
    assert "climate of istanbul" in note
    moved = lying({"like": "dhaka", "climate": {"noise_c": 0.0}})[0]
    assert (moved.name, moved.climate.noise_c) == ("dhaka", 0.0)


def test_south_of_the_equator_the_seasons_turn() -> None:
    here, note = lying({"latitude": -41.0, "longitude": 174.0, "like": "istanbul"})
    there = lying("istanbul")[0]
    assert here.climate.month_c[:6] == there.climate.month_c[6:]
    assert here.climate.clearness[6:] == there.climate.clearness[:6]
    assert "half a year on" in note
    assert here.zone == "+12:00"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("nowhere", ["place", "antananarivo, dhaka"]),
        (7, ["place", "7"]),
        ({"latitude": 48.1}, ["place.longitude", "goes together"]),
        ({"latitude": 91, "longitude": 0}, ["place.latitude", "-90 to 90", "91"]),
        ({"latitude": 0, "longitude": 1e9}, ["place.longitude", "-180 to 180"]),
        ({"latitude": float("nan"), "longitude": 0.0}, ["place.latitude", "nan"]),
        ({"latitude": True, "longitude": 0.0}, ["place.latitude", "True"]),
        ({"lattitude": 1.0}, ["lattitude", "did you mean 'latitude'"]),
        ({"like": "dhaka", "zone": "Asia/Daka"}, ["place.zone", "Asia/Daka"]),
        ({"like": "dhaka", "zone": "+99:99"}, ["place.zone", "+99:99"]),
        ({"like": "dhaka", "altitude_m": 1e6}, ["place.altitude_m", "at most 6000"]),
        ({"like": "dhaka", "climate": 3}, ["place.climate", "3"]),
        ({"like": "dhaka", "climate": {"month_c": [70.0] * 12}}, ["month_c", "at most 50"]),
        ({"like": "dhaka", "climate": {"month_c": [20.0]}}, ["month_c", "12"]),
        ({"like": "dhaka", "climate": {"steadiness": 0}}, ["steadiness", "more than 0"]),
        ({"like": "dhaka", "climate": {"steadiness": 1e300}}, ["steadiness", "at most"]),
        ({"like": "dhaka", "climate": {"noise_c": 1e6}}, ["noise_c", "at most"]),
    ],
)
def test_a_place_that_can_not_be_meant_is_refused_with_the_rule(
    given: Any, words: list[str]
) -> None:
    message = refused(given)
    for word in words:
        assert word in message


def test_every_shipped_place_says_all_and_marks_its_numbers() -> None:
    for name in set(PLACES.values()):
        assert read_place(name).keys() == {
            "name", "country", "latitude", "longitude", "altitude_m", "zone", "climate",
        }  # fmt: skip
