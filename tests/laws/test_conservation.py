"""Law 1: no piece appears or vanishes, at the end of a run and in the middle of one."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from agents.rules.atcs_match import AtcsMatch
from factory_env import Factory
from factory_env.sim.stations.lot import Lot
from factory_env.sim.stations.lot_station import LotStation
from tests.play import play


def stations_of(factory: Factory) -> list[LotStation]:
    """Every room that lots pass: gates, repair benches, pressing, packing."""
    found = {}
    for line in factory.floor.lines:
        bench, pressing = line.gate._then.args
        for station in (line.gate, bench, pressing, pressing._then.__self__):
            found[id(station)] = station
    return list(found.values())


def census(factory: Factory) -> Counter[int]:
    """Pieces per order in lots that are on the line, in a queue or on a table right now."""
    stations = stations_of(factory)
    clocks = {id(c): c for c in [line.clock for line in factory.floor.lines]}
    clocks |= {id(s._clock): s._clock for s in stations}
    lots = [item[3] for clock in clocks.values() for item in clock._heap]
    lots += [lot for station in stations for lot in station._queue]
    pieces: Counter[int] = Counter()
    for lot in lots:
        if isinstance(lot, Lot):
            pieces[lot.run.order] += lot.pieces
    return pieces


def packed(factory: Factory) -> Counter[int]:
    """Pieces per order in packed lots, by the log."""
    lots = factory.log().tables["lots"]
    pieces: Counter[int] = Counter()
    for order, n in zip(lots["order"].tolist(), lots["pieces"].tolist(), strict=True):
        pieces[order] += n
    return pieces


@pytest.mark.parametrize("stop_at_question", [5, 12, 20, None])
def test_cut_pieces_are_all_packed_or_in_process(small, small_tables, stop_at_question) -> None:
    factory = Factory(small, 1, tables=small_tables)
    rule, asked = AtcsMatch(), 0
    while (question := factory.advance()) is not None and asked != stop_at_question:
        factory.answer(rule.choose(question))
        asked += 1
    inside, out = census(factory), packed(factory)
    orders = factory.log().tables["orders"]
    taken = ~np.isnan(orders["taken_min"])
    assert taken.sum() >= 5
    if stop_at_question is not None:
        assert sum(inside.values()) > 0  # else nothing was tested in the middle
    for o in np.flatnonzero(taken).tolist():
        assert out[o] + inside[o] == orders["cut"][o]
    assert set(out) | set(inside) <= set(np.flatnonzero(taken).tolist())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_shipped_orders_split_into_good_pieces_and_seconds(small, small_tables, seed) -> None:
    log = play(Factory(small, seed, tables=small_tables), AtcsMatch())
    orders, lots = log.tables["orders"], log.tables["lots"]
    shipped = ~np.isnan(orders["shipped_min"])
    assert shipped.sum() > 10
    np.testing.assert_array_equal((orders["good"] + orders["seconds"])[shipped],
                                  orders["cut"][shipped])  # fmt: skip
    n = orders["order"].shape[0]
    good = np.bincount(lots["order"], weights=lots["good"], minlength=n)
    pieces = np.bincount(lots["order"], weights=lots["pieces"], minlength=n)
    np.testing.assert_array_equal(good, orders["good"])
    np.testing.assert_array_equal(pieces[shipped], orders["cut"][shipped])
    assert (pieces <= orders["cut"]).all()
    assert (lots["good"] <= lots["pieces"]).all()
    assert (lots["good"] >= 0).all()
    assert (orders["caught"] <= orders["defective"]).all()
    assert (orders["seconds"] <= orders["caught"]).all()


def test_orders_are_cut_with_three_percent_extra(small, small_tables) -> None:
    orders = play(Factory(small, 2, tables=small_tables), AtcsMatch()).tables["orders"]
    # 3 % extra cut, rounded up to whole pieces
    expected = np.ceil(orders["quantity"] * 103 / 100 - 1e-6)
    np.testing.assert_array_equal(orders["cut"], expected)
