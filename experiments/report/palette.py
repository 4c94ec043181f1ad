"""Colours and the time axis of all charts: safe for colour-blind readers, the same everywhere."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from matplotlib.axes import Axes

from experiments.report.canvas import save
from experiments.report.colours import (
    CHANGEOVER,
    DAY_OFF,
    GREY,
    LATE,
    PRODUCT,
    STOPPED,
    ink_colour,
    product_colour,
    product_colours,
)
from factory_env.domain.calendar import WorkCalendar
from factory_env.units import DAYS_PER_WEEK, MIN_PER_DAY

__all__ = [
    "CHANGEOVER",
    "GREY",
    "LATE",
    "PRODUCT",
    "STOPPED",
    "as_days",
    "day_axis",
    "ink_colour",
    "product_colour",
    "product_colours",
    "save",
]

MOST_TICKS: Final = 12


def day_axis(axes: Axes, last_day: float, first_day: date | None, calendar: WorkCalendar) -> None:
    """A time axis in calendar days, with dates if known, and days off in grey."""
    axes.set_xlim(0.0, max(last_day, 1.0))
    ticks = range(0, int(last_day) + 1, _step_days(last_day))
    if first_day is None:
        axes.set_xticks(ticks, [str(day) for day in ticks])
        axes.set_xlabel("day of the run (day 0 is a Monday; grey: no work)")
    else:
        dates = [first_day + timedelta(days=day) for day in ticks]
        axes.set_xticks(ticks, [f"{day:%a %d %b}" for day in dates])
        last = first_day + timedelta(days=int(last_day))
        years = f"{first_day:%Y}" if first_day.year == last.year else f"{first_day:%Y} to {last:%Y}"
        axes.set_xlabel(f"date, {years} (grey: no work)")
    off = [(day, 1.0) for day in range(int(last_day) + 1) if not calendar.is_working_day(day)]
    across: Any = axes.get_xaxis_transform()
    axes.broken_barh(off, (0.0, 1.0), transform=across, color=DAY_OFF, zorder=0, linewidth=0)
    axes.spines[["top", "right"]].set_visible(False)


def _step_days(last_day: float) -> int:
    """Days between ticks: whole weeks from two weeks on, so that all stand on Mondays."""
    if last_day <= MOST_TICKS:
        return 1
    weeks = -(-int(last_day) // (DAYS_PER_WEEK * MOST_TICKS))
    return 2 if last_day <= 2 * MOST_TICKS else weeks * DAYS_PER_WEEK


def as_days(minutes: Any) -> Any:
    """Wall minutes as days."""
    return minutes / MIN_PER_DAY
