"""The meter read slot by slot, while a run goes on, equals the meter read after it."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from agents.rules.atcs_match import AtcsMatch
from factory_env import Factory, load_scenario
from factory_env.decision import ask
from factory_env.decisions.energy_choice import EnergyAnswer, EnergyChoice
from tests.sim.metering import activity_after

EXACT = ("open_share", "people", "machines_running", "run_kw", "cutting_share")
STEAM = ("fusing_busy", "line_irons_busy")  # not every order needs them
BY_STYLE = ("idle_kw", "rest_idle_kw", "rest_standby_kw", "line_irons_ready")


class Curtailing:
    """The line-matching rule; now and then some lines stand."""

    def __init__(self) -> None:
        self._rng = np.random.default_rng(0)
        self.choose = AtcsMatch().choose

    def run_site(self, choice: EnergyChoice) -> EnergyAnswer:
        allowed = int(self._rng.choice([0, 1, choice.lines, choice.lines]))
        return dataclasses.replace(choice.usual(), lines_allowed=allowed)


@pytest.fixture(scope="module", params=["default", "real"])
def run(request: pytest.FixtureRequest) -> Any:
    given = {"control.mode": "agent", "demand.days": 10, "horizon_days": 14}
    scenario = load_scenario(
        "small", request.param, given, "calm", site="pv_battery", tariff="us_demand"
    )
    factory, policy = Factory(scenario, 3), Curtailing()
    while (question := factory.advance()) is not None:
        factory.answer(ask(policy, question))
    return factory


def changing(run: Factory) -> Any:
    """Slots in which a line takes an order, (n,)."""
    taken = [part.run.taken_min for line in run.lines for part in line.passes]
    return np.isin(np.arange(run.site.at), np.array(taken) // 15.0)


def test_what_machines_and_people_did_is_the_same(run: Factory) -> None:
    n = run.site.at
    later = activity_after(run, n)
    # a quarter of working time that a new order begins in may reach back into the slot before
    same = ~np.append(changing(run)[1:], False)
    for name in EXACT:
        assert later[name].any(), name
    for name in EXACT + STEAM:
        live = run.site.feed[name][:n]
        np.testing.assert_allclose(live[same], later[name][same], atol=1e-9, err_msg=name)


def test_machines_ready_differ_only_in_slots_in_which_a_line_takes_an_order(run: Factory) -> None:
    # later, a slot counts for the style in work at its middle; live, for the one at its end
    n = run.site.at
    later = activity_after(run, n)
    taking = changing(run)
    near = taking | np.append(taking[1:], False)
    for name in BY_STYLE:
        off = np.abs(run.site.feed[name][:n] - later[name]) > 1e-9
        assert not (off & ~near).any(), name
