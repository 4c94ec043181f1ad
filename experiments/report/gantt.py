"""Gantt charts: one picture per line with an order a row, and one for the whole plant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.report.order_bars import OrderBar, lateness_text, order_bars
from experiments.report.palette import (
    CHANGEOVER,
    GREY,
    LATE,
    PRODUCT,
    day_axis,
    product_colour,
    save,
    text_on,
)
from experiments.report.station_bands import band_legend, draw_bands, draw_order, has_station
from factory_env.domain.calendar import WorkCalendar
from factory_env.domain.records import RunLog

ROWS_PER_PICTURE = 60
MAX_PICTURES = 4  # of one line: the log holds the rest
WIDTH_IN = 13.0


def draw_lines(
    log: RunLog, calendar: WorkCalendar, folder: Path, first_day: date | None = None
) -> Iterator[Path]:
    """One picture per line; up to four if a line sewed more than 60 orders."""
    for number, name in enumerate(log.lines):
        bars = order_bars(log, number, calendar)
        pages = min(MAX_PICTURES, max(1, -(-len(bars) // ROWS_PER_PICTURE)))
        for page in range(pages):
            part = bars[page * ROWS_PER_PICTURE : (page + 1) * ROWS_PER_PICTURE]
            first = page * ROWS_PER_PICTURE + 1
            last = first + len(part) - 1
            suffix = f", {first} to {last} of {len(bars)}" if pages > 1 else ""
            ending = f"_{page + 1}" if pages > 1 else ""
            figure = line_figure(f"Line {name}{suffix}", part, calendar, first_day, log)
            yield save(figure, folder / f"gantt_{name}{ending}.png")


def line_figure(
    title: str,
    bars: Sequence[OrderBar],
    calendar: WorkCalendar,
    first_day: date | None,
    log: RunLog,
) -> Figure:
    """The orders of one line, a row each, first taken on top; its repair loop if there is one."""
    station = has_station(log)
    height = 2.1 + 0.3 * max(len(bars), 3)
    figure = Figure(figsize=(WIDTH_IN, height), layout="constrained")
    axes = figure.subplots()
    for y, bar in enumerate(bars):
        _row(axes, y, bar)
        if station:
            draw_order(axes, log, bar.order_id, y + 0.34, 0.1)
    late = sum(b.late_days > 0 for b in bars)
    days = sum(b.late_days for b in bars)
    verdict = f"{late} late, by {days / late:.1f} days on average" if late else "none late"
    axes.set_title(f"{title}: {len(bars)} orders, {verdict}", loc="left", fontweight="bold")
    labels = [f"{b.order_id}  {b.style}  {b.quantity:,}{'  rush' * b.is_rush}" for b in bars]
    axes.set_yticks(range(len(bars)), labels, fontsize=8)
    axes.set_ylim(max(len(bars), 3) - 0.4, -0.6)
    axes.set_ylabel("order, style, pieces")
    last = max([max(b.sewn, b.shipped or 0.0, b.due) for b in bars], default=1.0)
    day_axis(axes, last * 1.1 + 0.5, first_day, calendar)
    first = min((b.ready for b in bars), default=0.0)
    axes.set_xlim(left=max(0.0, float(int(first)) - 0.5) if first > 14 else 0.0)
    handles = [*_line_legend(bars), *(band_legend() if station else [])]
    figure.legend(handles=handles, loc="outside lower center", ncols=8, fontsize=8, frameon=False)
    return figure


def _row(axes: Axes, y: float, bar: OrderBar) -> None:
    axes.hlines(y, bar.ready, bar.taken, colors=GREY, linewidth=1.0, linestyles=":")
    axes.barh(y, bar.set_up - bar.taken, left=bar.taken, height=0.62, color=CHANGEOVER)
    axes.barh(
        y, bar.sewn - bar.set_up, left=bar.set_up, height=0.62, color=product_colour(bar.product)
    )
    end = bar.shipped if bar.shipped is not None else bar.sewn
    axes.hlines(y, bar.sewn, end, colors=GREY, linewidth=2.5)
    is_late = bar.late_days > 0
    if is_late:
        axes.hlines(y, bar.due, end, colors=LATE, linewidth=1.5)
    axes.plot(
        bar.due,
        y,
        marker="D",
        markersize=6,
        markeredgecolor=LATE if is_late else "black",
        markerfacecolor=LATE if is_late else "white",
        linestyle="none",
        zorder=5,
    )
    if text := lateness_text(bar):
        axes.annotate(
            text,
            (max(end, bar.due), y),
            xytext=(7, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
            color=LATE,
            fontweight="bold",
        )


def _line_legend(bars: Sequence[OrderBar]) -> list[Any]:
    sewn = {b.product for b in bars}
    due: dict[str, Any] = {"marker": "D", "markersize": 6, "linestyle": "none"}
    return [
        Line2D([], [], color=GREY, linestyle=":", label="cut, waiting"),
        Patch(color=CHANGEOVER, label="changeover"),
        *(Patch(color=product_colour(p), label=f"sewing {p}") for p in PRODUCT if p in sewn),
        Line2D([], [], color=GREY, linewidth=2.5, label="finishing to shipment"),
        Line2D([], [], markerfacecolor="white", markeredgecolor="black", label="due", **due),
        Line2D([], [], markerfacecolor=LATE, markeredgecolor=LATE, label="due, missed", **due),
    ]


def draw_overview(
    log: RunLog, calendar: WorkCalendar, folder: Path, first_day: date | None = None
) -> Path:
    """All lines in one picture: what each sews when, late orders marked."""
    station = has_station(log)
    height = 2.0 + (0.62 + 0.3 * station) * len(log.lines)
    figure = Figure(figsize=(WIDTH_IN, height), layout="constrained")
    axes = figure.subplots()
    lanes = [order_bars(log, number, calendar) for number in range(len(log.lines))]
    last = max([1.0, *(b.sewn for bars in lanes for b in bars)])
    products = {b.product for bars in lanes for b in bars}
    late = sum(b.late_days > 0 for bars in lanes for b in bars)
    for y, bars in enumerate(lanes):
        _lane(axes, y, bars, (last + 0.5) / (WIDTH_IN - 1.3))
        if station:
            draw_bands(axes, log, y, y + 0.45, 0.09)
    orders = len(log.tables["orders"]["order"])
    waiting = orders - sum(map(len, lanes))
    text = f"What the lines sew: {orders} orders, {late} late"
    if waiting:
        text += f" (and {waiting} never reached a line)"
    axes.set_title(text, loc="left", fontweight="bold")
    axes.set_yticks(range(len(log.lines)), log.lines)
    axes.set_ylim(len(log.lines) - 0.4 + 0.3 * station, -0.6)
    axes.set_ylabel("sewing line (an order is drawn until the next is taken)", fontsize=8)
    day_axis(axes, last + 0.5, first_day, calendar)
    handles: list[Any] = [Patch(color=product_colour(p), label=p) for p in PRODUCT if p in products]
    handles += [
        Patch(color=CHANGEOVER, label="changeover"),
        Line2D([], [], color=LATE, linewidth=4, label="order shipped late or open after its due"),
    ]
    handles += band_legend() if station else []
    figure.legend(handles=handles, loc="outside lower center", ncols=10, fontsize=8, frameon=False)
    return save(figure, folder / "gantt_all_lines.png")


def _lane(axes: Axes, y: int, bars: Sequence[OrderBar], days_per_inch: float) -> None:
    """The orders of a line, each until the next is taken; ids where there is room for them."""
    nexts = [*(b.taken for b in bars), float("inf")][1:]
    spans = [
        (b.set_up, max(0.0, min(b.sewn, n) - b.set_up)) for b, n in zip(bars, nexts, strict=True)
    ]
    changes = [(b.taken, b.set_up - b.taken) for b in bars]
    late = [span for b, span in zip(bars, spans, strict=True) if b.late_days > 0]
    colours = [product_colour(b.product) for b in bars]
    edge = 0.8 if len(bars) <= ROWS_PER_PICTURE else 0.0
    axes.broken_barh(spans, (y - 0.3, 0.6), facecolors=colours, edgecolors="white", linewidth=edge)
    axes.broken_barh(changes, (y - 0.3, 0.6), facecolors=CHANGEOVER)
    axes.broken_barh(late, (y + 0.33, 0.1), facecolors=LATE)
    for bar, (begin, length), colour in zip(bars, spans, colours, strict=True):
        if length / days_per_inch > 0.075 * len(bar.order_id):
            axes.text(
                begin + length / 2,
                y,
                bar.order_id,
                ha="center",
                va="center",
                fontsize=7,
                color=text_on(colour),
            )
