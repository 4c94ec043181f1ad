"""What a change may reach, by the names that people use."""

from __future__ import annotations

from dataclasses import replace

from factory_env import Factory
from factory_env.domain.changes import CancelOrder, LineDown

DAY = 1440.0


def test_an_order_in_parts_is_meant_as_a_whole(small) -> None:
    parts = small.replace(flow=replace(small.flow, split_days=1.0))
    run = Factory(parts, 1)
    parent = next(o.parent for o in run.book.orders if o.parent)
    run = Factory(parts, 1, changes=(CancelOrder(at_min=0.0, order_id=parent),))
    run.advance()
    orders = run.log().tables["orders"]
    mine = orders["parent"] == parent
    assert mine.sum() > 1
    assert (orders["cancelled_min"][mine] == 0.0).all()


def test_a_line_is_meant_by_its_name(short, short_tables) -> None:
    down = LineDown(from_min=0.0, to_min=DAY, line=short.plant.lines[2].name)
    run = Factory(short, 1, tables=short_tables, changes=(down,))
    run.advance()
    assert run.world.down.tolist() == [False, False, True]
