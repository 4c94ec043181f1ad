"""What goes into a pass of an order through a line: bundles, crew, speed, and the luck of time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from factory_env.sim.kernel.streams import from_table
from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.plant.machine_stops import stop_minutes
from factory_env.sim.work.line_flow import NOTHING, PassInput
from factory_env.sim.work.line_pass import bundles_of, colour_changes
from factory_env.sim.world import World

Floats = NDArray[np.float64]


def pass_input(
    world: World,
    line: int,
    run: OrderRun,
    *,
    share: float,
    free: Floats,
    load: Floats,
) -> PassInput:
    """An order on a line as things stand now.

    Parameters
    ----------
    share
        Learned share of the order's style when the pass begins.
    free
        Working minute at which each operator is free, shape (L,); the pass writes on it.
    load
        The line's load curve, to which the pass adds; empty if energy is not accounted for.
    """
    tables, flow, style = world.tables, world.scenario.flow, int(world.book.style[run.order])
    plan = world.crews.plan(line, run.product)
    colours = world.book.orders[run.order].colours
    pieces, begins = bundles_of(run.cut, colours, flow.bundle_pieces)
    smv_min = tables.styles[style].minutes(plan.smv_min)
    noise, stop = time_luck(world, line, run, pieces, smv_min)
    change = NOTHING
    if begins and world.scenario.changeover.enabled:
        minutes = world.scenario.changeover.same_style.setup_min
        change = colour_changes(pieces.shape[0], begins, plan.crew_start, minutes)
    first_crew = plan.crew[: plan.crew_start[1]]
    return PassInput(
        pieces=pieces,
        smv_min=smv_min,
        crew=plan.crew,
        crew_start=plan.crew_start,
        efficiency=plan.efficiency,
        free=free,
        noise=noise,
        stop=stop,
        change=change,
        start_min=min(free[first_crew].tolist()),
        pace_min=tables.styles[style].minutes(plan.bottleneck_min) * flow.pace_slack,
        learn_loss=float(tables.learn_loss[style]) * (1.0 - share),
        learn_tau_min=float(tables.learn_tau_min[style]),
        load_weight=NOTHING if world.power is None else world.power.weights(plan),
        load=load,
    )


def time_luck(
    world: World, line: int, run: OrderRun, pieces: Floats, smv_min: Floats
) -> tuple[Floats, Floats]:
    """Time noise and machine stops of every operation, shape (B, K) or (0, 0)."""
    luck = int(world.book.luck[run.order])
    key = world.streams.key("order", luck, "time")
    noise = from_table(key, pieces.shape[0], smv_min.shape[0], world.tables.noise_table)
    if not world.scenario.disruptions.machines.enabled:
        return noise, NOTHING
    plan = world.crews.plan(line, run.product)
    key = world.streams.key("order", luck, "failures")
    return noise, stop_minutes(world.tables, key, pieces, plan, smv_min)
