"""How figures look: colours and marks that colour-blind readers tell apart, the time axis."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from experiments.report.tables.clock import Clock, When
from factory_env.units import MIN_PER_DAY

INK: Final = "#1d2733"
SOFT: Final = "#5b6673"
GRID: Final = "#e6eaee"
BASE: Final = "#7a848f"
BETTER: Final = "#0b5c9e"
WORSE: Final = "#c2570c"
# Okabe and Ito; a mark each, because colour alone is not enough
VARIANTS: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")
MARKS: Final = ("diamond", "square", "triangle-up", "star")
DASHES: Final = ("solid", "dash", "dot", "dashdot")
FONT: Final = 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
MS_PER_MIN: Final = 60_000.0


def colour(number: int) -> str:
    """Of the n-th variant."""
    return VARIANTS[number % len(VARIANTS)]


def fade(hex_colour: str, opacity: float) -> str:
    """A colour through which others are seen."""
    red, green, blue = (int(hex_colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def lay_out(x: Mapping[str, Any], y: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A layout in the style of the page; axis titles as plain text."""
    layout: dict[str, Any] = {
        "font": {"family": FONT, "size": 13, "color": INK},
        "margin": {"l": 10, "r": 16, "t": 40, "b": 50},
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "hoverlabel": {"font": {"family": FONT, "size": 13}, "align": "left"},
        "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "xanchor": "left"},
        "xaxis": _axis(x),
        "yaxis": _axis(y),
    }
    layout.update(more)
    return layout


def _axis(axis: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "automargin": True,
        "gridcolor": GRID,
        "zerolinecolor": "#9aa3ad",
        "linecolor": "#b8c0c9",
        **axis,
    }
    if isinstance(plain.get("title"), str):
        plain["title"] = {
            "text": plain["title"],
            "font": {"size": 13, "color": SOFT},
            "standoff": 12,
        }
    return plain


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Wall minutes on an axis: dates where the run has them, else days of the run."""

    clock: Clock

    def at(self, wall_min: float) -> str | float | None:
        """A point in time as the axis takes it."""
        if not math.isfinite(wall_min):
            return None
        if self.clock.first_day is None:
            return wall_min / MIN_PER_DAY
        moment = self.clock.moment(wall_min)
        assert isinstance(moment, datetime)
        return moment.isoformat(sep=" ", timespec="minutes")

    def span(self, minutes: float) -> float:
        """A length of time as bars take it."""
        return minutes / MIN_PER_DAY if self.clock.first_day is None else minutes * MS_PER_MIN

    def axis(self) -> dict[str, Any]:
        """What the axis needs to know."""
        if self.clock.first_day is None:
            return {"title": "day of the run (day 0 is a Monday)", "zeroline": False}
        return {"type": "date", "title": "date", "tickformat": "%a %-d %b", "hoverformat": "%c"}

    def say(self, wall_min: float) -> str:
        """For people; never where it is not within the run."""
        return say_when(self.clock.moment(wall_min))

    def say_due(self, wall_min: float) -> str:
        """The day alone where something is due at its end."""
        return say_when(self.clock.due(wall_min))


def say_when(when: When) -> str:
    """A point in time in a page.

    >>> say_when(datetime(2026, 3, 3, 10, 0)), say_when(date(2026, 3, 3)), say_when(None)
    ('Tue 3 Mar 10:00', 'Tue 3 Mar', 'not within the run')
    """
    if isinstance(when, datetime):
        return f"{when:%a} {when.day} {when:%b %H:%M}"
    if isinstance(when, date):
        return f"{when:%a} {when.day} {when:%b}"
    return when or "not within the run"
