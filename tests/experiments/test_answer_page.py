"""An answer as a page, a workbook and tables."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from experiments.futures.answer import Answer
from experiments.futures.outcome import Outcome
from experiments.futures.report.asked import say_asked
from experiments.futures.report.facts import Facts
from experiments.futures.report.files import write_json, write_tables
from experiments.futures.report.look import TimeAxis
from experiments.futures.report.page import make_page, write_page
from experiments.futures.report.section import Chart
from experiments.futures.report.sentences import say_answer
from experiments.futures.report.workbook import write_workbook
from experiments.report.tables.clock import Clock
from factory_env.domain.changes import LineDown
from tests.experiments.made_answers import make_answer


@pytest.fixture(scope="module")
def answer() -> Answer:
    return make_answer(orders=10, variants=2, runs=3)


@pytest.fixture(scope="module")
def html(answer: Answer, tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_page(answer, tmp_path_factory.mktemp("page")).read_text(encoding="utf-8")


def embedded(html: str, name: str) -> Any:
    """What the page's script reads."""
    match = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', html, re.S)
    assert match is not None
    return json.loads(match.group(1))


def test_the_page_asks_for_nothing_from_a_network(html: str) -> None:
    without_plotly = re.sub(r"<script>/\*\*.*?</script>", "", html, flags=re.S)
    assert "plotly.js v" in html
    assert "plotly.js v" not in without_plotly
    assert not re.search(r"""(src|href)\s*=\s*["'](?!#)""", without_plotly)
    assert "http" not in without_plotly
    assert "@import" not in without_plotly


def test_the_page_is_small_enough_to_send(html: str) -> None:
    assert len(html.encode()) < 6e6


def test_words_of_the_user_never_become_markup(html: str) -> None:
    assert "RUSH <1>" not in re.sub(r"<script>.*?</script>", "", html, flags=re.S)
    assert "RUSH &lt;1&gt;" in html
    for plot in embedded(html, "plots"):
        for trace in plot["data"]:
            told = json.dumps({key: value for key, value in trace.items() if key != "ids"})
            assert "<1>" not in told
        assert "<1>" not in json.dumps({**plot["layout"], "meta": None})  # names, looked up


def test_every_figure_is_one_that_plotly_knows(answer: Answer) -> None:
    import plotly.graph_objects as go

    charts = [p for s in make_page(Facts(answer)).sections for p in s.parts if isinstance(p, Chart)]
    assert len(charts) >= 5
    for chart in charts:
        go.Figure(chart.plot)  # refuses keys and values of its own
        assert chart.says
        assert chart.height_px > 100


def test_sentences_name_the_money_the_orders_and_the_bottleneck(answer: Answer) -> None:
    money, orders, bottleneck = say_answer(Facts(answer))
    facts = Facts(answer)
    assert "USD" in money
    assert "rush order" in money
    for order in facts.orders.list_late("base", "rush order"):
        assert order in orders or "more" in orders
    assert "bottleneck" in bottleneck


def test_a_variant_that_is_the_base_again_changes_nothing(answer: Answer) -> None:
    same = replace(answer, outcomes=dict.fromkeys(answer.outcomes, answer.outcomes["base"]))
    facts = Facts(same)
    money, orders, bottleneck = say_answer(facts)
    assert "costs the same as the base in every run" in money
    assert "No order turns late or is saved" in orders
    assert "stays" in bottleneck
    assert facts.orders.list_late("base", "rush order") == ()
    cells = [cell for row in make_page(facts).sections[0].parts[0].rows for cell in row]
    assert not {cell.tone for cell in cells} & {"better", "worse"}


def test_tables_hold_every_order_and_dates_are_dates(answer: Answer, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_workbook(answer, tmp_path))
    page = book["Orders"]
    heads = [cell.value for cell in page[1]]
    rows = [dict(zip(heads, row, strict=True)) for row in page.iter_rows(2, values_only=True)]
    names = {row["order"] for row in rows if row["variant"] == "rush order"}
    assert names == {*(f"PO-{2001 + i}" for i in range(10)), "RUSH <1>"}
    assert all(isinstance(row["due"], datetime) for row in rows)
    assert page.freeze_panes == "B2"
    for row in rows:
        assert row["low [95 %]"] <= row["on time [of the runs]"] <= row["high [95 %]"]
    folder = write_tables(answer, tmp_path)
    with (folder / "orders.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == len(rows)


def test_programs_get_the_same_figures(answer: Answer, tmp_path: Path) -> None:
    plain = json.loads(write_json(answer, tmp_path).read_text())
    facts = Facts(answer)
    value, low, high = facts.money_difference("rush order")
    told = plain["variants"]["rush order"]["difference"]["money_usd"]["total"]
    assert told == pytest.approx([value, low, high], rel=1e-6)
    assert plain["variants"]["base"]["kpis"]["orders"] == 10
    assert plain["first_day"] == "2026-03-02"


def test_a_run_without_dates_speaks_of_days(answer: Answer) -> None:
    undated = replace(answer, first_day=None)
    page = make_page(Facts(undated))
    gantt = next(s for s in page.sections if s.key == "gantt").parts[0]
    assert isinstance(gantt, Chart)
    assert "day of the run" in gantt.plot["layout"]["xaxis"]["title"]["text"]
    assert "day " in page.facts["PO-2001"]


def without_variants(answer: Answer) -> Answer:
    base = answer.question.base.name
    return replace(
        answer,
        question=replace(answer.question, variants=()),
        outcomes={base: answer.outcomes[base]},
    )


def one_run(answer: Answer) -> Answer:
    return replace(answer, outcomes={name: runs[:1] for name, runs in answer.outcomes.items()})


def nothing_shipped(answer: Answer) -> Answer:
    def strand(outcome: Outcome) -> Outcome:
        never = np.full(len(outcome.orders["order_id"]), np.nan)
        return replace(outcome, orders={**outcome.orders, "ship_min": never}, gantt={})

    stranded = {name: tuple(map(strand, runs)) for name, runs in answer.outcomes.items()}
    return replace(answer, outcomes=stranded)


def nine_variants(answer: Answer) -> Answer:
    rush = answer.question.variants[0]
    more = tuple(replace(rush, name=f"{i} more") for i in range(7))
    outcomes = {v.name: answer.outcomes["base" if i % 2 else rush.name] for i, v in enumerate(more)}
    return replace(
        answer,
        question=replace(answer.question, variants=(*answer.question.variants, *more)),
        outcomes={**answer.outcomes, **outcomes},
    )


@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize("change", [without_variants, one_run, nothing_shipped, nine_variants])
def test_an_odd_answer_is_told_as_well(
    change: Callable[[Answer], Answer], answer: Answer, tmp_path: Path
) -> None:
    odd = change(answer)
    html = write_page(odd, tmp_path).read_text(encoding="utf-8")
    text = re.sub(r"<script.*?</script>", "", html, flags=re.S)
    assert "nan" not in re.sub(r"<[^>]*>", " ", text).lower().split()
    assert len(say_answer(Facts(odd))) in (2, 3)
    write_workbook(odd, tmp_path)
    write_tables(odd, tmp_path)
    write_json(odd, tmp_path)


def test_what_a_variant_asks_is_told_with_dates(answer: Answer) -> None:
    down = LineDown(from_min=1440.0 * 7, to_min=1440.0 * 8, line="polo-1")
    base = answer.question.base
    variant = replace(base, name="polo-1 down", changes=(down,), settings={"plant": "mid"})
    told = say_asked(variant, base, TimeAxis(Clock(first_day=answer.first_day)))
    assert told == (
        "polo-1 down: plant = mid; line down from Mon 9 Mar 00:00, until Tue 10 Mar 00:00, polo-1."
    )
