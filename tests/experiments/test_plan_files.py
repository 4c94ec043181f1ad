"""The plan of a run as files, and a plan beside what became of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from icalendar import Calendar

from agents.rules.edd import Edd
from experiments.building.plan_policy import follow_file
from experiments.report.plans.comparison import compare_plan, count_as_planned
from experiments.report.plans.files import write_plan
from experiments.report.tables.clock import Clock
from factory_env import Factory, RunLog, load_scenario
from tests.play import play

CLOCK = Clock(first_day=date(2026, 3, 2))
SHORT = {"horizon_days": 15, "demand.days": 12, "demand.size_median": 600}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RunLog]:
    """The folder of a run's plan, and its log."""
    folder = tmp_path_factory.mktemp("plan")
    log = play(Factory(load_scenario("small", overrides=SHORT), 1), Edd())
    write_plan(log, CLOCK, folder)
    return folder, log


def test_the_calendar_has_an_event_for_every_order_sewn(run: tuple[Path, RunLog]) -> None:
    calendar = Calendar.from_ical((run[0] / "plan.ics").read_bytes())
    events = list(calendar.walk("VEVENT"))
    sewn = run[1].tables["orders"]["sewn_min"]
    assert len(events) == (sewn == sewn).sum()
    assert all(event.decoded("dtend") > event.decoded("dtstart") for event in events)
    assert len({str(event["uid"]) for event in events}) == len(events)


def test_under_other_luck_every_row_says_why(run: tuple[Path, RunLog]) -> None:
    scenario = load_scenario("small", overrides=SHORT, disruptions="rough")
    factory = Factory(scenario, 1)
    follower = follow_file(str(run[0] / "plan.csv"), factory, CLOCK.first_day, Edd())
    log = play(factory, follower)
    sheet = compare_plan(follower.steps, log, CLOCK)
    assert len(sheet.rows) == len(follower.steps)
    assert all(row[-1] for row in sheet.rows)
    assert 0 <= count_as_planned(follower.steps, log) < len(follower.steps)


def test_line_days_add_up_to_what_was_sewn(run: tuple[Path, RunLog]) -> None:
    rows = (run[0] / "line_days.csv").read_text().splitlines()[1:]
    assert sum(int(row.split(",")[4]) for row in rows) == run[1].tables["lots"]["pieces"].sum()
