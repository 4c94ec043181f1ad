"""Times of a series file: UTC, offsets, local wall time or local standard time, as wall minutes.

A wall minute counts from 1 January 1970, 0:00, on the clock on the site's wall. Where clocks go
back an hour occurs twice, where they go forward an hour is missing: `is_twice`, `is_missing`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from factory_env.domain.series import Clock

TIME_HINT: Final = "write times as 2026-06-01T13:00, or 2026-06-01T13:00Z for UTC"
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})[ T](\d{1,2}):(\d{2})(?::\d{2})?")
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?")
_NAMED_OFFSET = re.compile(r"(?:utc|gmt)\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?(?!\d)")
_DIGITS = re.compile(r"(?:19|20)\d{8}(?:\d{2}){0,2}")  # a year, month, day, hour and perhaps more
UNIX_DIGITS: Final = 10
UNIX_S: Final = (900_000_000, 1_900_000_000)  # 1998 to 2030
_EPOCH = datetime(1970, 1, 1)
_NAMED_ZONES: Final = (
    ({"cet", "cest", "mez", "mesz"}, "Europe/Brussels"),
    ({"eet", "eest"}, "Europe/Athens"),
    ({"wet", "west"}, "Europe/Lisbon"),
    ({"bst"}, "Europe/London"),
    ({"aest", "aedt"}, "Australia/Sydney"),
)
MOST_OFFSET: Final = timedelta(hours=14)
YEARS: Final = (1950, 2200)  # in which a series may lie


def zone_of(name: str) -> tzinfo | str:
    """The time zone of a name (``Asia/Dhaka``) or offset (``+06:00``), or what is wrong with it."""
    if name.upper() in ("UTC", "GMT", "Z"):
        return UTC
    if parts := _OFFSET.fullmatch(name):
        sign = -1 if parts[1] == "-" else 1
        offset = timedelta(hours=int(parts[2]), minutes=int(parts[3] or 0))
        if int(parts[3] or 0) > 59 or offset > MOST_OFFSET:
            return "offsets lie between -14:00 and +14:00, e.g. +06:00"
        return timezone(sign * offset)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = difflib.get_close_matches(name, sorted(available_timezones()), n=2)
        return f"did you mean {' or '.join(near)}?" if near else "e.g. Asia/Dhaka, or +06:00"


def zone_in_name(column: str) -> str:
    """The zone whose clock a column's name says, other than UTC; "" = none.

    >>> zone_in_name("MTU (CET/CEST)"), zone_in_name("Date (GMT+2)"), zone_in_name("time")
    ('Europe/Brussels', '+02:00', '')
    """
    if offset := _NAMED_OFFSET.search(column.casefold()):
        return f"{offset[1]}{int(offset[2]):02d}:{offset[3] or '00'}"
    words = set(re.split(r"[^a-z]+", column.casefold()))
    return next((zone for names, zone in _NAMED_ZONES if words & names), "")


def is_possible(moment: datetime) -> bool:
    """Does it lie in a year that a series can have?"""
    return YEARS[0] <= moment.year < YEARS[1]


def clock_of(column: str) -> Clock:
    """What the name of a time column says about its clock.

    >>> clock_of("utc_time"), clock_of("local_standard_time"), clock_of("local_time")
    ('utc', 'standard', 'wall')
    """
    name = column.lower()
    if _NAMED_OFFSET.search(name):
        return "wall"
    if "utc" in name or "gmt" in name or "zulu" in name:
        return "utc"
    return "standard" if "standard" in name else "wall"


def parse_time(text: str) -> datetime | str:
    """A point in time as written, aware if the text has Z or an offset; or what is wrong."""
    text = text.strip()
    try:
        if parts := _DOTTED.fullmatch(text):
            day, month, year, hour, minute = (int(part) for part in parts.groups())
            return datetime(year, month, day, hour, minute)
        if text.isascii() and text.isdecimal() and len(text) >= UNIX_DIGITS:
            return _from_digits(text)
        return datetime.fromisoformat(text)
    except ValueError as error:
        if re.match(r"\d{1,2}/\d{1,2}/", text):
            return "a date with slashes does not say which number is the day"
        return str(error) if text else "nothing given"


def _from_digits(text: str) -> datetime | str:
    """Seconds or milliseconds since 1970, or 2026060113: year, month, day, hour."""
    seconds = int(text[:UNIX_DIGITS])
    if UNIX_S[0] <= seconds < UNIX_S[1] and len(text) in (UNIX_DIGITS, UNIX_DIGITS + 3):
        return datetime.fromtimestamp(seconds, UTC)
    if _DIGITS.fullmatch(text):
        return datetime.strptime(text.ljust(14, "0"), "%Y%m%d%H%M%S")
    return "digits that are no time"


def wall_reader(clock: Clock, zone: tzinfo) -> Callable[[datetime], tuple[int, int]]:
    """A function: point in time -> wall minute, and a number that tells the instant.

    Two times with the same instant are duplicates. On a wall clock without offsets the hour that
    occurs twice cannot be told apart: both get the same instant.
    """

    def read(moment: datetime) -> tuple[int, int]:
        if moment.tzinfo is None and clock == "wall":
            minute = minutes(moment)
            return minute, minute
        if moment.tzinfo is None and clock == "standard":
            standard = moment.replace(tzinfo=_standard(zone, moment))
        else:
            standard = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        instant = standard.astimezone(UTC)
        wall = instant.astimezone(zone).replace(tzinfo=None)
        return minutes(wall), minutes(instant.replace(tzinfo=None))

    return read


def minutes(wall: datetime) -> int:
    """Minutes since 1970 of a time without zone."""
    return (wall - _EPOCH) // timedelta(minutes=1)


def moment_text(minute: int) -> str:
    """A wall minute as ``2026-06-01 13:00``."""
    return (_EPOCH + timedelta(minutes=minute)).strftime("%Y-%m-%d %H:%M")


def is_missing(minute: int, zone: tzinfo) -> bool:
    """Is this wall minute skipped because clocks go forward?"""
    wall = _EPOCH + timedelta(minutes=minute)
    back = wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
    return back.replace(tzinfo=None) != wall


def is_twice(minute: int, zone: tzinfo) -> bool:
    """Does this wall minute occur twice because clocks go back?"""
    wall = (_EPOCH + timedelta(minutes=minute)).replace(tzinfo=zone)
    return not is_missing(minute, zone) and wall.utcoffset() != wall.replace(fold=1).utcoffset()


def _standard(zone: tzinfo, moment: datetime) -> timezone:
    there = moment.replace(tzinfo=zone)
    return timezone((there.utcoffset() or timedelta()) - (there.dst() or timedelta()))
