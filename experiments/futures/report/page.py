"""The page of an answer: which sections, in which order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from experiments.futures.report.facts import Answered, Facts
from experiments.futures.report.html_page import write_html
from experiments.futures.report.look import TimeAxis
from experiments.futures.report.section import Page, Section
from experiments.futures.report.sections.bottleneck import draw_bottleneck
from experiments.futures.report.sections.comparison import compare_variants
from experiments.futures.report.sections.gantt import draw_gantt
from experiments.futures.report.sections.load import draw_load
from experiments.futures.report.sections.method import tell_method
from experiments.futures.report.sections.money import draw_money
from experiments.futures.report.sections.on_time import draw_on_time
from experiments.futures.report.sections.sensitivity import draw_sensitivity
from experiments.futures.report.sections.ship_dates import draw_ship_dates
from experiments.futures.report.sections.work_in_progress import draw_wip
from experiments.futures.report.sentences import say_answer
from experiments.futures.report.words import say_share

FILE: Final = "answer.html"
SECTIONS: Final[tuple[Callable[[Facts], Section | None], ...]] = (
    compare_variants,
    draw_on_time,
    draw_ship_dates,
    draw_money,
    draw_sensitivity,
    draw_bottleneck,
    draw_wip,
    draw_load,
    draw_gantt,
    tell_method,
)


def write_page(answer: Answered, folder: Path) -> Path:
    """``answer.html``: one file that opens without a network."""
    return write_html(make_page(Facts(answer)), folder / FILE)


def make_page(facts: Facts) -> Page:
    """What the page holds."""
    sections = [section for draw in SECTIONS if (section := draw(facts)) is not None]
    orders = len(facts.orders.names)
    under = (
        f"{facts.base} against {len(facts.variants)} variant{'s' * (len(facts.variants) != 1)}, "
        f"{orders:,} orders, {facts.count} paired runs"
    )
    return Page(
        title=facts.question.title or facts.question.name,
        under=under,
        sentences=say_answer(facts),
        sections=sections,
        facts=_order_facts(facts),
    )


def _order_facts(facts: Facts) -> Mapping[str, str]:
    """What a click on an order tells: a line a variant."""
    time = TimeAxis(facts.clock)
    texts = {}
    for order in facts.risky:
        about = facts.orders.facts[order]
        lines = [f"{order}: {about['style']}, {about['quantity']:,} pieces"]
        lines += [
            f"{name}: on time in {say_share(facts.orders.share(name, order))} of the runs, "
            f"due {time.say_due(facts.orders.due_min(name, order))}, half of them ship by "
            f"{time.say(facts.orders.ship(name, order, 0.5).value)}"
            for name in facts.shown
            if facts.orders.is_there(name, order)
        ]
        texts[order] = "\n".join(lines)
    return texts
