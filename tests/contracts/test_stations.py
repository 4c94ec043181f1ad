"""Every room between gate and lorry: no lot is lost, times rise, and at rest nothing works."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from simpy import Environment

from factory_env import Scenario, load_scenario
from factory_env.catalogue import load_plug, plug_names
from factory_env.domain.calendar import ShiftTable
from factory_env.domain.plant import LAST_ROOM
from factory_env.domain.records import SCHEMA
from factory_env.library import load_library
from factory_env.sim import stations
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.plant.power import PowerTable
from factory_env.sim.work.lot import Lot

NAMES = plug_names(stations)
DAYS = 12
SLOT_MIN = 15.0
SCENARIO = load_scenario("small", "real")
STYLES = [SimpleNamespace(style_id=f"jeans-{i}", product=None) for i in range(1, 7)]


class Room:
    """A room in a house of its own, to which lots come."""

    def __init__(self, name: str, is_metered: bool = False, scenario: Scenario = SCENARIO) -> None:
        self.env = Environment()
        self.calendar = scenario.calendar
        self.clock = WorkingClock(self.env, ShiftTable(self.calendar, DAYS), name)
        jeans = load_library().product("jeans")
        # every product takes a way that names the room, so that it is built for all of them
        route = tuple(dict.fromkeys((name, "pressing", LAST_ROOM)))
        world = SimpleNamespace(
            env=self.env,
            scenario=scenario.replace(routes={"jeans": route}),
            power=PowerTable(()) if is_metered else None,
            book=SimpleNamespace(style=np.arange(len(STYLES))),
            tables=SimpleNamespace(styles=STYLES),
        )
        self.gone: list[tuple[Lot, float]] = []
        then = None if name == LAST_ROOM else lambda lot: self.gone.append((lot, self.env.now))
        self.room = load_plug(stations, name)(world, self.clock, then)
        rng = np.random.default_rng(5)
        self.came: dict[Lot, float] = {}
        for number in range(60):
            lot = Lot(OrderRun(int(rng.integers(len(STYLES))), jeans), number, 0)
            lot.pieces = lot.good = int(rng.integers(0, 300))
            minute = float(rng.uniform(0.0, 1500.0))  # of work, in the first days
            self.came[lot] = minute
            self.clock.call_at(minute, self.room.arrive, lot)

    def run(self) -> Room:
        """Until the house is closed for good."""
        self.env.run(until=DAYS * 1440.0 - 1.0)
        return self


@pytest.fixture(scope="module", params=NAMES)
def room(request: pytest.FixtureRequest) -> Room:
    return Room(request.param).run()


def test_the_folder_holds_rooms_that_routes_may_name() -> None:
    assert LAST_ROOM in NAMES
    assert set(SCENARIO.plant.room_names) <= set(NAMES)


def test_a_room_has_its_files_name_and_columns_of_its_own(room: Room) -> None:
    name, columns = room.room.name, room.room.columns
    assert name in NAMES
    others = [load_plug(stations, other).columns for other in NAMES if other != name]
    assert not set(columns) & {column for pair in others for column in pair}
    assert len(set(columns)) == 2
    assert all(column.endswith("_min") for column in columns)
    kept = [SCHEMA["lots"].get(column, ("f8", "min", ""))[:2] for column in columns]
    assert kept == [("f8", "min")] * 2


def test_every_lot_goes_on_once_and_whole(room: Room) -> None:
    if room.room.name == LAST_ROOM:
        assert not room.gone
    else:
        assert sorted(lot.number for lot, _ in room.gone) == list(range(len(room.came)))
    assert all(lot.good == lot.pieces for lot in room.came)


def test_times_rise_from_coming_to_going(room: Room) -> None:
    stage = room.room.name
    for lot, came in room.came.items():
        start, end = lot.times[stage]
        assert came - 1e-9 <= start <= end < np.inf
        if lot.good:
            assert end > start
    for lot, now in room.gone:
        walls = room.clock.history_wall_at(np.array(lot.times[stage]))
        assert walls[1] <= now + 1e-6


def test_no_lot_is_finished_outside_working_time(room: Room) -> None:
    calendar = room.calendar
    for lot in room.came:
        end = float(room.clock.history_wall_at(np.array(lot.times[room.room.name][1:]))[0])
        day, minute = divmod(end, 1440.0)
        assert calendar.is_working_day(int(day))
        assert any(a - 1e-6 <= minute <= b + 1e-6 for a, b in calendar.day_intervals())


@pytest.mark.parametrize("name", NAMES)
def test_nothing_moves_while_the_room_stands_still(name: str) -> None:
    stopped = Room(name)
    stopped.env.run(until=2 * 1440.0)  # in the evening of the second day
    gone = len(stopped.gone)
    stopped.clock.set_factor("steam", 0.0)
    stopped.run()
    assert len(stopped.gone) == gone
    assert gone < len(stopped.came)


@pytest.mark.parametrize("name", NAMES)
def test_what_it_reports_live_is_what_it_reports_later(name: str) -> None:
    watched, read = Room(name, is_metered=True), []

    def watch():
        for _ in range(DAYS * 96 - 1):
            yield watched.env.timeout(SLOT_MIN)
            read.append([consumer.used_now() for consumer in watched.room.consumers])

    watched.env.process(watch())
    watched.run()
    wall = np.arange(len(read) + 1) * SLOT_MIN
    later = Room(name, is_metered=True).run()
    assert later.room.consumers
    opens = np.diff(later.clock.shifts.shift_at_many(wall)) > 0.0
    for i, consumer in enumerate(later.room.consumers):
        assert consumer.staff > 0
        used = consumer.used(wall)
        busy = 0.0
        for column in used._fields:
            values = np.broadcast_to(getattr(used, column), len(read))
            live = np.array([float(getattr(row[i], column)) for row in read])
            np.testing.assert_allclose(live, values, atol=1e-9, err_msg=column)
            assert not values[~opens].any(), column
            busy += float(values.sum())
        assert busy > 0.0


@pytest.mark.parametrize("name", NAMES)
def test_without_energy_nobody_reports(name: str) -> None:
    assert Room(name).room.consumers == ()


@pytest.mark.parametrize("name", NAMES)
def test_the_same_lots_make_the_same_times(name: str) -> None:
    one, other = Room(name).run(), Room(name).run()
    times = [[lot.times for lot in run.came] for run in (one, other)]
    assert times[0] == times[1]


@pytest.mark.parametrize("name", NAMES)
def test_more_servers_are_never_slower(name: str) -> None:
    """More people and machines at the same work: the last lot is done no later."""
    rooms = SCENARIO.plant.rooms
    counts = {f: 3 * getattr(rooms, f) for f in ("presses", "packers")}
    stands = {
        k: {**v, "machines": 9, "dryers": 9, "loaders": 18}
        for k, v in SCENARIO.plant.stations.items()
    }
    plant = replace(SCENARIO.plant, rooms=replace(rooms, **counts), stations=stands)
    base = Room(name).run()
    more = Room(name, scenario=SCENARIO.replace(plant=plant)).run()
    last = [max(lot.times[name][1] for lot in r.came) for r in (more, base)]
    assert last[0] <= last[1]
    assert last[0] < last[1] or name == LAST_ROOM
