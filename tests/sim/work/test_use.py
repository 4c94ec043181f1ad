"""What rooms report to the meter, from spans written down by hand."""

from __future__ import annotations

import numpy as np
import pytest
from simpy import Environment

from factory_env.domain.calendar import ShiftTable
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.work.use import NO_USE, ProcessUse, RoomUse, Spans
from tests.laws.tiny_plant import ALWAYS

EDGES = np.array([0.0, 15.0, 30.0, 45.0, 60.0])


def clock() -> tuple[Environment, WorkingClock]:
    """A clock that never rests."""
    env = Environment()
    return env, WorkingClock(env, ShiftTable(ALWAYS, 3), "room")


def test_spans_are_cut_at_the_edges_and_weighted() -> None:
    spans = Spans()
    spans.add(10.0, 20.0)
    spans.add(20.0, 50.0, weight=2.0)
    # 5 | 5 + 2 x 10 | 2 x 15 | 2 x 5
    assert spans.busy(EDGES).tolist() == [5.0, 25.0, 30.0, 10.0]
    assert Spans().busy(EDGES).tolist() == [0.0] * 4


def test_spans_asked_in_order_give_the_same_and_are_forgotten_when_over() -> None:
    spans = Spans()
    spans.add(10.0, 20.0)
    spans.add(20.0, 50.0, weight=2.0)
    assert [spans.busy_since(edge) for edge in EDGES[1:]] == [5.0, 25.0, 30.0, 10.0]
    assert spans.busy(EDGES).tolist() == [0.0] * 4


def test_a_room_reports_people_at_work_while_its_clock_goes() -> None:
    env, room_clock = clock()
    use = RoomUse(room_clock, "press_busy", crew=4, staff=24)
    use.spans.add(0.0, 15.0)
    use.spans.add(5.0, 10.0)
    room_clock.set_factor("steam", 0.5)  # minute 30 of the day is working minute 15
    env.run(until=60.0)
    busy = use.used(EDGES).press_busy
    # working minutes 0 to 7.5 and 7.5 to 15: (7.5 + 2.5) x 4 / 15 and the same again
    assert np.asarray(busy).tolist() == pytest.approx([40 / 15, 40 / 15, 0.0, 0.0])
    assert use.staff == 24


def test_a_clock_that_stands_reports_nothing() -> None:
    env, room_clock = clock()
    use = RoomUse(room_clock, "packers_busy", crew=5, staff=40)
    use.spans.add(0.0, 30.0)
    env.run(until=15.0)
    assert use.used_now().packers_busy == pytest.approx(5.0)
    room_clock.set_factor("outage", 0.0)
    env.run(until=30.0)
    assert use.used_now() is NO_USE


def test_a_program_spreads_what_it_takes_over_its_time() -> None:
    env, room_clock = clock()
    use = ProcessUse(room_clock, staff=4)
    use.add(15.0, 45.0, kwh=10.0, steam_kg=6.0)
    env.run(until=60.0)
    used = use.used(EDGES)
    assert np.asarray(used.process_kw).tolist() == pytest.approx([0.0, 20.0, 20.0, 0.0])
    assert np.asarray(used.process_steam_kg_h).tolist() == pytest.approx([0.0, 12.0, 12.0, 0.0])
    assert use.used_now().process_kw == pytest.approx(40.0)  # asked once, at the end: 10 kWh
