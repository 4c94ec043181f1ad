"""Large orders come in parts of whole colour lots, and bundles never mix colours."""

from __future__ import annotations

import pytest

from agents.rules.atcs_match import AtcsMatch
from factory_env import Factory, load_scenario
from factory_env.sim.orders.parts import colour_lots, part_groups, split_orders
from tests.play import play


@pytest.mark.parametrize(("pieces", "colours"), [(1000, 3), (601, 2), (7, 7), (300, 1)])
def test_colour_lots_hold_every_piece_and_differ_by_one_at_most(pieces, colours) -> None:
    lots = colour_lots(pieces, colours)
    assert (sum(lots), len(lots)) == (pieces, colours)
    assert max(lots) - min(lots) <= 1


def test_parts_keep_the_pieces_the_colours_and_the_date() -> None:
    scenario = load_scenario("mid", overrides={"demand.colours": [2, 4], "flow.split_days": 1.0})
    plain = load_scenario("mid", overrides={"demand.colours": [2, 4]})
    factory = Factory(scenario, 1)
    whole = {o.order_id: o for o in Factory(plain, 1).world.book.orders}
    parts: dict[str, list] = {}
    for part in factory.book.orders:
        parts.setdefault(part.parent or part.order_id, []).append(part)
    assert set(parts) == set(whole)
    assert max(len(p) for p in parts.values()) >= 3
    for name, mine in parts.items():
        order = whole[name]
        assert sum(p.quantity for p in mine) == order.quantity
        assert sum(p.colours for p in mine) == order.colours
        assert {p.due_min for p in mine} == {order.due_min}
        assert len(mine) <= order.colours


def test_an_order_that_is_a_part_is_not_split_again() -> None:
    scenario = load_scenario("mid", overrides={"flow.split_days": 0.5})
    factory = Factory(scenario, 1)
    once = factory.book.orders
    assert split_orders(once, factory.tables) == tuple(once)
    groups = part_groups(once)
    assert all(groups[g] == g for g in groups)


def test_without_splitting_an_order_is_its_own_group() -> None:
    factory = Factory(load_scenario("small"), 1)
    assert part_groups(factory.book.orders) == list(range(len(factory.book)))


def test_parts_can_be_sewn_side_by_side() -> None:
    scenario = load_scenario("mid", overrides={"flow.split_days": 1.0, "demand.colours": [2, 4]})
    orders = play(Factory(scenario, 2), AtcsMatch()).tables["orders"]
    parents = [p for p in set(orders["parent"].tolist()) if p]
    lines = [set(orders["line"][orders["parent"] == p].tolist()) for p in parents]
    assert any(len(used) > 1 for used in lines)
