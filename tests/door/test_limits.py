"""Numbers beyond sense are refused with the rule; what is odd and possible runs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from agents.rules.edd import Edd
from factory_env import Factory, load_scenario, play
from factory_env.door.scenario_door import build_scenario
from factory_env.errors import InputError
from factory_env.kpi.table import kpis
from factory_env.presets import read_group

SHORT = {"horizon_days": 5, "demand.days": 4, "people": "scenario"}
NAN, INF = float("nan"), float("inf")


def load(**overrides: Any) -> Any:
    return load_scenario("small", "real", {**SHORT, **overrides}, "rough")


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({"horizon_days": 1e8}, ["horizon_days", "less than or equal to 3650", "got 100000000.0"]),
        ({"horizon_days": NAN}, ["horizon_days", "must be a number", "got nan"]),
        ({"horizon_days": 10**400}, ["horizon_days", "(401 characters)"]),
        ({"horizon_days": True}, ["horizon_days", "must be a number", "got true or false"]),
        ({"demand.load": 1e9}, ["demand.load", "less than or equal to 100"]),
        ({"demand.load": INF}, ["demand.load", "must be a finite number"]),
        ({"demand.load": "inf"}, ["demand.load", "got 'inf'"]),
        ({"demand.backlog_days": 1e9}, ["demand.backlog_days", "3650"]),
        ({"disruptions.outages.per_day": 1e9}, ["outages.per_day", "less than or equal to 100"]),
        ({"disruptions.rush.per_week": 1e9}, ["rush.per_week", "1000"]),
        ({"disruptions.changes.due_days": [NAN, 1.0]}, ["due_days[0]", "must be a number"]),
        ({"disruptions.machines.small_stop_h": 1e-9}, ["small_stop_h", "0.01"]),
        ({"flow.split_days": 1e-6}, ["flow.split_days", "0 (never) or at least 0.1"]),
        ({"rebalance.cost_min": 600}, ["rebalance.cost_min", "working minutes of a day", "480"]),
        ({"overtime.ask_before_end_min": 1100}, ["ask_before_end_min", "at most 540"]),
        ({"calendar.days_off": list(range(7))}, ["calendar.days_off", "leave a working day"]),
        ({"market.styles_per_product": 10**6}, ["styles_per_product", "100"]),
        ({"noise.cv": 1e300}, ["noise.cv", "less than or equal to 10"]),
        ({"costs.labour_usd_per_min": 1e300}, ["labour_usd_per_min", "1000000000"]),
    ],
)
def test_a_number_beyond_sense_is_refused_with_the_rule_and_once(overrides, words) -> None:
    with pytest.raises(InputError) as caught:
        load(**overrides)
    assert len(caught.value.problems) == 1
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_a_plant_beyond_sense_is_refused() -> None:

    plant, scenario = read_group("plant", "small"), read_group("scenario", "default")
    plant["lines"][0]["operators"] = 1_000_000
    plant["rooms"]["presses"] = 10**9
    with pytest.raises(InputError) as caught:
        build_scenario(scenario, plant)
    assert [problem.field for problem in caught.value.problems] == [
        "lines[0].operators",
        "rooms.presses",
    ]
    plant = read_group("plant", "small")
    plant["lines"] = [{**plant["lines"][0], "name": f"line {i}"} for i in range(201)]
    scenario["demand"]["mix"] = {"tee": 1.0}
    with pytest.raises(InputError, match="at most 200 lines"):
        build_scenario(scenario, plant)


def test_one_wrong_number_of_a_plant_is_one_problem() -> None:
    plant, scenario = read_group("plant", "small"), read_group("scenario", "real")
    plant["rooms"]["presses"] = 0  # its people and its washing room are still there
    with pytest.raises(InputError) as caught:
        build_scenario({**scenario, "people": "plant"}, plant)
    assert [problem.field for problem in caught.value.problems] == ["rooms.presses"]


def test_a_plants_own_people_obey_the_rules_of_people() -> None:

    plant, scenario = read_group("plant", "uci"), read_group("scenario", "uci")
    plant["people"]["grades"] = {"shares": [0.0, 0.4, 0.25, 0.1]}
    with pytest.raises(InputError, match=r"plant\.people\.grades\.shares: must add up to 1"):
        build_scenario(scenario, plant)


@pytest.mark.parametrize(
    ("overrides", "packs"),
    [
        ({"absence.mean": 0.0}, True),
        ({"absence.mean": 0.0, "absence.correlation": 0.0}, True),
        ({"absence.mean": 1.0}, False),  # nobody ever comes
        ({"absence.mean": 1.0, "absence.correlation": 0.0}, False),
        ({"calendar.days_off": [0, 2, 4, 6], "absence.after_day_off_factor": 0.0}, None),
        ({"calendar.days_off": [6, 6]}, True),
        ({"calendar.breaks": [[600, 900], [700, 720]]}, None),
        ({"calendar.breaks": [[960, 1020]], "overtime.mode": "plan"}, True),
        ({"demand.size_median": 1.0, "demand.size_min": 1}, None),
        ({"overtime.ask_before_end_min": 540.0, "overtime.mode": "plan"}, True),
        ({"rebalance.cost_min": 479.0}, None),
    ],
)
def test_what_is_odd_and_possible_runs(overrides, packs) -> None:
    log = play(Factory(load(**overrides), 1), Edd())
    assert (log.tables["orders"]["quantity"] > 0).all()
    assert np.isfinite(kpis(log)["total_cost_usd"])
    if packs is not None:
        assert (len(log.tables["lots"]["pieces"]) > 0) == packs


@pytest.mark.slow
def test_a_load_that_brings_orders_without_end_is_refused_in_time() -> None:
    many = {"demand.load": 100.0, "demand.size_median": 10.0, "demand.size_min": 1}
    over = {"horizon_days": 3650, "demand.days": 3650, "demand.max_line_days": 0.01}
    with pytest.raises(InputError, match="at most 50,000 orders"):
        Factory(load_scenario("small", "default", {**many, **over}), 1)
