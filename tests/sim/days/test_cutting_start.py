"""An order that is being cut goes on where it was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agents.rules.fifo import Fifo
from factory_env import Factory
from factory_env.domain.floor_state import CuttingNow, FloorState
from tests.laws.tiny_plant import DAY, line, order, product, scenario
from tests.play import column, play


def ready(now: CuttingNow) -> list[float]:
    """Minutes from the floor's until two orders are cut, half a minute a piece and one table."""
    tee = replace(product("tee", [1.0] * 4), cutting_min=0.5)
    toy = scenario([line("only", 4, tee=1.0)], [tee], 30)
    orders = [order(name, "tee-01", 100, 20.0, 100.0) for name in ("A", "B")]
    factory = Factory(toy, 0, orders=orders, floor=FloorState(at_min=DAY, cutting=(now,)))
    return (column(play(factory, Fifo()), "orders", "ready_min") - DAY).tolist()


def test_what_is_left_is_cut_and_the_next_order_waits() -> None:
    assert ready(CuttingNow(order_id="B", left=40)) == pytest.approx([70.0, 20.0])


def test_a_table_is_done_when_it_is_said() -> None:
    assert ready(CuttingNow(order_id="B", ends_min=((0, 7.0),))) == pytest.approx([57.0, 7.0])
