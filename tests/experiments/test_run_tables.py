"""The tables that a run leaves: dates, names of lines, late orders, cells that compute nothing."""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest
from openpyxl import load_workbook
from rich.console import Console

from agents.rules.edd import Edd
from experiments.report.finished_run import FinishedRun
from experiments.report.in_short import cost_text, key_table, late_table
from experiments.report.tables.clock import Clock
from experiments.report.tables.files import escape_formula, write_tables, write_workbook
from experiments.report.tables.orders import LateOrder, late_orders, order_sheet
from experiments.report.tables.run_sheets import list_sheets
from experiments.report.tables.sheet import Column, Sheet
from experiments.simulating.branch_report import compare_late
from factory_env import Order, RunLog, Scenario, load_scenario, simulate
from factory_env.kpi.delivery import customer_orders
from factory_env.kpi.table import kpis

MONDAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario("small")


@pytest.fixture(scope="module")
def log(scenario: Scenario) -> RunLog:
    """Of three orders: one in time, one that can not be, one that is named like a formula."""

    def order(name: str, days: int, pieces: int) -> Order:
        return Order(
            order_id=name,
            style_id="tee-01",
            quantity=pieces,
            release_min=0.0,
            due_min=1440.0 * days,
            price_usd=2.5,
            priority=1.0,
            customer="@N [bold]Ltd",
        )

    book = (order("A", 30, 600), order("=B", 1, 3000), order("C", 40, 500))
    return simulate(scenario, Edd(), seed=1, orders=book)


def show(*tables: object) -> str:
    console = Console(width=110, record=True)
    for table in tables:
        console.print(table)
    return console.export_text()


def test_a_late_order_is_named_with_its_days_and_dates(log: RunLog) -> None:
    late = late_orders(log)
    orders = log.tables["orders"]
    (row,) = np.flatnonzero(orders["order_id"] == "=B")
    assert [o.name for o in late] == ["=B"]
    assert late[0].late_days == (orders["shipped_min"][row] - 1440.0) / 1440.0
    text = show(late_table(late, Clock(first_day=MONDAY)))
    assert "Late orders: 1" in text
    assert "=B" in text
    assert "Mon 2026-03-02" in text  # due at the end of the first day
    assert f"{late[0].late_days:.1f}" in text
    assert "@N [bold]Ltd" in text
    assert "tee-1" in text


def test_late_orders_are_those_that_are_not_on_time(log: RunLog) -> None:
    figures = kpis(log)
    missed = round((1.0 - figures["on_time_share"]) * figures["orders"])
    assert len(late_orders(log)) == missed == 1


@pytest.mark.slow_cases("uci-1")
@pytest.mark.parametrize(("plant", "seed"), [("uci", 1), ("small", 2)])
def test_a_hard_run_has_as_many_late_orders_as_its_share_says(plant: str, seed: int) -> None:
    # parts, cancellations, orders still open when their date and the run end
    name = "uci" if plant == "uci" else "real"
    scenario = load_scenario(plant, scenario=name, disruptions="rough")
    log = simulate(scenario, Edd(), seed=seed)
    orders = customer_orders(log.tables["orders"])
    is_open = np.isnan(orders["shipped_min"])
    counted = int((~is_open | (orders["due_min"] <= log.end_min)).sum())
    assert len(late_orders(log)) == counted - round(kpis(log)["on_time_share"] * counted)


def test_without_dates_a_day_has_its_number(log: RunLog) -> None:
    text = show(late_table(late_orders(log), Clock(first_day=None)))
    assert "day 0 " in text
    assert ":" in text


def test_more_than_fifteen_late_orders_are_counted(log: RunLog) -> None:
    text = show(late_table(late_orders(log) * 18, Clock(first_day=None)))
    assert text.count("=B") == 15
    assert "and 3 more" in text


def test_an_order_still_here_after_its_date_is_late_so_far(scenario: Scenario) -> None:
    order = Order(
        order_id="Z",
        style_id="tee-01",
        quantity=400_000,
        release_min=0.0,
        due_min=1440.0,
        price_usd=2.5,
        priority=1.0,
        customer="N",
    )
    log = simulate(scenario.replace(horizon_days=5), Edd(), seed=1, orders=(order,))
    (late,) = late_orders(log)
    text = show(late_table([late], Clock(first_day=MONDAY)))
    assert "so far" in text
    assert "not yet" in text
    assert order_sheet(log, Clock(first_day=MONDAY)).rows[0][7] == "open, late"


def test_zeros_are_hidden_and_counts_are_whole(log: RunLog) -> None:
    text = show(key_table(kpis(log), "run"))
    assert "3 of 3" in text
    assert "air" not in text
    assert len([line for line in text.splitlines() if line.strip()]) <= 11
    assert "wages in the shift" in cost_text(log)
    assert "air freight" not in cost_text(log)


def test_what_matters_most_is_shown_at_zero_too(log: RunLog) -> None:
    text = show(key_table({**kpis(log), "on_time_share": 0.0, "pieces_packed": 0.0}, "run"))
    assert "orders on time" in text
    assert "pieces packed" in text
    assert len([line for line in text.splitlines() if line.strip()]) <= 11


def test_an_order_due_as_the_run_ends_is_not_late_by_nothing() -> None:
    late = LateOrder(
        name="A",
        customer="N",
        style="tee-01",
        pieces=1,
        lines="",
        due_min=1440.0,
        shipped_min=float("nan"),
        late_days=0.0,
        late_usd=0.0,
    )
    text = show(late_table([late], Clock(first_day=None)))
    assert "due at the end" in text
    assert "0.0 so far" not in text


def test_the_workbook_has_dates_as_dates_and_a_frozen_header(
    log: RunLog, scenario: Scenario, tmp_path: Path
) -> None:
    run = FinishedRun(log=log, scenario=scenario, first_day=MONDAY)
    clock = Clock(first_day=MONDAY)
    sheets = list_sheets(run, kpis(log), late_orders(log), clock)
    book = load_workbook(write_workbook(sheets, tmp_path))
    assert book.sheetnames == ["Late orders", "Orders", "Lines", "KPIs", "Cost"]
    page = book["Orders"]
    head = {cell.value: cell.column for cell in page[1]}
    assert page.freeze_panes == "B2"
    due = page.cell(3, head["due"])
    assert due.value == datetime(2026, 3, 2)
    assert due.number_format == "yyyy-mm-dd"
    shipped = page.cell(3, head["shipped"])
    assert isinstance(shipped.value, datetime)
    assert shipped.number_format == "yyyy-mm-dd hh:mm"
    assert page.cell(3, head["line"]).value == "tee-1"
    name = page.cell(3, head["order"])
    assert (name.value, name.data_type) == ("=B", "s")
    assert page.cell(2, head["customer"]).data_type == "s"
    values = {row[3].value: row[1].value for row in book["KPIs"].iter_rows(min_row=2)}
    assert values["total_cost_usd"] == pytest.approx(kpis(log)["total_cost_usd"])


def test_csv_cells_that_a_spreadsheet_would_compute_are_escaped(
    log: RunLog, scenario: Scenario, tmp_path: Path
) -> None:
    run = FinishedRun(log=log, scenario=scenario, first_day=MONDAY)
    write_tables(list_sheets(run, kpis(log), late_orders(log), Clock(first_day=MONDAY)), tmp_path)
    rows = list(csv.DictReader((tmp_path / "tables/orders.csv").open(encoding="utf-8")))
    assert [row["order"] for row in rows] == ["A", "'=B", "C"]
    assert rows[0]["customer"] == "'@N [bold]Ltd"
    assert rows[1]["due"] == "2026-03-02"
    assert rows[1]["shipped"].startswith("2026-03-")
    assert rows[0]["late [days]"] == "0"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_a_formula_is_a_text(text: str) -> None:
    assert escape_formula(text) == f"'{text}"


def test_the_workbook_says_what_was_taken_for_granted(log: RunLog, scenario: Scenario) -> None:
    run = FinishedRun(log=log, scenario=scenario)
    sheets = list_sheets(run, kpis(log), [], Clock(first_day=None), ["1.200 is 1200 pieces"])
    assert (sheets[-1].name, sheets[-1].rows) == ("Notes", [("1.200 is 1200 pieces",)])


def test_a_branch_names_the_orders_that_turn_late_or_are_saved(log: RunLog) -> None:
    late = late_orders(log)
    assert compare_late([], late) == "orders that turn late: =B; no longer late: none"
    assert compare_late(late, []) == "orders that turn late: none; no longer late: =B"


def test_control_characters_never_reach_a_workbook(tmp_path: Path) -> None:
    sheet = Sheet(name="A", columns=(Column("x"),), rows=[("a\x00\x1bb",)])
    page = load_workbook(write_workbook([sheet], tmp_path))["A"]
    assert page.cell(2, 1).value == "ab"
