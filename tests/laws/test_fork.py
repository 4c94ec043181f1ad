"""Law 4: a fork equals the straight run byte for byte, and shares its past with the run it left."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from agents.rules.atcs_match import AtcsMatch
from agents.rules.edd import Edd
from agents.rules.random import Random
from agents.rules.spt import Spt
from factory_env import Factory, RunLog, Scenario, load_scenario
from factory_env.decision import ask
from factory_env.errors import ArtifactError, BranchError
from factory_env.logfile import load_log, save_log
from factory_env.sim.history.logged_answers import logged_answers
from factory_env.sim.history.replay import Past
from factory_env.sim.plant.tables import PlantTables
from tests.laws.tiny_plant import order
from tests.play import fingerprint, play

DAY = 1440.0
TEN = 600.0  # 10:00
BRANCH = 4 * DAY + TEN
MINUTES = (0.0, 0.5, 480.0, 1.0 * DAY + TEN, 4 * DAY + 611.25, 6.5 * DAY, 11 * DAY + 540.0)


def lived(factory: Factory, policy, until_min: float) -> Factory:
    """The factory at its first question at or after a minute."""
    while (question := factory.advance()) is not None and question.now_min < until_min:
        factory.answer(ask(policy, question))
    return factory


def rows_before(log: RunLog, table: str, column: str, at_min: float) -> list[str]:
    """Rows of a table whose time is before a minute; text, so that NaN equals NaN."""
    columns = log.tables[table]
    keep = np.flatnonzero(columns[column] < at_min)
    return sorted(
        repr([values[keep].tolist()[i] for values in columns.values()])
        for i in range(keep.shape[0])
    )


@pytest.fixture(scope="module")
def busy() -> Scenario:
    """Twelve working days of many small orders; the cutting room asks too."""
    return load_scenario(
        "small",
        overrides={
            "horizon_days": 12,
            "demand.days": 10,
            "demand.load": 1.3,
            "demand.size_median": 400,
            "demand.booking_lead_days": [0.0, 4.0],
            "flow.cutting_rule": "agent",
        },
    )


@pytest.fixture(scope="module")
def tables(busy: Scenario) -> PlantTables:
    """Line balances of ``busy``, computed once."""
    return Factory(busy, seed=0).tables


@pytest.mark.parametrize("at_min", MINUTES)
@pytest.mark.parametrize("policy", [AtcsMatch(), Random(seed=2)])
def test_a_fork_under_the_same_policy_equals_the_straight_run(busy, policy, at_min) -> None:
    run = Factory(busy, 5, record_operations=True)
    straight = fingerprint(play(run, policy))
    fork = run.fork(at_min)
    assert fork.now_min == at_min
    assert fingerprint(play(fork, policy)) == straight
    assert fingerprint(run.log()) == straight


@pytest.mark.parametrize("before", [AtcsMatch(), Random(seed=2), Spt()])
def test_two_forks_under_one_policy_are_equal_whatever_the_policy_before(
    busy, tables, before
) -> None:
    run = lived(Factory(busy, 5, tables=tables), before, 7 * DAY)
    early, late = run.fork(BRANCH), run.fork()
    lived(early, before, late.now_min)
    assert fingerprint(play(early, Edd())) == fingerprint(play(late, Edd()))


def test_a_fork_of_now_stands_at_the_same_question(busy, tables) -> None:
    run = lived(Factory(busy, 5, tables=tables), AtcsMatch(), BRANCH)
    pending = run.advance()
    fork = run.fork()
    question = fork.advance()
    assert fork.now_min == run.now_min
    assert (question.serial, question.kind, question.now_min, question.asker) == (
        pending.serial,
        pending.kind,
        pending.now_min,
        pending.asker,
    )
    assert question.orders.tolist() == pending.orders.tolist()
    assert question.table.data.tobytes() == pending.table.data.tobytes()
    assert run.advance() is pending


def test_a_run_forked_on_the_way_and_its_forks_do_not_disturb_each_other(busy, tables) -> None:
    """A fork at every fifth question; all are played alternately with the run itself."""
    straight = fingerprint(play(Factory(busy, 5, tables=tables), AtcsMatch()))
    run = Factory(busy, 5, tables=tables)
    playing, done, answered = [run], [], 0
    while playing:
        for factory in tuple(playing):
            question = factory.advance()
            if question is None:
                playing.remove(factory)
                done.append(factory)
                continue
            factory.answer(ask(AtcsMatch(), question))
            answered += factory is run
            if factory is run and answered % 5 == 1:
                playing.append(run.fork())
    assert len(done) > 3
    assert {fingerprint(factory.log()) for factory in done} == {straight}


def test_a_fork_under_another_policy_shares_everything_before_the_branch(busy, tables) -> None:
    run = Factory(busy, 5, tables=tables)
    log = play(run, AtcsMatch())
    other = play(run.fork(BRANCH), Spt())
    for table, column in (
        ("decisions", "now_min"),
        ("lots", "packed_min"),
        ("orders", "shipped_min"),
    ):
        before = rows_before(log, table, column, BRANCH)
        assert before == rows_before(other, table, column, BRANCH)
    assert len(rows_before(log, "decisions", "now_min", BRANCH)) > 10
    assert rows_before(log, "decisions", "now_min", 1e9) != rows_before(
        other, "decisions", "now_min", 1e9
    )


def test_a_fork_of_a_fork_equals_the_straight_run(busy, tables) -> None:
    run = Factory(busy, 5, tables=tables)
    straight = fingerprint(play(run, AtcsMatch()))
    fork = lived(run.fork(6 * DAY), AtcsMatch(), 9 * DAY)
    assert fingerprint(play(fork.fork(8 * DAY), AtcsMatch())) == straight
    assert fingerprint(play(fork.fork(2 * DAY), AtcsMatch())) == straight
    assert fingerprint(play(fork, AtcsMatch())) == straight


def test_a_run_of_a_given_book_forks_with_that_book(busy, tables) -> None:
    given = [order(f"A{i}", "tee-01", 400 + 30 * i, 3.0 + i, 900.0, i / 2) for i in range(8)]
    run = Factory(busy, 5, orders=given, tables=tables)
    straight = fingerprint(play(run, Random(seed=1)))
    given.clear()  # the run keeps its own
    assert fingerprint(play(run.fork(3 * DAY + TEN), Random(seed=1))) == straight


def test_a_finished_run_forks_at_its_end(busy, tables) -> None:
    run = Factory(busy, 5, tables=tables)
    straight = fingerprint(play(run, Edd()))
    for fork in (run.fork(), run.fork(run.now_min)):
        assert fork.advance() is None
        assert fingerprint(fork.log()) == straight


def test_a_saved_log_is_enough_to_live_the_run_again(busy, tables, tmp_path: Path) -> None:
    straight = play(Factory(busy, 5, tables=tables), Random(seed=3))
    log = load_log(save_log(straight, tmp_path / "log"))
    past = Past(scenario=busy, seed=log.seed, answers=logged_answers(log, busy))
    for until_min in (0.0, BRANCH, log.end_min):
        again = play(Factory.of(past, until_min, tables=tables), Random(seed=3))
        assert fingerprint(again) == fingerprint(straight)


@pytest.mark.parametrize("ahead_min", [0.001, 5 * DAY, float("nan"), float("inf")])
def test_a_run_can_not_be_forked_ahead_of_itself(busy, tables, ahead_min) -> None:
    run = lived(Factory(busy, 5, tables=tables), Edd(), BRANCH)
    with pytest.raises(BranchError, match="is not in the past"):
        run.fork(run.now_min + ahead_min)
    with pytest.raises(BranchError, match="is not in the past"):
        run.fork(-1.0)


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("serial", 99, "question 7 .* but the record holds question 99"),
        ("kind", "cutting", "question 7 .dispatch .* holds question 7 .cutting"),
        ("now_min", 481.5, "holds question 7 .*minute 481.5"),
        ("asker", 17, "holds question 7 .dispatch 17"),
        ("choices", 40, "was answered by .* but the record holds .40"),
        ("answer", 40, "answer 40 is out of range"),
        ("order", 9999.0, "was answered by .* 9999.0"),
    ],
)
def test_a_replay_that_asks_otherwise_names_the_first_difference(
    busy, tables, column, value, words
) -> None:
    run = lived(Factory(busy, 5, tables=tables), AtcsMatch(), BRANCH)
    rows = list(run.past.answers)
    if column in rows[7].values:
        rows[7] = replace(rows[7], values={**rows[7].values, column: value})
    else:
        rows[7] = replace(rows[7], **{column: value})
    past = replace(run.past, answers=rows)
    with pytest.raises(ArtifactError, match=words):
        Factory.of(past, tables=tables)


def test_a_record_with_an_answer_missing_or_left_over_is_refused(busy, tables) -> None:
    run = lived(Factory(busy, 5, tables=tables), AtcsMatch(), BRANCH)
    past = run.past
    with pytest.raises(ArtifactError, match="but the record holds no answer to it"):
        Factory.of(replace(past, answers=past.answers[:-3]), BRANCH, tables=tables)
    play(run, AtcsMatch())
    over = run.past.answers[-1]
    more = (*run.past.answers, replace(over, serial=over.serial + 1))
    with pytest.raises(ArtifactError, match="nothing is asked any more"):
        Factory.of(replace(run.past, answers=more), tables=tables)


def test_another_scenario_or_seed_can_not_live_a_runs_answers(busy, tables) -> None:
    past = lived(Factory(busy, 5, tables=tables), AtcsMatch(), BRANCH).past
    slower = busy.replace(flow=replace(busy.flow, pace_slack=1.1))
    for changed in (replace(past, seed=6), replace(past, scenario=slower)):
        with pytest.raises(ArtifactError, match="differs from the record"):
            Factory.of(changed)


@pytest.mark.parametrize("at_min", [0.0, BRANCH, None])
def test_fresh_luck_lies_in_the_future_only(busy, tables, at_min) -> None:
    run = lived(Factory(busy, 5, tables=tables), AtcsMatch(), BRANCH)
    branch_min = run.now_min if at_min is None else at_min
    forks = [run.fork(at_min, fresh_seed=seed) for seed in (11, 11, 12)]
    assert [f.now_min for f in forks] == [branch_min] * 3
    logs = [play(f, AtcsMatch()) for f in forks]
    prints = [fingerprint(log) for log in logs]
    assert prints[0] == prints[1]
    straight = play(run, AtcsMatch())
    assert len({*prints, fingerprint(straight)}) == 3
    for table, column in (("decisions", "now_min"), ("lots", "packed_min")):
        past = [rows_before(log, table, column, branch_min) for log in (*logs, straight)]
        assert past == [past[0]] * 4


def test_a_look_ahead_answers_the_question_that_is_pending(busy, tables) -> None:
    run = lived(Factory(busy, 5, tables=tables), AtcsMatch(), BRANCH)
    pending = run.advance()
    question = run.fork(fresh_seed=11).advance()
    assert (question.serial, question.asker, question.now_min) == (
        pending.serial,
        pending.asker,
        pending.now_min,
    )
    assert question.orders.tolist() == pending.orders.tolist()
    assert run.advance() is pending


def book(log: RunLog, at_min: float, *, known: bool) -> dict[str, str]:
    """The orders known at a minute, or not, as they were booked."""
    names = ("style", "price_usd", "priority", "customer", "booked_min", "release_min")
    orders = log.tables["orders"]
    which = np.flatnonzero((orders["booked_min"] <= at_min) == known)
    return {orders["order_id"][i]: repr([orders[name][i] for name in names]) for i in which}


@pytest.mark.parametrize("day", range(0, 11))
def test_fresh_luck_keeps_the_orders_that_are_known_and_exchanges_the_others(
    busy, tables, day
) -> None:
    """Also when the old future holds no order any more, or the new one none yet."""
    run = Factory(busy, 5, tables=tables)
    log = play(run, AtcsMatch())
    at_min = day * DAY + TEN
    fresh = [play(run.fork(at_min, fresh_seed=seed), AtcsMatch()) for seed in (11, 12)]
    known = book(log, at_min, known=True)
    assert [book(f, at_min, known=True) for f in fresh] == [known] * 2
    unknown = [set(book(f, at_min, known=False).values()) for f in (log, *fresh)]
    assert not unknown[0] & unknown[1]
    assert not unknown[1] & unknown[2]
    for f in fresh:
        ids = f.tables["orders"]["order_id"].tolist()
        assert len(ids) == len(set(ids))
    assert day > 0 or min(map(len, unknown)) > 5


def test_as_many_orders_come_under_fresh_luck_as_under_any(busy, tables) -> None:
    """Unknown orders of 40 forks and of 40 runs: means within 3 standard errors of each other."""
    run = lived(Factory(busy, 5, tables=tables), AtcsMatch(), 480.0)
    forks = [run.fork(480.0, fresh_seed=100 + i) for i in range(40)]
    others = [Factory(busy, 300 + i, tables=tables) for i in range(40)]
    counts = [
        np.array([(f.book.booked_min > 480.0).sum() for f in group]) for group in (forks, others)
    ]
    error = np.sqrt(sum(c.var(ddof=1) / c.shape[0] for c in counts))
    assert abs(counts[0].mean() - counts[1].mean()) < 3.0 * error
    assert counts[0].std() > 1.0


def test_fresh_luck_leaves_a_given_book_as_it_is(busy, tables) -> None:
    given = [order(f"A{i}", "tee-01", 400 + 30 * i, 3.0 + i, 900.0, i / 2) for i in range(8)]
    run = Factory(busy, 5, orders=given, tables=tables)
    log = play(run, Edd())
    fresh = play(run.fork(2 * DAY + TEN, fresh_seed=11), Edd())
    assert fresh.tables["orders"]["order_id"].tolist() == [o.order_id for o in given]
    assert fingerprint(fresh) != fingerprint(log)


@pytest.mark.parametrize("at_min", [0.0, BRANCH, None])
def test_a_fork_remembers_the_fresh_luck_of_the_run_it_left(busy, tables, at_min) -> None:
    run = lived(Factory(busy, 5, tables=tables), AtcsMatch(), BRANCH)
    other = run.fork(at_min, fresh_seed=11)
    straight = fingerprint(play(other, AtcsMatch()))
    branch_min = run.now_min if at_min is None else at_min
    for later_min in (branch_min, branch_min + 0.5, 9 * DAY, None):
        if at_min is None and later_min == branch_min:
            continue  # that fork stands before the renewal: see the next test
        assert fingerprint(play(other.fork(later_min), AtcsMatch())) == straight


def test_a_fork_back_behind_fresh_luck_has_the_first_luck_again(busy, tables) -> None:
    run = Factory(busy, 5, tables=tables)
    straight = fingerprint(play(run, AtcsMatch()))
    other = lived(run.fork(BRANCH, fresh_seed=11), AtcsMatch(), 8 * DAY)
    assert fingerprint(play(other.fork(BRANCH - 1.0), AtcsMatch())) == straight
    asked = lived(Factory(busy, 5, tables=tables), AtcsMatch(), BRANCH)
    back = asked.fork(fresh_seed=11).fork(asked.now_min)
    assert fingerprint(play(back, AtcsMatch())) == straight


def test_fresh_luck_twice_is_remembered_twice(busy, tables) -> None:
    run = lived(Factory(busy, 5, tables=tables), AtcsMatch(), 6 * DAY)
    once = lived(run.fork(BRANCH, fresh_seed=11), AtcsMatch(), 8 * DAY)
    twice = once.fork(fresh_seed=12)
    later_min = twice.now_min + 60.0
    straight = fingerprint(play(twice, AtcsMatch()))
    assert fingerprint(play(twice.fork(later_min), AtcsMatch())) == straight
    assert fingerprint(play(once, AtcsMatch())) != straight


def test_with_everything_switched_on_forks_equal_the_straight_run() -> None:
    """Skills, splits, colours, overtime questions, failures, outages, changing customers."""
    rough = load_scenario(
        "small",
        "real",
        disruptions="rough",
        overrides={
            "people": "scenario",
            "horizon_days": 12,
            "demand.days": 10,
            "demand.load": 1.2,
            "demand.size_median": 800,
            "demand.booking_lead_days": [0.0, 4.0],
            "flow.cutting_rule": "agent",
            "overtime.mode": "agent",
        },
    )
    run = Factory(rough, 5)
    straight = play(run, AtcsMatch())
    assert set(straight.tables["decisions"]["kind"].tolist()) == {"dispatch", "cutting", "overtime"}
    for at_min in (0.0, 480.0, 2 * DAY + 959.0, BRANCH, 8 * DAY + 1000.0, run.now_min):
        assert fingerprint(play(run.fork(at_min), AtcsMatch())) == fingerprint(straight)
    for at_min in (0.0, 2 * DAY + 961.0, BRANCH, 8 * DAY + 1000.0):
        fresh = run.fork(at_min, fresh_seed=11)
        log = play(fresh, AtcsMatch())
        assert fingerprint(log) != fingerprint(straight)
        for table, column in (("decisions", "now_min"), ("lots", "packed_min")):
            count = len(rows_before(straight, table, column, at_min))
            assert count == len(rows_before(log, table, column, at_min))
        for later_min in (at_min, at_min + 700.0, fresh.now_min):
            assert fingerprint(play(fresh.fork(later_min), AtcsMatch())) == fingerprint(log)
