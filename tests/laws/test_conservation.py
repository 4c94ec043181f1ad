"""Law 1: no piece appears or vanishes, at the end of a run and in the middle of one."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from agents.rules.atcs_match import AtcsMatch
from agents.rules.random import Random
from factory_env import Factory, load_scenario
from factory_env.sim.work.lot import Lot
from tests.play import play


def on_the_way(factory: Factory) -> Counter[int]:
    """Pieces per order in lots on a line, at a gate or bench, or in the press room right now."""
    clocks = [line.clock for line in factory.lines]
    clocks += [line.gate.clock for line in factory.lines]
    clocks += factory.house.finishing.clocks
    pieces: Counter[int] = Counter()
    for clock in clocks:
        for lot in clock.waiting:
            if isinstance(lot, Lot) and not lot.is_void:
                pieces[lot.run.order] += lot.pieces
    return pieces


def in_packing_room(factory: Factory) -> Counter[int]:
    """Pieces per order in lots that have come to packing, packed or not."""
    pieces: Counter[int] = Counter()
    for lot in factory.house.finishing.packed_lots:
        pieces[lot.run.order] += lot.pieces
    return pieces


@pytest.mark.parametrize("stop_at_question", [5, 12, 20, None])
def test_cut_pieces_are_all_packed_or_in_process(small, small_tables, stop_at_question) -> None:
    factory = Factory(small, 1, tables=small_tables)
    rule, asked = AtcsMatch(), 0
    while (question := factory.advance()) is not None and asked != stop_at_question:
        factory.answer(rule.choose(question))
        asked += 1
    inside, come = on_the_way(factory), in_packing_room(factory)
    orders, lots = factory.log().tables["orders"], factory.log().tables["lots"]
    taken = np.flatnonzero(~np.isnan(orders["taken_min"])).tolist()
    assert len(taken) >= 3
    if stop_at_question is not None:
        assert sum(inside.values()) > 0  # else nothing was tested in the middle
    assert [come[o] + inside[o] for o in taken] == orders["cut"][taken].tolist()
    assert set(come) | set(inside) <= set(taken)
    packed = np.bincount(lots["order"], weights=lots["pieces"], minlength=len(orders["cut"]))
    assert all(packed[o] <= come[o] for o in range(len(packed)))
    assert (lots["packed_min"] <= factory.now_min).all()


@pytest.mark.parametrize("seed", range(12))
def test_shipped_orders_split_into_good_pieces_and_seconds(small, small_tables, seed) -> None:
    policy = Random(seed=seed) if seed % 2 else AtcsMatch()
    log = play(Factory(small, seed, tables=small_tables), policy)
    orders, lots = log.tables["orders"], log.tables["lots"]
    shipped = ~np.isnan(orders["shipped_min"])
    assert shipped.sum() > 10
    # an order leaves the house with its last carton
    last = np.zeros(orders["order"].shape[0])
    np.maximum.at(last, lots["order"], lots["packed_min"])
    np.testing.assert_allclose(last[shipped], orders["shipped_min"][shipped], atol=1e-6)
    np.testing.assert_array_equal(
        (orders["good"] + orders["seconds"])[shipped], orders["cut"][shipped]
    )
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


@pytest.mark.parametrize(
    ("lot_pieces", "bundle_pieces"), [(1, 20), (10, 20), (33, 50), (20, 20), (7, 5), (200, 1)]
)
def test_no_piece_is_lost_when_customers_cancel(lot_pieces, bundle_pieces) -> None:
    """Lots may be smaller than bundles: a bundle is then a lot."""
    overrides = {
        "flow.lot_pieces": lot_pieces,
        "flow.bundle_pieces": bundle_pieces,
        "horizon_days": 20,
        "demand.days": 16,
        "disruptions.changes.share": 0.0,
        "disruptions.changes.cancel_share": 0.6,
    }
    scenario, cancelled = load_scenario("small", "default", overrides, "rough"), 0
    for seed in range(3):
        factory = Factory(scenario, seed)
        log = play(factory, AtcsMatch())
        orders, inside, come = log.tables["orders"], on_the_way(factory), in_packing_room(factory)
        taken = np.flatnonzero(~np.isnan(orders["taken_min"])).tolist()
        left = orders["cut"] - orders["scrapped"]
        assert [come[o] + inside[o] for o in taken] == left[taken].tolist()
        dropped = ~np.isnan(orders["cancelled_min"])
        untaken = dropped & np.isnan(orders["taken_min"])
        assert (orders["scrapped"] == orders["cut"])[untaken].all()
        cancelled += int(dropped[taken].sum())
        assert (log.tables["lots"]["pieces"] > 0).all()
    assert cancelled >= 3  # else nothing was tested
