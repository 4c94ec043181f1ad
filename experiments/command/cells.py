"""Text of users in tables that a spreadsheet opens."""

from __future__ import annotations

from typing import Final

FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")  # a cell that begins so is reckoned, or run


def escape_cell(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula; a number stays a number.

    >>> escape_cell("=cmd.png"), escape_cell("-3.5"), escape_cell("polo")
    ("'=cmd.png", '-3.5', 'polo')
    """
    if not text.startswith(FORMULAS) or _is_number(text):
        return text
    return f"'{text}"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
