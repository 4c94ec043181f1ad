"""Public holidays: of a country, by date; bands of a tariff and closed days of a calendar."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from agents.rules.edd import Edd
from experiments.report.plain_bill import bill_error_usd
from factory_env import load_scenario, simulate
from factory_env.domain.public_holidays import holiday_numbers, knows_country, public_holidays
from factory_env.door.holiday_door import close_holidays
from factory_env.door.tariff_door import build_tariff
from factory_env.errors import InputError
from factory_env.presets import read_group

SHORT = {"demand.days": 10, "horizon_days": 20}


def days_from(first_day: str, *days: str) -> list[int]:
    return [(date.fromisoformat(day) - date.fromisoformat(first_day)).days for day in days]


def test_holidays_are_numbered_from_the_first_day() -> None:
    # Germany: 1 and 14 May (Ascension) and 25 May (Whit Monday) 2026
    expected = days_from("2026-04-27", "2026-05-01", "2026-05-14", "2026-05-25")
    assert list(holiday_numbers("DE", "2026-04-27", 30)) == expected
    assert holiday_numbers("DE", "9999-12-27", 3) == ()
    new_year = holiday_numbers("DE", "2026-12-28", 10)  # over the end of a year
    assert list(new_year) == days_from("2026-12-28", "2027-01-01")
    assert knows_country("BD")
    assert not knows_country("XX")
    assert not knows_country("")


def test_chinas_deep_valley_is_on_its_public_holidays_and_on_no_sunday() -> None:
    tariff = build_tariff(read_group("tariff", "cn_zhejiang"))
    first, days = "2026-09-28", 21  # the week of the national day and Mid-Autumn
    slots = tariff.slots(first, 96 * days)
    noon = slots.band.reshape(days, 96)[:, 12 * 4]
    deep = tariff.bands.index(tariff.band("deep_valley"))
    assert np.flatnonzero(noon == deep).tolist() == list(holiday_numbers("CN", first, days))
    assert (slots.band.reshape(days, 96)[:, 20 * 4] != deep).all()


def test_the_plain_bill_knows_the_holidays_too() -> None:
    scenario = load_scenario(
        "small",
        overrides=SHORT | {"site.first_day": "2026-09-28"},
        site="pv",
        tariff="cn_zhejiang",
    )
    log = simulate(scenario, Edd(), 1)
    assert bill_error_usd(log, scenario) < 1e-6


def flat(**changes: Any) -> dict[str, Any]:
    rest = {"name": "usual", "price": 0.1, "rest": True}
    cheap = {"name": "cheap", "price": 0.05, "when": [{"days": "sun, holiday"}]}
    return {"name": "own", "country": "DE", "energy": [cheap, rest]} | changes


def test_days_may_name_holidays_beside_days_of_the_week() -> None:
    slots = build_tariff(flat()).slots("2026-04-27", 96 * 7)  # Friday is 1 May, Sunday the 3rd
    prices = slots.price_usd.reshape(7, 96)[:, 40]
    assert prices == pytest.approx([0.1, 0.1, 0.1, 0.1, 0.05, 0.1, 0.05])


@pytest.mark.parametrize(
    ("tariff", "words"),
    [
        (flat(country=""), ["country", "days named holiday"]),
        (flat(country="XX"), ["country", "'XX'"]),
        (
            flat(
                energy=[
                    {"name": "a", "price": 0.1, "when": [{"days": "holiday"}]},
                    {"name": "b", "price": 0.2, "when": [{"days": "holiday"}]},
                    {"name": "rest", "price": 0.3, "rest": True},
                ]
            ),
            ["energy[1].when", "must not overlap on holidays"],
        ),
    ],
)
def test_holidays_that_can_not_be_meant_are_refused(
    tariff: dict[str, Any], words: list[str]
) -> None:
    with pytest.raises(InputError) as caught:
        build_tariff(tariff)
    for word in words:
        assert word in str(caught.value)


def test_a_calendar_can_take_public_holidays_off() -> None:
    given = SHORT | {"calendar.holidays": "country", "site.first_day": "2026-04-27"}
    scenario = load_scenario("small", overrides=given, site="pv", tariff="eu_flat")
    usual = load_scenario(
        "small", overrides={**given, "calendar.holidays": ""}, site="pv", tariff="eu_flat"
    )
    friday = days_from("2026-04-27", "2026-05-01")[0]
    assert usual.calendar.is_working_day(friday)
    assert not scenario.calendar.is_working_day(friday)
    log = simulate(scenario, Edd(), 1)
    worked = set(log.tables["line_days"]["day"].tolist())
    assert not worked & set(scenario.calendar.holiday_days)
    assert scenario.calendar.calendar_days(20) > usual.calendar.calendar_days(20)


def test_holidays_move_with_the_dates_of_the_run() -> None:
    given = SHORT | {"calendar.holidays": "DE", "site.first_day": "2026-04-27"}
    scenario = load_scenario("small", overrides=given, site="pv", tariff="eu_flat")
    moved, notes = close_holidays(scenario, "2026-09-28")
    off = moved.calendar.holiday_days
    assert off[0] == days_from("2026-09-28", "2026-10-03")[0]
    assert "public holidays of DE" in notes[0]


def test_a_run_without_dates_says_that_no_day_is_taken_off() -> None:
    scenario = load_scenario("small", overrides=SHORT | {"calendar.holidays": "BD"})
    closed, notes = close_holidays(scenario, None)
    assert closed.calendar.holiday_days == ()
    assert "has no dates" in notes[0]


@pytest.mark.parametrize("country", ["country", "XX", "Bangladesh"])
def test_an_unknown_country_is_refused(country: str) -> None:
    with pytest.raises(InputError, match=r"calendar\.holidays"):
        load_scenario("small", overrides=SHORT | {"calendar.holidays": country})


def test_nobody_pays_for_holidays_that_are_not_asked_for() -> None:
    public_holidays.cache_clear()
    load_scenario("small", overrides=SHORT, site="pv", tariff="us_demand")
    assert public_holidays.cache_info().currsize == 0
