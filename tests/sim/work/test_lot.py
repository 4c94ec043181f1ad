"""A transfer lot: sound and whole until inspection and bench have said otherwise."""

from __future__ import annotations

from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.work.lot import Found, Lot
from tests.laws.tiny_plant import product


def test_a_new_lot_is_good_and_has_been_nowhere() -> None:
    lot = Lot(OrderRun(0, product("toy", [1.0])), 3, 20)
    assert (lot.number, lot.pieces, lot.good) == (3, 20, 20)
    assert lot.found == Found()
    assert lot.times == {}
    assert not lot.has_fallen
    assert not lot.is_void


def test_seconds_are_not_good_and_escapes_are_taken_for_good() -> None:
    lot = Lot(OrderRun(0, product("toy", [1.0])), 0, 20)
    lot.becomes(Found(defective=4, flagged=3, repaired=2, repairs=3, seconds=1, escapes=1), 7.5)
    assert lot.good == 19
    assert lot.bench_min == 7.5
    lot.becomes(Found(), 0.0)  # judged anew
    assert lot.good == 20
