"""What goes into a pass: an order's bundles on a line's balance, with the order's own luck."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env import load_scenario
from factory_env.sim.work.line_flow import NOTHING
from factory_env.sim.work.pass_input import pass_input, time_luck
from factory_env.sim.world import World
from tests.sim.orders.small_book import order_at
from tests.sim.small_world import runs_of, small_world

LINE = 0


def world_of(*orders: dict, scenario=None, seed: int = 1) -> World:
    scenario = scenario or load_scenario("small")
    tables = small_world(scenario, []).tables
    style = next(s for i, s in enumerate(tables.styles) if tables.capable[LINE, i])
    given = [order_at(style.style_id, order_id=f"o{i}", **o) for i, o in enumerate(orders)]
    return small_world(scenario, given, tables=tables, seed=seed)


def job_of(world: World, order: int = 0, share: float = 1.0, start: float = 0.0):
    run = runs_of(world)[order]
    run.cut = int(world.book.cut[order])
    operators = world.scenario.plant.lines[LINE].operators
    return pass_input(world, LINE, run, share=share, free=np.full(operators, start), load=NOTHING)


def test_all_pieces_that_are_cut_go_in_bundles_through_the_balanced_line() -> None:
    world = world_of({"quantity": 250})
    job = job_of(world)
    plan = world.crews.plan(LINE, world.tables.styles[int(world.book.style[0])].product)
    assert job.pieces.sum() == world.book.cut[0]
    assert job.pieces.max() <= world.scenario.flow.bundle_pieces
    assert job.crew.tolist() == plan.crew.tolist()
    assert job.noise.shape == (job.pieces.shape[0], plan.stations)
    assert job.load_weight.shape == (0, 0)  # nobody accounts for energy


def test_loading_begins_when_the_first_station_is_set_up() -> None:
    world = world_of({})
    assert job_of(world, start=35.0).start_min == 35.0


def test_a_line_that_knows_the_style_loses_nothing_to_learning() -> None:
    world = world_of({})
    style = int(world.book.style[0])
    assert job_of(world, share=1.0).learn_loss == 0.0
    assert job_of(world, share=0.25).learn_loss == pytest.approx(
        0.75 * float(world.tables.learn_loss[style])
    )


def test_time_is_lost_to_colours_if_there_is_more_than_one() -> None:
    world = world_of({"colours": 1}, {"quantity": 3000, "colours": 3})
    assert job_of(world, 0).change.shape == (0, 0)
    change = job_of(world, 1).change
    minutes = world.scenario.changeover.same_style.setup_min
    assert change.max() == minutes > 0.0
    # everybody, twice
    assert change.sum() == pytest.approx(2 * minutes * job_of(world, 1).crew.shape[0])


def test_luck_belongs_to_the_order_and_the_seed_not_to_the_line_s_past() -> None:
    def noise(world: World, order: int) -> np.ndarray:
        job = job_of(world, order)
        return time_luck(world, LINE, runs_of(world)[order], job.pieces, job.smv_min)[0]

    one, same, other = (world_of({}, {}, seed=s) for s in (1, 1, 2))
    assert (noise(one, 0) == noise(same, 0)).all()
    assert (noise(one, 0) != noise(one, 1)).any()
    assert (noise(one, 0) != noise(other, 0)).any()


def test_machines_stop_only_where_they_may() -> None:
    assert job_of(world_of({})).stop.shape == (0, 0)
    rough = load_scenario("small", disruptions="rough")
    world = world_of({"quantity": 3000}, scenario=rough)
    job = job_of(world)
    assert job.stop.shape == job.noise.shape
    assert (job.stop >= 0.0).all()
    assert job.stop.sum() > 0.0
