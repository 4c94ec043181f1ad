"""The site's load curve: a typical week and the peak day; sun, battery, grid and tariff bands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from experiments.report.bands import Bands, price_bands
from experiments.report.palette import save
from factory_env.domain.energy import EnergySetup
from factory_env.domain.records import RunLog, Table
from factory_env.domain.series import SLOTS_PER_DAY, SLOTS_PER_HOUR
from factory_env.kpi.energy import month_peaks

Floats = NDArray[np.float64]
WEEK: Final = 7 * SLOTS_PER_DAY
# consumers from below: label, columns of the log, colour (after Tol's light scheme)
Consumers = tuple[str, tuple[str, ...], str]
CONSUMERS: Final[tuple[Consumers, ...]] = (
    ("base load, office, battery's own", ("base_kw", "battery_aux_kw"), "#BBBBBB"),
    ("lighting", ("lighting_kw",), "#EEDD88"),
    ("compressor", ("compressor_kw",), "#99DDFF"),
    ("boiler", ("boiler_kw",), "#AA4499"),
    ("cooling fans", ("fans_kw",), "#77AADD"),
    ("cutting and fusing", ("cutting_kw", "fusing_kw"), "#AAAA00"),
    ("pressing and packing", ("pressing_kw", "packing_kw"), "#FFAABB"),
    ("other rooms", ("process_kw",), "#225555"),  # where the run has any
    ("sewing machines", ("sewing_run_kw", "sewing_idle_kw", "sewing_standby_kw"), "#44BB99"),
)
LOAD: Final = "#BFD3E6"
SUN, GRID, PEAK, CHARGE, DISCHARGE, SOC = (
    "#B8860B",
    "#000000",
    "#D55E00",
    "#56B4E9",
    "#E69F00",
    "#332288",
)


ON_WHITE: Final = {"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A part of the run that is drawn."""

    title: str
    first: int  # slot
    last: int

    @property
    def hours(self) -> Floats:
        """Edges of its slots in hours from its first midnight."""
        return np.arange(self.last - self.first + 1) / SLOTS_PER_HOUR


def draw_load(log: RunLog, setup: EnergySetup, folder: Path) -> Path:
    """`load_curve.png`: above a typical week, below the day of the highest demand."""
    table = log.tables["slots"]
    first_day = date.fromisoformat(setup.site.first_day)
    bands = price_bands(table, setup.tariff)
    peaks = month_peaks(log)
    has_battery = setup.site.battery.capacity_kwh > 0.0
    figure = Figure(figsize=(15.0, 10.4 if has_battery else 8.6), layout="constrained")
    week, day = figure.subfigures(2, 1)
    typical, highest = spans(table, first_day)
    _draw_span(week, typical, table, setup, bands, peaks, first_day)
    _draw_span(day, highest, table, setup, bands, peaks, first_day)
    _legend(figure, setup, bands, stacked(table))
    figure.suptitle(
        _headline(table, setup, peaks), x=0.01, ha="left", fontsize=13, fontweight="bold"
    )
    return save(figure, folder / "load_curve.png")


def spans(table: Table, first_day: date) -> tuple[Span, Span]:
    """The week whose purchase is the median one, and the day of the highest demand."""
    bought = table["import_kwh"]
    weeks = bought.shape[0] // WEEK
    week = 0
    if weeks:
        sums = bought[: weeks * WEEK].reshape(weeks, WEEK).sum(axis=1)
        week = int(np.argsort(sums, kind="stable")[(weeks - 1) // 2])
    first = week * WEEK
    top = int(bought.argmax()) // SLOTS_PER_DAY * SLOTS_PER_DAY
    monday, peak_day = _day(first, first_day), _day(top, first_day)
    return (
        Span(
            title=f"A typical week, from {monday:%a %d %B %Y}",
            first=first,
            last=min(first + WEEK, bought.shape[0]),
        ),
        Span(
            title=f"The day of the highest demand, {peak_day:%a %d %B %Y}",
            first=top,
            last=min(top + SLOTS_PER_DAY, bought.shape[0]),
        ),
    )


def _draw_span(
    part: SubFigure,
    span: Span,
    table: Table,
    setup: EnergySetup,
    bands: Bands,
    peaks: Mapping[int, int],
    first_day: date,
) -> None:
    has_battery = setup.site.battery.capacity_kwh > 0.0
    grid = part.subplots(
        2 if has_battery else 1,
        1,
        sharex=True,
        squeeze=False,
        height_ratios=[3.2, 1.0] if has_battery else None,
    )
    upper, lower = grid[0, 0], grid[-1, 0]
    rows = {name: values[span.first : span.last] for name, values in table.items()}
    if span.last - span.first > SLOTS_PER_DAY:
        _load(upper, span, rows)
    else:
        _consumers(upper, span, rows)
    _supply(upper, span, rows)
    for axes in grid[:, 0]:
        bands.shade(axes, span.first, span.last)
        for midnight in range(24, (span.last - span.first) // SLOTS_PER_HOUR, 24):
            axes.axvline(midnight, color="#CCCCCC", linewidth=0.8, zorder=1)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
    if span.last - span.first <= SLOTS_PER_DAY:
        bands.name(upper, span.first, span.last)
    tops = _peaks(upper, span, table, peaks, first_day)
    upper.set_title(span.title, loc="left", fontsize=11)
    upper.set_title(tops, loc="right", fontsize=10, color=PEAK, fontweight="bold")
    if has_battery:
        _battery(lower, span, rows, setup.site.battery.capacity_kwh)
    _time_axis(lower, span, first_day)


def stacked(rows: Table) -> list[Consumers]:
    """The consumers that this run has."""
    return [group for group in CONSUMERS if all(name in rows for name in group[1])]


def _edges(span: Span) -> Floats:
    """Begin and end of every slot [h], shape (2 n,): as steps are drawn; `Axes.stairs` is slow."""
    return np.repeat(span.hours, 2)[1:-1]


def _fill(axes: Axes, span: Span, high: Floats, colour: str, low: Floats | float = 0.0) -> None:
    """A surface of steps."""
    floor = np.repeat(np.broadcast_to(low, high.shape), 2)
    look: dict[str, Any] = {"color": colour, "linewidth": 0, "zorder": 2}
    axes.fill_between(_edges(span), floor, np.repeat(high, 2), **look)


def _load(axes: Axes, span: Span, rows: Table) -> None:
    """A week shows the load as one surface: what it is made of can be seen on a day."""
    _fill(axes, span, rows["load_kw"], LOAD)


def _consumers(axes: Axes, span: Span, rows: Table) -> None:
    """Consumers stacked."""
    low = np.zeros(span.last - span.first)
    for _, columns, colour in stacked(rows):
        high = low + sum(rows[name] for name in columns)
        _fill(axes, span, high, colour, low)
        low = high


def _supply(axes: Axes, span: Span, rows: Table) -> None:
    """Sun, and what the grid delivered, as lines over the load."""
    if rows["pv_kw"].any():
        axes.plot(_edges(span), np.repeat(rows["pv_kw"], 2), color=SUN, linewidth=1.8, zorder=4)
    bought = rows["import_kwh"] * SLOTS_PER_HOUR
    axes.plot(_edges(span), np.repeat(bought, 2), color=GRID, linewidth=1.4, zorder=5)
    highest = max(float(v.max()) for v in (rows["load_kw"], bought, rows["pv_kw"]))
    axes.set_ylim(0.0, 1.18 * max(highest, 1.0))
    axes.set_ylabel("power, kW")


def _peaks(axes: Axes, span: Span, table: Table, peaks: Mapping[int, int], first_day: date) -> str:
    """The month's highest demand: a line over the month, a dot where it was set; in words."""
    month = table["month"][span.first : span.last]
    words = []
    for number, top in peaks.items():
        inside = np.flatnonzero(month == number)
        if not inside.shape[0]:
            continue
        kw = float(table["import_kwh"][top]) * SLOTS_PER_HOUR
        begin, end = span.hours[inside[0]], span.hours[inside[-1] + 1]
        axes.plot((begin, end), (kw, kw), color=PEAK, linewidth=1.2, linestyle="--", zorder=6)
        at = _day(top, first_day)
        hour, quarter = divmod(top % SLOTS_PER_DAY, SLOTS_PER_HOUR)
        words.append(f"{at:%B} {kw:,.0f} kW ({at:%a %d} {hour:02d}:{quarter * 15:02d})")
        if span.first <= top < span.last:
            spot: dict[str, Any] = {"markersize": 8, "markeredgecolor": "white", "zorder": 8}
            axes.plot(span.hours[top - span.first] + 0.125, kw, "o", color=PEAK, **spot)
    return f"highest demand: {', '.join(words)}" if words else ""


def _battery(axes: Axes, span: Span, rows: Table, capacity_kwh: float) -> None:
    """Power at the bus below and above zero, and what is in it."""
    _fill(axes, span, rows["discharge_kw"], DISCHARGE)
    _fill(axes, span, -rows["charge_kw"], CHARGE)
    most = max(float(rows["discharge_kw"].max()), float(rows["charge_kw"].max()), 10.0)
    axes.set_ylim(-1.15 * most, 1.15 * most)
    axes.axhline(0.0, color="black", linewidth=0.8, zorder=3)
    axes.set_ylabel("battery, kW\n(up: gives)")
    if not (rows["discharge_kw"].any() or rows["charge_kw"].any()):
        axes.text(
            0.01,
            0.06,
            "the battery rests",
            transform=axes.transAxes,
            fontsize=9,
            color="#555555",
            bbox=ON_WHITE,
        )
    right = axes.twinx()
    edges = np.concatenate([rows["soc_kwh"][:1], rows["soc_kwh"]]) / capacity_kwh
    right.plot(span.hours, edges, color=SOC, linewidth=1.8)
    right.set_ylim(0.0, 1.0)
    right.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    right.set_ylabel("filled to", color=SOC)
    right.spines["top"].set_visible(False)


def _time_axis(axes: Axes, span: Span, first_day: date) -> None:
    slots = span.last - span.first
    axes.set_xlim(0.0, slots / SLOTS_PER_HOUR)
    if slots <= SLOTS_PER_DAY:
        hours = np.arange(0, slots // SLOTS_PER_HOUR + 1, 2)
        axes.set_xticks(hours, [f"{h:02d}:00" for h in hours])
        return
    days = np.arange(slots // SLOTS_PER_DAY)
    names = [f"{_day(span.first + int(d) * SLOTS_PER_DAY, first_day):%a %d %b}" for d in days]
    axes.set_xticks(days * 24.0 + 12.0, names)
    axes.set_xticks(days * 24.0, minor=True)
    axes.tick_params(axis="x", which="major", length=0)
    axes.tick_params(axis="x", which="minor", length=6)


def _legend(axes_of: Figure, setup: EnergySetup, bands: Bands, stack: Sequence[Consumers]) -> None:
    """Columns of the legend: lines, battery, consumers as they are stacked, prices."""
    site = setup.site
    lines: list[Any] = [
        Patch(color=LOAD, label="week: all that the site uses"),
        Line2D([], [], color=GRID, linewidth=1.6, label="bought from the grid"),
    ]
    if site.solar.kwp > 0.0:
        lines.append(Line2D([], [], color=SUN, linewidth=1.8, label="solar panels could give"))
    peak = "highest demand of the month"
    lines.append(Line2D([], [], color=PEAK, linestyle="--", marker="o", label=peak))
    battery: list[Any] = [
        Patch(color=DISCHARGE, label="battery gives"),
        Patch(color=CHARGE, label="battery takes"),
        Line2D([], [], color=SOC, linewidth=1.8, label="battery filled to (right axis)"),
    ]
    consumers = [Patch(color=colour, label=f"day: {name}") for name, _, colour in reversed(stack)]
    half = -(-len(consumers) // 2)
    columns = [
        lines,
        *([battery] if site.battery.capacity_kwh > 0.0 else []),
        consumers[:half],
        consumers[half:],
        bands.legend(),
    ]
    rows = max(len(column) for column in columns)
    columns = [column for column in columns if column]
    blank = Patch(alpha=0.0, label=" ")
    handles = [h for column in columns for h in [*column, *[blank] * (rows - len(column))]]
    axes_of.legend(
        handles=handles, loc="outside lower center", ncols=len(columns), fontsize=9, frameon=False
    )


def _headline(table: Table, setup: EnergySetup, peaks: Mapping[int, int]) -> str:
    bought = float(table["import_kwh"].sum())
    used = float(table["load_kw"].sum()) / SLOTS_PER_HOUR
    sun = float(table["pv_used_kw"].sum()) / SLOTS_PER_HOUR
    top = max((float(table["import_kwh"][i]) * SLOTS_PER_HOUR for i in peaks.values()), default=0.0)
    shown = f", {sun:,.0f} kWh from the sun" if sun else ""
    return (
        f"Site {setup.site.name}, tariff {setup.tariff.name}: {used:,.0f} kWh used, "
        f"{bought:,.0f} kWh bought{shown}, highest demand {top:,.0f} kW"
    )


def _day(slot: int, first_day: date) -> date:
    return first_day + timedelta(days=slot // SLOTS_PER_DAY)
