"""Every kind of question, found through the folder: frozen, answered by rule, strict, logged."""

from __future__ import annotations

import dataclasses
from itertools import islice
from types import SimpleNamespace

import numpy as np
import pytest

from agents.team import Team
from factory_env import Factory, RunLog, Scenario, decisions, load_scenario, step_through
from factory_env.catalogue import load_plug, plug_names
from factory_env.decision import LINES, ask, is_of_floor
from factory_env.domain.answers import NUMBERED, answer_tables, rows_in
from factory_env.errors import IllegalAnswer
from factory_env.sim import questions
from tests.camera import Camera

NAMES = plug_names(decisions)
SHOWN = 40  # questions of a kind that are looked at


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """A run in which everything is asked that can be."""
    return load_scenario(
        "small",
        site="pv_battery",
        tariff="us_demand",
        overrides={
            "horizon_days": 12,
            "demand.days": 6,
            "overtime.mode": "agent",
            "flow.cutting_rule": "agent",
            "inspection.lever": "agent",
            "control.mode": "agent",
        },
    )


@pytest.fixture(scope="module")
def asked(scenario: Scenario) -> dict[str, list]:
    """Questions of a run by the file of their kind."""
    factory = Factory(scenario, 2, inspector=Camera())
    kinds = {load_plug(decisions, name): name for name in NAMES}
    seen: dict[str, list] = {name: [] for name in NAMES}
    for question in step_through(factory, Team()):
        seen[kinds[type(question)]].append(question)
    return {name: list(islice(of_kind, SHOWN)) for name, of_kind in seen.items()}


@pytest.mark.parametrize("name", NAMES)
def test_a_kind_says_whose_it_is_and_how_it_is_answered(name, asked) -> None:
    kind = load_plug(decisions, name)
    assert asked[name], "switch it on in the scenario of this file"
    assert all(isinstance(word, str) and word for word in (kind.asks, kind.role))
    assert all(question.headline for question in asked[name])


@pytest.mark.parametrize("name", NAMES)
def test_it_is_frozen(name, asked) -> None:
    question = asked[name][0]
    for field in dataclasses.fields(question):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(question, field.name, getattr(question, field.name))


@pytest.mark.parametrize("name", NAMES)
def test_what_the_house_would_do_is_legal(name, asked) -> None:
    for question in asked[name]:
        answer = question.usual()
        question.check(answer)
        if is_of_floor(question):
            assert question.legal()[answer]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("answer", [None, "first", 1.5, True, -1, 10**9, np.array([1, 2])])
def test_an_illegal_answer_is_refused_with_its_question_named(name, asked, answer) -> None:
    for question in asked[name]:
        with pytest.raises(IllegalAnswer, match=rf"^{question.kind} {question.serial}: "):
            question.check(answer)


@pytest.mark.parametrize("name", NAMES)
def test_a_masked_number_is_refused(name, asked) -> None:
    masked = [
        (question, int(i))
        for question in asked[name]
        if is_of_floor(question)
        for i in np.flatnonzero(~question.legal())
    ]
    for question, answer in masked:
        with pytest.raises(IllegalAnswer, match=rf"^{question.kind} {question.serial}: "):
            question.check(answer)


@pytest.mark.parametrize("name", NAMES)
def test_its_answer_comes_back_from_its_row(name, asked) -> None:
    for question in asked[name]:
        answer = question.usual()
        row = question.row(answer)
        assert row.asked == (question.serial, question.kind, question.now_min, question.asker)
        assert question.answer_from(row) == answer
        assert row.is_same(question.row(question.answer_from(row)))


@pytest.mark.parametrize("name", NAMES)
def test_its_rows_come_back_from_the_tables_of_a_log(name, asked) -> None:
    rows = [question.row(question.usual()) for question in asked[name]]
    rows = [row for row in rows if row.table is not None]
    tables = answer_tables(rows)
    log = RunLog(
        tables=tables,
        seed=0,
        end_min=0.0,
        working_days=0.0,
        finished=True,
        lines=(),
        operators=(),
        cost_usd={},
        facts={},
    )
    again = rows_in(log)
    assert len(again) == len(rows)
    assert all(a.is_same(b) for a, b in zip(again, rows, strict=True))
    assert all(row.table in tables for row in rows)
    if is_of_floor(asked[name][0]):
        assert {row.table for row in rows} == {NUMBERED}


@pytest.mark.parametrize("name", NAMES)
def test_a_policy_without_a_view_leaves_it_to_the_house(name, asked) -> None:
    for question in asked[name]:
        assert ask(SimpleNamespace(), question) == question.usual()
        assert ask(Team(), question) == question.usual()


class Notes:
    """A policy that answers as the house and remembers what it was asked by which method."""

    def __init__(self, *doors: str) -> None:
        self.heard: list[tuple[str, object]] = []
        for door in doors:
            setattr(self, door, self._door(door))

    def _door(self, name: str):
        def answer(question):
            self.heard.append((name, question))
            return question.usual()

        return answer


@pytest.mark.parametrize("name", NAMES)
def test_a_team_gives_it_to_the_member_whose_it_is(name, asked) -> None:
    kind = load_plug(decisions, name)
    roles = {load_plug(decisions, n).role for n in NAMES}
    members = {role: Notes("answer") for role in roles - {kind.role}}
    mine = Notes(kind.asks, "answer")
    question = asked[name][0]
    assert ask(Team(**members, **{kind.role: mine}), question) == question.usual()
    assert mine.heard == [(kind.asks, question)], "by its own method, and once"
    assert not any(member.heard for member in members.values())


@pytest.mark.parametrize("name", NAMES)
def test_who_answers_everything_is_asked_what_has_no_method(name, asked) -> None:
    policy, question = Notes("answer"), asked[name][0]
    assert ask(policy, question) == question.usual()
    assert policy.heard == [("answer", question)]


@pytest.mark.parametrize("name", NAMES)
def test_a_floor_question_speaks_to_agents_that_see_some_orders(name, asked) -> None:
    for question in filter(is_of_floor, asked[name]):
        assert question.role == LINES
        legal, n = question.legal(), 0 if question.shown is None else len(question.shown)
        assert np.array_equal(question.answers(np.arange(n)), np.arange(legal.shape[0]))
        some = question.answers(np.arange(n)[::2])
        assert (np.diff(some) > 0).all()
        assert legal[some[1:]].any() or question.may_decline
        refusals = [question.why_refused(i, np.arange(n)) for i in range(legal.shape[0])]
        assert all("refused" in text for text in refusals)


def test_a_question_is_asked_where_the_scenario_says_so(scenario: Scenario) -> None:
    plain = load_scenario("small")
    kinds = [load_plug(decisions, name) for name in NAMES]
    assert all(kind.is_asked(scenario) for kind in kinds)
    assert [kind.asks for kind in kinds if kind.is_asked(plain)] == ["choose"]
    seen = {type(question) for question in step_through(Factory(plain, 2), Team())}
    assert [kind.asks for kind in seen] == ["choose"]


def test_every_kind_has_somebody_who_asks(asked) -> None:
    # decisions/order_choice.py is asked by questions/order.py, and so on
    askers = set(plug_names(questions))
    assert {name.removesuffix("_choice") for name in NAMES} == askers
