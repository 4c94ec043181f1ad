"""Every energy policy: legal, repeatable, leaves the question alone, copes with odd sites."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from agents import energy
from agents.lookahead.learned import START
from agents.lookahead.policy import Lookahead
from factory_env import Factory, load_scenario
from factory_env.catalogue import load_plug, plug_names
from factory_env.decisions.energy_choice import AHEAD, EnergyChoice, EnergyPolicy
from factory_env.domain.site import Battery, Cooling, Site, Solar
from tests.play import questions

LOOKAHEAD = "lookahead"  # the learned policy, with the numbers it starts from
NAMES = [*plug_names(energy), LOOKAHEAD]


def made(name: str) -> EnergyPolicy:
    """A fresh policy by name."""
    return Lookahead(START) if name == LOOKAHEAD else load_plug(energy, name)()


def by_hand(**changes) -> EnergyChoice:
    """A working morning at a flat price, with a half full battery and no demand charge."""
    plain = {
        "serial": 0,
        "now_min": 0.0,
        "slot": 10 * AHEAD + 36,
        "site": Site(
            battery=Battery(
                capacity_kwh=500.0, charge_kw=250.0, discharge_kw=250.0, connection_kw=250.0
            ),
            solar=Solar(kwp=300.0),
        ),
        "price_usd": np.full(AHEAD, 0.1),
        "export_usd": np.zeros(AHEAD),
        "demand_band": np.zeros(AHEAD, dtype=np.int64),
        "demand_usd": np.zeros(1),
        "peak_kw": np.zeros(1),
        "days_left": 20.0,
        "soc_kwh": 250.0,
        "indoor_c": 29.0,
        "boiler_warm_min": 40.0,
        "outdoor_c": np.full(AHEAD, 30.0),
        "pv_kw": np.zeros(AHEAD),
        "load_kw": np.full(AHEAD, 150.0),
        "last_load_kw": np.full(4, 150.0),
        "open_share": np.ones(AHEAD),
        "is_day": True,
        "is_lit": True,
        "lines": 8,
        "slack_days": np.full(8, 5.0),
        "backlog_days": 3.0,
    }
    return EnergyChoice(**(plain | changes))


ODD = {
    "no battery": {"site": Site(solar=Solar(kwp=300.0))},
    "no fans": {"site": Site(cooling=Cooling(fans=0))},
    "negative prices": {"price_usd": np.linspace(-0.2, 0.1, AHEAD), "demand_usd": np.ones(1)},
    "nobody works": {"open_share": np.zeros(AHEAD), "is_day": False, "is_lit": False},
    "the last slot of a month": {"days_left": 1.0 / AHEAD, "demand_usd": np.ones(1)},
    "the first slot of a run": {"slot": 0, "last_load_kw": np.zeros(4), "load_kw": np.zeros(AHEAD)},
    "more than the connection": {"load_kw": np.full(AHEAD, 900.0), "soc_kwh": 50.0},
    "an empty battery": {"soc_kwh": 0.0},
    "an overfull battery": {"soc_kwh": 500.0},
    "a hot hall": {"indoor_c": 45.0},
    "sun all day": {"pv_kw": np.full(AHEAD, 300.0), "export_usd": np.full(AHEAD, 0.05)},
}


@pytest.fixture(scope="module")
def real() -> list[EnergyChoice]:
    """Questions of nine days on the small plant: forecasts with and without a yesterday."""
    scenario = load_scenario(
        "small",
        overrides={"horizon_days": 8, "demand.days": 6, "control.mode": "agent"},
        site="pv_battery",
        tariff="us_demand",
    )
    policy = load_plug(energy, "always_on")()
    from agents.rules.edd import Edd
    from agents.team import Team

    asked = questions(Factory(scenario, 210000), Team(lines=Edd(), site=policy))
    return [q for q in asked if isinstance(q, EnergyChoice)][::7]


def test_there_are_the_four_baselines() -> None:
    assert {"always_on", "time_of_use", "peak_shave", "mpc"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_policy_answers_legally_and_leaves_the_question_alone(name, real) -> None:
    policy = made(name)
    assert isinstance(policy, EnergyPolicy)
    for question in real:
        before = {
            f.name: np.copy(getattr(question, f.name))
            for f in dataclasses.fields(question)
            if isinstance(getattr(question, f.name), np.ndarray)
        }
        question.check(policy.run_site(question))
        for field, values in before.items():
            np.testing.assert_array_equal(getattr(question, field), values)


@pytest.mark.slow_cases("mpc")
@pytest.mark.parametrize("name", NAMES)
def test_a_run_is_answered_alike_by_a_fresh_policy_and_by_one_used_before(name, real) -> None:
    used = made(name)
    first = [used.run_site(q) for q in real]
    assert [used.run_site(q) for q in real] == first
    fresh = made(name)
    assert [fresh.run_site(q) for q in real] == first


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", NAMES)
def test_a_policy_copes_with_odd_sites_and_moments(name, odd) -> None:
    question = by_hand(**ODD[odd])
    with np.errstate(all="raise", under="ignore"):
        question.check(made(name).run_site(question))


@pytest.mark.parametrize("name", NAMES)
def test_no_line_stands_still_for_energy(name) -> None:
    question = by_hand()
    assert made(name).run_site(question).lines_allowed >= question.lines


@pytest.mark.parametrize("name", plug_names(energy))
def test_every_value_of_the_grid_is_a_parameter_that_holds(name) -> None:
    plug = load_plug(energy, name)
    for key, values in getattr(plug, "GRID", {}).items():
        for value in values:
            assert getattr(plug(**{key: value}), key) == value
            by_hand().check(plug(**{key: value}).run_site(by_hand()))
