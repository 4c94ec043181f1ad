"""Public holidays off: which calendar days of a run nobody works, once its dates are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from factory_env.domain.public_holidays import holiday_numbers, knows_country
from factory_env.domain.scenario import Scenario
from factory_env.errors import InputError, wrong

OF_THE_PLACE = "country"  # the country of the site's place
BEYOND_DAYS = 400  # after the horizon: planners look further than the run
HINT = "two letters of ISO 3166, e.g. BD; country for that of the site's place; or nothing"


def close_holidays(
    scenario: Scenario, first_day: str | None, where: str = "config scenario"
) -> tuple[Scenario, tuple[str, ...]]:
    """The scenario with its public holidays off, and what its user should know about them.

    Parameters
    ----------
    first_day
        ISO date of day 0; None = the run has no dates.

    Raises
    ------
    InputError
        If the country or its holidays are not known.
    """
    calendar = scenario.calendar
    if not calendar.holidays and not calendar.closed_dates:
        return scenario, ()
    country = _country(scenario, where)
    dates = _dates(calendar.closed_dates, where)
    said = f"calendar.holidays={country}" if country else "calendar.closed_dates"
    if first_day is None:
        return scenario, (
            f"{said}: a scenario has no dates, and no day is taken off, until a site, a tariff or "
            "an order book with dates gives them",
        )
    days = calendar.calendar_days(scenario.horizon_days) + BEYOND_DAYS
    begin = date.fromisoformat(first_day).toordinal()
    own = {day.toordinal() - begin for day in dates}
    public = holiday_numbers(country, first_day, days) if country else ()
    off = tuple(sorted({*public, *(day for day in own if 0 <= day < days)}))
    usual = replace(calendar, holiday_days=())
    closed = replace(calendar, holiday_days=off)
    run_days = closed.calendar_days(scenario.horizon_days)
    lost = [d for d in off if d < run_days and usual.is_working_day(d)]
    whose = f"public holidays of {country}" if country else "closed dates of the calendar"
    whose += " and closed dates" if country and dates else ""
    note = f"{whose}: {len(lost)} working days of the run are taken off"
    return scenario.replace(calendar=closed), (note,)


def _country(scenario: Scenario, where: str) -> str:
    """Whose public holidays are off; "" = nobody's."""
    country, energy = scenario.calendar.holidays, scenario.energy
    if not country:
        return ""
    if country == OF_THE_PLACE and energy is not None:
        country = energy.site.place.country
    if country == OF_THE_PLACE or not knows_country(country):
        rule = "must be a country whose public holidays are known"
        got = repr(country)
        if country == OF_THE_PLACE:
            got = "country, but the run has no site"
        elif not country:
            got = "country, but the site's place names none (its key country)"
        raise InputError.of(where, "calendar.holidays", rule, got, HINT)
    return country


def _dates(texts: Sequence[str], where: str) -> list[date]:
    days, problems = [], []
    for i, text in enumerate(texts):
        try:
            days.append(date.fromisoformat(text))
        except ValueError:
            field = f"calendar.closed_dates[{i}]"
            problems.append(wrong(where, field, "must be a day", repr(text), "e.g. 2026-12-25"))
    if problems:
        raise InputError(problems)
    return days
