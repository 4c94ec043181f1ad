"""What the lines sew in one run: the base above, a variant below, under the same luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from experiments.futures.outcome import Outcome
from experiments.futures.report.facts import Facts, Floats
from experiments.futures.report.look import INK, WORSE, TimeAxis, lay_out
from experiments.futures.report.order_rows import choose_variant, escape_text
from experiments.futures.report.section import Chart, Section
from experiments.report.colours import ink_colour, product_colours

LANE_PX: Final = 34
KINDS: Final = ("sew", "setup")
CHANGE: Final = "#222222"
GAP: Final = 0.1  # between the two halves, as a share of the height


def draw_gantt(facts: Facts) -> Section | None:
    """Two charts with one time axis."""
    runs = {name: run for name in facts.shown if (run := drawn_run(facts.runs(name))) is not None}
    if facts.base not in runs:
        return None
    variants = [name for name in facts.drawn if name in runs]
    colours = product_colours(str(about["product"]) for about in facts.orders.facts.values())
    lines = sorted({str(line) for run in runs.values() for line in run.gantt["line"].tolist()})
    traces: list[dict[str, Any]] = []
    owners: list[str] = []
    for name in (facts.base, *variants):
        is_base = name == facts.base
        for trace in _bars(facts, runs[name], colours, lines, axis="y" if is_base else "y2"):
            is_seen = is_base or name == variants[0]
            traces.append({**trace, "visible": is_seen, "showlegend": False})
            owners.append("" if is_base else name)
    for trace in _legend(facts, colours):
        traces.append(trace)
        owners.append("")
    layout = _layout(facts, lines, variants, owners)
    height = 150 + LANE_PX * max(2, len(lines)) * (2 if variants else 1)
    says = "Gantt chart of all lines in the base and in a variant"
    plot = {"data": traces, "layout": layout}
    chart = Chart(plot=plot, height_px=height, says=says, is_lit=True)
    return Section(
        key="gantt",
        title="What the lines sew",
        lead=(
            f"One run (seed {runs[facts.base].seed}): the base above, the variant below, with the "
            "same luck. Orange frame: late in this run. Drag to zoom, double-click to see all. "
            "Click an order here or in the charts above to light it on all lines; the dashed line "
            "is its due date."
        ),
        parts=(chart,),
    )


def drawn_run(runs: Sequence[Outcome]) -> Outcome | None:
    """The run that was kept with its Gantt chart."""
    return next((run for run in runs if len(run.gantt.get("line", ()))), None)


def _bars(
    facts: Facts, run: Outcome, colours: dict[str, str], lines: Sequence[str], axis: str
) -> list[dict[str, Any]]:
    """Sewing and changeovers of one run."""
    return [_pile_bars(facts, run, colours, lines, kind) | {"yaxis": axis} for kind in KINDS]


def _pile_bars(
    facts: Facts, run: Outcome, colours: dict[str, str], lines: Sequence[str], kind: str
) -> dict[str, Any]:
    time = TimeAxis(facts.clock)
    ships = dict(
        zip(run.orders["order_id"].astype(str), run.orders["ship_min"].tolist(), strict=True)
    )
    rows = [i for i, k in enumerate(run.gantt["kind"].tolist()) if k == kind]
    orders = [str(run.gantt["order_id"][i]) for i in rows]
    ends = clip_ends(run)
    spans = [(float(run.gantt["begin_min"][i]), float(ends[i])) for i in rows]
    trace: dict[str, Any] = {
        "type": "bar",
        "orientation": "h",
        "xaxis": "x",
        "width": 0.78,
        "y": [lines.index(str(run.gantt["line"][i])) for i in rows],
        "base": [time.at(begin) for begin, _ in spans],
        "x": [time.span(end - begin) for begin, end in spans],
        "ids": [f"{o}|{run.variant}|{kind}|{i}" for i, o in zip(rows, orders, strict=True)],
        "hovertext": [
            _say_work(facts, run, i, time.say(ships[o])) for i, o in zip(rows, orders, strict=True)
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    if kind == "setup":
        return trace | {"marker": {"color": CHANGE}}
    paints = [colours[str(facts.orders.facts[order]["product"])] for order in orders]
    return trace | {
        "marker": {"color": paints, "line": _edges(facts, run, orders, ships)},
        "text": [escape_text(order) for order in orders],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "constraintext": "inside",
        "textangle": 0,
        "insidetextfont": {"color": [ink_colour(p) for p in paints], "size": 11},
    }


def clip_ends(run: Outcome) -> Floats:
    """Where bars end as they are drawn: with the last piece, or where the line goes on."""
    begins, ends = run.gantt["begin_min"].astype(float), run.gantt["end_min"].astype(float).copy()
    for line in np.unique(run.gantt["line"]):
        mine = np.flatnonzero(run.gantt["line"] == line)
        mine = mine[np.argsort(begins[mine], kind="stable")]
        ends[mine[:-1]] = np.minimum(ends[mine[:-1]], begins[mine[1:]])
    return ends


def _edges(
    facts: Facts, run: Outcome, orders: Sequence[str], ships: Mapping[str, float]
) -> dict[str, Any]:
    """A frame round what is late in this run."""
    late = [not ships[o] <= facts.orders.due_min(run.variant, o) + 1e-6 for o in orders]
    return {
        "color": [WORSE if is_late else "#ffffff" for is_late in late],
        "width": [2.5 if is_late else 1 for is_late in late],
    }


def _say_work(facts: Facts, run: Outcome, row: int, shipped: str) -> str:
    """What is told of a bar under the mouse."""
    time = TimeAxis(facts.clock)
    order, style, line = (str(run.gantt[key][row]) for key in ("order_id", "style", "line"))
    begin, end = (time.say(float(run.gantt[key][row])) for key in ("begin_min", "end_min"))
    work = "changeover" if run.gantt["kind"][row] == "setup" else "sewn"
    return (
        f"<b>{escape_text(order)}</b> {escape_text(style)}, "
        f"{facts.orders.facts[order]['quantity']:,} pieces on {escape_text(line)}"
        f"<br>{work} {begin} to {end}"
        f"<br>due {time.say_due(facts.orders.due_min(run.variant, order))}, shipped {shipped}"
    )


def _legend(facts: Facts, colours: dict[str, str]) -> list[dict[str, Any]]:
    """Products by colour; points that are nowhere."""
    names = [*colours.items(), ("changeover", CHANGE)]
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "name": escape_text(name),
            "x": [None],
            "y": [None],
            "marker": {"symbol": "square", "size": 12, "color": paint},
            "hoverinfo": "skip",
        }
        for name, paint in names
    ]


def _layout(
    facts: Facts, lines: Sequence[str], variants: Sequence[str], owners: Sequence[str]
) -> dict[str, Any]:
    lanes = {
        "tickvals": list(range(len(lines))),
        "ticktext": [f"{escape_text(line)} " for line in lines],
        "range": [len(lines) - 0.4, -0.6],
        "fixedrange": True,
        "zeroline": False,
    }
    upper = [0.5 + GAP / 2, 1.0] if variants else [0.0, 1.0]
    texts = {name: {"annotations[1].text": _head(name)} for name in variants}
    layout = lay_out(
        {**TimeAxis(facts.clock).axis(), "anchor": "y2" if variants else "y"},
        {**lanes, "domain": upper},
        barmode="overlay",
        uniformtext={"mode": "hide", "minsize": 9},
        margin={"l": 10, "r": 16, "t": 124 if len(variants) > 1 else 64, "b": 50},
        annotations=[_place_head(facts.base, 1.0)],
        **choose_variant(variants, owners, texts, pad=62),
    )
    layout["legend"] = {**layout["legend"], "y": 1, "yanchor": "bottom", "x": 0.2}
    if variants:
        layout["annotations"].append(_place_head(variants[0], 0.5 - GAP / 2))
        layout["yaxis2"] = {**layout["yaxis"], **lanes, "domain": [0.0, 0.5 - GAP / 2]}
    layout["meta"] = {"dues": _list_dues(facts)}
    return layout


def _head(name: str) -> str:
    return f"<b>{escape_text(name)}</b>"


def _place_head(name: str, y: float) -> dict[str, Any]:
    """A name above a half."""
    return {
        "text": _head(name),
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": y,
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": 14, "color": INK},
    }


def _list_dues(facts: Facts) -> dict[str, Any]:
    """Order -> where its due date lies on the axis."""
    time = TimeAxis(facts.clock)
    return {order: time.at(facts.orders.due_anywhere(order)) for order in facts.orders.names}
