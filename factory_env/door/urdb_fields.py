"""Fields of a URDB tariff, read one by one; what is wrong or left out is kept."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.tariff import MONTHS, RESERVED
from factory_env.door.urdb_file import shorten
from factory_env.door.urdb_tiers import Tier, read_tiers
from factory_env.errors import Problem, wrong

HOURS: Final = 24
NAME_LETTERS: Final = 40  # of a period
_NOT_WORD = re.compile(r"[^a-z0-9]+")


class Fields:
    """One tariff of the database."""

    def __init__(self, where: str, raw: Mapping[str, Any]) -> None:
        # the database writes some names in capitals: lookbackPercent
        self.raw = {str(key).lower(): value for key, value in raw.items()}
        self.where = where
        self.problems: list[Problem] = []
        self.left_out: list[str] = []
        self._tiers: dict[str, list[list[Tier]] | None] = {}

    def wrong(self, name: str, rule: str, got: str, right: str) -> None:
        self.problems.append(wrong(self.where, name, rule, got, right))

    def leave_out(self, what: str) -> None:
        if what not in self.left_out:
            self.left_out.append(what)

    def text(self, name: str) -> str:
        value = self.raw.get(name)
        return shorten(value) if isinstance(value, str) else ""

    def number(self, name: str) -> float:
        """A number, 0 if it is not given."""
        return self.as_number(name, self.raw.get(name))

    def numbers(self, name: str) -> list[float]:
        """A list of numbers; one number counts for every month; none if it is not given."""
        value = self.raw.get(name)
        if isinstance(value, list):
            return [self.as_number(f"{name}[{i}]", v) for i, v in enumerate(value)]
        return [self.as_number(name, value)] * MONTHS if value is not None else []

    def tiers(self, name: str) -> list[list[Tier]] | None:
        """Tiers of every period of a rate structure; None if there is none."""
        if name not in self._tiers:
            self._tiers[name] = read_tiers(self, name, self.raw.get(name))
        return self._tiers[name]

    def schedule(self, name: str, periods: int) -> NDArray[np.int16]:
        """A 12 x 24 schedule of period numbers."""
        rows = self.raw.get(name)
        found = np.zeros((MONTHS, HOURS), dtype=np.int16)
        shape = [_len(row) for row in rows] if isinstance(rows, list) else []
        if shape != [HOURS] * MONTHS:
            got = "nothing" if rows is None else f"{len(shape)} rows of {sorted(set(shape))}"
            self.wrong(
                name,
                "must have 12 rows (months) of 24 periods (hours)",
                got,
                "a tariff of the API, detail=full",
            )
            return found
        odd: list[tuple[str, object]] = []
        for month, row in enumerate(rows or []):
            for hour, period in enumerate(row):
                if _is_period(period, periods):
                    found[month, hour] = period
                else:
                    odd.append((f"{name}[{month}][{hour}]", period))
        self._not_periods(odd, periods)
        return found

    def by_month(self, name: str, periods: int) -> list[int]:
        """A period number for each month; the first period if the list is not given."""
        value = self.raw.get(name)
        if value is None:
            return [0] * MONTHS
        if _len(value) != MONTHS:
            self.wrong(name, "must have 12 period numbers", repr(value)[:60], "one for each month")
            return [0] * MONTHS
        odd = [(f"{name}[{i}]", v) for i, v in enumerate(value) if not _is_period(v, periods)]
        self._not_periods(odd, periods)
        return [0] * MONTHS if odd else [int(v) for v in value]

    def period_names(self, attrs: str, periods: int, word: str) -> list[str]:
        """Names of periods from the attributes ``{name: number}``, where they number them."""
        given: dict[int, str] = {}
        found = self.raw.get(attrs)
        for pair in found if isinstance(found, list) else []:
            for name, number in pair.items() if isinstance(pair, Mapping) else ():
                digits = str(number).strip()[:6]
                if digits.isdecimal() and 1 <= int(digits) <= periods:
                    word_given = _NOT_WORD.sub("_", name.lower()[:NAME_LETTERS]).strip("_")
                    given.setdefault(int(digits) - 1, word_given)
        names = [given.get(i, f"{word}_{i}") for i in range(periods)]
        is_clear = len(set(names)) == periods and RESERVED.isdisjoint(names)
        return names if is_clear else [f"{word}_{i}" for i in range(periods)]

    def _not_periods(self, wrong: Sequence[tuple[str, object]], periods: int) -> None:
        """One problem for all wrong period numbers of a list."""
        if wrong:
            name, got = wrong[0]
            more = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
            self.wrong(
                name,
                f"must be the number of one of {periods} periods",
                f"{repr(got)[:60]}{more}",
                f"0 to {periods - 1}",
            )

    def as_number(self, name: str, value: object) -> float:
        """A value of the file as a number, 0 if it is blank."""
        if value is None or value == "":
            return 0.0
        try:
            number = math.nan if isinstance(value, bool) else float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if not math.isfinite(number):
            self.wrong(name, "must be a number", repr(value)[:60], "e.g. 0.12")
            return 0.0
        return number


def _len(value: object) -> int:
    return len(value) if isinstance(value, Sequence) and not isinstance(value, str) else 0


def _is_period(value: object, periods: int) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return 0 <= value < periods and value == int(value)
