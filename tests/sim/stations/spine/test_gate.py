"""The gate: lots in order of coming, and a line that stands still while too many wait for it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from simpy import Environment

from agents.rules.atcs_match import AtcsMatch
from factory_env import Factory, load_scenario
from factory_env.domain.calendar import ShiftTable
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.stations.spine.gate import BLOCKED, Gate
from factory_env.sim.work.lot import INSPECT, Lot
from tests.laws.tiny_plant import ALWAYS, line, product
from tests.play import column, play
from tests.sim.events import count_events

PIECE = replace(product("toy", [1.0]), inspect_min=1.0)  # a lot takes a minute a piece


class LineEnd:
    """A line's clock and its gate with one inspector; lots fall off at given working minutes."""

    def __init__(self, limit_lots: int) -> None:
        self.env = Environment()
        shifts = ShiftTable(ALWAYS, 40)
        self.clock = WorkingClock(self.env, shifts, "line")
        self.gate_clock = WorkingClock(self.env, shifts, "gate")
        self.gone: list[Lot] = []
        spec = replace(line("l", 1, toy=1.0), inspectors=1)
        self.gate = Gate(spec, self.gate_clock, self.gone.append, self.clock, limit_lots)

    def lot(self, work_min: float, pieces: int) -> None:
        """``pieces`` pieces leave the line at its working minute ``work_min``."""
        lot = Lot(OrderRun(0, PIECE), 0, pieces)
        self.clock.call_at(work_min, self._fall, lot)

    def _fall(self, lot: Lot) -> None:
        lot.sewn_min = self.env.now
        self.gate.arrive(lot)

    def sewn(self) -> list[float]:
        """Wall minutes at which the lots came."""
        self.env.run()
        return [lot.sewn_min for lot in self.gone]


def test_a_line_stands_still_while_more_lots_wait_than_allowed() -> None:
    end = LineEnd(limit_lots=2)
    for minute in (1, 2, 3, 4, 5):
        end.lot(minute, 10)
    # lots 1, 2, 3 come at 1, 2, 3; that is one too many until lot 1 is checked at 11. The line
    # has done 3 minutes then: lot 4 falls at 12, again one too many until 21; lot 5 at 22
    assert end.sewn() == [1.0, 2.0, 3.0, 12.0, 22.0]
    assert end.clock.rate == 1.0


def test_without_a_limit_the_line_never_stands_still() -> None:
    end = LineEnd(limit_lots=0)
    for minute in (1, 2, 3, 4, 5):
        end.lot(minute, 10)
    assert end.sewn() == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert [lot.times[INSPECT][1] for lot in end.gone] == [11.0, 21.0, 31.0, 41.0, 51.0]


def test_lots_of_one_minute_come_together_although_the_first_of_them_stops_the_line() -> None:
    end = LineEnd(limit_lots=1)
    for _ in range(4):
        end.lot(3.0, 10)
    end.lot(4.0, 10)
    # four at minute 3; three of them are checked at 13, 23, 33: one is left, the line goes on
    assert end.sewn() == [3.0, 3.0, 3.0, 3.0, 34.0]


def test_a_factor_may_be_set_by_a_waiter_of_the_same_clock() -> None:
    """A clock may be stopped and started by those it rings, whoever else is due then or later."""
    env = Environment()
    clock = WorkingClock(env, ShiftTable(ALWAYS, 5), "line")
    rang = []

    def pause(length: float) -> None:
        rang.append(("pause", env.now))
        clock.set_factor("blocked", 0.0)
        clock.set_factor("blocked", 0.5)
        clock.set_factor("blocked", 0.0)

        def go_on():
            yield env.timeout(length)
            clock.set_factor("blocked", 1.0)

        env.process(go_on())

    clock.call_at(10.0, pause, 7.0)
    clock.call_at(10.0, lambda who: rang.append((who, env.now)), "same minute")
    clock.call_at(12.0, lambda who: rang.append((who, env.now)), "later")
    env.run()
    # 7 minutes of standstill after minute 10
    assert rang == [("pause", 10.0), ("same minute", 10.0), ("later", 19.0)]


def test_a_limit_that_is_never_reached_costs_no_event() -> None:
    events = []
    for limit in (0, 50):
        end = LineEnd(limit)
        for minute in range(1, 40):
            end.lot(float(minute), 10)
        events.append(count_events(end.env))
        assert len(end.gone) == 39
    assert events[0] == events[1]


@given(
    lots=st.lists(st.tuples(st.integers(0, 12), st.integers(1, 20)), min_size=1, max_size=25),
    limit=st.integers(1, 5),
)
def test_the_line_waits_as_a_recursion_says(lots, limit) -> None:
    end = LineEnd(limit)
    work, came, checked = [], [], []
    for gap, pieces in lots:
        work.append(gap + (work[-1] if work else 1))
        end.lot(float(work[-1]), pieces)
        if not came:
            came.append(float(work[-1]))
        elif gap == 0:
            came.append(came[-1])  # one minute, one burst
        else:  # the line went on when all but ``limit`` of the lots before were checked
            go_on = max(came[-1], checked[-limit - 1] if len(checked) > limit else 0.0)
            came.append(go_on + gap)
        checked.append(max(came[-1], checked[-1] if checked else 0.0) + pieces)
    assert end.sewn() == pytest.approx(came)


@pytest.fixture(scope="module")
def blocked():
    """A busy small plant whose gates hold at most one unchecked lot."""
    scenario = load_scenario("small", overrides={"flow.gate_limit_lots": 1})
    factory = Factory(scenario, 1)
    return factory, play(factory, AtcsMatch())


def test_no_lot_falls_while_more_lots_wait_than_the_limit(blocked) -> None:
    log = blocked[1]
    lots = log.tables["lots"]
    most = 0
    for number in set(lots["line"].tolist()):
        here = lots["line"] == number
        sewn, checked = lots["sewn_min"][here], lots["inspected_min"][here]
        for minute in sewn:
            waiting = int(((sewn < minute - 1e-6) & (checked > minute + 1e-6)).sum())
            most = max(most, waiting)
    assert most == 1


def test_blocked_lines_lose_time_and_no_pieces(blocked, small) -> None:
    log = blocked[1]
    orders = log.tables["orders"]
    shipped = ~np.isnan(orders["shipped_min"])
    assert shipped.sum() > 10
    np.testing.assert_array_equal(
        (orders["good"] + orders["seconds"])[shipped], orders["cut"][shipped]
    )
    free = play(Factory(small, 1), AtcsMatch())
    first = int(np.nanargmin(column(free, "orders", "taken_min")))
    # the first order of the run meets the same line with and without the limit, but for the waits
    assert orders["line"][first] == column(free, "orders", "line")[first]
    assert orders["sewn_min"][first] >= column(free, "orders", "sewn_min")[first]
    assert sum(line.clock.lost_now().get(BLOCKED, 0.0) for line in blocked[0].lines) > 0.0
