"""Writes the run log from the state of the factory: the only place that knows both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.answers import NUMBERED, answer_tables
from factory_env.domain.records import SCHEMA, Column, RunLog, Table, make_table
from factory_env.sim.energy.site_run import SiteRun
from factory_env.sim.history.line_days import line_day_rows, record_operations, state_rows
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.orders.collection import design_rows
from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.stations.spine.audit import returns
from factory_env.sim.stations.spine.finishing import Finishing
from factory_env.sim.stations.spine.floor import Floor
from factory_env.sim.work.lot import AGAIN, CAMERA, INSPECT, LINE_END, REPAIR, Found, Lot
from factory_env.sim.world import World

COUNTS: Final = ("order", "lot", "line", "pieces", "good", *Found._fields)  # of the table lots
LINE_END_COLUMNS: Final = {  # stage -> when it began and was over
    CAMERA: ("camera_start_min", "camera_end_min"),
    INSPECT: ("inspect_start_min", "inspected_min"),
    REPAIR: ("repair_start_min", "repaired_min"),
    AGAIN: ("again_start_min", "again_min"),
}


def run_log(
    world: World,
    runs: Sequence[OrderRun],
    seed: int,
    floor: Floor,
    finishing: Finishing,
    site: SiteRun | None,
    cost_usd: Mapping[str, float],
) -> RunLog:
    """The run so far as a frozen log; the clocks turn working minutes into wall time.

    ``site`` and ``cost_usd`` stand at the present minute.
    """
    record_operations(world, floor.lines)
    finishing.settle()
    recorder = world.recorder
    lots = lot_table(finishing.packed_lots, [line.gate.clock for line in floor.lines], finishing)
    answers = answer_tables(recorder.answers)
    good = np.bincount(lots["order"], weights=lots["good"], minlength=len(runs)).astype(int)
    return bind_log(
        world,
        seed,
        finishing,
        cost_usd,
        {
            "orders": make_table(
                "orders", [order_row(world, run, int(good[run.order])) for run in runs]
            ),
            "lots": lots,
            NUMBERED: answers.pop(NUMBERED),
            "operations": recorder.operations(),
            "attendance": make_table("attendance", recorder.attendance),
            "line_days": make_table("line_days", line_day_rows(world, floor.lines)),
            "states": make_table("states", state_rows(world, floor.lines)),
            "events": make_table("events", recorder.events),
            "designs": make_table("designs", design_rows(world.tables.styles)),
            "slots": make_table("slots", []) if site is None else site.table(),
            **finishing.tables(),
            **answers,
        },
    )


def bind_log(
    world: World,
    seed: int,
    finishing: Finishing,
    cost_usd: Mapping[str, float],
    tables: Mapping[str, Table],
) -> RunLog:
    """Tables of a run with what is said of the run as a whole."""
    energy = world.scenario.energy
    return RunLog(
        tables=tables,
        seed=seed,
        end_min=float(world.env.now),
        working_days=world.now_shift / world.scenario.calendar.shift_min,
        finished=world.to_come.left == 0,
        lines=tuple(line.name for line in world.scenario.plant.lines),
        operators=tuple(line.operators for line in world.scenario.plant.lines),
        cost_usd=dict(cost_usd),
        facts={
            "shift_min": world.scenario.calendar.shift_min,
            "labour_usd_per_min": world.scenario.costs.labour_usd_per_min,
            "short_share": world.scenario.costs.short_share,
            "has_station": float(world.scenario.inspection.station.enabled),
            "overhead_usd_per_min": world.scenario.costs.overhead_usd_per_min,
            "battery_kwh": 0.0 if energy is None else energy.site.battery.capacity_kwh,
            **finishing.facts(),
        },
    )


def lot_table(
    lots: Sequence[Lot], gates: Sequence[WorkingClock], finishing: Finishing
) -> dict[str, Column]:
    """Lots packed so far by order and number, in wall time; rooms of their own have columns."""
    lots = sorted(lots, key=lambda lot: (lot.run.order, lot.number))
    rows = [
        (lot.run.order, lot.number, lot.run.line, lot.pieces, lot.good, *lot.found) for lot in lots
    ]
    counts = np.array(rows, dtype=np.int64).reshape(len(lots), len(COUNTS))
    table = {name: counts[:, i] for i, name in enumerate(COUNTS)}
    table |= _wall_times(lots, table["line"], gates, finishing)
    for name in ("check_min", "bench_min"):
        table[name] = np.array([getattr(lot, name) for lot in lots])
    # first the columns that every log has, then those of other rooms
    names = [*SCHEMA["lots"], *(name for name in table if name not in SCHEMA["lots"])]
    is_packed = table["packed_min"] <= finishing.clock.wall_now  # the others are still in the room
    return {name: table[name][is_packed] for name in names}


def _wall_times(
    lots: Sequence[Lot],
    line: NDArray[np.int64],
    gates: Sequence[WorkingClock],
    finishing: Finishing,
) -> dict[str, Column]:
    """When each lot was where; NaN = not on its route."""
    names = ["sewn_min", *(name for stage in LINE_END for name in LINE_END_COLUMNS[stage])]
    at_gate = np.array(
        [(lot.sewn_min, *(t for stage in LINE_END for t in lot.times[stage])) for lot in lots]
    ).reshape(len(lots), len(names))
    for number, clock in enumerate(gates):
        mine = line == number
        at_gate[mine, 1:] = clock.history_wall_at(at_gate[mine, 1:])
    columns = {name: np.full(len(lots), np.nan) for name in names}
    for room in finishing.rooms.values():
        columns |= {name: np.full(len(lots), np.nan) for name in room.columns}
    product = np.array([lot.run.product.name for lot in lots])
    for name, route in finishing.routes.items():
        mine = product == name
        ours = [lot for lot in lots if lot.run.product.name == name]
        times, passed = [at_gate[mine]], list(names)
        for stage in route:
            room = finishing.rooms[stage]
            spans = np.array([lot.times[stage] for lot in ours]).reshape(-1, 2)
            times.append(room.clock.history_wall_at(spans))
            passed += room.columns
        # work minute w is both the evening's last and the morning's first: nothing starts
        # before it has come
        walls = np.maximum.accumulate(np.hstack(times), axis=1)
        for i, column in enumerate(passed):
            columns[column][mine] = walls[:, i]
    return columns


def order_row(world: World, run: OrderRun, good: int) -> tuple[Any, ...]:
    """In the order of the schema: what was ordered, then what became of it."""
    order = world.book.orders[run.order]
    ordered = (
        run.order,
        order.order_id,
        order.style_id,
        run.product.name,
        order.customer,
        order.quantity,
        run.cut,
        order.price_usd,
        order.priority,
        float(order.is_rush),
        float(order.is_repeat),
        order.booked_min,
        order.parent,
        order.colours,
        order.release_min,
        float(world.book.release_min[run.order]),
        order.due_min,
    )
    return ordered + _what_became_of_it(world, run, good)


def _what_became_of_it(world: World, run: OrderRun, good: int) -> tuple[Any, ...]:
    return (
        run.ready_min,
        run.line,
        run.taken_min,
        run.loaded_min,
        run.sewn_min,
        run.shipped_min,
        run.cancelled_min,
        float(run.by_air),
        good,
        run.seconds,
        run.scrapped,
        run.defective,
        run.caught,
        run.false_alarms,
        run.repaired,
        run.repairs,
        run.let_go,
        returns(run),
        run.setup_min,
        run.work_min,
        run.learning_lost_min,
        world.tables.smv_min[int(world.book.style[run.order])],
        float(world.ledger.late_usd[run.order]),
        run.audits,
        run.rejections,
        float(run.concession),
        run.recheck_found,
        run.strictness,
    )
