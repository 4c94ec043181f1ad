"""What a factory's own books say: one row per line and day, and where operators' minutes went."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factory_env.sim.kernel.recorder import Recorder
from factory_env.sim.stations.spine.sewing import SewingLine
from factory_env.sim.work.line_flow import COLOUR, LEARNING, STOPPED, WORK, loading_times
from factory_env.sim.world import World
from factory_env.units import MIN_PER_DAY

Floats = NDArray[np.float64]
Row = tuple[Any, ...]
STANDING = (
    "stop",
    "outage",
    "down",
    "grid",
)  # factors that stop a line because something is out of order


def line_day_rows(world: World, lines: Sequence[SewingLine]) -> list[Row]:
    """Rows of the table ``line_days``, by day and line."""
    recorder = world.recorder
    presence = [
        [share for _, k, share in recorder.attendance if k == line.number] for line in lines
    ]
    days = np.array(sorted({day for day, _, _ in recorder.attendance}), dtype=np.int64)
    if not days.size:
        return []
    stops = _stop_min(recorder, days, len(lines))
    rows: list[Row] = []
    for line, present in zip(lines, presence, strict=True):
        rows += _line_rows(world, line, days, np.array(present), stops[line.number])
    return sorted(rows, key=lambda row: (row[0], row[1]))


def _line_rows(
    world: World, line: SewingLine, days: NDArray[np.int64], present: Floats, stop_min: Floats
) -> list[Row]:
    styles = world.tables.styles
    shift_min = world.scenario.calendar.shift_min
    ends: Floats = (days + 1).astype(np.float64) * MIN_PER_DAY
    earned, wip = _output(world, line, days, ends)
    taken = np.array([p.run.taken_min for p in line.passes])
    style = np.array([p.style for p in line.passes], dtype=np.int64)
    started = int(world.setups.first_style[line.number])
    changed = style != np.concatenate([[started], style])[: style.shape[0]]
    changes = _count_by_day(taken[changed], np.ones(int(changed.sum())), days)
    last = np.searchsorted(taken, ends, side="left") - 1  # -1 = nothing taken yet
    rows = []
    for i, day in enumerate(days.tolist()):
        name, smv_min = "", 0.0
        if last[i] >= 0:
            at_work = styles[int(style[last[i]])]
            name, smv_min = at_work.style_id, world.tables.smv_min[int(style[last[i]])]
        overtime_min = line.overtime_min(day)
        rows.append(
            (
                day,
                line.number,
                name,
                smv_min,
                int(changes[i]),
                line.operators,
                float(present[i]),
                shift_min + overtime_min,
                overtime_min,
                float(stop_min[i]),
                float(earned[i]),
                int(wip[i]),
            )
        )
    return rows


def _output(
    world: World, line: SewingLine, days: NDArray[np.int64], ends: Floats
) -> tuple[Floats, Floats]:
    """Standard minutes completed on each day, and pieces on the line at its end."""
    smv_min = world.tables.smv_min
    now = line.clock.now
    done, pieces, minutes, loaded, loaded_pieces = [], [], [], [], []
    for part in line.passes:
        job, result = part.job, part.result
        leaving = job.pieces[result.order]
        done.append(result.done)
        pieces.append(leaving)
        minutes.append(leaving * smv_min[part.style])
        loaded.append(
            loading_times(
                job.pieces, job.start_min, job.pace_min, job.learn_loss, job.learn_tau_min
            )
        )
        loaded_pieces.append(job.pieces)
    if not done:
        return np.zeros(days.shape[0]), np.zeros(days.shape[0])
    when, count = np.concatenate(done), np.concatenate(pieces)
    past = when <= now
    wall = line.clock.history_wall_at(when[past])
    earned = _count_by_day(wall, np.concatenate(minutes)[past], days)
    entered, entered_pieces = np.concatenate(loaded), np.concatenate(loaded_pieces)
    inside = entered <= now
    entered_wall = line.clock.history_wall_at(entered[inside])
    wip = _before(entered_wall, entered_pieces[inside], ends) - _before(wall, count[past], ends)
    return earned, np.maximum(wip, 0.0)


def _count_by_day(wall_min: Floats, weight: Floats, days: NDArray[np.int64]) -> Floats:
    day = np.floor(np.asarray(wall_min) / MIN_PER_DAY).astype(np.int64)
    total = np.bincount(day, weights=weight, minlength=int(days[-1]) + 1)
    return np.asarray(total[days])


def _before(wall_min: Floats, weight: Floats, ends: Floats) -> Floats:
    by_time = np.argsort(wall_min, kind="stable")
    total = np.concatenate([[0.0], np.cumsum(weight[by_time])])
    return np.asarray(total[np.searchsorted(wall_min[by_time], ends, side="left")])


def _stop_min(recorder: Recorder, days: NDArray[np.int64], lines: int) -> Floats:
    """Minutes of standstill by line and day, outages included, shape (lines, days)."""
    found = np.zeros((lines, days.shape[0]))
    position = {day: i for i, day in enumerate(days.tolist())}
    for kind, line, _, start, end, _ in recorder.events:
        if kind in ("line stop", "outage"):
            at = position.get(int(start // MIN_PER_DAY))
            if at is not None:
                found[line if line >= 0 else slice(None), at] += end - start
    return found


def state_rows(world: World, lines: Sequence[SewingLine]) -> list[Row]:
    """Rows of the table ``states``: minutes of every operator by state; they fill the run.

    Sewing, changing and machine stops are counted on the line's clock, which runs slower when
    people are absent and faster in good form; they are put back into minutes of the shift.
    """
    wall = float(world.env.now)
    rows: list[Row] = []
    for line in lines:
        clock = line.clock
        shift, lost = clock.shift_now, clock.lost_now()
        standing = sum(lost.get(name, 0.0) for name in STANDING)
        absent, blocked = lost.get("attendance", 0.0), lost.get("blocked", 0.0)
        here = max(shift - standing - absent - blocked, 0.0)
        scale = here / clock.now if clock.now > 0.0 else 0.0
        minutes = np.zeros((4, line.operators))
        setup = np.zeros(line.operators)
        for part in line.passes:
            minutes += part.by_operator(line.engine, clock.now)
            setup += part.setup_by_operator(clock.now)
        minutes, setup = minutes * scale, setup * scale
        changing = setup + minutes[COLOUR]
        starved = here - minutes[WORK] - minutes[STOPPED] - changing
        columns = np.array(
            [minutes[WORK] - minutes[LEARNING], changing, minutes[LEARNING], starved]
        )
        down = minutes[STOPPED] + standing
        rows += [
            (line.number, o, *columns[:, o].tolist(), blocked, float(down[o]), absent, wall - shift)
            for o in range(line.operators)
        ]
    return rows


def record_operations(world: World, lines: Sequence[SewingLine]) -> None:
    """Write every operation done so far in wall minutes, if they are kept; anew each time."""
    recorder = world.recorder
    recorder.operation_blocks.clear()
    if not recorder.keeps_operations:
        return
    taken = [
        (part.run.taken_min, i, line, part) for line in lines for i, part in enumerate(line.passes)
    ]
    for _, _, line, part in sorted(taken, key=lambda row: (row[0], row[2].number, row[1])):
        result, clock = part.result, line.clock
        bundle, station = np.nonzero(result.end <= clock.now)
        recorder.operation_blocks.append(
            {
                "order": np.full(bundle.shape[0], part.run.order),
                "line": np.full(bundle.shape[0], line.number),
                "bundle": bundle,
                "station": station,
                "operator": result.operator[bundle, station],
                "start_min": clock.history_wall_at(result.start[bundle, station]),
                "end_min": clock.history_wall_at(result.end[bundle, station]),
            }
        )
