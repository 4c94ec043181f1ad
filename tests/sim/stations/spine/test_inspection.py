"""Camera, table, bench and the way back, by hand; wear of machines; the loop against its price."""

from __future__ import annotations

from dataclasses import replace

import pytest
from simpy import Environment

from factory_env import load_scenario
from factory_env.domain.calendar import ShiftTable
from factory_env.domain.costs import Costs
from factory_env.domain.inspection import Station
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.orders.ledger import Ledger
from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.stations.spine.gate import Gate
from factory_env.sim.stations.spine.inspection import InspectionStation, Needs
from factory_env.sim.work.lot import LINE_END, Found, Lot
from tests.laws.tiny_plant import ALWAYS, line, product
from tests.sim.events import count_events

PIECE = replace(product("toy", [1.0]), inspect_min=1.0)  # the whole check takes a minute a piece
BASE = load_scenario("small")


class NoOrders(list):
    """A book without orders."""


class End:
    """A line's end with one inspector and one mender; lots fall at given working minutes."""

    def __init__(self, needs: Needs | None, **station) -> None:
        self.env = Environment()
        shifts = ShiftTable(ALWAYS, 40)
        line_clock = WorkingClock(self.env, shifts, "line")
        clock = WorkingClock(self.env, shifts, "gate")
        self.clock, self.gone = line_clock, []
        self.ledger = Ledger(Costs(), NoOrders())
        spec = replace(line("l", 1, toy=1.0), inspectors=1, repairers=1)
        rest = (spec, clock, self.gone.append, line_clock, 0)
        self.gate = Gate(*rest)
        if needs is not None:
            verdict = needs.at(Station(enabled=True, **station))
            self.gate = InspectionStation(*rest, self.ledger, verdict)

    def lot(self, work_min: float, pieces: int, repairs: int = 0, bench_min: float = 0.0) -> None:
        lot = Lot(OrderRun(0, PIECE), 0, pieces)
        lot.becomes(Found(repairs=repairs), bench_min)
        self.clock.call_at(work_min, self.gate.arrive, lot)

    def times(self) -> list[list[float]]:
        """Camera, table, bench and second inspection of each lot, start and end."""
        self.env.run()
        return [[t for stage in LINE_END for t in lot.times[stage]] for lot in self.gone]

    def events(self) -> int:
        """Events until nothing is left to happen."""
        return count_events(self.env)


def test_lots_pass_camera_table_and_bench_and_what_is_mended_comes_back() -> None:
    end = End(Needs(manual_share=0.5, uses_camera=True), camera_s=6.0, camera_usd=0.01)
    end.lot(10.0, 20, repairs=2, bench_min=8.0)
    end.lot(11.0, 20)
    # camera 6 s a piece: 2 min for 20 pieces, 0.2 for the two that come back; table half a minute
    # a piece: 10 min, 1 for the two
    first, second = end.times()
    assert first == pytest.approx([10, 12, 12, 22, 22, 30, 30, 31.2])
    # camera free at 12.2, table at 23
    assert second == pytest.approx([12.2, 14.2, 23, 33, 33, 33, 33, 33])
    people_min = 10 + 1 + 8 + 10
    assert end.ledger.inspection == pytest.approx(people_min * 0.042 + 42 * 0.01)


def test_without_camera_and_check_only_the_bench_takes_time() -> None:
    end = End(Needs(manual_share=0.0))
    end.lot(10.0, 20, repairs=2, bench_min=8.0)
    end.lot(11.0, 20, repairs=1, bench_min=4.0)
    assert end.times() == [
        pytest.approx([10, 10, 10, 10, 10, 18, 18, 18]),
        pytest.approx([11, 11, 11, 11, 18, 22, 22, 22]),
    ]


def test_the_station_spends_no_more_events_than_the_gate() -> None:
    counts = []
    for needs in (None, Needs(), Needs(manual_share=0.5, uses_camera=True)):
        end = End(needs)
        for minute in range(1, 60):
            end.lot(float(minute), 10, repairs=1, bench_min=2.0)
        counts.append(end.events())
        assert len(end.gone) == 59
    assert counts[0] == counts[1] == counts[2]
