"""Rows while the factory runs, columns at the end."""

from __future__ import annotations

import numpy as np

from factory_env.domain.records import SCHEMA, make_table
from factory_env.sim.kernel.recorder import Recorder


def test_an_event_ends_where_it_starts_unless_said_otherwise() -> None:
    recorder = Recorder(operations=False)
    recorder.event("fabric late", 10.0, 35.0, order=4)
    recorder.event("quantity", 12.0, order=1, amount=-50.0)
    table = make_table("events", recorder.events)
    assert table["kind"].tolist() == ["fabric late", "quantity"]
    assert table["start_min"].tolist() == [10.0, 12.0]
    assert table["end_min"].tolist() == [35.0, 12.0]
    assert table["order"].tolist() == [4, 1]
    assert table["line"].tolist() == [-1, -1]
    assert table["amount"].tolist() == [0.0, -50.0]


def test_operations_of_several_orders_are_one_table_in_the_order_of_coming() -> None:
    recorder = Recorder(operations=True)
    names = list(SCHEMA["operations"])
    for first in (5, 2):
        block = np.array([first, first + 1])
        recorder.operation_blocks.append(dict.fromkeys(names, block))
    assert recorder.operations()["order"].tolist() == [5, 6, 2, 3]


def test_without_operations_the_table_is_there_and_empty() -> None:
    table = Recorder(operations=False).operations()
    assert table.keys() == set(SCHEMA["operations"])
    assert all(len(column) == 0 for column in table.values())
