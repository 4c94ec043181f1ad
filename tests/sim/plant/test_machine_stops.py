"""Machine failures take the time that their rates say, and hit the same bundles every time."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env import Factory, load_scenario
from factory_env.sim.kernel.streams import Streams
from factory_env.sim.plant.machine_stops import erlang_c, mechanics, stop_minutes


@pytest.fixture(scope="module")
def tables():
    return Factory(load_scenario("mid", disruptions="normal"), 0).world.tables


@pytest.mark.parametrize(
    ("servers", "load", "waits"),
    # domain reference, section 19: P(wait) of M/M/1 at 0.8, M/M/2 at 1.6, M/M/3 2.4, M/M/8 7.2
    [(1, 0.8, 0.8), (2, 1.6, 0.7111), (3, 2.4, 0.6472), (5, 4.0, 0.5541), (8, 7.2, 0.7015)],
)
def test_erlang_c_gives_the_reference_values(servers, load, waits) -> None:
    assert erlang_c(servers, load) == pytest.approx(waits, abs=1e-4)


def test_there_is_one_mechanic_per_sixty_manned_machines(tables) -> None:
    found = mechanics(tables)
    # 374 operators of the mid plant, those at manual work and irons not counted: 4 x 60 to 6 x 60
    assert 5 <= found.servers <= 6
    assert 0.1 < found.utilisation < 0.6
    assert 0.0 < found.wait_chance < 0.5


def test_lost_minutes_match_hazard_times_repair(tables) -> None:
    shirt = tables.scenario.library.product("shirt")
    plan = tables.balance(4, shirt)
    pieces = np.full(40_000, 20.0)
    stops = stop_minutes(tables, Streams(1).key("x"), pieces, plan, plan.smv_min)
    power = np.add.reduceat(plan.efficiency[plan.crew], plan.crew_start[:-1])
    run_min = 20.0 * plan.smv_min * np.diff(plan.crew_start) / power
    failures, queue = tables.scenario.disruptions.machines, mechanics(tables)
    groups = {m: g for g in failures.groups for m in g.machines}
    expected = 0.0
    for k, machine in enumerate(plan.machines):
        if machine not in groups:
            assert not stops[:, k].any()
            continue
        chance = run_min[k] / (groups[machine].mtbf_h * 60.0)
        # repair + mean response 5.5 + wait; thread breaks every 90 running minutes, half a minute
        repair = groups[machine].repair_min + 5.5 + queue.wait_chance * queue.mean_wait_min
        expected += chance * repair + run_min[k] / 90.0 * 0.5
    # some 5,000 failures with a coefficient of variation near 1: standard error 1.5 %
    assert stops.mean(axis=0).sum() == pytest.approx(expected, rel=0.05)


def test_the_same_bundle_fails_under_every_policy(tables) -> None:
    plan = tables.balance(0, tables.scenario.library.product("tee"))
    rows = [
        stop_minutes(
            tables, Streams(1).key("order", 7, "failures"), np.full(n, 20.0), plan, plan.smv_min
        )
        for n in (50, 80)
    ]
    np.testing.assert_array_equal(rows[0], rows[1][:50])
    assert (rows[0] > 1.0).any()
