"""Lots become orders again; parts of an order leave together, and what they cost is booked."""

from __future__ import annotations

from typing import Any

import pytest
from simpy import Environment

from factory_env import load_scenario
from factory_env.domain.plant import LAST_ROOM
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.stations.spine.shipping import Shipping
from factory_env.sim.work.lot import Found, Lot
from tests.sim.orders.small_book import order_at
from tests.sim.small_world import runs_of, small_world

DAY = 1440.0


class Lorry:
    """Orders of 100 pieces at 10 USD, two lots each, and the end of the house they go through."""

    def __init__(self, *orders: dict[str, Any], **overrides: Any) -> None:
        scenario = load_scenario("small", overrides=overrides)
        tables = small_world(scenario, []).tables
        style = tables.styles[0].style_id
        given = [order_at(style, order_id=f"o{i}", **o) for i, o in enumerate(orders)]
        self.world = small_world(scenario, given, tables=tables)
        self.env: Environment = self.world.env
        self.runs = runs_of(self.world)
        for run in self.runs:
            run.cut, run.lots_open = 100, 2
            self.world.ledger.bind(1000.0, 0.0)
            self.world.to_come.arrive(run.order)
            self.world.to_come.make_ready(run.order)
        clock = WorkingClock(self.env, self.world.shifts, "finishing")
        self.shipping = Shipping(self.world, clock, self.runs)

    def lot(self, order: int, packed_work: float, seconds: int = 0) -> None:
        """Half an order comes to packing and is packed at a working minute."""
        lot = Lot(self.runs[order], 0, 50)
        lot.becomes(Found(seconds=seconds), 0.0)
        self.runs[order].seconds += seconds
        lot.times[LAST_ROOM] = (0.0, packed_work)
        self.shipping.arrive(lot)


def test_an_order_leaves_when_its_last_lot_is_packed() -> None:
    lorry = Lorry({})
    start = lorry.world.scenario.calendar.shift_start_min
    lorry.lot(0, 60.0)
    lorry.env.run(until=DAY)
    assert lorry.world.to_come.shipped == 0  # half of it is still on its way
    lorry.lot(0, 30.0)
    lorry.env.run(until=2 * DAY)
    run = lorry.runs[0]
    assert run.good == 100
    assert run.packed_work == 60.0
    assert run.shipped_min == DAY  # it was packed long ago, and leaves at once
    assert start + 60.0 < DAY
    assert lorry.world.to_come.shipped == 1


def test_an_order_waits_for_the_room_s_working_minute() -> None:
    lorry = Lorry({})
    lorry.lot(0, 60.0)
    lorry.lot(0, 90.0)
    lorry.env.run(until=DAY)
    assert lorry.runs[0].shipped_min == lorry.world.scenario.calendar.shift_start_min + 90.0


def test_parts_of_an_order_leave_together() -> None:
    lorry = Lorry({"parent": "P"}, {"parent": "P"}, {})
    for order in (0, 2):
        lorry.lot(order, 10.0)
        lorry.lot(order, 20.0)
    lorry.env.run(until=DAY)
    assert [run.is_shipped for run in lorry.runs] == [False, False, True]
    assert lorry.runs[0].has_passed
    for _ in range(2):
        lorry.lot(1, 30.0)
    lorry.env.run(until=2 * DAY)
    assert lorry.runs[0].shipped_min == lorry.runs[1].shipped_min == DAY


def test_a_cancelled_order_never_leaves() -> None:
    lorry = Lorry({}, {})
    lorry.runs[0].cancelled_min = 0.0
    lorry.lot(0, 10.0)
    lorry.lot(0, 10.0)
    lorry.lot(1, 10.0)
    lorry.lot(1, 50.0)
    lorry.env.run(until=lorry.world.scenario.calendar.shift_start_min + 20.0)
    lorry.runs[1].cancelled_min = lorry.env.now  # while the last lot is being packed
    lorry.env.run(until=DAY)
    assert [run.is_shipped for run in lorry.runs] == [False, False]


def test_seconds_and_missing_pieces_are_paid_and_capital_is_free_again() -> None:
    lorry = Lorry({}, **{"costs.seconds_loss_share": 0.4})
    lorry.lot(0, 10.0, seconds=3)
    lorry.lot(0, 10.0)
    lorry.env.run(until=DAY)
    parts = lorry.world.ledger.parts(lorry.world.env.now)
    assert parts["short"] == pytest.approx(3 * 10.0)
    assert parts["seconds"] == pytest.approx(3 * 10.0 * 0.4)
    held = parts["holding"]
    lorry.env.run(until=9 * DAY)
    lorry.world.ledger.total(9 * DAY)
    assert lorry.world.ledger.parts(lorry.world.env.now)["holding"] == held > 0.0


def test_with_the_station_a_second_loses_what_the_price_list_says_and_escapes_come_back() -> None:
    lorry = Lorry({}, **{"inspection.station.enabled": True, "quality.seconds_price_share": 0.3})
    run = lorry.runs[0]
    run.defective, run.caught, run.returns = 4, 2, 1.0  # two escapes, one expected back
    lorry.lot(0, 10.0, seconds=2)
    lorry.lot(0, 10.0)
    lorry.env.run(until=DAY)
    parts = lorry.world.ledger.parts(lorry.world.env.now)
    assert parts["seconds"] == pytest.approx(2 * 10.0 * 0.7)
    station = lorry.world.scenario.inspection.station
    assert parts["returns"] == pytest.approx(10.0 + station.return_usd)


def test_an_order_whose_lateness_costs_as_much_as_air_goes_by_air() -> None:
    lorry = Lorry({"due_min": -30 * DAY}, {}, **{"costs.air_usd_per_kg": 0.01})
    for run in lorry.runs:
        lorry.world.ledger.watch(run.order, 0.0)
    for order in (0, 1):
        lorry.lot(order, 10.0)
        lorry.lot(order, 10.0)
    lorry.world.ledger.total(0.0)
    lorry.env.run(until=DAY)
    assert [run.by_air for run in lorry.runs] == [True, False]
