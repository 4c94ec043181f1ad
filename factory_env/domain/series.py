"""Quarter hours of a year: their dates, and series with one value each.

Slot i of a run covers the minutes [15 i, 15 i + 15) after midnight of its first day, in local wall
time; every day has 96 slots, also the two on which clocks change (see the door for series).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.limits import CountOrNone, NonNegative, Positive

SLOT_MIN: Final = 15
SLOT_H: Final = SLOT_MIN / 60
SLOTS_PER_DAY: Final = 96
SLOTS_PER_HOUR: Final = 4
CYCLE_SLOTS: Final = 364 * SLOTS_PER_DAY  # 52 weeks: keeps the weekday, and the season nearly

Clock = Literal["auto", "utc", "wall", "standard"]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def day_number(day: str) -> int:
    """Days from 1 January 1970 to an ISO date.

    >>> day_number("1970-01-03")
    2
    """
    return int(np.datetime64(day, "D").astype(np.int64))


def day_text(number: int) -> str:
    """The ISO date of a day number."""
    return str(np.datetime64(number, "D"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesFormat:
    """How a CSV file writes its series. The defaults read what the file itself says."""

    time_column: str = ""  # "" = the first whose name holds time or date
    clock: Clock = "auto"  # of times without Z or offset; auto = from the column's name
    zone: str = "UTC"  # of the site's wall clock: a name like Asia/Dhaka, or +06:00
    start: str = ""  # for a file without times: wall time of its first row
    step_min: Positive = 60.0  # the same: minutes from row to row
    max_gap_h: NonNegative = 3.0  # longer gaps are refused
    repeats: bool = False  # use the first 52 weeks for every year
    # what a file does not say by itself; "" and None = it says it
    unit: str = ""  # of the column, e.g. ct/kWh, °F, W/m2
    decimal: Literal["", "point", "comma"] = ""  # mark before the fraction of a number
    dates: Literal["", "dmy", "mdy", "ymd"] = ""  # order of day, month and year
    skip: CountOrNone | None = None  # lines above the header


@dataclass(frozen=True, slots=True, eq=False)
class SlotDates:
    """What the calendar says about the slots of a span; arrays have shape (n,) or (months,)."""

    month: Ints  # (n,) 0 = month of the first slot, 1 = the next, ...
    calendar_month: Ints  # (n,) 0 = January
    weekday: Ints  # (n,) 0 = Monday
    quarter: Ints  # (n,) slot of the day, 0 to 95
    months: tuple[str, ...]  # "2026-06", ...
    month_slots: Ints  # (months,) slots of the whole month
    run_slots: Ints  # (months,) slots of the month inside the span


def slot_dates(first_day: str, n: int) -> SlotDates:
    """The dates of ``n`` slots from midnight of ``first_day``.

    >>> dates = slot_dates("2026-06-29", 3 * 96)
    >>> dates.months, dates.run_slots.tolist(), dates.weekday[0].item()
    (('2026-06', '2026-07'), [192, 96], 0)
    """
    slot = np.arange(n, dtype=np.int64)
    day = np.datetime64(first_day, "D") + slot // SLOTS_PER_DAY
    since = day.astype("datetime64[M]").astype(np.int64)  # months since January 1970
    month = since - since[0]
    first = np.datetime64(int(since[0]), "M")
    names = first + np.arange(int(month[-1]) + 2)
    begins = names.astype("datetime64[D]").astype(np.int64)
    days = begins[1:] - begins[:-1]
    return SlotDates(
        month=month,
        calendar_month=since % 12,
        weekday=(day.astype(np.int64) + 3) % 7,  # 1 January 1970 was a Thursday
        quarter=slot % SLOTS_PER_DAY,
        months=tuple(str(name) for name in names[:-1]),
        month_slots=days * SLOTS_PER_DAY,
        run_slots=np.bincount(month),
    )


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class SlotSeries:
    """One value per slot: a price, a carbon factor, a temperature, sun."""

    name: str
    unit: str
    first_day: str  # ISO date
    values: Floats  # (n,)
    first_slot: int = 0  # slot of the first day with which the values begin
    repeats: bool = False  # the first 52 weeks hold for every year: weekdays stay weekdays

    def __post_init__(self) -> None:
        values = np.array(self.values, dtype=np.float64)
        values.setflags(write=False)
        object.__setattr__(self, "values", values)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SlotSeries):
            return NotImplemented
        return self._key() == other._key() and np.array_equal(self.values, other.values)

    def __hash__(self) -> int:
        return hash((self._key(), self.values.tobytes()))

    def _key(self) -> tuple[str, str, str, int, bool]:
        return self.name, self.unit, self.first_day, self.first_slot, self.repeats

    @property
    def last_day(self) -> str:
        """ISO date of the last slot."""
        slots = self.first_slot + len(self.values) - 1
        return day_text(day_number(self.first_day) + slots // SLOTS_PER_DAY)

    def missing_slots(self, first_day: str, n: int) -> tuple[int, int]:
        """Slots of a span that lie before the first and after the last value."""
        if self.repeats:
            return 0, max(0, CYCLE_SLOTS - len(self.values))
        offset = self._offset(first_day)
        return max(0, -offset), max(0, offset + n - len(self.values))

    def part(self, first_day: str, n: int) -> Floats:
        """The ``n`` values from midnight of ``first_day``, read only.

        Raises
        ------
        ValueError
            If the series does not hold them; the door says so before a run starts.
        """
        before, after = self.missing_slots(first_day, n)
        if before or after:
            raise ValueError(f"series {self.name!r} lacks {before + after} of {n} slots")
        offset = self._offset(first_day)
        if self.repeats:
            return self.values[(offset + np.arange(n)) % CYCLE_SLOTS]
        return self.values[offset : offset + n]

    def _offset(self, first_day: str) -> int:
        days = day_number(first_day) - day_number(self.first_day)
        return days * SLOTS_PER_DAY - self.first_slot
