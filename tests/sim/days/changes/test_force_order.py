"""An order is the next one on a line, whoever decides."""

from __future__ import annotations

from agents.rules.edd import Edd
from factory_env import Factory
from factory_env.domain.changes import ForceOrder
from tests.play import play

DAY = 1440.0


def test_the_line_takes_the_order_that_another_would_have_had(short, short_tables) -> None:
    plain = play(Factory(short, 1, tables=short_tables), Edd()).tables["orders"]
    able = [o for o in range(len(plain["order"])) if plain["taken_min"][o] > 2 * DAY]
    capable, style = short_tables.capable, Factory(short, 1, tables=short_tables).book.style
    order, line = next(
        (o, k) for o in able for k in range(3) if capable[k, style[o]] and k != plain["line"][o]
    )
    change = ForceOrder(
        at_min=DAY, order_id=str(plain["order_id"][order]), line=short.plant.lines[line].name
    )
    orders = play(Factory(short, 1, tables=short_tables, changes=(change,)), Edd()).tables["orders"]
    assert orders["line"][order] == line
    assert orders["taken_min"][order] == orders["taken_min"][order]
