"""Dates of daily records: M/D/YYYY, D/M/YYYY or YYYY-MM-DD, one way per file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
ISO: Final = "YYYY-MM-DD"
MONTH_FIRST: Final = "M/D/YYYY"
DAY_FIRST: Final = "D/M/YYYY"
EITHER: Final = "M/D/YYYY or D/M/YYYY"  # both numbers are 12 or less


class DayReader:
    """Reads dates the way most rows of a file are written.

    Slashes do not say which number is the day. The rows in which one number exceeds 12 decide
    for the file; if there is none, the month comes first, as in the UCI set.

    >>> DayReader(["1/2/2015", "1/25/2015"]).day("1/2/2015") == date(2015, 1, 2).toordinal()
    True
    """

    def __init__(self, texts: Sequence[str]) -> None:
        counts = Counter(s for text in texts if (s := way_of(text.strip())) is not None)
        slashed = {way: counts[way] for way in (MONTH_FIRST, DAY_FIRST)}
        slashes = sum(slashed.values()) + counts[EITHER]
        self.way = ISO
        self.notes: list[str] = []
        if slashes > counts[ISO]:
            self.way = max(slashed, key=lambda way: slashed[way])  # ties: the month comes first
            if not any(slashed.values()):
                self.notes.append(
                    f"no date tells day from month: read as {MONTH_FIRST}; write {ISO} to be sure"
                )
        others = {
            way: n for way, n in counts.items() if way != self.way and not self._may_be(way) and n
        }
        if others:
            listed = ", ".join(f"{n} {way}" for way, n in sorted(others.items()))
            self.notes.append(f"mixed date styles: most are {self.way}; left out: {listed}")

    def day(self, text: str) -> int | str:
        """Days since 1 January of year 1, or why the date cannot be used."""
        way = way_of(text)
        if way is None:
            return f"{text!r} is no date; write {ISO}" if text else "not given"
        if way != self.way and not self._may_be(way):
            return f"{text!r} is written {way}, most rows {self.way}"
        first, second, third = (int(part) for part in re.split("[-/]", text))
        year, month, day = {
            ISO: (first, second, third),
            MONTH_FIRST: (third, first, second),
            DAY_FIRST: (third, second, first),
        }[self.way]
        try:
            return date(year, month, day).toordinal()
        except ValueError as error:
            return f"{text!r}: {error}"

    def _may_be(self, way: str) -> bool:
        return way == EITHER and self.way != ISO


def way_of(text: str) -> str | None:
    """How a date is written; None if it is no date."""
    if _ISO.fullmatch(text):
        return ISO
    found = _SLASHED.fullmatch(text)
    if found is None:
        return None
    first, second = int(found[1]), int(found[2])
    if first > 12 and second > 12:
        return None
    if first > 12:
        return DAY_FIRST
    return MONTH_FIRST if second > 12 else EITHER
