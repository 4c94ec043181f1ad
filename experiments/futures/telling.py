"""Tells an answer: a table and sentences for people, figures for programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from experiments.futures.answer import Answer
from experiments.futures.report.facts import Facts
from experiments.futures.report.files import write_json, write_tables
from experiments.futures.report.sentences import say_answer
from experiments.futures.report.words import say_change, say_interval, say_number
from experiments.report.tables.clock import show_when

MOST_NAMED: Final = 6  # orders of a variant that turn late, in the terminal


def print_answer(answer: Answer, facts: Facts) -> None:
    """The table, and the sentences below it."""
    console = Console(highlight=False)
    table = Table(title=answer.question.title, title_justify="left", header_style="bold")
    table.add_column("variant", overflow="fold")
    for head in ("cost, USD", "against the base (95 %)", "on time", "turn late", "saved"):
        table.add_column(head, justify="right")
    for name in (facts.base, *facts.variants):
        table.add_row(*_row(facts, name))
    console.print(table)
    for sentence in say_answer(facts):
        console.print(sentence)
    for name in facts.variants:
        if late := facts.orders.list_late(facts.base, name):
            console.print(f"{name}, turn late: {_name_orders(facts, name, late)}")
    console.print(
        f"{len(answer.seeds)} runs each under the same luck, seeds from {answer.seeds[0]}"
    )


def _row(facts: Facts, name: str) -> tuple[str, ...]:
    cost = say_number(float(facts.money(name).mean()), "")
    on_time = say_number(float(facts.kpi(name, "on_time_share").mean()), "share")
    if name == facts.base:
        return name, cost, "", on_time, "", ""
    change = facts.money_difference(name)
    late = len(facts.orders.list_late(facts.base, name))
    saved = len(facts.orders.list_saved(facts.base, name))
    told = f"{say_change(change.value, '')} ({say_interval(change, '')})"
    return name, cost, told, on_time, str(late or ""), str(saved or "")


def _name_orders(facts: Facts, name: str, orders: tuple[str, ...]) -> str:
    named = [
        f"{order} (due {show_when(facts.clock.due(facts.orders.due_min(name, order)))}, "
        f"half of the runs by {_say_ship(facts, name, order)})"
        for order in orders[:MOST_NAMED]
    ]
    rest = len(orders) - len(named)
    return "; ".join(named) + (f"; and {rest} more" if rest else "")


def _say_ship(facts: Facts, name: str, order: str) -> str:
    return (
        show_when(facts.clock.moment(facts.orders.ship(name, order, 0.5).value)) or "no day of it"
    )


def write_answer(answer: Answer, folder: Path, *, is_whole: bool) -> Facts:
    """CSV tables and JSON, and where the whole is asked for page and workbook; the figures."""
    write_tables(answer, folder)
    write_json(answer, folder)
    if is_whole:
        from experiments.futures.report.page import write_page
        from experiments.futures.report.workbook import write_workbook

        print(f"answer: {write_page(answer, folder)}")
        write_workbook(answer, folder)
    return Facts(answer)


def summarise(answer: Answer, facts: Facts, seconds: float) -> dict[str, Any]:
    """Figures by key; intervals as lists; how long it took under the name that fits."""
    is_first = answer.played == len(answer.seeds) * len(answer.outcomes)
    return {
        "question": answer.question.name,
        "title": answer.question.title,
        "replications": len(answer.seeds),
        "first_seed": answer.seeds[0],
        "runs_played": answer.played,
        "orders": len(facts.orders.names),
        "variants": {name: _figures(facts, name) for name in (facts.base, *facts.variants)},
        "sentences": list(say_answer(facts)),
        "first_answer_s" if is_first else "second_answer_s": seconds,
    }


def _figures(facts: Facts, name: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "cost_usd": float(facts.money(name).mean()),
        "on_time_share": float(facts.kpi(name, "on_time_share").mean()),
        "late_usd": float(facts.money(name, "lateness").mean()),
    }
    if name == facts.base:
        return told
    change = facts.money_difference(name)
    return told | {
        "difference_usd": change.value,
        "difference_interval_usd": [change.low, change.high],
        "turn_late": list(facts.orders.list_late(facts.base, name)),
        "saved": list(facts.orders.list_saved(facts.base, name)),
    }
