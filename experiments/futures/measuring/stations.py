"""A row a line or room: how busy it was, and how long work waited before it, in shift minutes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from experiments.futures.measuring.shift_time import shift_table
from experiments.futures.outcome import Column
from factory_env.domain.calendar import ShiftTable
from factory_env.domain.records import RunLog
from factory_env.domain.scenario import Scenario
from factory_env.units import MIN_PER_DAY

BUSY = ("work_min", "learning_min", "setup_min")
Row = tuple[str, float, float]  # name, busy share, mean wait before it


def station_columns(log: RunLog, scenario: Scenario) -> dict[str, Column]:
    """The columns of ``Outcome.stations``.

    Busy shares are of the time until the horizon, also where the last order leaves earlier: else
    an order more at the end would make every line look idler. The wait is that of an order before
    a line or the cutting room, else that of a lot. Of the cutting room the log does not say when it
    was busy (NaN).
    """
    horizon_min = max(log.end_min, scenario.calendar_days * MIN_PER_DAY)
    shifts = shift_table(scenario.calendar, horizon_min)
    lived = shifts.shift_at(log.end_min) / max(shifts.shift_at(horizon_min), 1e-9)
    rows = [*_lines(log, shifts), *_rooms(log, scenario, shifts)]
    names, busy, waits = zip(*rows, strict=True)
    return {
        "name": np.array(names),
        "busy_share": np.array(busy) * lived,
        "waiting_min": np.array(waits),
    }


def _lines(log: RunLog, shifts: ShiftTable) -> Iterator[Row]:
    states, orders = log.tables["states"], log.tables["orders"]
    duty = [name for name in states if name.endswith("_min") and name != "off_min"]
    for number, name in enumerate(log.lines):
        mine = states["line"] == number
        busy = sum(float(states[column][mine].sum()) for column in BUSY)
        whole = sum(float(states[column][mine].sum()) for column in duty)
        sewn = (orders["line"] == number) & ~np.isnan(orders["taken_min"])
        wait = _mean_wait(orders["ready_min"][sewn], orders["taken_min"][sewn], shifts)
        yield name, busy / max(whole, 1e-9), wait


def _rooms(log: RunLog, scenario: Scenario, shifts: ShiftTable) -> Iterator[Row]:
    lots, orders = log.tables["lots"], log.tables["orders"]
    lines, rooms = scenario.plant.lines, scenario.plant.rooms
    worked = max(shifts.shift_at(log.end_min), 1e-9)
    cut = ~np.isnan(orders["ready_min"])
    cutting_wait = _mean_wait(orders["release_min"][cut], orders["ready_min"][cut], shifts)
    yield "cutting", float("nan"), cutting_wait
    people = worked * sum(line.inspectors for line in lines)
    wait = _mean_wait(lots["sewn_min"], lots["inspect_start_min"], shifts)
    yield "inspection", float(lots["check_min"].sum()) / max(people, 1e-9), wait
    people = worked * sum(line.repairers for line in lines)
    mended = lots["repaired_min"] > lots["repair_start_min"]
    wait = _mean_wait(lots["inspected_min"][mended], lots["repair_start_min"][mended], shifts)
    yield "repair", float(lots["bench_min"].sum()) / max(people, 1e-9), wait
    routes = log.tables["orders"]["product"][lots["order"]]
    usual = np.array([scenario.route(str(p))[0] == "pressing" for p in routes], dtype=bool)
    pressers, packers = rooms.presses // rooms.press_crew, rooms.packers // rooms.pack_crew
    for name, before, begin, end, servers in (
        ("pressing", "again_min", "press_start_min", "pressed_min", pressers),
        ("packing", "pressed_min", "pack_start_min", "packed_min", packers),
    ):
        busy = _shift_span(lots[begin], lots[end], shifts).sum()
        mine = usual if name == "pressing" else np.ones_like(usual)
        wait = _mean_wait(lots[before][mine], lots[begin][mine], shifts)
        yield name, float(busy) / (worked * max(1, servers)), wait


def _shift_span(begin: Column, end: Column, shifts: ShiftTable) -> Column:
    return shifts.shift_at_many(end) - shifts.shift_at_many(begin)


def _mean_wait(since: Column, until: Column, shifts: ShiftTable) -> float:
    waits = np.maximum(0.0, _shift_span(since, until, shifts))
    return float(waits.mean()) if waits.shape[0] else 0.0
