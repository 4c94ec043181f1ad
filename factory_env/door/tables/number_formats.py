"""Units that a workbook shows beside a number but does not hold: those of its number formats."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

_CURRENCY: Final = re.compile(r"\[\$([^\]\-]+)[^\]]*\]")
_LITERAL: Final = re.compile(r'"([^"]*)"')
_SCALED: Final = re.compile(r"[0#?],+(?![0#?])")  # shown in thousands: the value is whole


@cache
def read_format_unit(number_format: str) -> str:
    """The unit that a number format writes beside the digits, or "".

    >>> read_format_unit('0" dz"'), read_format_unit("#,##0.00 [$€-407]"), read_format_unit("0.00")
    ('dz', '€', '')
    """
    first = number_format.partition(";")[0]
    words: list[str] = [*_CURRENCY.findall(first), *_LITERAL.findall(first)]
    units = [word.strip() for word in words if re.search(r"[^\W\d_]|[€£$¥]", word)]
    if len(units) != 1 or _SCALED.search(first):
        return ""
    return units[0]
