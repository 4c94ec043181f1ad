"""A running factory as a whole: complete when it is made, over in time, forked with its means."""

from __future__ import annotations

import numpy as np
import pytest

from agents.rules.edd import Edd
from factory_env import Factory, play
from factory_env.errors import BranchError
from factory_env.inspectors.perfect import PLUG as Perfect
from factory_env.sim.work.line_flow import PassInput, PassResult, run_pass
from tests.laws.tiny_plant import DAY, line, order, product, scenario

TEE = product("tee", [1.0])


def test_everything_can_be_read_before_the_first_minute(short, short_tables) -> None:
    factory = Factory(short, 2, tables=short_tables)
    assert factory.now_min == 0.0
    assert factory.tables is short_tables
    assert factory.shipped == 0
    assert factory.cost_usd == 0.0
    assert factory.free_in_min.tolist() == [0.0] * len(factory.lines)
    assert [line.is_idle for line in factory.lines] == [True] * len(factory.lines)
    assert [line.style for line in factory.lines] == [x.first_style for x in factory.lines]
    assert factory.site is None
    assert not factory.is_over
    assert not factory.is_asking
    assert factory.log().tables["lots"]["order"].shape[0] == 0


def test_a_run_is_over_when_the_last_order_is_shipped() -> None:
    toy = scenario([line("only", 1, tee=1.0)], [TEE], days=10)
    factory = Factory(toy, 0, orders=[order("A", "tee-01", 1440, 5.0, 1.0)])
    assert factory.advance() is None  # one order, one line: nothing to ask
    assert factory.is_over
    assert factory.finished
    assert factory.now_min == DAY


def test_a_run_is_over_at_its_horizon_and_charged_for_what_is_left() -> None:
    toy = scenario([line("only", 1, tee=1.0)], [TEE], days=1)
    factory = Factory(toy, 0, orders=[order("A", "tee-01", 2880, 0.5, 100.0)])
    assert factory.advance() is None
    assert factory.is_over
    assert not factory.finished
    assert factory.now_min == factory.horizon_min == DAY
    cost = factory.cost_usd
    # late by the days after which it would be shipped: the last step, 20 % of 100 USD
    assert factory.cost_parts_usd["lateness"] == pytest.approx(20.0)
    assert factory.advance() is None  # it is charged once
    assert factory.cost_usd == cost == factory.projected_cost_usd


def test_without_orders_it_is_over_at_once() -> None:
    factory = Factory(scenario([line("only", 1, tee=1.0)], [TEE], days=1), 0, orders=[])
    assert factory.is_over
    assert factory.advance() is None
    assert factory.now_min == 0.0


def test_a_fork_works_with_the_same_means() -> None:
    counts: list[int] = []

    def watch(job: PassInput, record: bool) -> PassResult:
        counts.append(job.pieces.shape[0])
        return run_pass(job, record)

    toy = scenario([line("only", 1, tee=1.0)], [TEE], days=10)
    book = [order("A", "tee-01", 1440, 5.0, 1.0)]
    inspector = Perfect()
    factory = Factory(
        toy, 0, orders=book, engine=watch, record_operations=True, inspector=inspector
    )
    factory.advance()
    before = len(counts)
    fork = factory.fork(at_min=0.0)
    log = play(fork, Edd())
    assert len(counts) > before  # the fork's passes went through the same engine
    assert log.tables["operations"]["order"].shape[0] > 0
    assert fork.world.inspector is inspector
    assert fork.tables is factory.tables


def test_a_given_inspector_judges_instead_of_the_scenarios(short, short_tables) -> None:
    class Blind:
        def judge(self, pieces):
            return np.zeros(pieces.defect.shape[0], dtype=np.bool_)

    log = play(Factory(short, 2, tables=short_tables, inspector=Blind()), Edd())
    assert log.tables["orders"]["defective"].sum() > 0
    assert log.tables["orders"]["caught"].sum() == 0


def test_a_run_cannot_be_forked_at_a_minute_to_come(short, short_tables) -> None:
    factory = Factory(short, 2, tables=short_tables)
    factory.advance()
    with pytest.raises(BranchError, match="is not in the past of the run"):
        factory.fork(at_min=factory.now_min + 1.0)
