"""Lays: sizes, the table that cuts each, and what is left of a plan that is stopped."""

from __future__ import annotations

import pytest

from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.work.lays import LayPlan, lay_out, lay_sizes


@pytest.mark.parametrize(
    ("pieces", "sizes"), [(700, [300, 300, 100]), (600, [300, 300]), (299, [299]), (0, [])]
)
def test_lays_are_full_but_for_the_last(pieces, sizes) -> None:
    assert lay_sizes(pieces, 300) == sizes


def test_the_next_lay_goes_to_the_table_that_is_free_first() -> None:
    # table 7 from 0, table 4 from 5: 7 takes 0-10, 4 takes 5-8 and then 8-20, 7 10-11
    tables, starts, ends = lay_out([10.0, 3.0, 12.0, 1.0], [(5.0, 4), (0.0, 7)])
    assert tables == [7, 4, 4, 7]
    assert starts == [0.0, 5.0, 8.0, 10.0]
    assert ends == [10.0, 8.0, 20.0, 11.0]


def test_of_two_free_tables_the_lower_number_is_taken() -> None:
    assert lay_out([4.0, 4.0], [(0.0, 2), (0.0, 1)])[0] == [1, 2]


@pytest.fixture
def plan(small) -> LayPlan:
    return LayPlan(
        run=OrderRun(0, small.library.products[0]),
        work_days=1.0,
        pieces=[300, 300, 100],
        table=[7, 4, 7],
        start=[0.0, 5.0, 10.0],
        end=[10.0, 15.0, 14.0],
        before={7: 0.0, 4: 5.0},
    )


def test_a_lay_is_begun_in_its_first_minute(plan) -> None:
    assert [plan.begun(t) for t in (-1.0, 0.0, 4.9, 5.0, 99.0)] == [0, 1, 1, 2, 3]
    assert [sum(plan.pieces[: plan.begun(t)]) for t in (-1.0, 0.0, 5.0, 99.0)] == [0, 300, 600, 700]


def test_a_table_is_done_with_an_order_after_its_last_lay(plan) -> None:
    assert plan.ends() == {7: 14.0, 4: 15.0}


def test_a_plan_that_is_stopped_keeps_the_lays_begun_and_frees_the_other_tables(plan) -> None:
    assert plan.stop(6.0) == {7}
    assert plan.pieces == [300, 300]
    assert plan.ends() == {7: 10.0, 4: 15.0}
    assert plan.stop(6.0) == set()
