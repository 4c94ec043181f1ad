"""Public holidays of a country, as the library `holidays` knows them; imported where needed."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np

from factory_env.domain.series import Ints

FIRST_YEAR, LAST_YEAR = 1900, 2100  # beyond, no calendar of holidays is taken for granted
EPOCH: Final = np.datetime64("1970-01-01", "D")


@cache
def public_holidays(country: str, year: int) -> frozenset[int]:
    """Day numbers (days since 1 January 1970) of a country's public holidays in a year.

    Parameters
    ----------
    country
        Two letters of ISO 3166.

    Raises
    ------
    NotImplementedError
        If the library does not know the country.
    """
    from holidays import country_holidays

    days = country_holidays(country, years=year)
    return frozenset(int(np.datetime64(day, "D").astype(np.int64)) for day in days)


@cache
def knows_country(country: str) -> bool:
    """Are the holidays of a country known?"""
    if len(country) != 2 or not country.isupper():
        return False
    try:
        public_holidays(country, 2026)
    except (NotImplementedError, KeyError):
        return False
    return True


def holiday_numbers(country: str, first_day: str, days: int) -> tuple[int, ...]:
    """Days of a span, counted from its first, that are public holidays."""
    first = np.datetime64(first_day, "D")
    begin = int(first.astype(np.int64))
    years = range(int(str(first)[:4]), int(str(first + max(days - 1, 0))[:4]) + 1)
    known = [
        day
        for year in years
        if FIRST_YEAR <= year <= LAST_YEAR
        for day in public_holidays(country, year)
    ]
    return tuple(sorted(day - begin for day in known if 0 <= day - begin < days))


def holiday_flags(country: str, first_day: str, days: int) -> Ints:
    """1 for every day of a span that is a public holiday, (days,)."""
    flags = np.zeros(days, dtype=np.int64)
    flags[list(holiday_numbers(country, first_day, days))] = 1
    return flags
