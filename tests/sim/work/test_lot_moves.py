"""Compiled moves of lots, one by one and by hand: gate, bench, press room, packing."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env.sim.kernel.agenda import HouseEnvironment
from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.stations.packing import Packing
from factory_env.sim.stations.pressing import Pressing
from factory_env.sim.stations.spine.finishing import Finishing
from factory_env.sim.work.lot_agenda import LotAgenda
from factory_env.sim.world import World
from tests.sim.small_world import runs_of, small_world


class Way:
    """Gate, press room and packing of a small plant's first line, and one order's lots."""

    def __init__(self, scenario, tables, *, bench_min: float, seconds: int = 0) -> None:
        self.world: World = small_world(scenario, tables=tables)
        self.runs: list[OrderRun] = runs_of(self.world)
        self.agenda = LotAgenda(self.world, self.runs)
        self.complete: list[tuple[OrderRun, float]] = []
        env: HouseEnvironment = self.world.env
        self.agenda.call_when_complete(lambda run: self.complete.append((run, env.now)))
        clock = self.agenda.make_clock(self.world.shifts, "finishing")
        self.finishing = Finishing(self.world, clock, self.agenda.refuse, self.agenda)
        self.spec = scenario.plant.lines[0]
        self.line = self.agenda.make_clock(self.world.shifts, "line")
        gate = self.agenda.make_clock(self.world.shifts, "gate")
        self.gate = self.agenda.make_gate(0, self.spec, gate)
        self.rows = np.array([[20, 2, 1, 0, 1, 1, 1, seconds, 1, bench_min]] * 3, dtype=float)

    def run(self, *sewn_min: float) -> list:
        run = self.runs[0]
        sewn = np.array(sewn_min)
        places = self.agenda.add_lots(self.line.number, run, 0, self.rows[: len(sewn)], sewn)
        self.world.env.run()
        return self.agenda.lots(places)


def test_a_lot_is_checked_mended_pressed_and_packed_in_turn(small, small_tables) -> None:
    way = Way(small, small_tables, bench_min=6.0, seconds=1)
    lot = way.run(30.0)[0]
    product, rooms = way.runs[0].product, small.plant.rooms
    checked = 30.0 + 20 * product.inspect_min / way.spec.inspectors
    mended = checked + 6.0 / way.spec.repairers
    pressed = mended + 19 * product.press_min / rooms.press_crew  # without the second
    packed = pressed + 19 * (product.clean_min + product.pack_min) / rooms.pack_crew
    assert (lot.good, lot.pieces, lot.found.seconds) == (19, 20, 1)
    assert lot.times["inspect"] == (30.0, pytest.approx(checked))
    assert lot.times["repair"] == pytest.approx((checked, mended))
    assert lot.times["pressing"] == pytest.approx((mended, pressed))
    assert lot.times["packing"] == pytest.approx((pressed, packed))
    # the order has no other lot: it is complete when this one is packed, by the clock from 8:00
    assert [(run.good, minute) for run, minute in way.complete] == [
        (19, pytest.approx(480.0 + packed))
    ]


def test_lots_that_come_together_wait_for_the_table(small, small_tables) -> None:
    way = Way(small, small_tables, bench_min=0.0)
    first, second, third = way.run(10.0, 10.0, 10.0)
    assert second.times["inspect"][0] == first.times["inspect"][1]
    assert third.times["inspect"][0] == second.times["inspect"][1]
    assert first.times["repair"][0] == first.times["repair"][1]  # nothing to mend
    assert [lot.number for lot in way.finishing.packed_lots] == [0, 1, 2]
    assert len(way.complete) == 1
    assert way.gate.waiting_min == (0.0, 0.0)


def test_a_lot_that_is_dropped_does_not_fall(small, small_tables) -> None:
    way = Way(small, small_tables, bench_min=0.0)
    places = way.agenda.add_lots(way.line.number, way.runs[0], 0, way.rows[:2], np.array([1.0, 2]))
    way.agenda.drop(places[1:])
    way.world.env.run()
    assert [lot.has_fallen for lot in way.agenda.lots(places)] == [True, False]
    assert [run.good for run, _ in way.complete] == [20]  # it waits for the one lot only


def test_a_cancelled_order_is_never_complete(small, small_tables) -> None:
    way = Way(small, small_tables, bench_min=0.0)
    way.agenda.cancel(0)
    way.run(5.0)
    assert way.complete == []
    assert len(way.finishing.packed_lots) == 1


def test_the_rooms_of_the_house_are_those_that_the_kernels_serve(small, small_tables) -> None:
    way = Way(small, small_tables, bench_min=0.0)
    rooms = {type(room) for room in way.finishing.rooms.values()}
    assert rooms == {Pressing, Packing}
