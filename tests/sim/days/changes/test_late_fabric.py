"""The mill says that the fabric of an order will come later."""

from __future__ import annotations

from agents.rules.edd import Edd
from factory_env import Factory
from factory_env.domain.changes import LateFabric
from tests.play import play

DAY = 1440.0


def test_it_is_known_on_one_day_and_there_on_the_other(short, short_tables) -> None:
    book = Factory(short, 1, tables=short_tables).book.orders
    late = next(o for o in book if o.release_min > 3 * DAY)
    change = LateFabric(at_min=2 * DAY, order_id=late.order_id, release_min=9 * DAY)
    log = play(Factory(short, 1, tables=short_tables, changes=(change,)), Edd())
    row = log.tables["orders"]["order_id"].tolist().index(late.order_id)
    assert log.tables["orders"]["promised_min"][row] == late.release_min
    assert log.tables["orders"]["release_min"][row] == 9 * DAY
    events = log.tables["events"]
    assert (events["kind"][0], events["start_min"][0]) == ("fabric late", 2 * DAY)


def test_fabric_that_is_there_stays(short, short_tables) -> None:
    first = Factory(short, 1, tables=short_tables).book.orders[0]
    change = LateFabric(at_min=2 * DAY, order_id=first.order_id, release_min=9 * DAY)
    log = play(Factory(short, 1, tables=short_tables, changes=(change,)), Edd())
    assert log.tables["orders"]["release_min"][0] == first.release_min
