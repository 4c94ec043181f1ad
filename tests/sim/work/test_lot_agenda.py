"""Lots in the hands of compiled kernels, as Python sees them."""

from __future__ import annotations

import pytest

from agents.rules.edd import Edd
from factory_env import Factory, load_scenario
from factory_env.sim.work.lot import Lot
from factory_env.sim.work.lot_agenda import AgendaGate, LotRows, can_compile_lots
from tests.sim.small_world import small_world


@pytest.fixture(scope="module")
def factory(small, small_tables) -> Factory:
    """A run in its middle."""
    made = Factory(small, 1, tables=small_tables)
    for _ in range(28):
        question = made.advance()
        assert question is not None
        made.answer(Edd().choose(question))
    return made


def test_the_lots_of_a_pass_are_made_when_somebody_asks(factory) -> None:
    part = factory.lines[0].passes[0]
    assert isinstance(part.lots, LotRows)
    lots = list(part.lots)
    assert all(isinstance(lot, Lot) and lot.run is part.run for lot in lots)
    assert [lot.number for lot in lots] == list(range(len(lots)))
    assert sum(lot.pieces for lot in lots) == part.run.cut
    assert [lot.number for lot in part.lots[1:3]] == [1, 2]
    assert all(lot.good == lot.pieces - lot.found.seconds for lot in lots)


def test_more_lots_than_there_is_room_for_at_first_are_kept(factory) -> None:
    assert sum(len(part.lots) for line in factory.lines for part in line.passes) > 256


def test_orders_learn_of_their_lots_with_the_log(factory) -> None:
    run = factory.lines[0].passes[0].run
    factory.log()
    fallen = [lot for lot in factory.lines[0].passes[0].lots if lot.has_fallen]
    assert run.sewn_min == max(lot.sewn_min for lot in fallen)


def test_gates_tell_how_long_table_and_bench_are_busy(factory) -> None:
    for line in factory.lines:
        assert isinstance(line.gate, AgendaGate)
        assert min(line.gate.waiting_min) >= 0.0


@pytest.mark.parametrize(
    ("overrides", "can"),
    [
        ({}, True),
        ({"flow.gate_limit_lots": 3}, False),
        ({"inspection.station.enabled": True}, False),
    ],
)
def test_only_plain_gates_are_compiled(overrides, can) -> None:
    world = small_world(load_scenario("small", overrides=overrides), [])
    assert can_compile_lots(world) is can
