"""Every order on a row of its own, line by line, from cutting to shipment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.report.canvas import (
    lay_axes,
    legend_below,
    legend_height_in,
    shorten_text,
    text_width_in,
)
from experiments.report.order_bars import (
    OrderBar,
    Span,
    due_text,
    lateness_text,
    line_stops,
    order_bars,
    verdict_text,
)
from experiments.report.palette import (
    CHANGEOVER,
    GREY,
    LATE,
    STOPPED,
    day_axis,
    product_colours,
    save,
)
from experiments.report.station_bands import band_legend, draw_order, has_station
from factory_env.domain.calendar import WorkCalendar
from factory_env.domain.records import RunLog

ROWS_PER_PAGE: Final = 64
MAX_PAGES: Final = 12  # the log holds the rest
WIDTH_IN: Final = 14.0
ROW_IN: Final = 0.24
HEAD_IN: Final = 0.42
FOOT_IN: Final = 0.65  # ticks, and what the axis shows
LEGEND_COLUMNS: Final = 12
NAME_SIZE: Final = 8.0
MOST_NAME_IN: Final = 3.6
MOST_AHEAD: Final = 1.6  # due dates shown behind the end of the work, in lengths of it
HALF: Final = 0.31  # of a bar's height, in rows
DUE: Final[dict[str, Any]] = {"marker": "D", "markersize": 5.0, "linestyle": "none"}
FILE: Final = "gantt_orders"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Orders of one line, under a heading."""

    heading: str
    bars: tuple[OrderBar, ...]
    stops: tuple[Span, ...]

    @property
    def rows(self) -> int:
        """With its heading and half a row of air."""
        return len(self.bars) + 1


def draw_orders(
    log: RunLog, calendar: WorkCalendar, folder: Path, first_day: date | None = None
) -> Iterator[Path]:
    """``gantt_orders.png``, and further pages if there are many orders."""
    pages = list(split_pages(line_blocks(log, calendar)))
    for number, blocks in enumerate(pages[:MAX_PAGES], start=1):
        of = f", page {number} of {len(pages)}" if len(pages) > 1 else ""
        if len(pages) > MAX_PAGES:
            of += f" (pages up to {MAX_PAGES} are drawn; report.xlsx has every order)"
        ending = f"_{number}" if len(pages) > 1 else ""
        figure = orders_figure(f"Every order on its line{of}", blocks, calendar, first_day, log)
        yield save(figure, folder / f"{FILE}{ending}.png")


def line_blocks(log: RunLog, calendar: WorkCalendar) -> list[Block]:
    """A block for every line, those without orders included."""
    blocks = []
    for number, name in enumerate(log.lines):
        bars = order_bars(log, number, calendar)
        count = f"{len(bars)} order{'s' * (len(bars) != 1)}" if bars else "no orders"
        heading = f"Line {name}: {count}" + (f", {verdict_text(bars)}" if bars else "")
        stops = tuple(line_stops(log, number))
        blocks.append(Block(heading=heading, bars=tuple(bars), stops=stops))
    return blocks


def split_pages(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Pages of at most 64 rows; a line that does not fit goes on on the next one."""
    page: list[Block] = []
    room = ROWS_PER_PAGE
    for block in blocks:
        rest = block
        while rest.rows > room:
            if room > 6 or not page:  # a heading with a handful of orders is worth its place
                part = replace(rest, bars=rest.bars[: room - 1])
                page.append(part)
                rest = replace(
                    rest,
                    heading=f"{block.heading} (continued)",
                    bars=rest.bars[room - 1 :],
                )
            yield page
            page, room = [], ROWS_PER_PAGE
        page.append(rest)
        room -= rest.rows
    yield page


def orders_figure(
    title: str,
    blocks: Sequence[Block],
    calendar: WorkCalendar,
    first_day: date | None,
    log: RunLog,
) -> Figure:
    """Orders, a row each, the first taken on top; the repair loop if there is one."""
    station = has_station(log)
    bars = [bar for block in blocks for bar in block.bars]
    rows = max(sum(block.rows for block in blocks), 4)
    handles = [*_legend(bars, blocks), *(band_legend() if station else [])]
    bottom = FOOT_IN + legend_height_in(handles, WIDTH_IN, LEGEND_COLUMNS)
    figure = Figure(figsize=(WIDTH_IN, HEAD_IN + bottom + ROW_IN * rows))
    names = [_name(bar) for bar in bars]
    left = max([text_width_in(name, NAME_SIZE) for name in names], default=0.8) + 0.2
    axes = lay_axes(figure, left=left, right=0.2, top=HEAD_IN, bottom=bottom)
    axes.set_title(title, loc="left", fontweight="bold")
    axes.set_ylim(rows - 0.4, -0.6)
    done = max([b.end for b in bars], default=1.0)
    last = min(max([b.due for b in bars], default=1.0), MOST_AHEAD * done)
    last = max(done, last) * 1.08 + 0.5
    day_axis(axes, last, first_day, calendar)
    first = min((b.ready for b in bars), default=0.0)
    axes.set_xlim(left=max(0.0, float(int(first)) - 0.5) if first > 14 else 0.0)
    at: list[int] = []
    top = 0
    for block in blocks:
        _head(axes, block, top)
        at += range(top + 1, top + block.rows)
        top += block.rows
    _draw_rows(axes, bars, at, log)
    _name_far_dues(axes, bars, at, first_day)
    if station:
        for y, bar in zip(at, bars, strict=True):
            draw_order(axes, log, bar.order_id, y + 0.34, 0.1)
    axes.set_yticks(at, names, fontsize=NAME_SIZE, parse_math=False)
    axes.tick_params(axis="y", length=0)
    legend_below(figure, handles, LEGEND_COLUMNS)
    return figure


def _head(axes: Axes, block: Block, y: int) -> None:
    """A line's heading, and where it stood still."""
    axes.axhline(y - 0.5, color=GREY, linewidth=0.6)
    axes.annotate(
        block.heading,
        (0.0, y),
        xycoords=axes.get_yaxis_transform(),
        xytext=(5, 0),
        textcoords="offset points",
        va="center",
        fontsize=8.5,
        fontweight="bold",
    )
    place = (y + 0.5, block.rows - 1)
    axes.broken_barh(block.stops, place, color=STOPPED, linewidth=0.8, zorder=0.5)


def _name(bar: OrderBar) -> str:
    """Order, style, pieces."""
    ending = f"  {bar.style}  {bar.quantity:,} pcs{'  rush' * bar.is_rush}"
    room = max(1.0, MOST_NAME_IN - text_width_in(ending, NAME_SIZE))
    return shorten_text(bar.order_id, NAME_SIZE, room) + ending


def _draw_rows(axes: Axes, bars: Sequence[OrderBar], rows: Sequence[int], log: RunLog) -> None:
    """A few artists for all rows: matplotlib's time goes by their number."""
    colours = product_colours(log.tables["orders"]["product"].tolist())
    both = list(zip(rows, bars, strict=True))
    axes.hlines(rows, [b.ready for b in bars], [b.taken for b in bars], GREY, "dotted", lw=1.0)
    _boxes(axes, [(y, b.set_up, b.sewn - b.set_up, colours[b.product]) for y, b in both])
    axes.hlines(rows, [b.taken for b in bars], [b.set_up for b in bars], CHANGEOVER, lw=1.2)
    _boxes(axes, [(y, *span, CHANGEOVER) for y, b in both for span in b.changes])
    axes.hlines(rows, [b.sewn for b in bars], [b.left for b in bars], GREY, lw=2.5)
    late = [(y, b) for y, b in both if b.late_days > 0]
    axes.hlines([y for y, _ in late], [b.due for _, b in late], [b.end for _, b in late], LATE)
    kept = [(y, b) for y, b in both if b.late_days <= 0]
    for marked, edge, face in ((kept, "black", "white"), (late, LATE, LATE)):
        at = [b.due for _, b in marked], [y for y, _ in marked]
        axes.plot(*at, markeredgecolor=edge, markerfacecolor=face, zorder=5, **DUE)
    for y, bar in both:
        if text := lateness_text(bar):
            is_near = bar.due <= axes.get_xlim()[1]
            axes.annotate(
                text,
                (max(bar.end, bar.due) if is_near else bar.end, y),
                xytext=(7, 0),
                textcoords="offset points",
                va="center",
                fontsize=8,
                color=LATE if bar.late_days > 0 else GREY,
                fontweight="bold",
            )


def _name_far_dues(
    axes: Axes, bars: Sequence[OrderBar], rows: Sequence[int], first_day: date | None
) -> None:
    """Due dates far behind the last work would squeeze all the rest: they are written down."""
    last = axes.get_xlim()[1]
    for y, bar in zip(rows, bars, strict=True):
        if bar.due > last:
            text = f"{due_text(bar.due, first_day)} \N{RIGHTWARDS ARROW}"
            axes.text(0.997 * last, y, text, ha="right", va="center", fontsize=8, color=GREY)


def _boxes(axes: Axes, boxes: Sequence[tuple[float, float, float, str]]) -> None:
    """Bars given as row, begin, length and colour."""
    if boxes:
        y, begin, length, colours = zip(*boxes, strict=True)
        axes.barh(y, length, left=begin, height=2 * HALF, color=colours)


def _legend(bars: Sequence[OrderBar], blocks: Sequence[Block]) -> list[Any]:
    """Handles of what is there."""
    late = [b for b in bars if b.late_days > 0]
    colours = product_colours(b.product for b in bars)
    shown: list[tuple[bool, Any]] = [
        (
            any(b.taken - b.ready > 0.02 for b in bars),
            Line2D([], [], color=GREY, linestyle=":", label="cut, waiting"),
        ),
        (any(b.changes for b in bars), Patch(color=CHANGEOVER, label="changeover")),
        *((True, Patch(color=c, label=f"sewing {p}")) for p, c in colours.items()),
        (
            any(b.left > b.sewn for b in bars),
            Line2D([], [], color=GREY, linewidth=2.5, label="finishing, until shipped"),
        ),
        (
            len(late) < len(bars),
            Line2D([], [], markerfacecolor="white", markeredgecolor="black", label="due", **DUE),
        ),
        (bool(late), Line2D([], [], color=LATE, label="late: from due to shipped", marker="D")),
        (any(block.stops for block in blocks), Patch(color=STOPPED, label="line stood still")),
    ]
    return [handle for there, handle in shown if there]
