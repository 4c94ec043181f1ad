"""An explanation in words: two tables at the terminal, CSV files, the summary."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from experiments.evaluating.statistics import Estimate
from experiments.report.tables.clock import Clock, show_when
from experiments.report.tables.files import write_tables
from experiments.report.tables.sheet import Column, Sheet
from experiments.simulating.branch_point import minute_text
from experiments.simulating.explaining.session import Explanation
from experiments.simulating.explaining.verdict import Alternative
from factory_env.decisions.candidates import COLUMNS

WIDTH: Final = 144  # of the tables, in characters
MOST_COLUMNS: Final = 8  # alternatives beside each other in the table of features
GIVEN: Final = "the run"


def print_explanation(explanation: Explanation) -> None:
    """Both tables."""
    console = Console(width=WIDTH)
    console.print(_answer_table(explanation))
    if any(a.features for a in explanation.alternatives):
        console.print(_feature_table(explanation))


def headline(explanation: Explanation) -> str:
    """Which question, when, whose."""
    question, moment = explanation.question, explanation.moment
    when = minute_text(question.now_min, moment.first_day)
    asker = f"line {explanation.line}" if explanation.line else question.kind
    return f"decision {question.serial}, {when}, {asker}: {question.headline}"


def _answer_table(explanation: Explanation) -> Table:
    n = len(explanation.fresh_seeds)
    table = Table(
        title=escape(headline(explanation)), title_justify="left", box=SIMPLE_HEAD, pad_edge=False
    )
    table.add_column("answer", no_wrap=True)
    for name in ("style", "due"):
        table.add_column(name, no_wrap=True)
    table.add_column("pieces", justify="right", no_wrap=True)
    scored = [o for o in explanation.opinions if o.scores is not None]
    for opinion in scored:
        assert opinion.scores is not None
        table.add_column(
            escape(f"{opinion.name}:\n{opinion.scores.kind}"), justify="right", no_wrap=True
        )
    table.add_column("proba-\nbility", justify="right", no_wrap=True)
    table.add_column("cost, own\nluck (USD)", justify="right", no_wrap=True)
    table.add_column(f"cost, {n} fresh\nfutures (USD)", justify="right", no_wrap=True)
    table.add_column("taken by")
    clock = Clock(first_day=explanation.moment.first_day)
    for alternative in _shown(explanation):
        order, played = alternative.order, explanation.played.get(alternative.answer)
        fresh = None if played is None else played.fresh
        table.add_row(
            escape(alternative.name),
            "" if order is None else escape(order.style_id),
            "" if order is None else show_when(clock.due(order.due_min)),
            "" if order is None else f"{order.quantity:,}",
            *(_number(alternative.scores[o.name]) for o in scored),
            "" if alternative.probability is None else f"{alternative.probability:.1%}",
            "" if played is None else _change(played.own_difference_usd),
            "" if fresh is None else _interval(fresh),
            escape(", ".join(_takers(alternative))),
            style="bold" if alternative.is_given else None,
        )
    return table


def _feature_table(explanation: Explanation) -> Table:
    shown = [a for a in _shown(explanation) if a.features][:MOST_COLUMNS]
    table = Table(title="what is known of the orders", title_justify="left", box=SIMPLE_HEAD)
    table.add_column("")
    table.add_column("unit")
    for alternative in shown:
        table.add_column(escape(alternative.name), justify="right")
    for name, (unit, _) in COLUMNS.items():
        values = [a.features[name] for a in shown]
        if any(values):
            table.add_row(name, unit, *(f"{v:,.0f}" for v in values))
    return table


def _shown(explanation: Explanation) -> list[Alternative]:
    """Those that were played out, and whoever else is taken."""
    return [a for a in explanation.alternatives if a.answer in explanation.played or a.takers]


def _takers(alternative: Alternative) -> Iterator[str]:
    if alternative.is_given:
        yield GIVEN
    yield from alternative.takers


def _change(usd: float) -> str:
    """Against the run: 0 has no sign."""
    return f"{usd:+,.0f}" if round(usd) else "0"


def _interval(estimate: Estimate) -> str:
    ends = f"({_change(estimate.low)} to {_change(estimate.high)})"
    return (
        f"{_change(estimate.mean)} {ends}"
        if estimate.low < estimate.high
        else _change(estimate.mean)
    )


def _number(value: float) -> str:
    if math.isnan(value):
        return ""
    return f"{value:,.2f}" if abs(value) < 100 else f"{value:,.0f}"


def write_sheets(explanation: Explanation, folder: Path) -> None:
    """``tables/answers.csv`` with everything about every legal answer."""
    columns = [Column(name) for name in ("answer", "name", "taken by", "given")]
    columns += [Column(f"score of {o.name}", "number") for o in explanation.opinions]
    columns += [Column("probability", "share")]
    names = ("cost", "difference", "fresh difference", "fresh low", "fresh high")
    columns += [Column(name, "money", "USD") for name in names]
    columns += [Column(name, "number", unit) for name, (unit, _) in COLUMNS.items()]
    rows = []
    for figures in list_figures(explanation):
        row = [figures["answer"], figures["name"], ", ".join(figures["taken_by"])]
        row += [figures["is_given"]]
        row += [figures["scores"].get(o.name) for o in explanation.opinions]
        keys = ("probability", "total_cost_usd", "difference_usd", "fresh_difference_usd")
        row += [figures.get(key) for key in keys]
        row += [figures.get(f"fresh_difference_usd_ci_{end}") for end in ("low", "high")]
        rows.append(row + [figures["features"].get(name) for name in COLUMNS])
    write_tables([Sheet(name="Answers", columns=tuple(columns), rows=rows)], folder)


def list_figures(explanation: Explanation) -> list[dict[str, Any]]:
    """Every legal answer as plain values."""
    rows = []
    for alternative in explanation.alternatives:
        row: dict[str, Any] = {
            "answer": alternative.answer,
            "name": alternative.name,
            "is_given": alternative.is_given,
            "taken_by": list(alternative.takers),
            "scores": dict(alternative.scores),
            "probability": alternative.probability,
            "features": dict(alternative.features),
        }
        if (played := explanation.played.get(alternative.answer)) is not None:
            row |= {**played.own, "difference_usd": played.own_difference_usd}
            if played.fresh is not None:
                row |= played.fresh.figures("fresh_difference_usd")
        rows.append(row)
    return rows


def summarise(explanation: Explanation) -> dict[str, Any]:
    """For machines."""
    moment, question, seeds = explanation.moment, explanation.question, explanation.fresh_seeds
    return {
        "run": None if moment.folder is None else str(moment.folder),
        "decision": question.serial,
        "kind": question.kind,
        "minute": question.now_min,
        "when": minute_text(question.now_min, moment.first_day),
        "line": explanation.line,
        "agent": moment.agent,
        "plant": moment.past.scenario.plant.name,
        "seed": moment.past.seed,
        "given": moment.given,
        "would_answer": {o.name: o.answer for o in explanation.opinions},
        "score_kinds": {o.name: o.scores.kind for o in explanation.opinions if o.scores},
        "fresh_seeds": [seeds.start, len(seeds)],
        "alternatives": list_figures(explanation),
        "notes": explanation.notes,
    }
