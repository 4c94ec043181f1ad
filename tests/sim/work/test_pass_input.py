"""What goes into a pass: bundles of an order, speeds of a line, and the luck of its name."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from factory_env import load_scenario
from factory_env.sim.kernel.recorder import Recorder
from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.work.line_flow import NOTHING
from factory_env.sim.work.pass_input import pass_input, time_luck
from factory_env.sim.world import World, new_world
from tests.laws.tiny_plant import line, order, product, scenario


def begin(plant, colours: int = 1, pieces: int = 50) -> tuple[World, OrderRun]:
    """An order of 50 pieces, cut, on a line of two stations."""
    book = [replace(order("A", "tee-01", pieces, 9.0, 1.0), colours=colours)]
    recorder = Recorder(operations=False)
    world = new_world(plant, 3, recorder, orders=book, tables=None, inspector=None)
    run = OrderRun(0, world.tables.styles[0].product)
    run.cut = int(world.book.cut[0])
    return world, run


def toy(**changes):
    plant = scenario([line("only", 2, tee=1.0)], [product("tee", [1.0, 1.0])], 5)
    return plant.replace(**changes)


def test_an_order_is_sewn_in_bundles_from_the_minute_its_first_operator_is_free() -> None:
    world, run = begin(toy())
    free = np.array([7.0, 3.0])
    job = pass_input(world, 0, run, share=1.0, free=free, load=NOTHING)
    bundle = world.scenario.flow.bundle_pieces
    assert job.pieces.tolist() == [float(bundle)] * (50 // bundle) + [float(50 % bundle)] * (
        50 % bundle > 0
    )
    assert job.start_min == float(free[job.crew[: job.crew_start[1]]].min())
    assert job.free is free  # the pass writes on the line's own array
    assert job.learn_loss == 0.0  # everything is learned
    assert (job.noise == 1.0).all()
    assert job.stop is NOTHING
    assert job.load_weight is NOTHING


def test_what_is_not_learned_yet_is_lost() -> None:
    base = load_scenario("small")
    world, run = begin(toy(learning=base.learning))
    losses = [
        pass_input(world, 0, run, share=share, free=np.zeros(2), load=NOTHING).learn_loss
        for share in (0.0, 0.5, 1.0)
    ]
    assert losses[0] == float(world.tables.learn_loss[0]) > 0.0
    assert losses[1] == pytest.approx(losses[0] / 2.0)
    assert losses[2] == 0.0


def test_a_new_colour_costs_everybody_a_change_of_thread() -> None:
    base = load_scenario("small")
    plant = toy(changeover=replace(base.changeover, enabled=True))
    world, run = begin(plant, colours=2)
    job = pass_input(world, 0, run, share=1.0, free=np.zeros(2), load=NOTHING)
    minutes = plant.changeover.same_style.setup_min
    assert minutes > 0.0
    assert job.pieces.sum() == 50
    begins = int(np.flatnonzero(np.cumsum(job.pieces) == 25.0)[0]) + 1  # of the second colour
    assert job.change.shape == (job.pieces.shape[0], 2)
    assert job.change[begins].tolist() == [minutes, minutes]
    assert job.change.sum() == 2 * minutes
    without, same = begin(plant, colours=1)
    plain = pass_input(without, 0, same, share=1.0, free=np.zeros(2), load=NOTHING)
    assert plain.change is NOTHING


def test_luck_belongs_to_the_order_and_not_to_its_line() -> None:
    noisy = toy(noise=replace(toy().noise, enabled=True, cv=0.3))
    lines = [line("a", 2, tee=1.0), line("b", 2, tee=1.0)]
    noisy = noisy.replace(plant=replace(noisy.plant, lines=tuple(lines)))
    world, run = begin(noisy)
    pieces, smv_min = np.full(5, 10.0), np.ones(2)
    here, _ = time_luck(world, 0, run, pieces, smv_min)
    there, _ = time_luck(world, 1, run, pieces, smv_min)
    assert here.shape == (5, 2)
    np.testing.assert_array_equal(here, there)
    world.streams.renew(8)
    renewed, _ = time_luck(world, 0, run, pieces, smv_min)
    assert not np.array_equal(here, renewed)


def test_machines_stop_only_where_they_fail() -> None:
    rough = load_scenario("small", disruptions="rough")
    assert rough.disruptions.machines.enabled
    world, run = begin(toy(disruptions=rough.disruptions), pieces=20_000)
    job = pass_input(world, 0, run, share=1.0, free=np.zeros(2), load=NOTHING)
    assert job.stop.shape == (job.pieces.shape[0], 2)
    assert job.stop.min() >= 0.0
    assert job.stop.sum() > 0.0
