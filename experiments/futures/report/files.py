"""Tables for spreadsheets and JSON for programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from experiments.futures.report import sheets
from experiments.futures.report.facts import TOTAL, Answered, Facts
from experiments.futures.report.html_page import plain_value
from experiments.futures.report.sections.bottleneck import rank_stations
from experiments.futures.report.sentences import say_answer
from experiments.report.tables import files
from factory_env.whole_file import write_whole_text

FILE: Final = "answer.json"


def write_tables(answer: Answered, folder: Path) -> Path:
    """``tables/<name>.csv`` of every table."""
    files.write_tables(sheets.list_sheets(Facts(answer)), folder)
    return folder / files.FOLDER


def write_json(answer: Answered, folder: Path) -> Path:
    """``answer.json``."""
    path = folder / FILE
    write_whole_text(path, json.dumps(to_plain(Facts(answer)), indent=1) + "\n")
    return path


def to_plain(facts: Facts) -> dict[str, Any]:
    """The answer as plain data: figures by name, times in minutes and as people say them."""
    names = (facts.base, *facts.variants)
    plain = {
        "question": facts.question.name,
        "title": facts.question.title,
        "sentences": say_answer(facts),
        "replications": facts.count,
        "first_day": facts.clock.first_day,
        "base": facts.base,
        "variants": {name: _variant(facts, name) for name in names},
        "notes": facts.question.notes,
    }
    return dict(plain_value(plain))


def _variant(facts: Facts, name: str) -> dict[str, Any]:
    is_base = name == facts.base
    orders = {
        o: _order(facts, name, o) for o in facts.orders.names if facts.orders.is_there(name, o)
    }
    plain: dict[str, Any] = {
        "kpis": {key: float(facts.kpi(name, key).mean()) for key in facts.runs(name)[0].kpis},
        "money_usd": {p: float(facts.money(name, p).mean()) for p in (*facts.money_parts, TOTAL)},
        "bottleneck": [station for station, _, _ in rank_stations(facts, name)][:1],
        "orders": orders,
    }
    if not is_base:
        plain["difference"] = {
            "kpis": {key: facts.kpi_difference(name, key) for key in plain["kpis"]},
            "money_usd": {p: facts.money_difference(name, p) for p in plain["money_usd"]},
        }
        plain["turned_late"] = facts.orders.list_late(facts.base, name)
        plain["saved"] = facts.orders.list_saved(facts.base, name)
    return plain


def _order(facts: Facts, name: str, order: str) -> dict[str, Any]:
    runs = facts.orders
    middle, low, high = runs.on_time(name, order)
    return {
        "due_min": runs.due_min(name, order),
        "due": facts.clock.due(runs.due_min(name, order)),
        "on_time_share": runs.share(name, order),
        "p_on_time": middle,
        "p_on_time_low": low,
        "p_on_time_high": high,
        **{
            f"p{100 * share:.0f}_ship_min": runs.ship(name, order, share).value
            for share in sheets.SHARES
        },
    }
