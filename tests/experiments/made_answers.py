"""Answers for tests of the report: a few real runs of an order book."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from datetime import date

from experiments.futures.answer import Answer, answer
from experiments.futures.question import Question, Variant
from factory_env import Order, load_scenario

FIRST_DAY = date(2026, 3, 2)
DAY = 1440.0
STYLES = ("tee-01", "polo-02", "shirt-01", "tee-03", "polo-01")


def make_orders(count: int, a_day: int = 3) -> tuple[Order, ...]:
    """A book: some orders a day, due in a week or two."""
    return tuple(
        Order(
            order_id=f"PO-{2001 + i}",
            style_id=STYLES[i % len(STYLES)],
            quantity=600 + 150 * (i % 5),
            release_min=DAY * (i // a_day),
            due_min=DAY * (i // a_day + 5 + i % 6),
            price_usd=4.0,
            priority=1.0,
            customer="Northgate",
        )
        for i in range(count)
    )


def make_question(
    orders: int = 12, variants: int = 2, runs: int = 3, plant: str = "small"
) -> Question:
    """A rush order, another rule, a shorter book, and an extra hour."""
    scenario = load_scenario(plant, disruptions="normal")
    book = make_orders(orders, a_day=6 if plant == "mid" else 3)
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


def make_answer(orders: int = 12, variants: int = 2, runs: int = 3, plant: str = "small") -> Answer:
    """Real runs of it."""
    return answer(make_question(orders, variants, runs, plant), workers=1, first_day=FIRST_DAY)
