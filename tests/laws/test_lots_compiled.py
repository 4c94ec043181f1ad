"""Lots in one compiled pass and lots one by one write the same log, to the last bit."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from agents.energy.time_of_use import TimeOfUse
from agents.rules.atcs_match import AtcsMatch
from agents.rules.edd import Edd
from agents.team import Team
from factory_env import Factory, Policy, Scenario, load_scenario
from factory_env.decision import ask
from tests.play import fingerprint, play

SHORT = {"horizon_days": 14, "demand.days": 10}
LOUD = {
    "flow.split_days": 1.0,
    "demand.max_line_days": 3.0,
    "disruptions.changes.share": 0.3,
    "disruptions.changes.cancel_share": 0.3,
    "overtime.mode": "plan",
    "audit.enabled": True,
    "rebalance.mode": "shift",
}
RUNS: dict[str, tuple[dict[str, Any], str, dict[str, str]]] = {
    "calm": (SHORT, "calm", {}),
    "loud": (SHORT | LOUD, "rough", {}),
    "small lots": (SHORT | {"flow.lot_pieces": 7, "flow.bundle_pieces": 5}, "rough", {}),
    "metered afterwards": (SHORT, "rough", {"site": "grid_only", "tariff": "us_demand"}),
    "metered slot by slot": (
        SHORT | {"control.mode": "agent", "control.decision_slots": 8},
        "rough",
        {"site": "grid_only", "tariff": "us_demand"},
    ),
}


class OneByOne(Factory):
    """The same factory, whose lots take a SimPy event a move."""

    compiles_lots: ClassVar[bool] = False


def house(rule: Policy) -> Team:
    """Somebody who also answers for the site, where that is asked."""
    return Team(lines=rule, site=TimeOfUse())


@pytest.fixture(scope="module", params=RUNS)
def scenario(request) -> Scenario:
    overrides, disruptions, energy = RUNS[request.param]
    return load_scenario("small", "default", overrides, disruptions, **energy)


@pytest.mark.filterwarnings("ignore:site grid_only is made for")
@pytest.mark.parametrize("seed", [1, 2])
def test_both_ways_write_the_same_log(scenario, seed) -> None:
    fast, slow = Factory(scenario, seed), OneByOne(scenario, seed)
    assert (fast.house.has_compiled_lots, slow.house.has_compiled_lots) == (True, False)
    logs = [play(factory, house(AtcsMatch())) for factory in (fast, slow)]
    assert logs[0].tables["lots"]["order"].shape[0] > 50
    assert fingerprint(logs[0]) == fingerprint(logs[1])
    assert len(fast.house.finishing.packed_lots) == len(slow.house.finishing.packed_lots)


@pytest.mark.filterwarnings("ignore:site grid_only is made for")
def test_both_ways_stand_alike_in_the_middle_and_after_new_luck(scenario) -> None:
    fast, slow = Factory(scenario, 3), OneByOne(scenario, 3)
    for asked in range(12):
        questions = [factory.advance() for factory in (fast, slow)]
        if questions[0] is None or questions[1] is None:
            break
        assert questions[0].now_min == questions[1].now_min
        assert fast.cost_usd == slow.cost_usd
        assert [x.gate.waiting_min for x in fast.lines] == [x.gate.waiting_min for x in slow.lines]
        if asked == 6:
            assert fingerprint(fast.log()) == fingerprint(slow.log())
        for factory, question in zip((fast, slow), questions, strict=True):
            factory.answer(ask(house(Edd()), question))
    forks = [factory.fork(fresh_seed=9) for factory in (fast, slow)]
    assert isinstance(forks[1], OneByOne)
    logs = [play(fork, house(Edd())) for fork in forks]
    assert fingerprint(logs[0]) == fingerprint(logs[1])


def test_a_watcher_is_told_the_same_whichever_way_lots_move() -> None:
    scenario = load_scenario("small", overrides=SHORT)
    told: list[list[tuple[str, int, float]]] = []
    for make in (Factory, OneByOne):
        seen: list[tuple[str, int, float]] = []
        factory = make(scenario, 1)
        factory.watch(lambda *what, seen=seen: seen.append(what))
        play(factory, AtcsMatch())
        told.append(seen)
    assert {place for place, _, _ in told[0]} >= {"line", "gate", "pressing", "packing", "house"}
    assert told[0] == told[1]


@pytest.mark.parametrize(
    "overrides", [{"flow.gate_limit_lots": 12}, {"inspection.station.enabled": True}]
)
def test_where_every_lot_needs_python_they_move_one_by_one(overrides) -> None:
    factory = Factory(load_scenario("small", overrides=overrides), 1)
    assert not factory.house.has_compiled_lots
