"""How strictly an order is inspected: as the house does it, or asked when it is handed over."""

from __future__ import annotations

import numpy as np
import pytest

from agents.rules.edd import Edd
from factory_env import Factory, load_scenario
from factory_env.decision import ask
from factory_env.decisions.inspection_choice import InspectionChoice
from tests.camera import with_camera

GIVEN = {
    "horizon_days": 14,
    "demand.days": 10,
    "inspection.lever": "agent",
    "inspection.station.enabled": True,
}


@pytest.fixture
def run(monkeypatch) -> Factory:
    with_camera(monkeypatch)
    return Factory(load_scenario("small", overrides=GIVEN), 3)


def test_a_person_has_no_threshold_to_move() -> None:
    factory, rule = Factory(load_scenario("small", overrides=GIVEN), 3), Edd()
    while (question := factory.advance()) is not None:
        assert not isinstance(question, InspectionChoice)
        factory.answer(ask(rule, question))
    taken = [run.strictness for run in factory.house.runs if run.is_taken]
    assert set(taken) == {factory.scenario.inspection.strictness}


def test_the_question_follows_the_choice_of_the_order_in_the_same_minute(run) -> None:
    rule, before = Edd(), None
    asked = 0
    while (question := run.advance()) is not None:
        if isinstance(question, InspectionChoice):
            asked += 1
            if before is not None:
                assert question.now_min == before.now_min
                assert question.asker == before.asker
                assert question.orders[0] in before.orders
            order = int(question.orders[0])
            assert not run.house.runs[order].is_taken
            least = int(np.flatnonzero(question.allowed)[0])
            run.answer(least)
            assert run.house.runs[order].is_taken
            assert run.house.runs[order].strictness == question.strictness[least]
            before = None
        else:
            run.answer(ask(rule, question))
            took = question.kind == "dispatch" and not question.can_hold
            before = question if took else None
    assert asked > 5


def test_it_tells_what_each_degree_is_expected_to_cost(run) -> None:
    rule, seen = Edd(), []
    while (question := run.advance()) is not None:
        if isinstance(question, InspectionChoice):
            seen.append(question)
        run.answer(ask(rule, question))
    for question in seen:
        assert 0.0 <= question.learned_share <= 1.0
        assert 0.0 < question.defective_share < 1.0
        assert (np.diff(question.flagged) > 0.0).all()  # stricter flags more
        assert (np.diff(question.escaped) < 0.0).all()  # and lets less escape
        assert (question.escaped <= question.defective_share).all()
        assert question.expected_usd.shape == question.strictness.shape
        assert question.strictness[question.house] == run.scenario.inspection.strictness


@pytest.mark.parametrize("is_guarded", [True, False])
def test_an_important_customers_order_is_not_inspected_more_leniently(
    monkeypatch, is_guarded
) -> None:
    with_camera(monkeypatch)
    limit = 0.01 if is_guarded else 99.0
    given = {**GIVEN, "inspection.lenient_priority": limit}
    run, rule, asked = Factory(load_scenario("small", overrides=given), 3), Edd(), 0
    while (question := run.advance()) is not None:
        if isinstance(question, InspectionChoice):
            asked += 1
            assert question.house > 0  # there is something more lenient
            assert question.allowed[question.house :].all()
            assert question.allowed[: question.house].tolist() == [not is_guarded] * question.house
        run.answer(ask(rule, question))
    assert asked > 5
