"""A kind of question nobody foresaw, with arrays for an answer, is two files and nothing else.

The files lie in two folders ``new_kind``, which are added here to the folders of the registries.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from agents.rules.atcs_match import AtcsMatch
from agents.rules.edd import Edd
from agents.team import Team
from factory_env import Factory, RunLog, Scenario, decisions, load_scenario
from factory_env.decision import Question, ask
from factory_env.errors import ArtifactError, IllegalAnswer, InputError
from factory_env.logfile import load_log, save_log
from factory_env.sim import questions
from factory_env.sim.history.logged_answers import logged_answers
from factory_env.sim.history.replay import Past
from tests.conftest import ROOT
from tests.play import fingerprint, play

FOLDERS = {
    decisions: ROOT / "tests" / "contracts" / "new_kind",
    questions: ROOT / "tests" / "sim" / "questions" / "new_kind",
}
TABLE = "answers_purchase"
SEED = 3
BRANCH_MIN = 7 * 1440.0


@pytest.fixture(autouse=True)
def _new_kind(monkeypatch: pytest.MonkeyPatch):
    before = set(sys.modules)
    for package, folder in FOLDERS.items():
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(folder)])
    yield
    for name in set(sys.modules) - before:
        if name.endswith((".purchase_choice", ".purchase")):
            package, _, module = name.rpartition(".")
            delattr(sys.modules[package], module)
            del sys.modules[name]


class Buyer:
    """Buys more of what it has less of; its answers are of uneven kinds."""

    def __init__(self, metres: float = 10.0) -> None:
        self.metres = metres

    def buy(self, choice: Question):
        from factory_env.decisions.purchase_choice import PurchaseAnswer

        short = choice.stock_m <= choice.stock_m.min()
        return PurchaseAnswer(
            metres=np.where(short, self.metres, 0.5),
            rolls=short.astype(np.int64),
            supplier="mill" if choice.serial % 2 else "trader",
            is_express=bool(choice.serial % 3 == 0),
            days=choice.serial,
        )


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario("small", overrides={"horizon_days": 12, "demand.days": 8})


def team(metres: float = 10.0) -> Team:
    return Team(lines=AtcsMatch(), buyer=Buyer(metres))


def run(scenario: Scenario) -> tuple[Factory, RunLog]:
    factory = Factory(scenario, SEED)
    return factory, play(factory, team())


def test_it_is_asked_and_its_answers_are_a_table_of_the_log(scenario: Scenario) -> None:
    _, log = run(scenario)
    table = log.tables[TABLE]
    assert list(table) == [
        *("serial", "now_min", "asker"),
        *("metres", "rolls", "supplier", "is_express", "days"),
    ]
    assert table["now_min"].tolist()[:3] == [2880.0, 5760.0, 8640.0]
    # two articles without stock: 10 m of both; then both are equal again
    assert table["metres"][0].tolist() == [10.0, 10.0]
    assert table["rolls"][0].dtype == np.int64
    assert set(table["supplier"]) <= {"mill", "trader"}
    assert not set(table["serial"].tolist()) & set(log.tables["decisions"]["serial"].tolist())
    bought = [
        a
        for k, a in zip(*(log.tables["events"][c] for c in ("kind", "amount")), strict=True)
        if k == "bought"
    ]
    assert bought[:2] == [20.0, 40.0]


def test_who_has_no_view_leaves_it_to_the_house(scenario: Scenario) -> None:
    log = play(Factory(scenario, SEED), Edd())
    assert all(not row.any() for row in log.tables[TABLE]["metres"])
    alone = play(Factory(scenario, SEED), Team(lines=Edd()))
    assert fingerprint(alone) == fingerprint(log)


def test_its_answers_come_back_from_a_saved_log(scenario: Scenario, tmp_path: Path) -> None:
    factory, log = run(scenario)
    again = load_log(save_log(log, tmp_path / "log"))
    assert fingerprint(again) == fingerprint(log)
    rows = logged_answers(again, scenario)
    assert len(rows) == len(factory.past.answers) > 10
    assert all(a.is_same(b) for a, b in zip(rows, factory.past.answers, strict=True))


def test_a_fork_lives_it_again(scenario: Scenario) -> None:
    factory, asked = Factory(scenario, SEED), 0
    while asked < 3:
        question = factory.advance()
        assert question is not None
        asked += question.kind == "purchase"
        factory.answer(ask(team(), question))
    fork = factory.fork()
    straight = play(factory, team())
    assert fingerprint(play(fork, team())) == fingerprint(straight)
    assert fingerprint(play(factory.fork(BRANCH_MIN), team())) == fingerprint(straight)


def test_a_branch_from_a_log_goes_on_under_another_buyer(
    scenario: Scenario, tmp_path: Path
) -> None:
    _, log = run(scenario)
    answers = logged_answers(load_log(save_log(log, tmp_path / "log")), scenario)
    past = Past(scenario=scenario, seed=SEED, answers=answers)
    same = play(Factory.of(past, BRANCH_MIN), team())
    assert fingerprint(same) == fingerprint(log)
    other = play(Factory.of(past, BRANCH_MIN), team(metres=99.0))
    now_min, metres = other.tables[TABLE]["now_min"], other.tables[TABLE]["metres"]
    for when, mine, theirs in zip(now_min, metres, log.tables[TABLE]["metres"], strict=True):
        assert (mine.tolist() == theirs.tolist()) == (when < BRANCH_MIN)


def test_a_record_that_was_changed_is_refused(scenario: Scenario) -> None:
    factory, _ = run(scenario)
    answers = list(factory.past.answers)
    at = next(i for i, row in enumerate(answers) if row.kind == "purchase")
    answers[at] = replace(answers[at], values={**answers[at].values, "metres": np.array([-1.0, 0])})
    with pytest.raises(ArtifactError, match=r"purchase.*metres must be 0 or more"):
        Factory.of(replace(factory.past, answers=answers))


def test_answers_can_not_be_changed_after_they_were_given(scenario: Scenario) -> None:
    factory = Factory(scenario, SEED)
    while (question := factory.advance()).kind != "purchase":
        factory.answer(question.usual())
    answer = Buyer().buy(question)
    factory.answer(answer)
    answer.metres[:] = 777.0
    row = factory.past.answers[-1]
    assert row.values["metres"].tolist() == [10.0, 10.0]
    with pytest.raises(ValueError, match="read-only"):
        row.values["metres"][0] = 1.0


@pytest.mark.parametrize("answer", [None, 3, "all", np.zeros(2)])
def test_what_is_no_answer_is_refused(scenario: Scenario, answer) -> None:
    factory = Factory(scenario, SEED)
    while (question := factory.advance()).kind != "purchase":
        factory.answer(question.usual())
    with pytest.raises(IllegalAnswer, match=r"purchase .*must be of PurchaseAnswer"):
        factory.answer(answer)
    assert factory.advance() is question


def test_a_team_knows_the_new_role(scenario: Scenario) -> None:
    with pytest.raises(InputError, match=r"buyer.*an object with answer or buy"):
        Team(lines=Edd(), buyer=Edd())
    with pytest.raises(InputError, match="one of buyer, lines, site"):
        Team(lines=Edd(), buyers=Buyer())
