"""Law: looking does not change the world, to the last bit, whatever is looked at, and when."""

from __future__ import annotations

import copy

import pytest

from agents.rules.atcs_match import AtcsMatch
from agents.rules.edd import Edd
from factory_env import Factory, load_scenario
from factory_env.decision import ask
from factory_env.sim.factory import Readings
from tests.play import fingerprint, play

SHORT = {"horizon_days": 12, "demand.days": 10, "demand.load": 1.3}
OWN_PEOPLE = {**SHORT, "people": "scenario"}
SCENARIOS = {
    "default": ("default", SHORT, {}),
    "everything": (
        "real",
        OWN_PEOPLE,
        {"disruptions": "rough", "inspector": "human", "tariff": "us_demand", "site": "pv_battery"},
    ),
    "asked": (
        "real",
        {**OWN_PEOPLE, "asks": ["lines", "evening", "site"], "costs.air_usd_per_kg": 0.2},
        {"disruptions": "rough", "tariff": "us_demand", "site": "pv_battery"},
    ),
}
VIEWS = [name for name in dir(Readings) if isinstance(getattr(Readings, name), property)]


def look_around(factory: Factory) -> None:
    """Read all that can be read."""
    for name in VIEWS:
        getattr(factory, name)
    factory.scheduled_cost_usd((2.0, 1.0, 0.1, 0.0, 1000.0))
    assert factory.past.seed == factory.seed
    assert factory.is_asking
    for line in factory.lines:
        assert line.people is not None
        line.clock.lost_now()


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("every", [1, 7])
def test_a_run_that_is_looked_at_gives_the_same_log_to_the_bit(name, every) -> None:
    scenario, overrides, beside = SCENARIOS[name]
    loaded = load_scenario("small", scenario, overrides, **beside)
    rule = AtcsMatch() if name == "default" else Edd()
    quiet = play(Factory(loaded, 3, record_operations=True), rule)
    seen, asked = Factory(loaded, 3, record_operations=True), 0
    while (question := seen.advance()) is not None:
        asked += 1
        if asked % every == 0:
            look_around(seen)
            copy.copy(question)
        if asked % (every * (97 if name == "asked" else 5)) == 0:
            seen.log()
        seen.answer(ask(rule, question))
    assert asked > 10
    assert fingerprint(seen.log()) == fingerprint(quiet)
    assert dict(seen.log().cost_usd) == dict(quiet.cost_usd)


def test_a_log_in_the_middle_holds_the_energy_until_now() -> None:
    scenario, overrides, beside = SCENARIOS["everything"]
    factory = Factory(load_scenario("small", scenario, overrides, **beside), 3)
    costs = [0.0]
    for _ in range(12):
        question = factory.advance()
        assert question is not None
        log = factory.log()
        # a slot is 15 minutes: all that have passed are in the table, and paid for
        assert len(log.tables["slots"]["import_kwh"]) == int(factory.now_min // 15)
        costs.append(log.cost_usd["energy"])
        factory.answer(ask(Edd(), question))
    assert costs == sorted(costs)
    assert costs[-1] > 0.0
