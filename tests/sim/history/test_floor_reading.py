"""What is in the house at a minute, read off a running factory that goes on unchanged."""

from __future__ import annotations

import pytest

from agents.rules.atcs_match import AtcsMatch
from factory_env import Factory, RunLog
from factory_env.domain.floor_state import FloorState
from factory_env.errors import ArtifactError
from factory_env.sim.history.replay import Past
from factory_env.sim.run import read_floor
from tests.play import column, play

AT = 5 * 1440.0 + 650.0


@pytest.fixture(scope="module")
def run(short) -> tuple[Past, RunLog]:
    """A run and its log."""
    factory = Factory(short, 4)
    log = play(factory, AtcsMatch())
    return factory.past, log


@pytest.fixture(scope="module")
def floor(run: tuple[Past, RunLog]) -> FloorState:
    """Its floor on the sixth day."""
    return read_floor(run[0], AT)


def test_every_order_stands_where_the_log_has_it(run, floor: FloorState) -> None:
    orders = run[1].tables["orders"]
    ids = orders["order_id"]
    taken, shipped = orders["taken_min"] < AT, orders["shipped_min"] < AT
    waits = (orders["ready_min"] < AT) & ~taken
    assert {sewn.order_id for sewn in floor.sewn} == set(ids[taken & ~shipped])
    assert set(floor.shipped) == set(ids[shipped])
    assert {cut.order_id for cut in floor.cut} == set(ids[waits])


def test_pieces_left_are_those_that_come_off_later(run, floor: FloorState) -> None:
    orders, lots = run[1].tables["orders"], run[1].tables["lots"]
    for sewn in floor.sewn:
        row = orders["order_id"].tolist().index(sewn.order_id)
        later = (lots["order"] == row) & (lots["sewn_min"] >= AT)
        assert sewn.left == lots["pieces"][later].sum()


def test_lots_on_their_way_are_those_not_packed(run, floor: FloorState) -> None:
    lots = run[1].tables["lots"]
    here = (lots["sewn_min"] < AT) & (lots["packed_min"] >= AT)
    assert len(floor.lots) == here.sum() > 0


def test_a_past_that_does_not_reach_the_minute_is_refused(short) -> None:
    with pytest.raises(ArtifactError):
        read_floor(Factory(short, 4).past, AT)


def test_reading_changes_nothing(run, short) -> None:
    past, log = run
    again = Factory.of(past)
    again.advance()
    assert column(again.log(), "orders", "shipped_min").tolist() == pytest.approx(
        column(log, "orders", "shipped_min").tolist(), nan_ok=True
    )
