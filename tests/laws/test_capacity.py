"""Law 2: no station serves more lots than it has servers, and time never runs back."""

from __future__ import annotations

import numpy as np
import pytest

from agents.rules.atcs_match import AtcsMatch
from factory_env import Factory, RunLog
from tests.play import play

TIMES = (
    "sewn_min",
    "inspect_start_min",
    "inspected_min",
    "repair_start_min",
    "repaired_min",
    "press_start_min",
    "pressed_min",
    "pack_start_min",
    "packed_min",
)


@pytest.fixture(scope="module")
def log(small, small_tables) -> RunLog:
    """A busy run with every operation on record."""
    factory = Factory(small, 1, tables=small_tables, record_operations=True)
    return play(factory, AtcsMatch())


def most_at_once(start: np.ndarray, end: np.ndarray) -> int:
    """Largest number of intervals [start, end) that overlap; empty intervals do not count."""
    real = end > start
    minutes = np.concatenate([end[real], start[real]])  # ends first within a minute
    change = np.concatenate([-np.ones(real.sum()), np.ones(real.sum())])
    order = np.argsort(minutes, kind="stable")
    return int(np.cumsum(change[order]).max(initial=0))


def test_intervals_that_touch_do_not_overlap() -> None:
    assert most_at_once(np.array([0.0, 1.0]), np.array([1.0, 2.0])) == 1
    assert most_at_once(np.array([0.0, 0.5]), np.array([1.0, 2.0])) == 2


def test_gates_and_repair_benches_treat_one_lot_at_a_time(log) -> None:
    lots = log.tables["lots"]
    assert set(lots["line"].tolist()) == {0, 1, 2}
    for line in range(3):
        here = lots["line"] == line
        for first, last in (
            ("inspect_start_min", "inspected_min"),
            ("repair_start_min", "repaired_min"),
        ):
            assert most_at_once(lots[first][here], lots[last][here]) == 1


def test_pressing_and_packing_never_exceed_their_crews(log, small) -> None:
    lots, rooms = log.tables["lots"], small.plant.rooms
    # small plant: 10 pressers in crews of 2 are 5 servers; 16 packers in crews of 4 are 4
    assert rooms.presses // rooms.press_crew == 5
    assert rooms.packers // rooms.pack_crew == 4
    assert 1 < most_at_once(lots["press_start_min"], lots["pressed_min"]) <= 5
    assert 1 < most_at_once(lots["pack_start_min"], lots["packed_min"]) <= 4


def test_times_of_a_lot_never_run_back(log) -> None:
    lots = log.tables["lots"]
    times = np.stack([lots[name] for name in TIMES])
    assert (np.diff(times, axis=0) >= 0.0).all()


def test_times_of_an_order_never_run_back(log) -> None:
    orders = log.tables["orders"]
    done = ~np.isnan(orders["shipped_min"])
    names = ("release_min", "ready_min", "taken_min", "loaded_min", "sewn_min", "shipped_min")
    times = np.stack([orders[name][done] for name in names])
    assert (np.diff(times, axis=0) >= 0.0).all()


def test_lots_of_an_order_leave_the_line_by_number(log) -> None:
    lots = log.tables["lots"]  # sorted by order and lot
    same = lots["order"][1:] == lots["order"][:-1]
    assert (np.diff(lots["sewn_min"])[same] >= 0.0).all()


def test_an_operator_sews_one_bundle_at_a_time(log) -> None:
    ops = log.tables["operations"]
    assert ops["start_min"].shape[0] > 10_000
    by = np.lexsort((ops["start_min"], ops["operator"], ops["line"]))
    line, operator = ops["line"][by], ops["operator"][by]
    same = (line[1:] == line[:-1]) & (operator[1:] == operator[:-1])
    gap = ops["start_min"][by][1:] - ops["end_min"][by][:-1]
    assert gap[same].min() >= -1e-6


def test_a_bundle_is_at_one_station_at_a_time_in_the_order_of_the_bulletin(log) -> None:
    ops = log.tables["operations"]
    by = np.lexsort((ops["station"], ops["bundle"], ops["order"]))
    next_station = np.diff(ops["station"][by]) == 1
    gap = ops["start_min"][by][1:] - ops["end_min"][by][:-1]
    assert next_station.mean() > 0.9
    assert gap[next_station].min() >= -1e-6


def test_every_operation_lies_in_working_hours(log) -> None:
    ops = log.tables["operations"]
    # default calendar: 8:00 to 17:00; a start may fall on the bell, an end as well
    for name in ("start_min", "end_min"):
        minute = ops[name] % 1440.0
        assert minute.min() >= 480.0 - 1e-6
        assert minute.max() <= 1020.0 + 1e-6
        assert (ops[name] // 1440 % 7 != 6).all()  # Sunday is off
