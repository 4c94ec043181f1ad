"""Colours and the time axis of all charts: safe for colour-blind readers, the same everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

from matplotlib.axes import Axes

from experiments.report.canvas import save
from factory_env.domain.calendar import WorkCalendar
from factory_env.units import DAYS_PER_WEEK, MIN_PER_DAY

__all__ = ["as_days", "day_axis", "ink_colour", "product_colour", "product_colours", "save"]

# Paul Tol's muted scheme; products that share lines are far apart in it
PRODUCT: Final[dict[str, str]] = {
    "tee": "#88CCEE",
    "polo": "#332288",
    "pullover": "#44AA99",
    "shirt": "#DDCC77",
    "trouser": "#117733",
    "jeans": "#4C72B0",
    "dress": "#CC6677",
    "jacket": "#882255",
}
# for products of one's own, in the order of their names; then they come round again
FURTHER: Final = ("#AA4499", "#999933", "#99DDFF", "#661100", "#BBCC33", "#004488", "#FFAABB")
OTHER: Final = "#999999"
CHANGEOVER: Final = "#222222"
LATE: Final = "#D55E00"  # vermilion: nothing else is orange
STOPPED: Final = "#F0E442"  # Okabe and Ito's yellow, always with a black edge
GREY: Final = "#777777"
DAY_OFF: Final = "#EEEEEE"
MOST_TICKS: Final = 12


def product_colours(names: Iterable[str]) -> dict[str, str]:
    """A colour for each product of a run, those of its own book included.

    >>> product_colours(["cap", "tee"])
    {'tee': '#88CCEE', 'cap': '#AA4499'}
    """
    there = set(names)
    known = {name: colour for name, colour in PRODUCT.items() if name in there}
    own = sorted(there - set(PRODUCT))
    return known | {name: FURTHER[i % len(FURTHER)] for i, name in enumerate(own)}


def product_colour(product: str) -> str:
    """The colour of a shipped product; grey for others."""
    return PRODUCT.get(product, OTHER)


def ink_colour(colour: str) -> str:
    """Black or white, whichever can be read on ``colour``."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "black" if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else "white"


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
