"""The Gantt charts say what was, name every order, and overlap nothing."""

from __future__ import annotations

import warnings
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from agents.rules.edd import Edd
from experiments.report.canvas import save, shorten_text, text_width_in
from experiments.report.finished_run import FinishedRun
from experiments.report.gantt import ROWS_PER_PAGE, line_blocks, orders_figure, split_pages
from experiments.report.order_bars import line_stops, order_bars, working_spans
from experiments.report.overview import overview_figure, pack_late
from experiments.report.palette import product_colours
from experiments.report.pictures.states import state_shares
from factory_env import Factory, RunLog, load_scenario
from factory_env.domain.calendar import WorkCalendar
from tests.play import play

WEEK = WorkCalendar()  # 8:00 to 17:00 with an hour's break, Sundays off
SATURDAY_MIN = 5 * 1440


@pytest.fixture(scope="module", params=["small", "mid"])
def run(request) -> FinishedRun:
    scenario = load_scenario(request.param)
    return FinishedRun(log=play(Factory(scenario, 1), Edd()), scenario=scenario)


@pytest.fixture(scope="module")
def rough() -> FinishedRun:
    scenario = load_scenario(
        "mid", scenario="real", disruptions="rough", overrides={"demand.load": 1.2}
    )
    return FinishedRun(log=play(Factory(scenario, 1), Edd()), scenario=scenario)


def test_a_change_of_180_minutes_over_a_sunday_is_drawn_as_180_minutes() -> None:
    begin, end = SATURDAY_MIN + 16 * 60, SATURDAY_MIN + 2 * 1440 + 10 * 60
    spans = working_spans(WEEK, begin, end)
    # an hour on Saturday, two on Monday
    assert [round(24 * 60 * length) for _, length in spans] == [60, 120]


def test_a_product_of_ones_own_has_a_colour_of_its_own() -> None:
    colours = product_colours(["tee", "hoodie", "跑步裤", "polo"])
    assert len(set(colours.values())) == 4
    assert "#999999" not in colours.values()


def _legend(figure: Figure) -> set[str]:
    return {text.get_text() for text in figure.legends[0].get_texts()}


def _names(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


def test_the_overview_names_every_order_that_has_room(run) -> None:
    figure = overview_figure(run.log, run.calendar)
    bars = [b for i in range(len(run.log.lines)) for b in order_bars(run.log, i, run.calendar)]
    words = " ".join(_names(figure))
    named = [bar for bar in bars if bar.order_id.removeprefix("O") in words]
    assert len(named) >= 0.9 * len(bars)


@pytest.mark.slow
def test_words_of_the_overview_do_not_overlap(run, rough) -> None:
    for one in (run, rough):
        figure = overview_figure(one.log, one.calendar)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        texts = [t for t in figure.axes[0].texts if t.get_text()]
        boxes = [t.get_window_extent(canvas.get_renderer()) for t in texts]
        low = np.array([box.min for box in boxes]) + 1.0
        high = np.array([box.max for box in boxes]) - 1.0
        both = ((low[:, None] < high) & (high[:, None] > low)).all(axis=2)
        np.fill_diagonal(both, False)
        pairs = [(texts[i].get_text(), texts[j].get_text()) for i, j in np.argwhere(both)]
        assert not pairs


def test_late_orders_stand_in_rows_in_which_nothing_overlaps(rough) -> None:
    for line in range(len(rough.log.lines)):
        bars = order_bars(rough.log, line, rough.calendar)
        marks = pack_late(bars, 5.0, 80.0)
        rows = [[m.bar for m in marks if m.row == row] for row in range(6)]
        for row in rows:
            row.sort(key=lambda bar: bar.due)
            assert all(a.end <= b.due for a, b in pairwise(row))
        assert {m.bar.order_id for m in marks} <= {b.order_id for b in bars if b.late_days > 0}


def test_stops_are_drawn_where_there_were_any(run, rough) -> None:
    assert "line stood still" not in _legend(overview_figure(run.log, run.calendar))
    assert "line stood still" in _legend(overview_figure(rough.log, rough.calendar))
    events = rough.log.tables["events"]
    stood = np.isin(events["kind"], ("line stop", "outage"))
    lines = range(len(rough.log.lines))
    site = int((stood & (events["line"] == -1)).sum())
    drawn = sum(len(line_stops(rough.log, line)) for line in lines)
    assert drawn == int((stood & (events["line"] >= 0)).sum()) + site * len(rough.log.lines)


def test_a_legend_names_only_what_is_there(run) -> None:
    products = {str(p) for p in run.log.tables["orders"]["product"]}
    shown = _legend(overview_figure(run.log, run.calendar))
    assert shown - products <= {"changeover", "late order: from due to shipped"}
    assert products <= shown


def test_every_order_has_a_row_and_pages_are_not_endless(run, rough) -> None:
    for one in (run, rough):
        blocks = line_blocks(one.log, one.calendar)
        pages = list(split_pages(blocks))
        kept = [bar.order_id for page in pages for block in page for bar in block.bars]
        assert kept == [bar.order_id for block in blocks for bar in block.bars]
        assert all(sum(block.rows for block in page) <= ROWS_PER_PAGE for page in pages)
        figure = orders_figure("Orders", pages[0], one.calendar, None, one.log)
        assert len(figure.axes[0].get_yticklabels()) == sum(len(b.bars) for b in pages[0])


def _rename(log: RunLog, name: str) -> RunLog:
    orders = dict(log.tables["orders"])
    ids = [f"{name}{i}" for i in range(len(orders["order_id"]))]
    orders["order_id"] = np.array(ids)
    orders["product"] = np.array(["$new$" if p == "tee" else p for p in orders["product"]])
    return replace(log, tables={**log.tables, "orders": orders}, lines=tuple(log.lines))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["订单-", "Äpfel $5 for $6 ", "a very long name of an order " * 3])
def test_any_name_can_be_drawn(run, name, tmp_path: Path) -> None:
    log = _rename(run.log, name)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        path = save(overview_figure(log, run.calendar), tmp_path / "all.png")
        blocks = line_blocks(log, run.calendar)
        save(orders_figure("Orders", blocks, run.calendar, None, log), tmp_path / "orders.png")
    assert path.stat().st_size > 10_000
    assert "$new$" in _legend(overview_figure(log, run.calendar))


def test_a_long_text_keeps_its_ends() -> None:
    short = shorten_text("PO-2026-very-long-0017", 8.0, 0.8)
    assert text_width_in(short, 8.0) <= 0.8
    assert short.startswith("PO")
    assert short.endswith("17")


def test_waiting_on_a_line_and_a_line_without_orders_are_told_apart(run) -> None:
    shares = state_shares(run)
    table = run.log.tables["states"]
    np.testing.assert_allclose(sum(shares.values()), 1.0)
    names = ("work", "setup", "learning", "starved", "blocked", "down", "absent")
    for line in range(len(run.log.lines)):
        mine = table["line"] == line
        duty = sum(table[f"{name}_min"][mine].sum() for name in names)
        starved = table["starved_min"][mine].sum() / duty
        assert shares["waiting"][line] + shares["empty"][line] == pytest.approx(starved)
    assert shares["waiting"].min() >= 0.0
