"""Answers for tests of the report: a few real runs of an order book, turned into outcomes."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from experiments.building.policy import policy_from
from experiments.futures.outcome import Outcome
from experiments.futures.question import Question, Variant
from factory_env import Order, RunLog, load_scenario, simulate
from factory_env.kpi.table import kpis

FIRST_DAY = date(2026, 3, 2)
DAY = 1440.0
STYLES = ("tee-01", "polo-02", "shirt-01", "tee-03", "polo-01")


@dataclass(frozen=True)
class MadeAnswer:
    """What a page asks of an answer."""

    question: Question
    outcomes: Mapping[str, Sequence[Outcome]]
    first_day: date | None = FIRST_DAY


def make_orders(count: int) -> tuple[Order, ...]:
    """A book: an order every third of a day, due in a week or two."""
    return tuple(
        Order(
            order_id=f"PO-{2001 + i}",
            style_id=STYLES[i % len(STYLES)],
            quantity=600 + 150 * (i % 5),
            release_min=DAY * (i // 3),
            due_min=DAY * (i // 3 + 8 + i % 6),
            price_usd=4.0,
            priority=1.0,
            customer="Northgate",
        )
        for i in range(count)
    )


def play_variant(variant: Variant, seed: int, is_drawn: bool = False) -> Outcome:
    """One run, with what is kept of it."""
    log = simulate(variant.scenario, policy_from(variant.agent), seed, orders=variant.orders)
    table, days = log.tables["orders"], log.tables["line_days"]
    names = np.array([str(line) for line in log.lines])
    sewn = np.flatnonzero(~np.isnan(table["loaded_min"]))
    ends = np.where(np.isnan(table["sewn_min"]), table["loaded_min"], table["sewn_min"])
    begins = table["taken_min"]
    busy = [float(days["earned_min"][days["line"] == i].sum()) for i in range(len(names))]
    all_days = np.unique(days["day"])
    gantt = {
        "line": np.tile(names[table["line"][sewn].astype(int)], 2),
        "order_id": np.tile(table["order_id"][sewn].astype(str), 2),
        "style": np.tile(table["style"][sewn].astype(str), 2),
        "begin_min": np.concatenate([begins[sewn], begins[sewn] + 45.0]),
        "end_min": np.concatenate([begins[sewn] + 45.0, ends[sewn]]),
        "kind": np.repeat(["setup", "sew"], len(sewn)),
    }
    parts = {k: v for k, v in log.cost_usd.items() if v}
    return Outcome(
        variant=variant.name,
        seed=seed,
        kpis=kpis(log),
        money_usd={**parts, "total": sum(parts.values())},
        orders=_order_columns(log, names),
        stations={
            "name": np.append(names, "pressing"),
            "busy_share": np.append(np.array(busy) / max(1.0, max(busy)) * 0.93, 0.55),
            "waiting_min": np.append(np.array(busy) * 0.1, 200.0),
        },
        days={
            "day": all_days,
            "wip_pieces": np.array([days["wip_pieces"][days["day"] == d].sum() for d in all_days]),
            "packed_pieces": np.zeros(len(all_days)),
            "peak_kw": np.full(len(all_days), np.nan),
        },
        load_kw=60 + 50 * np.sin(np.arange(672) / 96 * 2 * np.pi) if is_drawn else np.array([]),
        gantt=gantt if is_drawn else {},
        seconds=0.1,
    )


def _order_columns(log: RunLog, lines: Any) -> dict[str, Any]:
    table = log.tables["orders"]
    keys = ("order_id", "style", "product", "quantity", "due_min", "release_min", "late_usd")
    return {
        **{key: table[key] for key in keys},
        "ship_min": table["shipped_min"],
        "line": lines[table["line"].astype(int)],
        "is_cancelled": ~np.isnan(table["cancelled_min"]),
    }


def make_question(
    orders: int = 12, variants: int = 2, runs: int = 3, plant: str = "small"
) -> Question:
    """A rush order, another rule, a shorter book, and an extra hour."""
    scenario = load_scenario(plant)
    book = make_orders(orders)
    rush = replace(book[0], order_id="RUSH <1>", style_id="polo-02", quantity=2000, due_min=9 * DAY)
    longer = dataclasses.replace(
        scenario, calendar=dataclasses.replace(scenario.calendar, overtime_min=60.0)
    )
    all_variants = (
        Variant(name="rush order", scenario=scenario, orders=(*book, rush)),
        Variant(name="first come", scenario=scenario, orders=book, agent="fifo"),
        Variant(name="an hour more", scenario=longer, orders=book, settings={"overtime_min": 60}),
        Variant(name="without one", scenario=scenario, orders=book[1:]),
    )
    return Question(
        name="rush_order",
        title="What if a customer asks for 2,000 polos at once?",
        base=Variant(name="base", scenario=scenario, orders=book),
        variants=all_variants[:variants],
        replications=runs,
        notes=("Made for a test.",),
    )


def make_answer(
    orders: int = 12, variants: int = 2, runs: int = 3, plant: str = "small"
) -> MadeAnswer:
    """Real runs of it."""
    question = make_question(orders, variants, runs, plant)
    outcomes = {
        variant.name: [play_variant(variant, seed, is_drawn=seed == 0) for seed in range(runs)]
        for variant in (question.base, *question.variants)
    }
    return MadeAnswer(question, outcomes)
