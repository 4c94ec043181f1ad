"""A log with nothing in it but what the table of KPIs reads: where lots were when is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from factory_env.domain.records import RunLog, Table, make_table
from factory_env.sim.history.line_days import record_operations, state_rows
from factory_env.sim.history.logbook import bind_log, order_row
from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.stations.spine.finishing import Finishing
from factory_env.sim.stations.spine.floor import Floor
from factory_env.sim.world import World

ORDER, PIECES, GOOD, END = range(4)  # columns of `Finishing.packed_counts`
DAY_COLUMNS: Final = ("operators", "present_share", "overtime_min")


def kpi_log(
    world: World,
    runs: Sequence[OrderRun],
    seed: int,
    floor: Floor,
    finishing: Finishing,
    cost_usd: Mapping[str, float],
) -> RunLog:
    """Orders and states as in `run_log`; of lots and line days only what is summed up."""
    record_operations(world, floor.lines)
    finishing.settle()
    counts = finishing.packed_counts()
    is_packed = finishing.clock.history_wall_at(counts[:, END]) <= finishing.clock.wall_now
    lots = counts[is_packed].astype(np.int64)
    good = np.bincount(lots[:, ORDER], weights=lots[:, GOOD], minlength=len(runs)).astype(int)
    tables: dict[str, Table] = {
        "orders": make_table(
            "orders", [order_row(world, run, int(good[run.order])) for run in runs]
        ),
        "lots": {"pieces": lots[:, PIECES], "good": lots[:, GOOD]},
        "line_days": _line_days(world, floor),
        "states": make_table("states", state_rows(world, floor.lines)),
    }
    return bind_log(world, seed, finishing, cost_usd, tables)


def _line_days(world: World, floor: Floor) -> Table:
    """People at work by day and line."""
    lines = floor.lines
    rows = [
        (lines[line].operators, share, lines[line].overtime_min(day))
        for day, line, share in sorted(world.recorder.attendance, key=lambda row: row[:2])
    ]
    columns = np.array(rows, dtype=np.float64).reshape(-1, len(DAY_COLUMNS))
    return {name: columns[:, i] for i, name in enumerate(DAY_COLUMNS)}
