"""Hours of a tariff that hold on public holidays: bands whose days are named holiday."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from factory_env.domain.public_holidays import knows_country
from factory_env.domain.tariff import Timetable
from factory_env.door.tariff_hours import Finding, When, claimed
from factory_env.door.tariff_spec import TariffSpec

HOLIDAY: Final = ("holiday", "holidays")


def split_days(when: When) -> tuple[When | None, When | None]:
    """What of a part holds on days of the week, and what on public holidays.

    >>> week, holiday = split_days(When(days="sun, holiday"))
    >>> week.days, holiday.days
    ('sun', 'all')
    """
    words = [word.strip() for word in when.days.split(",")]
    week = [word for word in words if word.lower() not in HOLIDAY]
    on_holidays = replace(when, days="all") if len(week) < len(words) else None
    return (replace(when, days=", ".join(week)) if week else None), on_holidays


def week_parts(when: Sequence[When]) -> tuple[When, ...]:
    """The parts that hold on days of the week."""
    return tuple(week for part in when if (week := split_days(part)[0]) is not None)


def holiday_parts(when: Sequence[When]) -> tuple[When, ...]:
    """The parts that hold on public holidays, whatever their weekday."""
    return tuple(holiday for part in when if (holiday := split_days(part)[1]) is not None)


def lay_holidays(spec: TariffSpec, hours: Timetable, found: list[Finding]) -> Timetable | None:
    """The energy bands of a public holiday: the day's usual ones but where a band names holidays.

    None if no band does. What can not be meant is added to ``found``.
    """
    named = [i for i, band in enumerate(spec.energy) if holiday_parts(band.when)]
    if not named:
        return None
    if not knows_country(spec.country):
        rule = "days named holiday need a country whose holidays are known"
        right = "two letters of ISO 3166, e.g. country: CN"
        found.append(Finding("country", rule, repr(spec.country), right))
    numbers = hours.numbers.copy()
    taken = np.zeros(numbers.shape, dtype=np.bool_)
    for i in named:
        mask = claimed(holiday_parts(spec.energy[i].when), f"energy[{i}]", found)
        if (mask & taken).any():
            rule, right = "must not overlap on holidays", "one band for each hour"
            found.append(Finding(f"energy[{i}].when", rule, repr(spec.energy[i].name), right))
        numbers[mask & ~taken] = i
        taken |= mask
    return Timetable(numbers)
