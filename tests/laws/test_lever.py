"""Law: the lever moves what is flagged and nothing else; left alone it changes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
import pytest

from agents.rules.atcs_match import AtcsMatch
from agents.team import Team
from factory_env import Factory, load_scenario
from factory_env.decision import ask
from factory_env.decisions.inspection_choice import InspectionChoice
from factory_env.decisions.order_choice import OrderChoice
from factory_env.domain.inspection import Station
from factory_env.envs.energy.prior import HoldPeaks
from factory_env.errors import IllegalAnswer
from factory_env.logfile import load_log, save_log
from factory_env.sim.history.logged_answers import logged_answers
from factory_env.sim.history.replay import Past
from tests.camera import with_camera
from tests.play import fingerprint, play

SHORT = {"horizon_days": 10, "demand.days": 8, "demand.size_median": 400}
DAY = 1440.0


@pytest.fixture(autouse=True)
def camera(monkeypatch):
    """Every factory of this file has an inspector with a threshold."""
    with_camera(monkeypatch)


@pytest.fixture(scope="module")
def house():
    return load_scenario("small", overrides=SHORT)


@pytest.fixture(scope="module")
def asking():
    return load_scenario("small", overrides={**SHORT, "inspection.lever": "agent"})


@dataclass
class Always:
    """The line-matching rule; every order inspected at the same degree, or the nearest legal."""

    strictness: float
    seen: list[InspectionChoice] = field(default_factory=list)

    def choose(self, decision):
        return AtcsMatch().choose(decision)

    def choose_strictness(self, choice: InspectionChoice) -> int:
        self.seen.append(choice)
        return self.answer(choice)

    def answer(self, choice: InspectionChoice) -> int:
        far = np.abs(np.log(choice.strictness / self.strictness))
        return int(np.where(choice.legal(), far, np.inf).argmin())


@pytest.mark.parametrize("has_station", [False, True])
def test_the_houses_answer_everywhere_gives_the_run_without_a_lever(
    house, asking, has_station
) -> None:
    station = Station(enabled=has_station)
    house, asking = (
        s.replace(inspection=replace(s.inspection, station=station)) for s in (house, asking)
    )
    given = play(Factory(house, 1), AtcsMatch())
    assert "inspection" not in given.tables["decisions"]["kind"]
    assert set(given.tables["orders"]["strictness"][given.tables["orders"]["sewn_min"] > 0]) == {1}
    for policy in (Always(1.0), AtcsMatch(), Team(lines=AtcsMatch(), site=HoldPeaks())):
        asked = play(Factory(asking, 1), policy)
        assert "inspection" in asked.tables["decisions"]["kind"]
        kept = {name: {**t} for name, t in asked.tables.items() if name != "decisions"}
        for name, table in kept.items():
            for column, values in table.items():
                np.testing.assert_array_equal(values, given.tables[name][column])
        assert asked.cost_usd == given.cost_usd


def test_stricter_answers_flag_more_of_the_same_pieces(asking) -> None:
    logs = [play(Factory(asking, 2), Always(s)).tables["orders"] for s in (0.25, 1.0, 4.0)]
    for lenient, strict in pairwise(logs):
        # an order that a line gets in the same state has the same defects and the same luck
        same = (lenient["defective"] > 0) & (lenient["defective"] == strict["defective"])
        assert same.sum() > 10
        for column in ("caught", "false_alarms"):
            assert (lenient[column][same] <= strict[column][same]).all()
            assert lenient[column][same].sum() < strict[column][same].sum()


def test_each_order_that_a_line_takes_is_asked_about_once_with_what_is_known(asking) -> None:
    policy = Always(2.0)
    factory = Factory(asking, 3)
    log = play(factory, policy)
    orders, decisions = log.tables["orders"], log.tables["decisions"]
    asked = decisions["kind"] == "inspection"
    free = [c for c in policy.seen if c.priority < 2.0]
    assert sorted(decisions["order"][asked]) == sorted(int(c.orders[0]) for c in policy.seen)
    assert set(decisions["order"][asked]) == set(np.flatnonzero(orders["strictness"] > 0))
    assert len(free) > 5
    for choice in policy.seen:
        order = int(choice.orders[0])
        assert choice.now_min == orders["taken_min"][order]
        assert choice.pieces == orders["cut"][order]
        assert choice.style == orders["style"][order]
        assert choice.asker == orders["line"][order]
        assert (np.diff(choice.flagged) > 0).all()
        assert (np.diff(choice.escaped) < 0).all()
        assert (choice.expected_usd > 0).all()
    expected = sum(c.defective_share * c.pieces for c in policy.seen)
    assert expected == pytest.approx(orders["defective"].sum(), rel=0.15)
    assert max(c.bench_min for c in policy.seen) > 0


def test_important_customers_are_never_inspected_more_leniently() -> None:
    rush = {**SHORT, "inspection.lever": "agent", "demand.rush_share": 0.5}
    policy = Always(0.25)
    log = play(Factory(load_scenario("small", overrides=rush), 1), policy).tables["orders"]
    taken = log["strictness"] > 0
    is_rush = (log["is_rush"] > 0) & taken
    assert set(log["strictness"][is_rush]) == {1.0}
    assert set(log["strictness"][taken & ~is_rush]) == {0.25}
    masked = next(c for c in policy.seen if c.priority == 2.0)
    assert masked.legal().tolist() == [False, False, True, True, True]
    with pytest.raises(IllegalAnswer, match="not inspected more leniently than at 1"):
        masked.check(0)
    with pytest.raises(IllegalAnswer, match=r"0 to 4 mean a strictness of 0.25, 0.5, 1, 2, 4"):
        masked.check(5)
    with pytest.raises(IllegalAnswer, match="whole number"):
        masked.check(True)


@pytest.mark.parametrize("fresh_seed", [None, 77])
def test_forks_and_replays_live_the_answers_again(asking, fresh_seed, tmp_path) -> None:
    run = Factory(asking, 5)
    policy = Always(2.0)
    while not isinstance(question := run.advance(), InspectionChoice) or run.now_min < 2 * DAY:
        run.answer(ask(policy, question))
    fork = run.fork(fresh_seed=fresh_seed)  # at the question how strictly
    again = fork.advance()
    assert (again.serial, again.kind, again.orders[0]) == (
        question.serial,
        "inspection",
        question.orders[0],
    )
    ahead = play(fork, Always(0.5))
    twice = play(Factory.of(fork.past, fork.now_min), Always(0.5))
    assert fingerprint(twice) == fingerprint(ahead)
    if fresh_seed is None:
        log = load_log(save_log(ahead, tmp_path / "log"))
        past = Past(scenario=asking, seed=5, answers=logged_answers(log, asking))
        again = play(Factory.of(past, log.end_min), Always(0.5))
        assert fingerprint(again) == fingerprint(ahead)
    straight = play(run, policy)
    assert fingerprint(play(run.fork(4 * DAY + 600.0), policy)) == fingerprint(straight)


def test_a_fork_between_an_order_and_its_inspection_asks_about_it_again(asking) -> None:
    run, policy = Factory(asking, 5), Always(2.0)
    while not (isinstance(question := run.advance(), OrderChoice) and run.now_min > DAY):
        run.answer(ask(policy, question))
    run.answer(1)  # nothing has asked about it yet
    for fork in (run.fork(), run.fork(fresh_seed=9)):
        for factory in (fork, fork.fork()):
            question = factory.advance()
            assert (question.kind, question.orders[0]) == ("inspection", run.advance().orders[0])


def test_an_inspector_without_a_threshold_leaves_nothing_to_ask(asking, monkeypatch) -> None:
    monkeypatch.undo()
    log = play(Factory(asking, 1), Always(4.0))
    assert set(log.tables["decisions"]["kind"]) <= {"dispatch", "cutting"}


def test_what_is_expected_of_a_degree_is_what_it_comes_to() -> None:
    keys = {"inspection.lever": "agent", "inspection.station.enabled": True, **SHORT}
    keys |= {"horizon_days": 30, "demand.days": 20}
    scenario, found, expected = load_scenario("small", overrides=keys), [], []
    for strictness in (0.25, 1.0, 4.0):
        policy = Always(strictness)
        log = play(Factory(scenario, 7), policy)
        pieces = log.tables["lots"]["pieces"].sum()
        parts = ("returns", "seconds", "inspection")
        found.append(sum(log.cost_usd[part] for part in parts) / pieces)
        usd = sum(c.expected_usd[policy.answer(c)] for c in policy.seen)
        expected.append(usd / sum(c.pieces for c in policy.seen))
    # the check of every piece is in the cost alone, whatever the degree
    assert np.diff(expected) == pytest.approx(np.diff(found), rel=0.1)
