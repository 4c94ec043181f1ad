"""The table ``chains``: an order's stretches follow each other, whatever became of it."""

from __future__ import annotations

import numpy as np
import pytest

from agents.rules.edd import Edd
from factory_env import Factory
from factory_env.domain.records import Table
from factory_env.sim.history.order_chain import chain_table
from factory_env.sim.run import step_through
from tests.play import fingerprint, play


def chains(factory: Factory, only: list[int] | None = None) -> Table:
    house = factory.house
    lines, rooms = factory.lines, house.finishing
    return chain_table(factory.log(), house.runs, house.cutting, lines, rooms, only=only)


@pytest.fixture(scope="module")
def run(short, short_tables) -> Factory:
    factory = Factory(short, 2, tables=short_tables)
    play(factory, Edd())
    return factory


def test_stretches_of_an_order_leave_no_gap(run: Factory) -> None:
    table, log = chains(run), run.log()
    shipped = log.tables["orders"]["shipped_min"]
    for order in np.unique(table["order"]).tolist():
        mine = table["order"] == order
        begin, end = table["begin_min"][mine], table["end_min"][mine]
        np.testing.assert_array_equal(begin[1:], end[:-1])
        assert end[-1] == (log.end_min if np.isnan(shipped[order]) else shipped[order])
    assert (~np.isnan(shipped)).sum() > 5


def test_one_order_can_be_asked_for(run: Factory) -> None:
    table, whole = chains(run, [3]), chains(run)
    assert set(table["order"].tolist()) == {3}
    np.testing.assert_array_equal(table["end_min"], whole["end_min"][whole["order"] == 3])


def test_looking_leaves_the_run_as_it_is_and_open_orders_last_until_now(
    short, short_tables
) -> None:
    looked, left_alone = (Factory(short, 2, tables=short_tables) for _ in range(2))
    for i, question in enumerate(step_through(looked, Edd())):
        if i == 8:
            table = chains(looked)
            assert table["end_min"].max() == question.now_min
    play(left_alone, Edd())
    assert fingerprint(looked.log()) == fingerprint(left_alone.log())
