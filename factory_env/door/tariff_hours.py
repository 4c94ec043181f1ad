"""Hours, days and months of a tariff file, laid out as a timetable; gaps and overlaps found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

import numpy as np
from annotated_types import Interval, Len
from numpy.typing import NDArray

from factory_env.domain.series import SLOT_MIN, SLOTS_PER_DAY
from factory_env.domain.tariff import MONTHS

Month = Annotated[int, Interval(ge=1, le=12)]
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTH_NAMES: Final = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)
HOURS_HINT: Final = "hours like 17:00-23:00 or 22:00-4:00, in quarters: 9:30-11:30"
DAYS_HINT: Final = "all, or days like mon-fri, sat, sun; energy bands also holiday"
SHOWN: Final = 6  # gaps or overlaps that one message lists
_HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A part of the year: in these months, on these days, at these hours."""

    months: Annotated[tuple[Month, ...], Len(1)] = tuple(range(1, 13))
    days: str = "all"  # all, mon-fri, "sat, sun", ...
    hours: Annotated[tuple[str, ...], Len(1)] = ("0:00-24:00",)  # 22:00-4:00 wraps, same day


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with one field: rule, got, right."""

    field: str
    rule: str
    got: str
    right: str


def claimed(when: Sequence[When], field: str, found: list[Finding]) -> Bools:
    """Where a band holds, (12, 7, 96); what cannot be read is added to ``found``."""
    mask = np.zeros((MONTHS, len(DAYS), SLOTS_PER_DAY), dtype=np.bool_)
    for i, part in enumerate(when):
        days = _days(part.days)
        if isinstance(days, str):
            found.append(
                Finding(f"{field}.when[{i}].days", "must name days", repr(part.days), DAYS_HINT)
            )
            continue
        for j, text in enumerate(part.hours):
            slots = _hours(text)
            if isinstance(slots, str):
                found.append(
                    Finding(f"{field}.when[{i}].hours[{j}]", slots, repr(text), HOURS_HINT)
                )
                continue
            months = np.array(part.months) - 1
            mask[np.ix_(months, np.array(days), np.array(slots))] = True
    return mask


def places(mask: Bools) -> str:
    """The months, days and hours of a mask in words.

    >>> mask = np.zeros((12, 7, 96), dtype=bool)
    >>> mask[5:9, :5, 68:92] = True
    >>> places(mask)
    'Jun-Sep mon-fri 17:00-23:00'
    """
    rows: dict[tuple[str, bytes], list[int]] = {}
    for month in range(MONTHS):
        by_day: dict[bytes, list[int]] = {}
        for day in range(len(DAYS)):
            if mask[month, day].any():
                by_day.setdefault(mask[month, day].tobytes(), []).append(day)
        for slots, days in by_day.items():
            rows.setdefault((_ranges(days, DAYS), slots), []).append(month)
    texts = [
        f"{_ranges(months, MONTH_NAMES)} {days} {_spans(np.frombuffer(slots, dtype=np.bool_))}"
        for (days, slots), months in rows.items()
    ]
    more = len(texts) - SHOWN
    return "; ".join(texts[:SHOWN]) + (f"; and {more} more" if more > 0 else "")


def _days(text: str) -> list[int] | str:
    if text.strip().lower() in ("all", "every day"):
        return list(range(len(DAYS)))
    days: set[int] = set()
    for part in text.lower().split(","):
        first, dash, last = (word.strip()[:3] for word in part.partition("-"))
        if first not in DAYS or (dash and last not in DAYS):
            return DAYS_HINT
        begin, end = DAYS.index(first), DAYS.index(last if dash else first)
        days |= set(range(begin, end + 1)) if begin <= end else {*range(begin, 7), *range(end + 1)}
    return sorted(days)


def _hours(text: str) -> list[int] | str:
    """Slots of the day, or the rule that the text breaks."""
    found = _HOURS.fullmatch(text.strip())
    if found is None:
        return "must be a span of hours"
    hours = [int(part) for part in found.groups()]
    begin, end = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
    if max(begin, end) > 24 * 60 or hours[1] > 59 or hours[3] > 59:
        return "must lie between 0:00 and 24:00"
    if begin % SLOT_MIN or end % SLOT_MIN:
        return "must begin and end at full quarters of an hour"
    if begin == end:
        return "must not be empty"
    first, last = begin // SLOT_MIN, end // SLOT_MIN
    return list(range(first, last)) if first < last else [*range(first, 96), *range(last)]


def _ranges(numbers: Sequence[int], names: Sequence[str]) -> str:
    """``[0, 1, 2, 5]`` as ``Jan-Mar, Jun``; all of them as ``all``."""
    if len(numbers) == len(names):
        return "all months" if len(names) == MONTHS else "all days"
    texts, begin = [], numbers[0]
    for i, number in enumerate(numbers):
        if i + 1 == len(numbers) or numbers[i + 1] != number + 1:
            texts.append(names[begin] + (f"-{names[number]}" if number > begin else ""))
            begin = numbers[i + 1] if i + 1 < len(numbers) else 0
    return ", ".join(texts)


def _spans(slots: Bools) -> str:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], slots, [False]]).astype(np.int8)))
    clock = [f"{slot // 4}:{slot % 4 * 15:02d}" for slot in edges.tolist()]
    return ", ".join(f"{a}-{b}" for a, b in zip(clock[::2], clock[1::2], strict=True))
