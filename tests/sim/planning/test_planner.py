"""What the planner promises when lines take orders, stay longer or lose an order."""

from __future__ import annotations

import numpy as np
import pytest

from agents.rules.edd import Edd
from factory_env import Factory
from factory_env.sim.planning.planner import Planner

RULE = (2.0, 0.2, 1.0, 480.0, 1e9)


@pytest.fixture
def running(small, small_tables) -> Factory:
    """Asked for the twentieth time under the earliest due date."""
    factory, rule = Factory(small, 4, tables=small_tables), Edd()
    for _ in range(20):
        question = factory.advance()
        assert question is not None
        factory.answer(rule.choose(question))
    assert factory.advance() is not None
    return factory


@pytest.fixture
def planner(running) -> Planner:
    """A planner of the same world that has promised nothing yet."""
    return Planner(running.world)


def waiting(running) -> np.ndarray:
    return np.flatnonzero(running.book.release_shift <= running.world.now_shift)


def test_an_estimate_is_setup_sewing_and_learning_of_the_question(running, planner) -> None:
    orders = waiting(running)[:6]
    for line in range(len(running.lines)):
        mine = orders[running.tables.capable[line, running.book.style[orders]]]
        table = planner.dispatch(0, line, mine, can_hold=True).table
        for i, order in enumerate(mine.tolist()):
            parts = table.setup_min[i] + table.sewing_min[i] + table.learning_min[i]
            assert planner.estimate_min(order, line) == parts


def test_a_line_that_takes_an_order_is_free_when_it_should_be_done(running, planner) -> None:
    order = int(waiting(running)[-1])
    line = int(np.flatnonzero(running.tables.capable[:, running.book.style[order]])[0])
    end = running.world.now_shift + planner.estimate_min(order, line)
    assert planner.planned_end(order) == np.inf
    planner.plan(order, line)
    assert planner.planned_end(order) == planner.free_shift[line] == end
    planner.gain(line, 120.0)
    assert planner.planned_end(order) == planner.free_shift[line] == end - 120.0


def test_a_cancelled_order_ends_now_and_its_line_is_free_within_a_day(running, planner) -> None:
    now_shift = running.world.now_shift
    order = int(waiting(running)[0])
    line = int(np.flatnonzero(running.tables.capable[:, running.book.style[order]])[0])
    planner.plan(order, line)
    planner.free_shift[line] = now_shift + 5000.0
    planner.forget(order, line)
    assert planner.planned_end(order) == now_shift
    assert planner.free_shift[line] == now_shift + running.scenario.calendar.shift_min
    other = int(waiting(running)[1])
    planner.forget(other, None)
    assert planner.planned_end(other) == now_shift
    assert planner.free_shift[line] == now_shift + running.scenario.calendar.shift_min


def test_evenings_never_make_it_later_and_asking_changes_nothing(running, planner) -> None:
    for order in waiting(running).tolist():
        line = int(np.flatnonzero(running.tables.capable[:, running.book.style[order]])[0])
        planner.plan(order, line)
    free, before = planner.free_shift.copy(), planner.expected_late_usd()
    usd = planner.late_after_evenings(0, np.array([0.0, 120.0, 1200.0]))
    assert usd[0] == before
    assert (np.diff(usd) <= 0.0).all()
    assert planner.free_shift.tolist() == free.tolist()
    assert planner.expected_late_usd() == before


def test_another_quantity_is_other_work(running, planner) -> None:
    order = int(waiting(running)[0])
    days, cut = planner.work_days[order], running.book.cut[order]
    running.book.cut[order] = 2.0 * cut
    planner.reckon(order)
    assert planner.work_days[order] == pytest.approx(2.0 * days)


def test_what_a_rule_would_still_cost_leaves_lines_and_promises_alone(running, planner) -> None:
    setups = running.world.setups
    current, learned, free = setups.current.copy(), setups.learned.copy(), planner.free_shift.copy()
    alone = planner.expected_late_usd(on_lines_only=True)
    usd = planner.cost_to_go_usd(RULE)
    assert usd > alone  # what waits will at least need changes and learning
    assert planner.cost_to_go_usd(RULE) == usd
    whole_usd = planner.whole_cost_usd(RULE)
    assert whole_usd > alone
    assert planner.whole_cost_usd(RULE) == whole_usd
    assert setups.current.tolist() == current.tolist()
    assert setups.learned.tolist() == learned.tolist()
    assert planner.free_shift.tolist() == free.tolist()


def test_a_cutting_table_sees_each_order_from_the_line_that_ends_it_first(running, planner) -> None:
    groups = running.tables.group_of[running.book.style]
    mine = np.flatnonzero(groups == groups[waiting(running)[0]])[:5]
    question = planner.cutting(3, 1, mine)
    assert (question.kind, question.serial, question.asker) == ("cutting", 3, 1)
    assert (question.table.here_min <= question.table.elsewhere_min).all()
