"""The answers of a log: tables of floor, site and new kinds come together by serial number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from factory_env import load_scenario
from factory_env.domain.records import SCHEMA, RunLog, Table, make_table
from factory_env.domain.scenario import Scenario
from factory_env.sim.history.logged_answers import logged_answers

NAN = float("nan")


@pytest.fixture(scope="module")
def site() -> Scenario:
    """A site that is run by a policy, asked every half hour."""
    overrides = {"control.mode": "agent", "control.decision_slots": 2}
    return load_scenario("small", site="pv_battery", tariff="us_demand", overrides=overrides)


def log_of(serials: list[int], slots: int = 0, **more: Table) -> RunLog:
    """A log with a dispatch answer a serial number and as many slots."""
    rows = [(serial, "dispatch", 60.0, 1, 3, 2, 17.0) for serial in serials]
    tables: dict[str, Table] = {name: make_table(name, []) for name in SCHEMA}
    tables["decisions"] = make_table("decisions", rows)
    columns = {name: np.zeros(slots, dtype) for name, (dtype, _, _) in SCHEMA["slots"].items()}
    columns["slot"] = np.arange(slots)
    columns["asked_battery_kw"] = 10.0 * np.arange(slots)
    columns["set_point_c"][:] = 27.5
    tables["slots"] = columns
    return RunLog(
        tables=tables | more,
        seed=1,
        end_min=100.0,
        working_days=1.0,
        finished=True,
        lines=("a",),
        operators=(1,),
        cost_usd={},
        facts={},
    )


def test_floor_answers_are_rows_of_the_table_of_decisions() -> None:
    rows = logged_answers(log_of([0, 1]), load_scenario("small"))
    assert [row.asked for row in rows] == [(0, "dispatch", 60.0, 1), (1, "dispatch", 60.0, 1)]
    assert rows[0].values == {"choices": 3, "answer": 2, "order": 17.0}


def test_serials_that_no_other_table_holds_are_the_sites(site: Scenario) -> None:
    rows = logged_answers(log_of([0, 2], slots=6), site)
    assert [row.kind for row in rows] == ["dispatch", "energy", "dispatch", "energy", "energy"]
    asked = [row for row in rows if row.kind == "energy"]
    # asked in slots 0, 2 and 4, at minutes 0, 30 and 60
    assert [row.asked for row in asked] == [
        (1, "energy", 0.0, -1),
        (3, "energy", 30.0, -1),
        (4, "energy", 60.0, -1),
    ]
    assert [row.values["battery_kw"] for row in asked] == [0.0, 20.0, 40.0]
    assert asked[0].values["set_point_c"] == 27.5
    assert asked[0].values["standby"] is False


def test_answers_end_where_the_log_lacks_one(site: Scenario) -> None:
    # two slots, so one answer about the site, serial 1; question 3 was in a slot never closed
    rows = logged_answers(log_of([0, 2, 4], slots=2), site)
    assert [row.serial for row in rows] == [0, 1, 2]


def test_a_site_that_nobody_runs_asks_nothing(site: Scenario) -> None:
    assert site.energy is not None
    idle = replace(site.energy.control, mode="always_on")
    scenario = site.replace(energy=replace(site.energy, control=idle))
    assert [row.serial for row in logged_answers(log_of([0, 1], slots=6), scenario)] == [0, 1]


def test_a_table_of_a_kinds_own_takes_part() -> None:
    own = {
        "serial": np.array([1]),
        "now_min": np.array([90.0]),
        "asker": np.array([-1]),
        "note": np.array(["x"], dtype=object),
    }
    rows = logged_answers(log_of([0, 2], answers_purchase=own), load_scenario("small"))
    assert [row.kind for row in rows] == ["dispatch", "purchase", "dispatch"]
    assert rows[1].values == {"note": "x"}
