"""How each value of a change is read and checked, and its JSON schema."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from factory_env.domain.limits import MOST
from factory_env.door.changing.known import Fault, Known, nearest
from factory_env.door.changing.moments import PATTERN, read_day, read_minute

Values = dict[str, Any]
Schema = dict[str, Any]
DRAWN: Final = re.compile(r"O\d{4,}(/\d+)?")  # an order that a run draws
_PERCENT: Final = re.compile(r"(?P<number>[+-]?\d+(?:\.\d+)?)\s*%")


class Field(Protocol):
    """One value as a person writes it."""

    def read(self, value: Any, known: Known) -> Values:
        """Attributes of the change; raises `Fault` if the value is wrong."""
        ...

    def schema(self) -> Schema:
        """What may be written, for editors."""
        ...


@dataclass(frozen=True, slots=True)
class Moment:
    """A minute of the run; an end without a time of day is the end of that day."""

    name: str
    is_end: bool = False

    def read(self, value: Any, known: Known) -> Values:
        return {self.name: read_minute(value, known, is_end=self.is_end)}

    def schema(self) -> Schema:
        return {"anyOf": [{"type": "string", "pattern": PATTERN}, {"type": "integer"}]}


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the run."""

    name: str

    def read(self, value: Any, known: Known) -> Values:
        return {self.name: read_day(value, known)}

    def schema(self) -> Schema:
        return Moment(self.name).schema()


@dataclass(frozen=True, slots=True)
class Number:
    """A number within limits, the lower one excluded if ``is_above``; shares also as ``10 %``."""

    name: str
    low: float
    high: float = MOST
    is_above: bool = False
    is_whole: bool = False
    is_share: bool = False

    def read(self, value: Any, known: Known) -> Values:
        number = self._number(value)
        too_low = number <= self.low if self.is_above else number < self.low
        if too_low or number > self.high:
            word = "above" if self.is_above else "at least"
            raise Fault(f"must be {word} {self.low:g} and at most {self.high:g}", self._example())
        return {self.name: int(number) if self.is_whole else float(number)}

    def _number(self, value: Any) -> float:
        if isinstance(value, str) and self.is_share:
            match = _PERCENT.fullmatch(value.strip())
            if match:
                return float(match["number"]) / 100.0
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
            raise Fault("must be a number", self._example())
        if self.is_whole and not float(value).is_integer():
            raise Fault("must be a whole number", self._example())
        return float(value)

    def _example(self) -> str:
        if self.is_share:
            return "e.g. 0.1 or 10 %"
        return "e.g. 2" if self.is_whole or self.high > 2 else "e.g. 0.8"

    def schema(self) -> Schema:
        low = "exclusiveMinimum" if self.is_above else "minimum"
        plain: Schema = {"type": "integer" if self.is_whole else "number"}
        plain |= {low: self.low, "maximum": self.high}
        if not self.is_share:
            return plain
        return {"anyOf": [plain, {"type": "string", "pattern": r"^[+-]?\d+(\.\d+)?\s*%$"}]}


@dataclass(frozen=True, slots=True)
class HeadsOrShare:
    """More or fewer people: ``-3`` heads, or ``-10 %`` of them."""

    def read(self, value: Any, known: Known) -> Values:
        right = "-3 (heads) or -10 %"
        if isinstance(value, str):
            match = _PERCENT.fullmatch(value.strip())
            if not match:
                raise Fault("must be heads, or a share with a per cent sign", right)
            share = float(match["number"]) / 100.0
            if not -1.0 <= share <= 10.0 or share == 0.0:
                raise Fault("must be from -100 % to 1000 %, and not 0", right)
            return {"share": share}
        if isinstance(value, bool) or not isinstance(value, int) or value == 0:
            raise Fault("must be a whole number of heads other than 0, or a share", right)
        if abs(value) > 10_000:
            raise Fault("must be at most 10,000 heads", right)
        return {"heads": value}

    def schema(self) -> Schema:
        share = {"type": "string", "pattern": r"^[+-]?\d+(\.\d+)?\s*%$"}
        return {"anyOf": [{"type": "integer"}, share]}


@dataclass(frozen=True, slots=True)
class OrderId:
    """An order of the book, or one that another change adds."""

    name: str = "order_id"

    def read(self, value: Any, known: Known) -> Values:
        word = _word(value, "PO-2026-001")
        if word in known.added:
            return {self.name: word}
        if known.orders is None:
            if not DRAWN.fullmatch(word):
                raise Fault("must be an order: this run draws its own", "O0001, O0002, ...")
        elif word not in known.orders:
            raise Fault("must be an order of the book", nearest(word, known.orders))
        return {self.name: word}

    def schema(self) -> Schema:
        return {"type": ["string", "integer"]}


@dataclass(frozen=True, slots=True)
class LineName:
    """A sewing line."""

    def read(self, value: Any, known: Known) -> Values:
        word = _word(value, known.lines[0])
        if word not in known.lines:
            rule = f"must be a line of plant {known.scenario.plant.name}"
            raise Fault(rule, nearest(word, known.lines))
        return {"line": word}

    def schema(self) -> Schema:
        return {"type": "string"}


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine type that stands on a line."""

    def read(self, value: Any, known: Known) -> Values:
        word = _word(value, "OL4")
        if word not in known.machines:
            raise Fault("must be a machine type of a line", nearest(word, known.machines))
        return {"machine": word}

    def schema(self) -> Schema:
        return {"type": "string"}


@dataclass(frozen=True, slots=True)
class Text:
    """A word that somebody else checks."""

    name: str

    def read(self, value: Any, known: Known) -> Values:
        return {self.name: _word(value, "edd")}

    def schema(self) -> Schema:
        return {"type": "string"}


@dataclass(frozen=True, slots=True)
class Yes:
    """A word that needs no value: ``true``, or nothing."""

    def read(self, value: Any, known: Known) -> Values:
        if value not in (True, None):
            raise Fault("must be true", "true; the window says when")
        return {}

    def schema(self) -> Schema:
        return {"type": ["boolean", "null"]}


def read_fields(
    fields: Mapping[str, Field], row: Mapping[Any, Any], known: Known
) -> tuple[Values, list[tuple[str, Any, Fault]]]:
    """Attributes of the values that are there, and what is wrong with the others."""
    values: Values = {}
    faults: list[tuple[str, Any, Fault]] = []
    for key, value in row.items():
        if key not in fields:
            faults.append((str(key), value, Fault("is no key here", nearest(str(key), fields))))
            continue
        try:
            values |= fields[key].read(value, known)
        except Fault as fault:
            faults.append((key, value, fault))
    return values, faults


def _word(value: Any, example: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int) or not str(value).strip():
        raise Fault("must be a name", f"e.g. {example}")
    return str(value).strip()
