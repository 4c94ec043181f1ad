"""``why.html``: the order's way, runs without each cause and cures, in one file."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from experiments.futures.reasons.colours import COLOURS
from experiments.futures.reasons.session import Effect, Reasons
from experiments.futures.reasons.telling import headline, say_reasons
from experiments.futures.report.html_page import write_html
from experiments.futures.report.look import BETTER, INK, WORSE, TimeAxis, lay_out
from experiments.futures.report.section import Cell, Chart, Grid, Page, Section
from experiments.report.tables.clock import Clock
from factory_env.kpi.order_path import CAUSES
from factory_env.units import MIN_PER_DAY, MIN_PER_HOUR

ROW_PX = 30


def write_why_page(reasons: Reasons, folder: Path) -> Path:
    """One file that opens without a network."""
    n = reasons.ship_min.shape[0]
    sections = [_draw_way(reasons), _draw_minutes(reasons)]
    lead = f"Each against the same run as it was, {n} runs under the same luck; 95 % intervals."
    if reasons.causes:
        sections.append(_draw_effects("causes", "Without each cause", lead, reasons.causes))
    if reasons.cures:
        lead += " The cheapest that help beyond chance come first."
        sections.append(_draw_effects("cures", "What would have helped", lead, reasons.cures))
    page = Page(
        title=f"Why did {reasons.subject.name} leave when it left?",
        under=headline(reasons),
        sentences=say_reasons(reasons),
        sections=sections,
    )
    return write_html(page, folder / "why.html")


def _draw_way(reasons: Reasons) -> Section:
    """Its stretches along the calendar, nights still in them; the due date as a line."""
    time = TimeAxis(Clock(first_day=reasons.subject.first_day))
    traces = []
    for cause, words in CAUSES.items():
        mine = [s for s in reasons.stretches if s.cause == cause]
        if mine:
            traces.append(
                {
                    "type": "bar",
                    "orientation": "h",
                    "name": words,
                    "y": ["way"] * len(mine),
                    "base": [time.at(s.begin_min) for s in mine],
                    "x": [time.span(s.end_min - s.begin_min) for s in mine],
                    "marker": {"color": COLOURS[cause]},
                    "text": [f"{time.say(s.begin_min)} to {time.say(s.end_min)}" for s in mine],
                    "textposition": "none",
                    "hovertemplate": f"{words}<br>%{{text}}<extra></extra>",
                }
            )
    due = time.at(reasons.subject.order_due_min)
    line = {"type": "line", "x0": due, "x1": due, "y0": 0, "y1": 1, "yref": "paper"}
    shapes = [{**line, "line": {"color": WORSE, "width": 3}}]
    layout = lay_out(
        time.axis(), {"showticklabels": False}, barmode="overlay", shapes=shapes, bargap=0.3
    )
    chart = Chart(plot={"data": traces, "layout": layout}, height_px=260, says="The order's way")
    lead = "From its fabric to the lorry, nights and days off included. Orange line: due."
    return Section(key="way", title="Its way", lead=lead, parts=(chart,))


def _draw_minutes(reasons: Reasons) -> Section:
    """Hours by cause, the closed ones in grey."""
    causes = [cause for cause in CAUSES if reasons.minutes[cause] > 0.0]
    hours = [reasons.minutes[cause] / MIN_PER_HOUR for cause in causes]
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": hours,
        "y": [CAUSES[cause] for cause in causes],
        "marker": {"color": [COLOURS[cause] for cause in causes]},
        "text": [f"{value:,.1f} h" for value in hours],
        "textposition": "outside",
        "cliponaxis": False,
        "hovertemplate": "%{y}: %{x:.1f} h<extra></extra>",
    }
    layout = lay_out(
        {"title": "hours"},
        {"autorange": "reversed"},
        showlegend=False,
        margin={"l": 10, "r": 60, "t": 36, "b": 50},
    )
    height = 116 + ROW_PX * len(causes)
    chart = Chart(plot={"data": [bars], "layout": layout}, height_px=height, says="Hours by cause")
    lead = f"They add up to its {reasons.total_min / MIN_PER_DAY:.2f} days under way."
    return Section(key="hours", title="Where its days went", lead=lead, parts=(chart,))


def _draw_effects(key: str, title: str, lead: str, effects: Sequence[Effect]) -> Section:
    """Days won with their intervals, and all figures as a table."""
    won = [e.days_won for e in effects]
    bars: dict[str, Any] = {
        "type": "bar",
        "orientation": "h",
        "x": [w.value for w in won],
        "y": [e.words for e in effects],
        "marker": {
            "color": [BETTER if w.value >= 0.0 else WORSE for w in won],
            "opacity": [0.9 if not w.holds_zero else 0.35 for w in won],
        },
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [w.high - w.value if w.has_interval else 0.0 for w in won],
            "arrayminus": [w.value - w.low if w.has_interval else 0.0 for w in won],
            "color": INK,
            "thickness": 1.2,
        },
        "hovertemplate": "%{y}: %{x:.1f} days<extra></extra>",
    }
    layout = lay_out(
        {"title": "days won"},
        {"autorange": "reversed"},
        showlegend=False,
        margin={"l": 10, "r": 16, "t": 36, "b": 50},
    )
    height = 116 + ROW_PX * len(effects)
    chart = Chart(plot={"data": [bars], "layout": layout}, height_px=height, says=title)
    heads = ("", "days won", "on time", "probability won", "cost")
    grid = Grid(heads=heads, rows=[_effect_row(e) for e in effects])
    return Section(key=key, title=title, lead=lead, parts=(chart, grid))


def _effect_row(effect: Effect) -> list[Cell]:
    won, share, cost = effect.days_won, effect.on_time, effect.cost_usd
    ends = f"{won.low:+.1f} to {won.high:+.1f}" if won.has_interval else ""
    is_priced = not math.isnan(cost.value)
    price = f"{cost.value:+,.0f} USD" if is_priced else ""
    price_ends = f"{cost.low:+,.0f} to {cost.high:+,.0f}" if is_priced and cost.has_interval else ""
    tone = "unsure" if won.holds_zero else "better" if won.value > 0.0 else "worse"
    return [
        Cell(effect.words),
        Cell(f"{won.value:+.1f}", ends, tone),  # type: ignore[arg-type]
        Cell(f"{share.value:.0%}", f"{share.low:.0%} to {share.high:.0%}"),
        Cell(f"{100.0 * effect.on_time_won.value:+.0f} points"),
        Cell(price, price_ends),
    ]
