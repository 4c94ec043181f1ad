"""What was varied: a curve a key, and a tornado where several keys were varied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from experiments.futures.report.facts import Facts
from experiments.futures.report.look import BETTER, INK, WORSE, colour, fade, lay_out
from experiments.futures.report.order_rows import escape_text
from experiments.futures.report.section import Chart, Section
from experiments.futures.report.words import say_change, say_interval
from experiments.futures.statistics.estimate import Estimate

ROOM: Final = 0.22  # beside the bars, for their words
Curve = Sequence[tuple[Any, Estimate]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """How far a key moves the cost, and which of its values do it."""

    key: str
    low_usd: float
    high_usd: float
    best: Any
    worst: Any


def draw_sensitivity(facts: Facts) -> Section | None:
    """Nothing where no key was varied."""
    curves = trace_curves(facts)
    if not curves:
        return None
    charts = [_curve_chart(key, curve, n) for n, (key, curve) in enumerate(curves.items())]
    if len(curves) > 1:
        charts.insert(0, _tornado(curves))
    return Section(
        key="sensitivity",
        title="What it is sensitive to",
        lead=(
            "Change of the total cost against the base as one setting varies and all others stay "
            "as they are; bands and whiskers are 95 % intervals under the same luck."
        ),
        parts=charts,
    )


def trace_curves(facts: Facts) -> dict[str, Curve]:
    """Key -> its values in order, each with the change of total cost [USD].

    Variants that lay over the base nothing but this key are its points.
    """
    curves: dict[str, Curve] = {}
    for key, values in facts.question.vary.items():
        points = []
        for value in values:
            name = _find_variant(facts, key, value)
            if name is not None:
                points.append((value, facts.money_difference(name)))
        if len(points) > 1:
            curves[key] = points
    return curves


def _find_variant(facts: Facts, key: str, value: Any) -> str | None:
    """The variant in which only this key was varied, to this value."""
    varied = set(facts.question.vary)
    for variant in facts.question.variants:
        settings: Mapping[str, Any] = variant.settings
        keys = varied & set(settings)
        if keys == {key} and settings[key] == value:
            return variant.name
    return None


def _curve_chart(key: str, curve: Curve, number: int) -> Chart:
    values = [value for value, _ in curve]
    is_numeric = all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)
    x = values if is_numeric else [escape_text(str(v)) for v in values]
    changes = [estimate for _, estimate in curve]
    paint = colour(number)
    line: dict[str, Any] = {
        "type": "scatter",
        "mode": "lines+markers" if is_numeric else "markers",
        "x": x,
        "y": [c.value for c in changes],
        "line": {"color": paint, "width": 2.5},
        "marker": {"color": paint, "size": 9},
        "text": [f"{say_change(c.value, 'USD')}<br>{say_interval(c, 'USD')}" for c in changes],
        "hovertemplate": f"{escape_text(key)} = %{{x}}<br>%{{text}}<extra></extra>",
        "showlegend": False,
    }
    traces = [line]
    if is_numeric:
        traces.insert(0, _band(x, changes, paint))
    else:
        line["error_y"] = {
            "type": "data",
            "symmetric": False,
            "array": [c.high - c.value for c in changes],
            "arrayminus": [c.value - c.low for c in changes],
            "color": paint,
        }
    layout = lay_out(
        {"title": escape_text(key), "type": "linear" if is_numeric else "category"},
        {"title": "change of total cost [USD]", "tickformat": ",.0f", "zeroline": True},
        margin={"l": 10, "r": 16, "t": 20, "b": 50},
    )
    says = f"Change of total cost over {key}"
    return Chart(plot={"data": traces, "layout": layout}, height_px=330, says=says)


def _band(x: Sequence[Any], changes: Sequence[Estimate], paint: str) -> dict[str, Any]:
    """Between both ends of the intervals."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [*x, *reversed(x)],
        "y": [*(c.high for c in changes), *(c.low for c in reversed(changes))],
        "fill": "toself",
        "fillcolor": fade(paint, 0.15),
        "line": {"width": 0},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _tornado(curves: Mapping[str, Curve]) -> Chart:
    """A bar a key from its cheapest to its dearest value, the base at zero, the widest on top."""
    spans = []
    for key, curve in curves.items():
        best = min(curve, key=lambda point: point[1].value)
        worst = max(curve, key=lambda point: point[1].value)
        low, high = min(0.0, best[1].value), max(0.0, worst[1].value)
        spans.append(Span(key=key, low_usd=low, high_usd=high, best=best[0], worst=worst[0]))
    spans.sort(key=lambda span: span.low_usd - span.high_usd)
    lowest, highest = min(s.low_usd for s in spans), max(s.high_usd for s in spans)
    room = ROOM * max(highest - lowest, 1e-9)
    traces = [
        _half(spans, [s.low_usd for s in spans], [s.best for s in spans], BETTER, "left"),
        _half(spans, [s.high_usd for s in spans], [s.worst for s in spans], WORSE, "right"),
    ]
    layout = lay_out(
        {
            "title": "change of total cost [USD]",
            "tickformat": ",.0f",
            "zerolinecolor": INK,
            "range": [lowest - room, highest + room],
        },
        {"type": "category", "autorange": "reversed", "fixedrange": True},
        barmode="overlay",
        bargap=0.45,
    )
    height = 110 + 46 * len(spans)
    says = "Tornado: which key changes the total cost most"
    return Chart(plot={"data": traces, "layout": layout}, height_px=height, says=says)


def _half(
    spans: Sequence[Span], usd: Sequence[float], values: Sequence[Any], paint: str, side: str
) -> dict[str, Any]:
    """Bars to one side of the base, the value that does it beside each."""
    texts = [
        f"{escape_text(str(value))}: {say_change(change, '')}" if change else ""
        for change, value in zip(usd, values, strict=True)
    ]
    return {
        "type": "bar",
        "orientation": "h",
        "name": "cheaper than the base" if side == "left" else "dearer than the base",
        "y": [escape_text(span.key) for span in spans],
        "x": usd,
        "text": texts,
        "textposition": "outside",
        "cliponaxis": False,
        "marker": {"color": paint},
        "hovertemplate": "%{y}<br>%{text} USD<extra></extra>",
    }
