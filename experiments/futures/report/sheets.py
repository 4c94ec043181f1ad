"""Every table of an answer, whole: what the page draws, and what it leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from experiments.futures.report.facts import TOTAL, Facts
from experiments.futures.report.sections.bottleneck import rank_stations
from experiments.futures.report.sections.comparison import label_kpi
from experiments.futures.report.sections.gantt import drawn_run
from experiments.futures.report.sections.load import mean_week, say_slot
from experiments.futures.report.sections.sensitivity import trace_curves
from experiments.futures.report.sections.work_in_progress import stack_days
from experiments.futures.report.sentences import say_answer
from experiments.futures.report.words import mean_known
from experiments.futures.statistics.estimate import Estimate
from experiments.report.tables.sheet import Column, Sheet
from factory_env.units import MIN_PER_DAY

SHARES = (0.5, 0.8, 0.95)


def list_sheets(facts: Facts) -> tuple[Sheet, ...]:
    """Those that have rows, the answer in words first."""
    sheets = (
        summary_sheet(facts),
        comparison_sheet(facts),
        money_sheet(facts),
        orders_sheet(facts),
        stations_sheet(facts),
        days_sheet(facts),
        load_sheet(facts),
        sensitivity_sheet(facts),
        gantt_sheet(facts),
        runs_sheet(facts),
    )
    return tuple(sheet for sheet in sheets if sheet.rows)


def summary_sheet(facts: Facts) -> Sheet:
    """The sentences, and how it was computed."""
    rows: list[Sequence[Any]] = [(sentence,) for sentence in say_answer(facts)]
    rows.append((f"{facts.count} runs of the base and of each variant under the same luck",))
    rows += [(note,) for note in facts.question.notes]
    return Sheet(name="Answer", columns=(Column(facts.question.title or "answer"),), rows=rows)


def comparison_sheet(facts: Facts) -> Sheet:
    """A row a variant and figure."""
    columns = (
        Column("figure"),
        Column("unit"),
        Column("variant"),
        Column("base", "number"),
        Column("value", "number"),
        Column("difference", "number"),
        Column("low", "number", "95 %"),
        Column("high", "number", "95 %"),
        Column("verdict"),
    )
    rows = []
    for key in facts.runs(facts.base)[0].kpis:
        label, unit, better = label_kpi(key)
        base = _mean(facts.kpi(facts.base, key))
        for name in facts.variants:
            change = facts.kpi_difference(name, key)
            value = _mean(facts.kpi(name, key))
            verdict = judge(change, better)
            rows.append((label, unit, name, base, value, *_plain(change), verdict))
    return Sheet(name="Comparison", columns=columns, rows=rows)


def judge(change: Estimate, better: int) -> str:
    """In a word."""
    if change.value == 0.0 and change.is_alike:
        return "same"
    if change.holds_zero or np.isnan(change.value):
        return "cannot tell"
    if not better:
        return "more" if change.value > 0 else "less"
    return "better" if change.value * better > 0 else "worse"


def money_sheet(facts: Facts) -> Sheet:
    """A row a part of the cost and variant."""
    columns = (
        Column("variant"),
        Column("part of the cost"),
        Column("base", "money", "USD"),
        Column("value", "money", "USD"),
        Column("difference", "money", "USD"),
        Column("low", "money", "USD, 95 %"),
        Column("high", "money", "USD, 95 %"),
        Column("verdict"),
    )
    rows = []
    for name in facts.variants:
        for part in (*facts.money_parts, TOTAL):
            change = facts.money_difference(name, part)
            means = (_mean(facts.money(facts.base, part)), _mean(facts.money(name, part)))
            rows.append((name, part, *means, *_plain(change), judge(change, -1)))
    return Sheet(name="Money", columns=columns, rows=rows)


def orders_sheet(facts: Facts) -> Sheet:
    """A row an order and variant, all orders."""
    columns = (
        Column("order"),
        Column("style"),
        Column("pieces", "count"),
        Column("variant"),
        Column("due", "when"),
        Column("on time", "share", "of the runs"),
        Column("probability", "share", "Wilson, middle"),
        Column("low", "share", "95 %"),
        Column("high", "share", "95 %"),
        *(Column(f"P{100 * share:.0f} ship date", "when") for share in SHARES),
        Column("against the base"),
    )
    rows = list(_order_rows(facts))
    return Sheet(name="Orders", columns=columns, rows=rows)


def _order_rows(facts: Facts) -> Iterator[Sequence[Any]]:
    orders, clock = facts.orders, facts.clock
    crossed = {
        name: dict.fromkeys(orders.list_late(facts.base, name), "turns late")
        | dict.fromkeys(orders.list_saved(facts.base, name), "saved")
        for name in facts.variants
    }
    for order in orders.names:
        about = orders.facts[order]
        for name in (facts.base, *facts.variants):
            if not orders.is_there(name, order):
                continue
            ships = [clock.moment(orders.ship(name, order, share).value) for share in SHARES]
            word = crossed.get(name, {}).get(order, "")
            if name != facts.base and not orders.is_there(facts.base, order):
                word = "new"
            yield (
                order,
                about["style"],
                about["quantity"],
                name,
                clock.due(orders.due_min(name, order)),
                orders.share(name, order),
                *orders.on_time(name, order),
                *ships,
                word,
            )


def stations_sheet(facts: Facts) -> Sheet:
    """Lines and rooms by variant, the busiest first."""
    columns = (
        Column("variant"),
        Column("rank", "count"),
        Column("line or room"),
        Column("busy", "share"),
        Column("mean wait before it", "number", "shift h"),
    )
    rows = [
        (name, rank, station, None if np.isnan(busy) else busy, wait)
        for name in (facts.base, *facts.variants)
        for rank, (station, busy, wait) in enumerate(rank_stations(facts, name), 1)
    ]
    return Sheet(name="Bottleneck", columns=columns, rows=rows)


def days_sheet(facts: Facts) -> Sheet:
    """Means over the runs, a row a day and variant."""
    columns = (
        Column("variant"),
        Column("day", "when"),
        Column("work in progress", "count", "pieces"),
        Column("packed", "count", "pieces"),
        Column("peak", "number", "kW"),
    )
    rows: list[Sequence[Any]] = []
    for name in (facts.base, *facts.variants):
        tables = [stack_days(facts, name, k) for k in ("wip_pieces", "packed_pieces", "peak_kw")]
        means = [_column_means(values) for _, values in tables]
        for i, day in enumerate(tables[0][0]):
            at = facts.clock.due((day + 1) * MIN_PER_DAY)
            rows.append((name, at, *(mean[i] for mean in means)))
    return Sheet(name="Days", columns=columns, rows=rows)


def load_sheet(facts: Facts) -> Sheet:
    """Quarters of an hour of the week by variant; no rows without a site."""
    means = {n: mean_week(facts, n).tolist() for n in (facts.base, *facts.variants)}
    means = {name: week for name, week in means.items() if week}
    columns = (Column("quarter of an hour"), *(Column(n, "number", "kW") for n in means))
    rows = [(say_slot(i), *kw) for i, kw in enumerate(zip(*means.values(), strict=True))]
    return Sheet(name="Load", columns=columns, rows=rows)


def sensitivity_sheet(facts: Facts) -> Sheet:
    """A row a value that was varied."""
    columns = (
        Column("setting"),
        Column("value"),
        Column("change of total cost", "money", "USD"),
        Column("low", "money", "USD, 95 %"),
        Column("high", "money", "USD, 95 %"),
    )
    rows = [
        (key, str(value), *_plain(estimate))
        for key, curve in trace_curves(facts).items()
        for value, estimate in curve
    ]
    return Sheet(name="Sensitivity", columns=columns, rows=rows)


def gantt_sheet(facts: Facts) -> Sheet:
    """The work of the run that is drawn."""
    columns = (
        Column("variant"),
        Column("line"),
        Column("order"),
        Column("style"),
        Column("work"),
        Column("begin", "when"),
        Column("end", "when"),
    )
    rows: list[Sequence[Any]] = []
    for name in (facts.base, *facts.variants):
        run = drawn_run(facts.runs(name))
        if run is None:
            continue
        keys = ("line", "order_id", "style", "kind", "begin_min", "end_min")
        for *words, begin, end in zip(*(run.gantt[key].tolist() for key in keys), strict=True):
            moments = (facts.clock.moment(begin), facts.clock.moment(end))
            rows.append((name, *map(str, words), *moments))
    return Sheet(name="Gantt", columns=columns, rows=rows)


def runs_sheet(facts: Facts) -> Sheet:
    """Every run by itself."""
    columns = (
        Column("variant"),
        Column("seed", "count"),
        Column("total cost", "money", "USD"),
        *(Column(part, "money", "USD") for part in facts.money_parts),
        Column("orders on time", "share"),
    )
    rows = [
        (
            name,
            o.seed,
            *(o.money_usd.get(part, 0.0) for part in (TOTAL, *facts.money_parts)),
            o.kpis.get("on_time_share"),
        )
        for name in (facts.base, *facts.variants)
        for o in facts.runs(name)
    ]
    return Sheet(name="Runs", columns=columns, rows=rows)


def _mean(values: Any) -> float | None:
    """Of what is known; an empty cell if nothing is."""
    mean = mean_known(values.tolist())
    return None if np.isnan(mean) else mean


def _column_means(values: Any) -> list[float | None]:
    return [_mean(column) for column in values.T]


def _plain(estimate: Estimate) -> tuple[float | None, ...]:
    """Empty cells for what is not known."""
    return tuple(float(v) if np.isfinite(v) else None for v in estimate)
