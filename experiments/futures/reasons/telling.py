"""Why an order came when it came, in words: tables at the terminal, CSV files, the summary."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from experiments.futures.reasons.session import Effect, Reasons, largest_causes
from experiments.futures.statistics.estimate import Estimate
from experiments.report.tables.clock import Clock, show_when
from experiments.report.tables.files import write_tables
from experiments.report.tables.sheet import Column, Kind, Sheet
from factory_env.kpi.order_path import CAUSES
from factory_env.units import MIN_PER_DAY, MIN_PER_HOUR

WIDTH: Final = 144  # of the tables, in characters
BAR: Final = 30  # letters of the longest bar


def headline(reasons: Reasons) -> str:
    """Which order, when due, when shipped."""
    subject = reasons.subject
    clock = Clock(first_day=subject.first_day)
    due = show_when(clock.due(subject.order_due_min))
    left = show_when(clock.moment(reasons.end_min))
    days = reasons.late_min / MIN_PER_DAY
    pieces = sum(subject.book[place].quantity for place in subject.parts)
    order = f"{subject.name}, {pieces:,} x {subject.order.style_id}, due {due}"
    if reasons.is_shipped:
        late = f"{days:.1f} days late" if days > 0.0 else f"{-days:.1f} days early"
        return f"{order}: left {left}, {late}"
    late = f"{days:.1f} days after it was" if days > 0.0 else f"{-days:.1f} days before it is"
    return f"{order}: not out when the run ends, {left}, {late} due"


def say_reasons(reasons: Reasons) -> list[str]:
    """Three sentences computed from the figures."""
    subject, n = reasons.subject, reasons.ship_min.shape[0]
    total = reasons.total_min / MIN_PER_DAY
    largest = largest_causes(reasons)
    parts = [f"{CAUSES[c]} ({reasons.minutes[c] / MIN_PER_HOUR:,.1f} h)" for c in largest]
    closed = (reasons.minutes["night"] + reasons.minutes["day_off"]) / MIN_PER_DAY
    sentences = [
        f"Of its {total:.1f} days under way the house was closed for {closed:.1f}; of the open "
        f"hours, sewing aside, most went to: {'; '.join(parts) or 'nothing'}.",
        f"Under {n} futures of the same book it is on time with a probability of "
        f"{reasons.on_time.value:.0%} ({reasons.on_time.low:.0%} to {reasons.on_time.high:.0%}).",
    ]
    best = [e for e in reasons.causes if e.helps][:1]
    if best:
        e = best[0]
        sentences.append(
            f"What matters most is {CAUSES[e.name]}: without it ({e.words}) {subject.name} leaves "
            f"{_say_earlier(e)}."
        )
    if helpful := [e for e in reasons.cures if e.helps][:1]:
        e = helpful[0]
        sentences.append(
            f"The cheapest cure that helps: {e.words}; it leaves {_say_earlier(e)}, and all costs "
            f"together change by {_usd(e.cost_usd)} USD."
        )
    return sentences


def _say_earlier(effect: Effect) -> str:
    days = effect.days_won
    ends = (
        f" (95 % interval {days.low:.1f} to {days.high:.1f})"
        if days.has_interval and not days.is_alike
        else ""
    )
    return f"{days.value:.1f} days earlier{ends}"


def print_reasons(reasons: Reasons) -> None:
    """The order's way by cause, runs without each cause, cures."""
    console = Console(width=WIDTH)
    console.print(f"[bold]{escape(headline(reasons))}[/bold]")
    for sentence in say_reasons(reasons):
        console.print(escape(sentence), highlight=False)
    console.print(_way_table(reasons))
    runs = f"same luck, {reasons.ship_min.shape[0]} runs; 95 % intervals"
    if reasons.causes:
        console.print(_effect_table(f"without the cause ({runs})", "cause", reasons.causes))
    if reasons.cures:
        title = f"what would have helped, cheapest first ({runs})"
        console.print(_effect_table(title, "cure", reasons.cures))


def _way_table(reasons: Reasons) -> Table:
    table = Table(title="where its days went", title_justify="left", box=SIMPLE_HEAD)
    for name in ("hours", "days", "share"):
        table.add_column(name, justify="right")
    table.add_column("cause", no_wrap=True)
    table.add_column("")
    most = max([*reasons.minutes.values(), 1e-9])
    for cause, words in CAUSES.items():
        minutes = reasons.minutes[cause]
        if minutes > 0.0:
            table.add_row(
                f"{minutes / MIN_PER_HOUR:,.1f}",
                f"{minutes / MIN_PER_DAY:,.2f}",
                f"{minutes / reasons.total_min:.1%}",
                words,
                "#" * max(1, round(BAR * minutes / most)),
            )
    total = reasons.total_min
    table.add_row(f"{total / MIN_PER_HOUR:,.1f}", f"{total / MIN_PER_DAY:,.2f}", "100.0%", "all")
    return table


def _effect_table(title: str, first: str, effects: Sequence[Effect]) -> Table:
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD)
    table.add_column(first, no_wrap=True)
    for name in ("days won", "on time", "on time won", "cost (USD)"):
        table.add_column(name, justify="right", no_wrap=True)
    for e in effects:
        style = None if e.helps else "dim"
        share, won = f"{e.on_time.value:.0%}", f"{100.0 * e.on_time_won.value:+.0f} points"
        table.add_row(escape(e.words), _days(e.days_won), share, won, _usd(e.cost_usd), style=style)
    return table


def _days(won: Estimate) -> str:
    if won.is_alike or not won.has_interval:
        return f"{won.value:+.1f}"
    return f"{won.value:+.1f} ({won.low:+.1f} to {won.high:+.1f})"


def _usd(cost: Estimate) -> str:
    if math.isnan(cost.value):
        return ""
    if cost.is_alike or not cost.has_interval:
        return f"{cost.value:+,.0f}"
    return f"{cost.value:+,.0f} ({cost.low:+,.0f} to {cost.high:+,.0f})"


def write_sheets(reasons: Reasons, folder: Path) -> None:
    """``tables/``: the way by cause, its stretches, runs without each cause, cures."""
    write_tables(list_sheets(reasons), folder)


def list_sheets(reasons: Reasons) -> list[Sheet]:
    """Every table."""
    clock = Clock(first_day=reasons.subject.first_day)
    way = [
        (c, words, reasons.minutes[c], reasons.minutes[c] / MIN_PER_DAY)
        for c, words in CAUSES.items()
    ]
    stretches = [
        (s.cause, CAUSES[s.cause], clock.moment(s.begin_min), clock.moment(s.end_min))
        for s in reasons.stretches
    ]
    named = (Column("cause"), Column("meaning"))
    minutes = (Column("minutes", "number", "min"), Column("days", "number"))
    ends = (Column("from", "when"), Column("to", "when"))
    return [
        Sheet(name="Way", columns=(*named, *minutes), rows=way),
        Sheet(
            name="Stretches",
            columns=(*named, *ends),
            rows=stretches,
        ),
        _effect_sheet("Causes", reasons.causes),
        _effect_sheet("Cures", reasons.cures),
    ]


def _effect_sheet(name: str, effects: Sequence[Effect]) -> Sheet:
    columns = [Column("name"), Column("meaning"), Column("helps")]
    figures: tuple[tuple[str, Kind, str], ...] = (
        ("won", "number", "days"),
        ("on time", "share", ""),
        ("on time won", "share", ""),
        ("cost", "money", "USD"),
    )
    for figure, kind, unit in figures:
        columns += [Column(f"{figure}{end}", kind, unit) for end in ("", " low", " high")]
    rows = [
        (e.name, e.words, e.helps, *e.days_won, *e.on_time, *e.on_time_won, *e.cost_usd)
        for e in effects
    ]
    return Sheet(name=name, columns=tuple(columns), rows=rows)


def summarise(reasons: Reasons) -> dict[str, Any]:
    """For machines."""
    subject, clock = reasons.subject, Clock(first_day=reasons.subject.first_day)
    return {
        "order": subject.name,
        "style": subject.order.style_id,
        "part": subject.book[reasons.part].order_id,
        "due": str(clock.due(subject.order_due_min)),
        "left": str(clock.moment(reasons.end_min)) if reasons.is_shipped else None,
        "late_days": reasons.late_min / MIN_PER_DAY,
        "throughput_min": reasons.total_min,
        "minutes": dict(reasons.minutes),
        "why_adds_up": abs(sum(reasons.minutes.values()) - reasons.total_min),
        "stretches": [
            {"cause": s.cause, "from_min": s.begin_min, "to_min": s.end_min}
            for s in reasons.stretches
        ],
        "on_time": reasons.on_time.value,
        "on_time_low": reasons.on_time.low,
        "on_time_high": reasons.on_time.high,
        "replications": int(reasons.ship_min.shape[0]),
        "causes": [_figures(e) for e in reasons.causes],
        "cures": [_figures(e) for e in reasons.cures],
        "sentences": say_reasons(reasons),
        "notes": list(subject.notes),
    }


def _figures(effect: Effect) -> dict[str, Any]:
    figures: dict[str, Any] = {"name": effect.name, "meaning": effect.words, "helps": effect.helps}
    for key in ("days_won", "on_time", "on_time_won", "cost_usd"):
        estimate: Estimate = getattr(effect, key)
        figures |= {key: estimate.value, f"{key}_low": estimate.low, f"{key}_high": estimate.high}
    return figures
