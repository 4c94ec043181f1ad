"""One cell as a number: its sign, its unit, and what its marks can mean."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from factory_env.door.tables.table import TypedNumber

_PARTS: Final = re.compile(
    r"(?P<open>\()?\s*(?P<sign>[+-])?\s*(?P<before>[^\d\s().,+\-']{1,12})?\s*"
    r"(?P<sign2>[+-])?\s*(?P<body>[.,]?\d[\d.,'\s]*)(?P<power>[eE][+-]?\d{1,3})?"
    r"\s*(?P<after>[^\d\s().,'+\-][^\d()]{0,15}?)?\s*(?P<sign3>-)?\s*(?P<close>\))?"
)
_SPACED = re.compile(r"\d{1,3}(?:[\s']\d{3})+")  # groups that only thousands are written in
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}")  # also lakh and crore
_PLAIN = str.maketrans({"\u2019": "'", "\u2018": "'", "\u2212": "-", "\u2013": "-", "\u2014": "-"})
_NO_CENTS = re.compile(r"[.,][-]{1,2}$")  # 1000,- is 1000
MAX_DIGITS: Final = 60


class Marks(Enum):
    """What the marks of a cell say about the file's decimal mark."""

    NONE = "no mark"
    POINT = "a decimal point"
    COMMA = "a decimal comma"
    UNCLEAR = "a mark before exactly three digits"


@dataclass(frozen=True, slots=True)
class CellNumber:
    """A number as written. ``value`` None = its one mark could stand for thousands."""

    marks: Marks
    value: float | None
    as_point: float  # the value if the point is the decimal mark
    as_comma: float
    unit: str  # what stands beside the digits, e.g. "%", "€", "pcs"; "" = nothing


def read_cell(text: str) -> CellNumber | None:
    """The number that a cell holds; None if it holds none.

    >>> read_cell("1,234.50 €").value, read_cell("1.000").value, read_cell("1.000").as_comma
    (1234.5, None, 1000.0)
    >>> read_cell("(5)").value, read_cell("12-").value, read_cell("1 000").value
    (-5.0, -12.0, 1000.0)
    """
    if isinstance(text, TypedNumber):
        number = float(text)
        return CellNumber(Marks.NONE, number, number, number, text.unit)
    text = _NO_CENTS.sub("", text.strip().translate(_PLAIN))
    if len(text) > MAX_DIGITS or not (parts := _PARTS.fullmatch(text)):
        return None
    if (parts["open"] is None) != (parts["close"] is None):
        return None
    signs = [s for s in (parts["sign"], parts["sign2"], parts["sign3"]) if s]
    units = [u.strip() for u in (parts["before"], parts["after"]) if u and u.strip()]
    if len(signs) > 1 or len(set(units)) > 1:
        return None
    is_negative = bool(parts["open"]) or (bool(signs) and signs[0] != "+")
    return _weigh(parts["body"].strip(), parts["power"] or "", is_negative, *units[:1])


def _weigh(body: str, power: str, is_negative: bool, unit: str = "") -> CellNumber | None:
    """What the marks within the digits mean."""
    whole = re.match(r"\d+(?:[\s']\d+)*", body)
    if whole and re.search(r"[\s']", whole[0]):
        if not _SPACED.fullmatch(whole[0]):
            return None
        body = re.sub(r"[\s']", "", whole[0]) + body[whole.end() :]
        if re.search(r"[\s']", body) or len(re.findall(r"[.,]", body)) > 1:
            return None
        mark = next((m for m in ".," if m in body), "")
        return _settle(body, mark, power, is_negative, unit)
    if re.search(r"[\s']", body):
        return None
    marks = [c for c in body if c in ".,"]
    if not marks:
        return _settle(body, "", power, is_negative, unit)
    if len(set(marks)) == 2:
        head, last, _ = body.rpartition(marks[-1])
        if marks.count(last) > 1 or not _GROUPED.fullmatch(head):
            return None
        return _settle(body, last, power, is_negative, unit)
    if len(marks) > 1:
        if not _GROUPED.fullmatch(body):
            return None
        return _settle(body, "," if marks[0] == "." else ".", power, is_negative, unit)
    head, _, tail = body.partition(marks[0])
    is_plain = len(tail) != 3 or not 0 < len(head) <= 3 or head.startswith("0") or bool(power)
    if is_plain:
        return _settle(body, marks[0], power, is_negative, unit)
    sign = -1.0 if is_negative else 1.0
    fraction, thousands = sign * float(f"{head}.{tail}"), sign * float(head + tail)
    by_point, by_comma = (fraction, thousands) if marks[0] == "." else (thousands, fraction)
    return CellNumber(Marks.UNCLEAR, None, by_point, by_comma, unit)


def _settle(body: str, decimal: str, power: str, is_negative: bool, unit: str) -> CellNumber | None:
    """The number of a body whose decimal mark is known; "" = it has no fraction and no mark."""
    other = {".": ",", ",": "."}.get(decimal, "")
    digits = body.replace(other, "") if other else body
    try:
        value = float((digits.replace(",", ".") if decimal == "," else digits) + power)
    except ValueError:
        return None
    if not math.isfinite(value):
        return None
    value = -value if is_negative else value
    marks = {".": Marks.POINT, ",": Marks.COMMA}.get(decimal, Marks.NONE)
    return CellNumber(marks, value, value, value, unit)
