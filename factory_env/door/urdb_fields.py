"""Fields of a URDB tariff, read one by one; what is wrong or left out is kept."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.tariff import MONTHS, RESERVED
from factory_env.errors import Problem, wrong

HOURS: Final = 24
_NOT_WORD = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """The first tier of a period."""

    rate: float
    adj: float
    sell: float
    unit: str


class Fields:
    """One tariff of the database."""

    def __init__(self, where: str, raw: Mapping[str, Any]) -> None:
        # the database writes some names in capitals: lookbackPercent
        self.raw = {str(key).lower(): value for key, value in raw.items()}
        self.where = where
        self.problems: list[Problem] = []
        self.left_out: list[str] = []
        self._tiers: dict[str, list[Tier] | None] = {}

    def wrong(self, name: str, rule: str, got: str, right: str) -> None:
        self.problems.append(wrong(self.where, name, rule, got, right))

    def leave_out(self, what: str) -> None:
        if what not in self.left_out:
            self.left_out.append(what)

    def text(self, name: str) -> str:
        value = self.raw.get(name)
        return value.strip() if isinstance(value, str) else ""

    def number(self, name: str) -> float:
        """A number, 0 if it is not given."""
        return self._number(name, self.raw.get(name))

    def numbers(self, name: str) -> list[float]:
        """A list of numbers; one number counts for every month; none if it is not given."""
        value = self.raw.get(name)
        if isinstance(value, list):
            return [self._number(f"{name}[{i}]", v) for i, v in enumerate(value)]
        return [self._number(name, value)] * MONTHS if value is not None else []

    def tiers(self, name: str) -> list[Tier] | None:
        """First tier of every period of a rate structure; None if there is none."""
        if name not in self._tiers:
            self._tiers[name] = self._first_tiers(name)
        return self._tiers[name]

    def schedule(self, name: str, periods: int) -> NDArray[np.int8]:
        """A 12 x 24 schedule of period numbers."""
        rows = self.raw.get(name)
        found = np.zeros((MONTHS, HOURS), dtype=np.int8)
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
            self.wrong(name, "must have 12 period numbers", f"{value!r}", "one for each month")
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
                if str(number).strip().isdecimal() and 1 <= int(number) <= periods:
                    given.setdefault(int(number) - 1, _NOT_WORD.sub("_", name.lower()).strip("_"))
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
                f"{got!r}{more}",
                f"0 to {periods - 1}",
            )

    def _first_tiers(self, name: str) -> list[Tier] | None:
        structure = self.raw.get(name)
        if not structure:
            return None
        if not isinstance(structure, list):
            self._not_structure(name, structure)
            return None
        several = [str(i) for i, tiers in enumerate(structure) if _len(tiers) > 1]
        if several:
            self.leave_out(f"{name}: tiers above the first of period {', '.join(several)}")
        return [self._tier(f"{name}[{i}]", tiers) for i, tiers in enumerate(structure)]

    def _tier(self, name: str, tiers: object) -> Tier:
        first = tiers[0] if isinstance(tiers, list) and tiers else None
        if not isinstance(first, Mapping):
            self._not_structure(name, tiers)
            first = {}
        return Tier(
            rate=self._number(f"{name}[0].rate", first.get("rate")),
            adj=self._number(f"{name}[0].adj", first.get("adj")),
            sell=self._number(f"{name}[0].sell", first.get("sell")),
            unit=str(first.get("unit", "")),
        )

    def _number(self, name: str, value: object) -> float:
        if value is None or value == "":
            return 0.0
        try:
            number = float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            number = math.nan
        if not math.isfinite(number):
            self.wrong(name, "must be a number", repr(value), "e.g. 0.12")
            return 0.0
        return number

    def _not_structure(self, name: str, got: object) -> None:
        self.wrong(
            name,
            "must be a list of periods, each a list of tiers",
            repr(got)[:60],
            '[[{"rate": 0.12}], ...]',
        )


def _len(value: object) -> int:
    return len(value) if isinstance(value, Sequence) and not isinstance(value, str) else 0


def _is_period(value: object, periods: int) -> bool:
    return isinstance(value, int | float) and 0 <= value < periods and value == int(value)
