"""All lines in one Gantt chart: what each sews when, every order named, late orders called late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    LATE,
    STOPPED,
    day_axis,
    ink_colour,
    product_colours,
    save,
)
from experiments.report.station_bands import band_legend, draw_bands, has_station
from factory_env.domain.calendar import WorkCalendar
from factory_env.domain.records import RunLog

WIDTH_IN: Final = 15.0
BAR_IN: Final = 0.42  # height of a lane's bars; the axis counts inches from above
LATE_IN: Final = 0.135  # of a row of late orders under them
GAP_IN: Final = 0.16
STATION_IN: Final = 0.14
MOST_ROWS: Final = 6  # of late orders under one lane
NAME_SIZE: Final = 7.0
SMALL_SIZE: Final = 6.4
LINE_NAME_IN: Final = 2.4
HEAD_IN: Final = 0.45
FOOT_IN: Final = 0.75  # ticks, what the axis shows, and a note
LEGEND_COLUMNS: Final = 12
FILE: Final = "gantt_all_lines.png"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A late order under its lane: a line from its due date to the day it left, with its name."""

    bar: OrderBar
    row: int
    text: str
    stands_before: bool  # the words, for want of room behind


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One line of the plant."""

    number: int
    name: str
    bars: list[OrderBar]
    stops: list[Span]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What all lanes of one picture share."""

    axes: Axes
    colours: dict[str, str]
    days_per_in: float
    first_day: date | None
    prefix: str  # that all order names begin with, for names that do not fit otherwise
    named: set[str]  # orders that have got their name


def draw_overview(
    log: RunLog, calendar: WorkCalendar, folder: Path, first_day: date | None = None
) -> Path:
    """``gantt_all_lines.png``."""
    return save(overview_figure(log, calendar, first_day), folder / FILE)


def overview_figure(log: RunLog, calendar: WorkCalendar, first_day: date | None = None) -> Figure:
    """All lines, one under the other."""
    lanes = _lanes(log, calendar)
    bars = [bar for lane in lanes for bar in lane.bars]
    left = max(0.7, *(text_width_in(lane.name, 9.0) for lane in lanes)) + 0.2
    last = max([1.0, *(bar.end for bar in bars)]) * 1.01 + 0.3
    per_in = last / (WIDTH_IN - left - 0.2)
    marks = [pack_late(lane.bars, per_in, last) for lane in lanes]
    station = STATION_IN * has_station(log)
    rows = [max([mark.row + 1 for mark in lane], default=0) for lane in marks]
    heights = [BAR_IN + n * LATE_IN + station + GAP_IN for n in rows]
    tops = [sum(heights[:i]) for i in range(len(lanes))]
    colours = product_colours(log.tables["orders"]["product"].tolist())
    handles = _legend(colours, lanes, log)
    bottom = FOOT_IN + legend_height_in(handles, WIDTH_IN, LEGEND_COLUMNS)
    figure = Figure(figsize=(WIDTH_IN, sum(heights) + HEAD_IN + bottom))
    axes = lay_axes(figure, left=left, right=0.2, top=HEAD_IN, bottom=bottom)
    sheet = Sheet(
        axes=axes,
        colours=colours,
        days_per_in=per_in,
        first_day=first_day,
        prefix=shared_prefix([bar.order_id for bar in bars]),
        named=set(),
    )
    for lane, late, top in zip(lanes, marks, tops, strict=True):
        _draw_lane(sheet, lane, top)
        _draw_late(axes, late, top + BAR_IN + station + 0.06)
        if station:
            draw_bands(axes, log, lane.number, top + BAR_IN + 0.03, 0.055)
    names = [lane.name for lane in lanes]
    axes.set_yticks([top + BAR_IN / 2 for top in tops], names, parse_math=False)
    axes.set_ylim(sum(heights), -0.08)
    axes.tick_params(axis="y", labelsize=9)
    day_axis(axes, last, first_day, calendar)
    axes.set_title(_title(log, bars), loc="left", fontweight="bold")
    _footnote(sheet, bars, marks)
    legend_below(figure, handles, LEGEND_COLUMNS)
    return figure


def _lanes(log: RunLog, calendar: WorkCalendar) -> list[Lane]:
    return [
        Lane(
            number=i,
            name=shorten_text(name, 9.0, LINE_NAME_IN),
            bars=order_bars(log, i, calendar),
            stops=line_stops(log, i),
        )
        for i, name in enumerate(log.lines)
    ]


def shared_prefix(names: Sequence[str]) -> str:
    """What all names begin with, digits at its end left to them.

    >>> shared_prefix(["PO-2001", "PO-2014"])
    'PO-'
    """
    if len(names) < 2:
        return ""
    first, last = min(names), max(names)  # what these two share, all share
    same = next(
        (i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first)
    )
    return first[:same].rstrip("0123456789")


def pack_late(bars: Sequence[OrderBar], days_per_in: float, last: float) -> list[Mark]:
    """Late orders in rows in which nothing overlaps, latest first; what finds none is left out."""
    ends: list[list[tuple[float, float]]] = [[] for _ in range(MOST_ROWS)]
    marks = []
    for bar in sorted((b for b in bars if b.late_days > 0), key=lambda b: -b.late_days):
        text = f"{shorten_text(bar.order_id, SMALL_SIZE, 1.2)} {lateness_text(bar)}"
        words = (text_width_in(text, SMALL_SIZE) + 0.12) * days_per_in
        begin = bar.due - 0.06 * days_per_in
        before = bar.end + words > last
        begin, end = (begin - words, bar.end) if before else (begin, bar.end + words)
        for row, taken in enumerate(ends):
            if all(end <= a or begin >= b for a, b in taken):
                taken.append((begin, end))
                marks.append(Mark(bar=bar, row=row, text=text, stands_before=before))
                break
    return marks


def _draw_lane(sheet: Sheet, lane: Lane, top: float) -> None:
    """The orders of a line, each until the next is taken."""
    axes, bars = sheet.axes, lane.bars
    nexts = [*(b.taken for b in bars), float("inf")][1:]
    spans = [
        (b.set_up, max(0.0, min(b.sewn, n) - b.set_up)) for b, n in zip(bars, nexts, strict=True)
    ]
    place = (top, BAR_IN)
    faces = [sheet.colours[b.product] for b in bars]
    edges = [LATE if b.late_days > 0 else "white" for b in bars]
    widths = [1.8 if b.late_days > 0 else 0.7 for b in bars]
    axes.broken_barh(spans, place, facecolors=faces, edgecolors=edges, linewidth=widths, zorder=2)
    middle = [top + BAR_IN / 2] * len(bars)  # a change goes on after the night
    axes.hlines(middle, [b.taken for b in bars], [b.set_up for b in bars], CHANGEOVER, lw=1.2)
    changes = [span for b in bars for span in b.changes]
    axes.broken_barh(changes, place, facecolors=CHANGEOVER, linewidth=0, zorder=3)
    gone = [span for b, span in zip(bars, spans, strict=True) if b.is_cancelled]
    axes.broken_barh(gone, place, facecolors="none", edgecolors="white", hatch="xxx", zorder=2.5)
    least = 0.025 * sheet.days_per_in  # a stop of minutes is still seen
    stops = [(begin, max(length, least)) for begin, length in lane.stops]
    strip = (top - 0.05, 0.08)
    axes.broken_barh(stops, strip, facecolors=STOPPED, edgecolors="black", linewidth=0.4, zorder=4)
    for bar, (begin, length), face in zip(bars, spans, faces, strict=True):
        _name(sheet, bar, begin + length / 2, top + BAR_IN / 2, length / sheet.days_per_in, face)


def _name(sheet: Sheet, bar: OrderBar, x: float, y: float, room_in: float, face: str) -> None:
    """The order's name, and the day it is due, along the bar or upright in it."""
    name, short = bar.order_id, bar.order_id.removeprefix(sheet.prefix) or bar.order_id
    due = due_text(bar.due, sheet.first_day)
    words, size, turn = "", NAME_SIZE, 0.0
    for text in (f"{name}\n{bar.style}, {due}", f"{name}\n{due}", name, short):
        if max(text_width_in(line, size) for line in text.split("\n")) + 0.05 < room_in:
            words = text
            break
    else:
        if room_in > 0.1 and text_width_in(short, SMALL_SIZE) < BAR_IN:
            words, size, turn = short, SMALL_SIZE, 90.0
        elif room_in > 0.3:
            words, size = shorten_text(short, SMALL_SIZE, room_in - 0.04), SMALL_SIZE
    if words:
        sheet.named.add(bar.order_id)
        look: dict[str, Any] = {"color": ink_colour(face), "linespacing": 1.25, "rotation": turn}
        sheet.axes.text(x, y, words, ha="center", va="center", fontsize=size, zorder=6, **look)


def _draw_late(axes: Axes, marks: Sequence[Mark], top: float) -> None:
    """From the due date to the day of shipment, with name and days."""
    if not marks:
        return
    at = [top + (mark.row + 0.5) * LATE_IN for mark in marks]
    due, end = [m.bar.due for m in marks], [m.bar.end for m in marks]
    axes.hlines(at, due, end, LATE, lw=2.0, zorder=5)
    axes.plot(due, at, "D", color=LATE, markersize=3.4, linestyle="none", zorder=5)
    for mark, y in zip(marks, at, strict=True):
        x, shift, side = (
            (mark.bar.due, -5, "right") if mark.stands_before else (mark.bar.end, 3, "left")
        )
        look: dict[str, Any] = {"textcoords": "offset points", "ha": side, "va": "center"}
        axes.annotate(
            mark.text, (x, y), xytext=(shift, 0), fontsize=SMALL_SIZE, color=LATE, zorder=6, **look
        )


def _title(log: RunLog, bars: Sequence[OrderBar]) -> str:
    orders = len(log.tables["orders"]["order"])
    waiting = orders - len(bars)
    text = f"What the lines sew: {orders:,} order{'s' * (orders != 1)}, {verdict_text(bars)}"
    return f"{text}; {waiting:,} never reached a line" if waiting else text


def _footnote(sheet: Sheet, bars: Sequence[OrderBar], marks: Sequence[Sequence[Mark]]) -> None:
    """What the picture leaves out, and where it stands."""
    notes = [
        "A bar ends with its last piece, or where the line takes its next order.",
        "Thin lines: nights of a changeover.",
    ]
    if len({bar.order_id for bar in bars} - sheet.named):
        notes.append("Orders too short for a name: see gantt_orders.")
    unmarked = sum(bar.late_days > 0 for bar in bars) - sum(map(len, marks))
    if unmarked:
        notes.append(f"{unmarked} more late orders have a red frame, but no line: no room.")
    sheet.axes.annotate(
        " ".join(notes),
        (1.0, 0.0),
        xycoords="axes fraction",
        xytext=(0, -47),
        textcoords="offset points",
        ha="right",
        fontsize=8,
        color="#555555",
    )


def _legend(colours: Mapping[str, str], lanes: Sequence[Lane], log: RunLog) -> list[Any]:
    """Handles of what is there."""
    bars = [bar for lane in lanes for bar in lane.bars]
    sewn = {bar.product for bar in bars}
    late: dict[str, Any] = {"marker": "D", "markersize": 4, "linewidth": 2.0}
    shown: list[tuple[bool, Any]] = [
        *((p in sewn, Patch(color=colour, label=p)) for p, colour in colours.items()),
        (
            any(b.changes for b in bars),
            Patch(color=CHANGEOVER, label="changeover"),
        ),
        (
            any(lane.stops for lane in lanes),
            Patch(facecolor=STOPPED, edgecolor="black", label="line stood still"),
        ),
        (
            any(b.late_days > 0 for b in bars),
            Line2D([], [], color=LATE, label="late order: from due to shipped", **late),
        ),
        (
            any(b.is_cancelled for b in bars),
            Patch(facecolor="#999999", edgecolor="white", hatch="xxx", label="cancelled"),
        ),
    ]
    handles = [handle for there, handle in shown if there]
    return handles + (band_legend() if has_station(log) else [])
