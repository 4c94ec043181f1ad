"""Colours and marks of all charts: safe for colour-blind readers, the same in every picture."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from factory_env.domain.calendar import WorkCalendar
from factory_env.units import MIN_PER_DAY

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
OTHER: Final = "#999999"
CHANGEOVER: Final = "#222222"
LATE: Final = "#D55E00"  # vermilion: nothing else is orange
GREY: Final = "#777777"
DPI: Final = 110


def product_colour(product: str) -> str:
    """The colour of a product; grey for unknown ones."""
    return PRODUCT.get(product, OTHER)


def text_on(colour: str) -> str:
    """Black or white, whichever can be read on ``colour``."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "black" if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else "white"


def day_axis(axes: Axes, last_day: float, first_day: date | None, calendar: WorkCalendar) -> None:
    """A time axis in calendar days, with dates if known, and days off in grey."""
    axes.set_xlim(0.0, max(last_day, 1.0))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=12, integer=True, steps=[1, 2, 3.5, 7, 10]))
    if first_day is None:
        axes.set_xlabel("day of the run (day 0 is a Monday; grey: no work)")
    else:
        start = first_day

        def label(day: float, _: Any) -> str:
            return (start + timedelta(days=int(day))).strftime("%d %b")

        axes.xaxis.set_major_formatter(FuncFormatter(label))
        axes.set_xlabel(f"date (day 0 is {start:%A %d %B %Y}; grey: no work)")
    for day in range(int(last_day) + 1):
        if not calendar.is_working_day(day):
            axes.axvspan(day, day + 1, color="#EEEEEE", zorder=0, linewidth=0)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def as_days(minutes: Any) -> Any:
    """Wall minutes as days."""
    return minutes / MIN_PER_DAY


def save(figure: Figure, path: Path) -> Path:
    """Write a PNG so that nobody sees half of it."""
    temporary = path.with_name(f".{path.name}.tmp")
    figure.savefig(temporary, dpi=DPI, format="png")
    temporary.replace(path)
    return path
