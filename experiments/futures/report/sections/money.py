"""From the base's cost to the variant's: which part of the bill grows, which shrinks."""

from __future__ import annotations

from typing import Any, Final

from experiments.futures.report.facts import TOTAL, Facts
from experiments.futures.report.look import BETTER, SOFT, WORSE, lay_out
from experiments.futures.report.order_rows import choose_variant, escape_text, note_variants
from experiments.futures.report.section import Cell, Chart, Grid, Section, turn_grid
from experiments.futures.report.sections.comparison import MOST_COLUMNS
from experiments.futures.report.words import compare_cell, say_change, say_interval, say_number

SMALLEST_SHARE: Final = 0.002  # of the largest change: smaller parts are one bar


def draw_money(facts: Facts) -> Section:
    """A waterfall a variant, and all parts of the cost in a table."""
    traces = [
        {**_waterfall(facts, name), "visible": number == 0}
        for number, name in enumerate(facts.drawn)
    ]
    layout = lay_out(
        {"title": "", "type": "category", "fixedrange": True},
        {"title": "change of cost [USD]", "zeroline": True, "tickformat": ",.0f"},
        **choose_variant(facts.drawn, facts.drawn),
        showlegend=False,
        margin={"l": 10, "r": 16, "t": 60 if len(facts.drawn) > 1 else 30, "b": 50},
    )
    chart = Chart(
        plot={"data": traces, "layout": layout},
        height_px=400,
        says="Waterfall of the change in cost by part, from the base to each variant",
    )
    parts = (chart, _table(facts)) if facts.drawn else (_table(facts),)
    return Section(
        key="money",
        title="Where the money goes",
        lead=(
            "Change of the mean cost by part, from the base on the left to the variant on the "
            "right; orange adds cost, blue takes it away. Below: every part with its 95 % interval."
        ),
        parts=parts,
        notes=note_variants(facts),
    )


def _waterfall(facts: Facts, name: str) -> dict[str, Any]:
    changes = {part: facts.money_difference(name, part) for part in facts.money_parts}
    largest = max((abs(c.value) for c in changes.values()), default=0.0)
    bars = {p: c for p, c in changes.items() if abs(c.value) > SMALLEST_SHARE * largest}
    total = facts.money_difference(name)
    rest = total.value - sum(c.value for c in bars.values())
    has_rest = abs(rest) > 0.005 * max(1.0, largest)
    labels = [part.replace("_", " ") for part in bars] + ["other"] * has_rest
    values = [c.value for c in bars.values()] + [rest] * has_rest
    base = say_number(float(facts.money(facts.base).mean()), "USD")
    mean = say_number(float(facts.money(name).mean()), "USD")
    hovers = [say_interval(c, "USD") for c in bars.values()] + [""] * has_rest
    return {
        "type": "waterfall",
        "x": [f"base<br>{base}", *labels, f"{escape_text(name)}<br>{mean}"],
        "y": [0.0, *values, total.value],
        "measure": ["absolute", *(["relative"] * len(values)), "total"],
        "text": ["", *(say_change(v, "") for v in values), say_change(total.value, "")],
        "textposition": "outside",
        "cliponaxis": False,
        "customdata": ["", *hovers, say_interval(total, "USD")],
        "hovertemplate": "%{x}: %{text} USD<br>%{customdata}<extra></extra>",
        "increasing": {"marker": {"color": WORSE}},
        "decreasing": {"marker": {"color": BETTER}},
        "totals": {"marker": {"color": SOFT}},
        "connector": {"line": {"color": "#b8c0c9", "width": 1}},
    }


def _table(facts: Facts) -> Grid:
    """Parts, the total last."""
    rows = []
    for part in (*facts.money_parts, TOTAL):
        row = [Cell(part.replace("_", " ")), Cell(_mean(facts, facts.base, part))]
        for name in facts.variants:
            mean = float(facts.money(name, part).mean())
            row.append(compare_cell(mean, facts.money_difference(name, part), "USD", -1))
        rows.append(row)
    grid = Grid(heads=("part of the cost", facts.base, *facts.variants), rows=rows)
    return turn_grid(grid) if len(facts.variants) > MOST_COLUMNS else grid


def _mean(facts: Facts, name: str, part: str) -> str:
    return say_number(float(facts.money(name, part).mean()), "USD")
