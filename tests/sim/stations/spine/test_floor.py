"""The floor knows what waits and which lines are free; it tells, and decides nothing."""

from __future__ import annotations

import numpy as np
import pytest

from tests.laws.tiny_plant import line, order, product, scenario
from tests.sim.stations.one_line import TEE, Bench, one_operator, orders

POLO = product("polo", [1.0])


def two_groups():
    """Two lines that sew tees, the second also polos."""
    lines = [line("tees", 1, tee=1.0), line("both", 1, tee=1.0, polo=1.0)]
    book = [*orders(60, 30), order("p", "polo-01", 90, 9.0, 1.0)]
    return Bench(scenario(lines, [TEE, POLO], 20), book)


def test_an_order_that_is_ready_is_told_to_every_idle_line_of_its_group() -> None:
    bench = two_groups()
    bench.cut(0)
    assert bench.free == [(0, 0.0), (1, 0.0)]
    bench.take(0, 0)
    bench.free.clear()
    bench.cut(1)
    assert bench.free == [(1, 0.0)]  # the first one works


def test_a_line_is_offered_what_it_can_sew_in_order_of_coming() -> None:
    bench = two_groups()
    bench.cut(2, 1, 0)
    assert bench.floor.waiting_for(0).tolist() == [1, 0]
    assert bench.floor.waiting_for(1).tolist() == [2, 1, 0]


def test_what_is_picked_waits_no_longer_and_its_line_is_busy() -> None:
    bench = two_groups()
    bench.cut(0, 1)
    estimate_min = bench.planner.estimate_min(1, 1)
    run = bench.floor.pick(1, 1)
    assert run is bench.runs[1]
    assert (run.line, run.taken_min) == (1, 0.0)
    assert bench.floor.waiting_for(0).tolist() == [0]
    assert [x.is_idle for x in bench.floor.lines] == [True, False]
    assert bench.planner.planned_end(1) == estimate_min > 30.0


def test_days_of_waiting_work_are_the_planners() -> None:
    bench = Bench(one_operator(), orders(1440, 720))
    bench.cut(0, 1)
    group = int(bench.world.tables.group_lines[0])
    expected = bench.planner.work_days.sum()
    assert bench.floor.waiting_days(group) == pytest.approx(expected)
    assert bench.floor.backlog_days() == pytest.approx(expected)
    bench.take(1)
    assert bench.floor.backlog_days() == pytest.approx(bench.planner.work_days[0])


def test_a_waiting_order_that_is_cancelled_gives_back_what_is_cut() -> None:
    bench = Bench(one_operator(), orders(100, 50))
    bench.cut(0, 1)
    assert bench.floor.cancel(bench.runs[0]) == 100
    assert bench.floor.waiting_for(0).tolist() == [1]


def test_a_cancelled_order_that_comes_from_the_tables_does_not_wait() -> None:
    bench = Bench(one_operator(), orders(100))
    bench.runs[0].cancelled_min = 0.0
    bench.floor.order_ready(bench.runs[0])
    assert bench.floor.waiting_for(0).tolist() == []
    assert not bench.free


def test_in_the_morning_lines_are_told_of_again_if_something_waits() -> None:
    bench = Bench(one_operator(), orders(100))
    bench.floor.morning()
    assert not bench.free
    bench.cut(0)
    bench.floor.morning()
    assert bench.free == [(0, 0.0), (0, 0.0)]


def test_a_line_is_free_when_its_first_station_is_done() -> None:
    bench = Bench(one_operator(), orders(100, 50))
    bench.cut(0, 1)
    bench.take(0)
    bench.free.clear()
    bench.world.env.run(until=1440.0)
    ((number, minute),) = bench.free
    assert number == 0
    # the last bundle is loaded by then, sewn it is at 100
    assert minute <= 100.0
    assert bench.floor.lines[0].is_idle


def test_slack_is_from_the_planned_end_to_the_due_date() -> None:
    bench = Bench(one_operator(), orders(1440, 10))
    assert bench.floor.slack_days().tolist() == [30.0]  # nothing is sewn: as good as for ever
    bench.cut(0)
    bench.take(0)
    end_min = bench.planner.planned_end(0) + bench.world.scenario.flow.tail_min
    assert end_min > 1440.0
    assert bench.floor.slack_days()[0] == pytest.approx(9.0 - end_min / 1440.0)


def test_a_hot_hall_slows_all_lines_and_those_that_stand_do_nothing() -> None:
    bench = two_groups()
    bench.floor.run_at(0.9, 1.2, frozenset({1}))
    assert [x.clock.rate for x in bench.floor.lines] == [0.9, 0.0]
    assert bench.world.heat_defects == 1.2
    bench.floor.run_at(1.0, 1.0, frozenset())
    assert [x.clock.rate for x in bench.floor.lines] == [1.0, 1.0]


def test_orders_that_no_line_can_sew_are_stuck() -> None:
    toy = scenario([line("tees", 1, tee=1.0)], [TEE, POLO], 20)
    bench = Bench(toy, [*orders(10), order("p", "polo-01", 10, 9.0, 1.0)])
    bench.cut(0, 1)
    assert bench.floor.stuck_orders() == [1]
    assert np.array_equal(bench.floor.waiting_for(0), [0])
