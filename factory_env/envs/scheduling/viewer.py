"""The environment's picture: what every line sews, what waits, and when it is due."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from factory_env.decision import FloorQuestion
from factory_env.decisions.order_choice import OrderChoice
from factory_env.sim.factory import Readings
from factory_env.units import MIN_PER_DAY, clock_text

# Okabe and Ito's palette and three more greys and browns, one colour a product
COLOURS = ("#E69F00", "#56B4E9", "#009E73", "#0072B2", "#D55E00", "#CC79A7", "#8C6D31", "#777777")
SHOWN = 16  # waiting orders drawn


def draw(factory: Readings, question: FloorQuestion | None) -> NDArray[np.uint8]:
    """Lines on the left, the asking line's queue on the right; shape (480, 960, 3)."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.6, 4.8), dpi=100, layout="constrained")
    canvas = FigureCanvasAgg(figure)
    lines, queue = figure.subplots(1, 2)
    names = [p.name for p in factory.scenario.library.products]
    colour = dict(zip(names, COLOURS, strict=False))
    shown = _lines(lines, factory, question, colour) | _queue(queue, factory, question, colour)
    figure.suptitle(
        f"{clock_text(factory.now_min)}   "
        f"shipped {factory.shipped} of {len(factory.book)} orders   "
        f"cost so far {factory.cost_usd:,.0f} USD",
        fontsize=11,
    )
    handles = [_patch(colour[n], n) for n in names if n in shown]
    figure.legend(handles=handles, loc="outside lower center", ncols=8, fontsize=8, frameon=False)
    canvas.draw()  # type: ignore[no-untyped-call]
    pixels: Any = canvas.buffer_rgba()  # type: ignore[no-untyped-call]
    return np.asarray(pixels)[:, :, :3].copy()


def _patch(colour: str, label: str) -> Any:
    from matplotlib.patches import Patch

    return Patch(color=colour, label=label)


def _lines(
    axes: Any, factory: Readings, question: FloorQuestion | None, colour: dict[str, str]
) -> set[str]:
    """One bar a line: days until its first station is free, coloured by product."""
    styles, day_min = factory.tables.styles, factory.scenario.calendar.shift_min
    shown = set()
    for i, (line, free_in_min) in enumerate(zip(factory.lines, factory.free_in_min, strict=True)):
        product = styles[line.style].product.name
        shown.add(product)
        asks = question is not None and question.kind != "cutting" and question.asker == i
        days = float(free_in_min) / day_min
        if line.is_idle:
            text = "asks" if asks else "idle"
            axes.text(0.05, i, text, va="center", fontsize=9, fontweight="bold" if asks else None)
        else:
            axes.barh(i, max(days, 0.05), color=colour[product], height=0.7)
    axes.set_yticks(range(len(factory.lines)), [line.name for line in factory.lines], fontsize=8)
    axes.invert_yaxis()
    axes.set_xlim(left=0)
    axes.set_xlabel("days until the line is free (estimate)")
    axes.set_title("sewing lines", fontsize=10)
    return shown


def _queue(
    axes: Any, factory: Readings, question: FloorQuestion | None, colour: dict[str, str]
) -> set[str]:
    """One bar a waiting order: days to its due date, red edge where it will be late."""
    axes.set_title("waiting for the line that asks", fontsize=10)
    axes.set_xlabel("days to due date (dark edge: late even if taken now)")
    if not isinstance(question, OrderChoice):
        what = "nothing is asked any more" if question is None else question.headline
        axes.text(0.5, 0.5, what, ha="center", transform=axes.transAxes)
        axes.set_yticks([])
        return set()
    order = np.argsort(question.table.due_in_min, kind="stable")[:SHOWN]
    book, shown, labels = factory.book, set(), []
    for row, i in enumerate(order):
        position = int(question.orders[i])
        style = factory.tables.styles[int(book.style[position])]
        shown.add(style.product.name)
        days = (book.due_min[position] - factory.now_min) / MIN_PER_DAY
        late = question.table.slack_min[i] < 0
        axes.barh(
            row,
            days,
            color=colour[style.product.name],
            height=0.7,
            edgecolor="black" if late else "none",
            linewidth=2,
        )
        rush = " rush" if question.table.is_rush[i] else ""
        labels.append(f"{style.style_id}, {question.table.pieces[i]:,.0f} pcs{rush}")
    axes.axvline(0.0, color="black", linewidth=1)
    axes.set_yticks(range(len(labels)), labels, fontsize=8)
    axes.invert_yaxis()
    return shown
