"""Figures as people read them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from experiments.futures.report.section import Cell, Tone
from experiments.futures.statistics.estimate import Estimate

MINUS: Final = "\N{MINUS SIGN}"
UNKNOWN: Final = "\N{EN DASH}"
ABOUT: Final = "\N{ALMOST EQUAL TO}"
UP: Final = "\N{BLACK UP-POINTING TRIANGLE}"
DOWN: Final = "\N{BLACK DOWN-POINTING TRIANGLE}"
MOST_NAMED: Final = 4


def say_number(value: float, unit: str) -> str:
    """A figure with as many digits as anybody wants.

    >>> say_number(0.9722, "share"), say_number(5621.4, "USD"), say_number(-6.835, "days")
    ('97.2 %', '5,621 USD', '\N{MINUS SIGN}6.8 days')
    """
    if math.isnan(value):
        return UNKNOWN
    if unit == "share":
        return f"{100 * value:,.1f} %".replace("-", MINUS)
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 0.95 else 2
    text = f"{value:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    text = "0" if text in ("-0", "") else text
    return f"{text} {unit}".strip().replace("-", MINUS)


def say_change(value: float, unit: str) -> str:
    """The same with its sign; shares in percentage points.

    >>> say_change(1250.0, "USD"), say_change(-0.021, "share")
    ('+1,250 USD', '\N{MINUS SIGN}2.1 points')
    """
    if unit == "share":
        value, unit = 100 * value, "points"
    return ("+" if value > 0 else "") + say_number(value, unit)


def say_interval(estimate: Estimate, unit: str) -> str:
    """Both ends, the unit once."""
    if not estimate.has_interval:
        return "one run: no interval"
    if estimate.is_alike:
        return "the same in all runs"
    low, high = (say_change(end, unit) for end in (estimate.low, estimate.high))
    last = low.rpartition(" ")[0] if unit else low
    return f"{last or low} to {high}"


def say_share(share: float) -> str:
    """A probability: whole percent.

    >>> say_share(0.917), say_share(float("nan"))
    ('92 %', '\N{EN DASH}')
    """
    return UNKNOWN if math.isnan(share) else f"{100 * share:.0f} %"


def change_cell(estimate: Estimate, unit: str, better: int) -> Cell:
    """A paired difference with arrow, interval, and whether it is good."""
    if math.isnan(estimate.value):
        return Cell(UNKNOWN, tone="quiet")
    if estimate.value == 0.0 and estimate.is_alike:
        return Cell("=", "the same in all runs", "quiet")
    text = say_change(estimate.value, unit)
    under = say_interval(estimate, unit)
    if estimate.holds_zero:
        return Cell(f"{ABOUT} {text}", under, "unsure")
    arrow = UP if estimate.value > 0 else DOWN
    tone: Tone = ""
    if better:
        tone = "better" if estimate.value * better > 0 else "worse"
    return Cell(f"{arrow} {text}", under, tone)


def join_words(words: Sequence[str], most: int = MOST_NAMED) -> str:
    """Names in a sentence.

    >>> join_words(["a", "b", "c"]), join_words(["a", "b", "c"], most=2)
    ('a, b and c', 'a, b and 1 more')
    """
    if len(words) > most:
        return f"{', '.join(words[:most])} and {len(words) - most} more"
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
