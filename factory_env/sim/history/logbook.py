"""Writes the run log from the state of the factory: the only place that knows both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from factory_env.domain.records import SCHEMA, RunLog, Table, make_table
from factory_env.sim.history.line_days import line_day_rows, state_rows
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.orders.collection import design_rows
from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.stations.audit import returns
from factory_env.sim.stations.floor import Floor
from factory_env.sim.work.lot import CAMERA, PACK, PRESS
from factory_env.sim.world import World


def run_log(
    world: World,
    runs: Sequence[OrderRun],
    seed: int,
    floor: Floor,
    finishing: WorkingClock,
) -> RunLog:
    """The run so far as a frozen log; the clocks turn working minutes into wall time."""
    recorder, energy = world.recorder, world.scenario.energy
    world.ledger.total(world.env.now)  # books the lateness steps that have fallen due
    rows = make_table("lots", sorted(recorder.lots, key=lambda row: (row[0], row[1])))
    rooms = (floor.pressing.clock, finishing)
    lots = _in_wall_time(rows, [line.gate.clock for line in floor.lines], rooms)
    good = np.bincount(lots["order"], weights=lots["good"], minlength=len(runs)).astype(int)
    return RunLog(
        tables={
            "orders": make_table(
                "orders", [_order_row(world, run, int(good[run.order])) for run in runs]
            ),
            "lots": lots,
            "decisions": make_table("decisions", recorder.decisions),
            "operations": recorder.operations(),
            "attendance": make_table("attendance", recorder.attendance),
            "line_days": make_table("line_days", line_day_rows(floor)),
            "states": make_table("states", state_rows(floor)),
            "events": make_table("events", recorder.events),
            "designs": make_table("designs", design_rows(world.tables.styles)),
            "slots": make_table("slots", []) if floor.site is None else floor.site.table(),
        },
        seed=seed,
        end_min=float(world.env.now),
        working_days=world.now_shift / world.scenario.calendar.shift_min,
        finished=world.to_come.left == 0,
        lines=tuple(line.name for line in world.scenario.plant.lines),
        operators=tuple(line.operators for line in world.scenario.plant.lines),
        cost_usd=world.ledger.parts(),
        facts={
            "shift_min": world.scenario.calendar.shift_min,
            "labour_usd_per_min": world.scenario.costs.labour_usd_per_min,
            "short_share": world.scenario.costs.short_share,
            "has_station": float(world.scenario.inspection.station.enabled),
            "overhead_usd_per_min": world.scenario.costs.overhead_usd_per_min,
            "battery_kwh": 0.0 if energy is None else energy.site.battery.capacity_kwh,
        },
    )


def _in_wall_time(
    lots: Table, gates: Sequence[WorkingClock], rooms: tuple[WorkingClock, WorkingClock]
) -> Table:
    pressing, finishing = rooms
    names = [name for name, (_, unit, _) in SCHEMA["lots"].items() if unit == "min"]
    times = np.column_stack([lots[name] for name in names])
    for line, clock in enumerate(gates):
        at = lots["line"] == line
        times[at, CAMERA:PRESS] = clock.history_wall_at(times[at, CAMERA:PRESS])
    times[:, PRESS:PACK] = pressing.history_wall_at(times[:, PRESS:PACK])
    times[:, PACK:] = finishing.history_wall_at(times[:, PACK:])
    # work minute w is both the evening's last and the morning's first: nothing starts before
    # it has come
    times = np.maximum.accumulate(times, axis=1)
    packed = times[:, -1] <= finishing.wall_now  # the others are still in the room
    columns = {**lots, **{name: times[:, i] for i, name in enumerate(names)}}
    return {name: column[packed] for name, column in columns.items()}


def _order_row(world: World, run: OrderRun, good: int) -> tuple[Any, ...]:
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
