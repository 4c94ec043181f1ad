"""The rooms of a factory know each other through what they are given, and who may ask knows it."""

from __future__ import annotations

import pytest

from agents.rules.edd import Edd
from factory_env import Factory, Scenario, load_scenario, step_through
from factory_env.sim.house import reporting
from factory_env.sim.work.line_use import LineUse

DAYS = {"horizon_days": 20, "demand.days": 16}


def kinds(scenario: Scenario) -> set[str]:
    """Kinds of question that a short run asks."""
    return {question.kind for question in step_through(Factory(scenario, 2), Edd())}


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ({}, {"dispatch"}),
        ({"flow.cutting_rule": "agent"}, {"dispatch", "cutting"}),
        ({"overtime.mode": "agent"}, {"dispatch", "overtime"}),
        ({"overtime.mode": "rule"}, {"dispatch"}),
    ],
)
def test_only_those_ask_whom_the_scenario_lets_ask(given, asked) -> None:
    assert kinds(load_scenario("small", overrides={**DAYS, **given})) == asked


def test_the_site_asks_where_a_policy_runs_it() -> None:
    energy = {"site": "pv_battery", "tariff": "us_demand"}
    usual = load_scenario("small", overrides=DAYS, **energy)
    run = load_scenario("small", overrides={**DAYS, "control.mode": "agent"}, **energy)
    assert "energy" not in kinds(usual)
    assert "energy" in kinds(run)


def test_everybody_reports_once_and_lines_come_first() -> None:
    factory = Factory(load_scenario("small", site="pv_battery", tariff="us_demand"), 1)
    house, lines = factory.house, len(factory.lines)
    consumers = reporting(factory.world, house.floor, house.finishing, house.cutting)
    assert all(isinstance(c, LineUse) for c in consumers[:lines])
    assert not any(isinstance(c, LineUse) for c in consumers[lines:])
    assert consumers[-1] is house.cutting.use
    assert len({id(c) for c in consumers}) == len(consumers)


def test_a_house_without_energy_has_no_site(short, short_tables) -> None:
    assert Factory(short, 1, tables=short_tables).house.site is None
