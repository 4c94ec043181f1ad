"""An order that a line has begun before the run: its pass from where it was, and its lots."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.floor_state import SewnNow
from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.stations.spine.sewing import SewingLine
from factory_env.sim.work.line_flow import NOTHING
from factory_env.sim.work.line_pass import LinePass
from factory_env.sim.work.lot import Lot
from factory_env.sim.work.pass_input import pass_input
from factory_env.sim.work.piece_luck import PieceLuck
from factory_env.sim.world import World

Floats = NDArray[np.float64]


def resume_pass(world: World, line: SewingLine, run: OrderRun, now: SewnNow) -> list[Lot]:
    """Let a line go on with an order; returns the lots that have come off it already."""
    style = int(world.book.style[run.order])
    setup, share = _find_setup(world, line, style, now)
    began = now.began_min
    if began is None:
        began = _find_beginning(world, line, run, now, setup, share)
    if began > line.clock.now + 1e-9:  # before the run: what is left is begun at this minute
        run.cut, began = max(now.left, 1), 0.0
        now = replace(now, left=run.cut, free_min=None)
        setup = 0.0
    part = _make_pass(world, line, run, now, style, (setup, share, line.clock.now - began))
    line.passes.append(part)
    run.setup_min, run.strictness = part.setup_min, part.strictness
    run.work_min, run.learning_lost_min = part.result.work_min, part.result.learning_lost_min
    run.taken_min = _wall_min(line, part.taken_work, now.taken_wall_min)
    if part.result.loaded_min > line.clock.now:
        world.idle[line.number] = False
        line.clock.call_at(part.result.loaded_min, line._loaded, (part, part.version))
    else:
        run.loaded_min = _wall_min(line, part.result.loaded_min, None)
    sewn_for = float(part.result.done[-1]) - part.job.start_min
    end_share = 1.0 - (1.0 - share) * float(np.exp(-sewn_for / part.job.learn_tau_min))
    world.setups.current[line.number] = style
    world.setups.learn(line.number, end_share, world.env.now)
    return _make_lots(line, part, run.cut - now.left)


def _find_setup(world: World, line: SewingLine, style: int, now: SewnNow) -> tuple[float, float]:
    """Minutes of change and share learned when the order was begun."""
    setups = world.setups
    first = float(world.tables.learn_loss[style])
    usual = 1.0 - float(setups.loss[line.number, style]) / first if first > 0.0 else 1.0
    setup = float(setups.setup_min[line.number, style]) if now.setup_min is None else now.setup_min
    return setup, usual if now.share is None else now.share


def _make_pass(
    world: World,
    line: SewingLine,
    run: OrderRun,
    now: SewnNow,
    style: int,
    begin: tuple[float, float, float],
) -> LinePass:
    """The pass as the line made it when it took the order. ``begin``: setup, share, minute."""
    setup, share, taken_work = begin
    if now.free_min is not None and len(now.free_min) == line.operators:
        line._free[:] = taken_work + np.array(now.free_min)
    else:
        np.maximum(line._free, taken_work, out=line._free)
        line._free += setup
    before = line._free.copy()
    job = pass_input(world, line.number, run, share=share, free=line._free, load=line.load)
    return LinePass(
        run=run,
        style=style,
        share=share,
        setup_min=setup,
        taken_work=taken_work,
        at=line._shift_now(),
        job=job,
        free=before,
        result=line.engine(job, world.recorder.keeps_operations),
        luck=PieceLuck.of(world, run.order),
        people=world.crews.defect_factor(line.number) * world.heat_defects,
        before=line.passes[-1] if line.passes else None,
    )


def _find_beginning(
    world: World, line: SewingLine, run: OrderRun, now: SewnNow, setup: float, share: float
) -> float:
    """Working minutes ago at which the line took the order, by the pieces that are off it."""
    free = np.full(line.operators, setup)
    job = pass_input(world, line.number, run, share=share, free=free, load=NOTHING)
    result = line.engine(replace(job, load_weight=NOTHING), False)
    off = run.cut - now.left
    if off <= 0:
        return setup
    pieces = np.cumsum(job.pieces[result.order])
    return float(result.done[min(int(np.searchsorted(pieces, off)), pieces.shape[0] - 1)])


def _make_lots(line: SewingLine, part: LinePass, off: int) -> list[Lot]:
    """All lots of a pass: those of the first ``off`` pieces have fallen, the others will."""
    end, clock, fallen = line._end, line.clock, []
    judged = end._judged(part)
    pieces = judged.rows[:, 0].astype(np.int64)
    count = int(np.searchsorted(np.cumsum(pieces), off, side="right"))
    part.lots = lots = []
    for number, (sewn, fate) in enumerate(zip(judged.sewn.tolist(), judged.found(), strict=True)):
        lot = Lot(part.run, number, int(pieces[number]))
        lot.becomes(*fate)
        lots.append(lot)
        if number < count:
            lot.has_fallen = True
            lot.sewn_min = _wall_min(line, sewn, None)
            fallen.append(lot)
        else:
            clock.call_at(sewn, end._sewn, lot)
    part.run.lots_open += len(lots)
    if fallen:
        part.run.sewn_min = fallen[-1].sewn_min
    return fallen


def _wall_min(line: SewingLine, work_min: float, known: float | None) -> float:
    """Wall minute of a past working minute of a line."""
    if known is not None:
        return known
    wall = float(line.clock.history_wall_at(np.array([max(work_min, 0.0)]))[0])
    return min(wall, line.clock.wall_now)
