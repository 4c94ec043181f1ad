"""One cell as a day or a point in time: what its numbers are, before anybody says their order."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Final

from factory_env.door.tables.table import BLANK

SERIAL_FROM: Final = 20_000  # spreadsheets count days from 1900: 1954 to 2119
SERIAL_TO: Final = 80_000
NO_DATE: Final = "neither a day number nor a date"
_SERIAL_ZERO: Final = date(1899, 12, 30)
_MONTHS: Final = (  # beginnings of names: English, German, French, Spanish, Portuguese, Italian
    ("jan", "jän", "ene", "gen"),
    ("feb", "fév", "fev"),
    ("mar", "mär", "mrz"),
    ("apr", "avr", "abr"),
    ("may", "mai", "mag"),
    ("jun", "juin", "giu"),
    ("jul", "juil", "lug"),
    ("aug", "aoû", "aou", "ago"),
    ("sep", "set"),
    ("oct", "okt", "out", "ott"),
    ("nov",),
    ("dec", "dez", "déc", "dic"),
)
_WEEKDAY = re.compile(r"[^\W\d_]{2,12}\.?,?\s+(?=\d|[^\W\d_])")
_CLOCK: Final = (
    r"(?:[T\s,]\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    r"\s*(?P<half>[aApP]\.?[mM]\.?)?(?:\s*(?:Uhr|hrs?|h))?\s*(?P<zone>Z|[A-Z]{3,5}|[+\-]\d{2}:?(?:\d{2})?)?)?"
)
_YEAR_FIRST = re.compile(
    r"(?P<y>\d{4})(?P<mark>[-/.])(?P<m>\d{1,2})(?P=mark)(?P<d>\d{1,2})" + _CLOCK
)
_CHINESE = re.compile(r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})日" + _CLOCK)
_COMPACT = re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)" + _CLOCK)
_THREE = re.compile(r"(\d{1,2})(?P<mark>[-/.])\s?(\d{1,2})(?P=mark)\s?(\d{4}|\d{2})" + _CLOCK)
_DAY_NAME = re.compile(
    r"(?P<d>\d{1,2})(?:st|nd|rd|th)?\.?[-/\s]?(?P<name>[^\W\d_]{3,12})\.?,?[-/\s]?"
    r"(?P<y>\d{4}|\d{2})" + _CLOCK
)
_NAME_DAY = re.compile(
    r"(?P<name>[^\W\d_]{3,12})\.?[-/\s](?P<d>\d{1,2})(?:st|nd|rd|th)?(?:,\s?|[-/\s])(?P<y>\d{4})"
    + _CLOCK
)
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")


class Form(Enum):
    """How a day is written."""

    NUMBER = "day numbers"
    SERIAL = "a spreadsheet's serial numbers"
    ISO = "ISO dates (YYYY-MM-DD)"
    NAMED = "dates with the name of the month"
    DOTTED = "dates with dots (DD.MM.YYYY)"
    SLASHED = "dates with slashes"
    DASHED = "dates with dashes"


_FORM_OF_MARK: Final = {".": Form.DOTTED, "/": Form.SLASHED, "-": Form.DASHED}
_OPEN: Final = tuple(_FORM_OF_MARK.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A day as written. ``numbers`` are year, month, day unless the form leaves the order open."""

    form: Form
    numbers: tuple[int, int, int] = (0, 0, 0)
    days: float = 0.0  # of `Form.NUMBER` and `Form.SERIAL`
    has_short_year: bool = False
    time_min: float | None = None  # minutes since midnight; None = no time of day
    zone: str = ""  # "" = none is written
    is_open: bool = False  # the form leaves the order of day, month and year open


def read_moment(text: str) -> Written | str:
    """What a cell says about a day, or why it says nothing.

    >>> read_moment("16-Mar-26").numbers, read_moment("2026-03-02 08:30").time_min
    ((2026, 3, 16), 510.0)
    >>> read_moment("03/04/2026").is_open
    True
    """
    plain = text.strip()
    if plain.casefold() in BLANK:
        return "nothing given" if not plain else "not a day"
    if _NUMBER.fullmatch(plain) and not _COMPACT.fullmatch(plain):
        return _read_number(plain)
    for pattern in (_YEAR_FIRST, _CHINESE, _COMPACT):
        if parts := pattern.fullmatch(plain):
            return _finish(parts, Form.ISO, (int(parts["y"]), int(parts["m"]), int(parts["d"])))
    for words in (plain, _WEEKDAY.sub("", plain, count=1)):
        if parts := _THREE.fullmatch(words):
            numbers = (int(parts[1]), int(parts[3]), int(parts[4]))
            form = _FORM_OF_MARK[parts["mark"]]
            return _finish(parts, form, numbers, has_short_year=len(parts[4]) == 2)
        for pattern in (_DAY_NAME, _NAME_DAY):
            parts = pattern.fullmatch(words)
            if parts and (month := _find_month(parts["name"])):
                year = full_year(int(parts["y"])) if len(parts["y"]) == 2 else int(parts["y"])
                return _finish(parts, Form.NAMED, (year, month, int(parts["d"])))
    return NO_DATE


def full_year(short: int) -> int:
    """The year that two digits mean: 1970 to 2069."""
    return short + (2000 if short < 70 else 1900)


def ordinal(year: int, month: int, day: int) -> int | None:
    """Days since 1 January of year 1 (which is 1); None if there is no such day."""
    try:
        return date(year, month, day).toordinal()
    except ValueError:
        return None


def serial_ordinal(days: float) -> int:
    """Day of a spreadsheet's serial number."""
    return (_SERIAL_ZERO + timedelta(days=math.floor(days))).toordinal()


def _read_number(plain: str) -> Written | str:
    days = float(plain.replace(",", "."))
    if not math.isfinite(days):
        return "not a number"
    if SERIAL_FROM <= days <= SERIAL_TO:
        since = round((days - math.floor(days)) * 1440.0, 2)
        return Written(form=Form.SERIAL, days=days, time_min=since or None)
    if abs(days) >= SERIAL_FROM:
        return "a number too large for a day; write YYYY-MM-DD"
    return Written(form=Form.NUMBER, days=days, time_min=None if days.is_integer() else 0.0)


def _finish(
    parts: re.Match[str], form: Form, numbers: tuple[int, int, int], *, has_short_year: bool = False
) -> Written | str:
    """The day with its time of day, or what is wrong with either."""
    time_min = None
    if parts["hour"] is not None:
        hour, minute, second = (int(parts[k] or 0) for k in ("hour", "minute", "second"))
        if parts["half"]:
            if not 1 <= hour <= 12:
                return f"no such time of day: {hour}:{minute:02d} {parts['half']}"
            hour = hour % 12 + (12 if parts["half"][0] in "pP" else 0)
        if minute > 59 or second > 60 or hour * 60 + minute > 1440:
            return f"no such time of day: {hour}:{minute:02d}"
        time_min = hour * 60 + minute + second / 60
    written = Written(
        form=form,
        numbers=numbers,
        has_short_year=has_short_year,
        time_min=time_min,
        zone=parts["zone"] or "",
        is_open=form in _OPEN,
    )
    if not written.is_open:
        try:
            date(*numbers)
        except ValueError as error:
            return str(error)
    return written


def _find_month(name: str) -> int | None:
    word = name.casefold()
    for month, beginnings in enumerate(_MONTHS, start=1):
        if any(word.startswith(beginning) for beginning in beginnings):
            return month
    return None
