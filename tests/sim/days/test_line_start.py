"""Where a line stands follows from the pieces that are left."""

from __future__ import annotations

import numpy as np
import pytest

from agents.rules.fifo import Fifo
from factory_env import Factory
from factory_env.domain.floor_state import FloorState, SewnNow
from tests.laws.tiny_plant import DAY, line, order, product, scenario
from tests.play import column, play


def sewn_from(at_min: float, **parts) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """When lots of a thousand tees left the line, their pieces, and when the line took them."""
    toy = scenario([line("only", 4, tee=1.0)], [product("tee", [1.0] * 4)], 30)
    book = [order("A", "tee-01", 1000, 20.0, 1000.0)]
    floor = FloorState(at_min=at_min, sewn=(SewnNow(order_id="A", line=0, **parts),))
    log = play(Factory(toy, 0, orders=book, floor=floor), Fifo())
    lots = log.tables["lots"]
    return lots["sewn_min"], lots["pieces"], column(log, "orders", "taken_min")


def test_with_its_beginning_the_line_is_where_it_was() -> None:
    whole, _, _ = sewn_from(DAY, left=1000, began_min=0.0)
    later, _, taken = sewn_from(DAY + 300.0, left=800, began_min=300.0)
    assert later[1:].tolist() == pytest.approx(whole[1:].tolist())
    assert taken.tolist() == [DAY]


@pytest.mark.parametrize("left", [1, 199, 399, 999])
def test_no_piece_is_lost_or_sewn_twice(left: int) -> None:
    sewn, pieces, _ = sewn_from(DAY, left=left)
    assert pieces.sum() == 1000
    assert left <= pieces[sewn >= DAY].sum() < left + 200


def test_what_was_begun_before_the_run_begins_with_it() -> None:
    sewn, pieces, taken = sewn_from(10.0, left=400)
    assert pieces.sum() == 400
    assert taken.tolist() == [10.0]
    assert sewn.min() > 10.0
