"""A run as frozen columns: in wall time, in the schema's order, at any minute of it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from agents.rules.edd import Edd
from factory_env import Factory, RunLog, load_scenario, play, step_through
from factory_env.domain.records import SCHEMA

DAY = 1440.0


@pytest.fixture(scope="module")
def log(short, short_tables) -> RunLog:
    return play(Factory(short, 3, tables=short_tables), Edd())


def test_every_table_of_the_schema_is_there_with_its_columns_in_order(log) -> None:
    assert log.tables.keys() == SCHEMA.keys()
    for name, table in log.tables.items():
        assert list(table) == list(SCHEMA[name]), name
        assert len({len(column) for column in table.values()}) == 1, name


def test_the_head_says_what_was_run(log, short) -> None:
    assert log.seed == 3
    assert log.lines == tuple(line.name for line in short.plant.lines)
    assert log.operators == tuple(line.operators for line in short.plant.lines)
    assert log.facts["shift_min"] == short.calendar.shift_min
    assert log.facts["battery_kwh"] == 0.0
    assert log.working_days == pytest.approx(short.horizon_days) or log.finished


def test_lots_are_in_order_and_their_times_rise(log) -> None:
    lots = log.tables["lots"]
    keys = list(zip(lots["order"].tolist(), lots["lot"].tolist(), strict=True))
    assert keys == sorted(keys)
    stages = [
        lots[name]
        for name in (
            "sewn_min",
            "inspect_start_min",
            "inspected_min",
            "press_start_min",
            "pressed_min",
            "packed_min",
        )
    ]
    for before, after in pairwise(stages):
        assert (after >= before).all()
    assert (lots["packed_min"] <= log.end_min).all()


def test_good_pieces_of_an_order_are_those_of_its_packed_lots(log) -> None:
    lots, orders = log.tables["lots"], log.tables["orders"]
    good = np.bincount(lots["order"], weights=lots["good"], minlength=len(orders["order"]))
    assert good.tolist() == orders["good"].tolist()


def test_working_times_are_wall_times_of_the_open_house(log, short) -> None:
    calendar = short.calendar
    minute = log.tables["lots"]["packed_min"] % DAY
    assert (minute >= calendar.shift_start_min).all()
    assert (minute <= calendar.shift_end_min).all()


def test_a_log_can_be_read_on_the_way_and_grows(short, short_tables, log) -> None:
    factory = Factory(short, 3, tables=short_tables)
    asked = step_through(factory, Edd())
    first, second = (factory.log() for question in asked if question.serial in (4, 8))
    assert first.end_min < second.end_min
    for name in ("decisions", "lots", "attendance"):
        column = next(iter(SCHEMA[name]))
        lengths = [len(run.tables[name][column]) for run in (first, second, log)]
        assert lengths == sorted(lengths)
        assert lengths[-1] > lengths[0]
    assert not first.finished
    # what was packed then is written alike in the end
    packed = first.tables["lots"]["packed_min"]
    assert np.isin(packed, log.tables["lots"]["packed_min"]).all()


def test_what_has_not_happened_is_nan(short, short_tables) -> None:
    factory = Factory(short, 3, tables=short_tables)
    factory.advance()
    orders = factory.log().tables["orders"]
    for name in ("shipped_min", "sewn_min", "cancelled_min"):
        assert np.isnan(orders[name]).all(), name
    assert (orders["good"] == 0).all()


def test_products_that_take_another_way_have_columns_of_their_rooms() -> None:
    scenario = load_scenario("small", "real", {"horizon_days": 12, "demand.days": 8})
    log = play(Factory(scenario, 1), Edd())
    lots, orders = log.tables["lots"], log.tables["orders"]
    more = [name for name in lots if name not in SCHEMA["lots"]]
    assert len(more) == 2
    product = orders["product"][lots["order"]]
    for name in more:
        was_there = ~np.isnan(lots[name])
        assert set(product[was_there]) == {"jeans"}
        assert was_there.sum() == (product == "jeans").sum()
