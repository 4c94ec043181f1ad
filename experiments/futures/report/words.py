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


def mean_known(values: Sequence[float]) -> float:
    """Mean of what is known; NaN of nothing."""
    known = [value for value in values if not math.isnan(value)]
    return sum(known) / len(known) if known else float("nan")


def say_number(value: float, unit: str) -> str:
    """A figure with as many digits as anybody wants.

    >>> say_number(0.9722, "share"), say_number(5621.4, "USD"), say_number(-6.835, "days")
    ('97.2 %', '5,621 USD', '\N{MINUS SIGN}6.8 days')
    """
    if math.isnan(value):
        return UNKNOWN
    if unit == "share":
        return f"{100 * value:,.1f} %".replace("-", MINUS)
    size = abs(value)
    digits = 0 if size >= 100 else 1 if size >= 0.95 else 2 if size >= 0.095 else 3
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
    text = say_number(value, unit)
    return f"+{text}" if value > 0 and text.split(" ")[0] != "0" else text


def say_interval(estimate: Estimate, unit: str) -> str:
    """Both ends, the unit once.

    >>> say_interval(Estimate(0.1, 0.05, 0.2), "share")
    '+5 to +20 points'
    """
    if not estimate.has_interval:
        return "one run: no interval"
    if estimate.is_alike:
        return "the same in all runs"
    return f"{_say_bare(estimate.low, unit)} to {say_change(estimate.high, unit)}"


def _say_bare(value: float, unit: str) -> str:
    """A change without its unit."""
    return say_change(100 * value if unit == "share" else value, "")


def say_share(share: float) -> str:
    """A probability: whole percent.

    >>> say_share(0.917), say_share(float("nan"))
    ('92 %', '\N{EN DASH}')
    """
    return UNKNOWN if math.isnan(share) else f"{100 * share:.0f} %"


def compare_cell(mean: float, change: Estimate, unit: str, better: int) -> Cell:
    """A variant's mean, and below it the paired difference with arrow and interval."""
    text = say_number(mean, unit)
    if math.isnan(change.value):
        return Cell(text, tone="quiet")
    if change.value == 0.0 and change.is_alike:
        return Cell(text, "= in all runs", "quiet")
    sure = f"{_say_bare(change.low, unit)} to {_say_bare(change.high, unit)}"
    if change.is_alike or not change.has_interval:
        sure = say_interval(change, unit)
    value = say_change(change.value, unit) if unit == "share" else say_change(change.value, "")
    sign = ABOUT if change.holds_zero else UP if change.value > 0 else DOWN
    tone: Tone = "unsure"
    if not change.holds_zero:
        tone = "" if not better else "better" if change.value * better > 0 else "worse"
    return Cell(text, f"{sign} {value} ({sure})", tone)


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
