"""A table beside the log's own: what each order waited for, from its fabric to the lorry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from factory_env.domain.records import RunLog, Table
from factory_env.sim.history.line_chain import line_chain
from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.stations.spine.cutting import CuttingRoom
from factory_env.sim.stations.spine.finishing import Finishing
from factory_env.sim.stations.spine.sewing import SewingLine
from factory_env.sim.work.line_pass import LinePass

FLOOR: Final = -1  # the line of whatever happens in no line
LINE_END: Final = (  # columns of the lots, and what the order waits for until then
    ("camera_start_min", "inspection"),
    ("camera_end_min", "inspection"),
    ("inspect_start_min", "inspection"),
    ("inspected_min", "inspection"),
    ("repair_start_min", "repair"),
    ("repaired_min", "repair"),
    ("again_start_min", "inspection"),
    ("again_min", "inspection"),
)
TIMES: Final = ("promised_min", "release_min", "shipped_min", "cancelled_min")
KINDS: Final = {"order": "i8", "cause": "O", "line": "i8", "begin_min": "f8", "end_min": "f8"}
Stage = tuple[str, int, float]  # cause, line or `FLOOR`, wall minute at which it ends


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """Of a run that is looked at."""

    runs: Sequence[OrderRun]
    cutting: CuttingRoom
    orders: Table
    lots: Table
    last_lot: Mapping[int, int]  # order -> row of the lot that was packed last
    passes: Mapping[int, tuple[SewingLine, LinePass]]
    rooms: Mapping[str, Sequence[tuple[str, str]]]  # product -> columns of its rooms


def chain_table(
    log: RunLog,
    runs: Sequence[OrderRun],
    cutting: CuttingRoom,
    lines: Sequence[SewingLine],
    finishing: Finishing,
    *,
    only: Sequence[int] | None = None,
) -> Table:
    """The table ``chains`` of a run so far; the run is left as it is.

    A row a stretch of an order's way, without gaps: ``order``, ``cause``, ``line`` (-1 = in no
    line, -2 and less = at the gate of line 0, 1, ...), ``begin_min`` and ``end_min``. Nights and
    standstills are still in it; see `factory_env.kpi.order_path`. ``only`` these orders; None =
    all.
    """
    facts = _facts(log, runs, cutting, lines, finishing)
    rows: list[tuple[int, str, int, float, float]] = []
    for order in range(len(runs)) if only is None else only:
        now, leave = _ends(log, order)
        for cause, line, until in _close(list(_stages(facts, order)), leave):
            then = min(max(until, now), leave)
            if then > now:
                rows.append((order, cause, line, now, then))
                now = then
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(KINDS)
    return {
        name: np.array(values, dtype=kind)
        for (name, kind), values in zip(KINDS.items(), columns, strict=True)
    }


def _facts(
    log: RunLog,
    runs: Sequence[OrderRun],
    cutting: CuttingRoom,
    lines: Sequence[SewingLine],
    finishing: Finishing,
) -> _Facts:
    lots = log.tables["lots"]
    by_end = np.argsort(lots["packed_min"], kind="stable").tolist()
    return _Facts(
        runs=runs,
        cutting=cutting,
        orders=log.tables["orders"],
        lots=lots,
        last_lot={int(lots["order"][row]): row for row in by_end},
        passes={p.run.order: (line, p) for line in lines for p in line.passes},
        rooms={
            product: [finishing.rooms[room].columns for room in route]
            for product, route in finishing.routes.items()
        },
    )


def _ends(log: RunLog, order: int) -> tuple[float, float]:
    """When an order's way begins and ends: fabric promised, and shipped, cancelled or now."""
    row = {name: float(log.tables["orders"][name][order]) for name in TIMES}
    begin = max(min(row["promised_min"], row["release_min"]), 0.0)
    over = (row["shipped_min"], row["cancelled_min"], log.end_min)
    leave = next(minute for minute in over if not np.isnan(minute))
    return min(begin, leave), leave


def _close(stages: list[Stage], leave: float) -> Iterator[Stage]:
    """The stages that have an end; the first without one lasts until the order leaves."""
    for what, where, until in stages:
        if np.isnan(until):
            yield what, where, leave
            return
        yield what, where, until
    yield "shipping", FLOOR, leave


def _stages(facts: _Facts, order: int) -> Iterator[Stage]:
    row = {name: float(facts.orders[name][order]) for name in ("release_min", "ready_min")}
    yield "fabric", FLOOR, row["release_min"]
    cutting = facts.cutting
    plan = cutting.plans.get(order)
    if plan is not None and plan.start:
        begun = float(cutting.clock.history_wall_at(np.array(plan.start[:1]))[0])
        yield "table", FLOOR, begun
        yield "cutting", FLOOR, row["ready_min"]
    else:  # it was cut before the run began, or no table has come to it
        yield "table", FLOOR, row["ready_min"]
    yield "line_wait", FLOOR, float(facts.orders["taken_min"][order])
    if order not in facts.passes:
        yield "line_wait", FLOOR, float("nan")
        return
    yield from _sew(facts, order)
    lot = facts.last_lot.get(order)
    is_whole = facts.runs[order].lots_open == 0
    if lot is None or not is_whole:
        yield "finishing", FLOOR, float("nan")
        return
    yield from _finish(facts, order, lot)


def _sew(facts: _Facts, order: int) -> Iterator[Stage]:
    """Through the line with the bundle whose lot is packed last."""
    line, part = facts.passes[order]
    clock, lot = line.clock, facts.last_lot.get(order)
    left_work = None
    is_whole = facts.runs[order].lots_open == 0
    sewn_min = float("inf")
    if lot is not None and is_whole:
        sewn_min = float(facts.lots["sewn_min"][lot])
        left = np.abs(clock.history_wall_at(part.result.done) - sewn_min)
        left_work = float(part.result.done[int(np.argmin(left))])
    spans = line_chain(part, line.engine, left_work)
    walls = clock.history_wall_at(np.array([until for _, until in spans]))
    walls[-1] = sewn_min if sewn_min < float("inf") else walls[-1]
    if float(part.result.done[-1]) > clock.now:
        walls[-1] = float("nan")  # it is still on the line
    for (cause, _), wall in zip(spans, walls.tolist(), strict=True):
        yield cause, line.number, min(wall, sewn_min) if wall == wall else wall


def _finish(facts: _Facts, order: int, lot: int) -> Iterator[Stage]:
    """From the line's end to packing, with the lot that is packed last."""
    lots, gate = facts.lots, int(facts.orders["line"][order])
    for column, cause in LINE_END:
        yield cause, gate_line(gate), float(lots[column][lot])
    for start, end in facts.rooms[str(facts.orders["product"][order])]:
        yield "finishing_wait", FLOOR, float(lots[start][lot])
        yield "finishing", FLOOR, float(lots[end][lot])


def gate_line(line: int) -> int:
    """How a line's gate is told from the line itself: it has its hours, not its absences."""
    return -2 - line
