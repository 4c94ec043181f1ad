"""Law 10: the compiled line recursion equals the event-by-event SimPy line."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.rules.edd import Edd
from experiments.validating.random_jobs import random_jobs
from factory_env import Factory
from factory_env.sim.work.line_flow import PassInput, PassResult, run_pass
from factory_env.sim.work.plain_line import twin_pass

TOLERANCE_MIN = 1e-9


def assert_same(a: PassResult, b: PassResult) -> None:
    """Every number of two passes agrees."""
    np.testing.assert_array_equal(a.order, b.order)
    np.testing.assert_array_equal(a.operator, b.operator)
    for name in ("done", "start", "end"):
        np.testing.assert_allclose(
            getattr(a, name), getattr(b, name), rtol=0, atol=TOLERANCE_MIN, err_msg=name
        )
    assert a.loaded_min == pytest.approx(b.loaded_min, rel=0, abs=TOLERANCE_MIN)
    np.testing.assert_allclose(a.by_operator, b.by_operator, rtol=1e-12, atol=1e-8)
    for name in ("work_min", "learning_lost_min", "wip_bundle_min"):  # sums, in another order
        assert getattr(a, name) == pytest.approx(getattr(b, name), rel=1e-12, abs=1e-8), name


def both(jobs: list[PassInput]) -> tuple[list[PassResult], list[PassResult], float]:
    """Run orders one after the other through both engines, each carrying its own free times."""
    free = {engine: jobs[0].free.copy() for engine in (run_pass, twin_pass)}
    results: dict[object, list[PassResult]] = {run_pass: [], twin_pass: []}
    for job in jobs:
        for engine, carried in free.items():
            np.maximum(carried, job.free, out=carried)
            results[engine].append(engine(replace(job, free=carried), record=True))
    gap = float(np.abs(free[run_pass] - free[twin_pass]).max())
    return results[run_pass], results[twin_pass], gap


@settings(max_examples=200)
@given(seed=st.integers(0, 2**32 - 1), ties=st.booleans())
def test_recursion_and_simpy_line_agree_on_random_lines(seed: int, ties: bool) -> None:
    compiled, plain, free_gap = both(random_jobs(seed, ties=ties))
    for a, b in zip(compiled, plain, strict=True):
        assert_same(a, b)
    assert free_gap <= TOLERANCE_MIN


def test_random_lines_cover_stops_learning_carried_times_and_ties() -> None:
    """The generator above would prove nothing if its lines were all alike."""
    jobs = [job for seed in range(60) for job in random_jobs(seed, ties=seed % 2 == 0)]
    assert any(job.stop.shape[0] for job in jobs)
    assert any(not job.stop.shape[0] for job in jobs)
    assert any(job.change.shape[0] for job in jobs)
    assert any(job.learn_loss > 0 for job in jobs)
    assert any(job.learn_loss == 0 for job in jobs)
    assert any(job.pace_min > 0 for job in jobs)
    assert any(job.pace_min == 0 for job in jobs)
    assert any((job.free > job.start_min).any() for job in jobs)
    assert any((np.diff(job.crew_start) > 1).any() for job in jobs)
    # bundles do overtake each other between stations, else first in first out is untested
    orders = [run_pass(job).order for job in jobs]
    assert any((order != np.arange(order.shape[0])).any() for order in orders)


def flow_shop(minutes: list[list[float]]) -> float:
    """Makespan of jobs (rows) on machines (columns), one order of one bundle per job."""
    machines = len(minutes[0])
    free = np.zeros(machines)
    end = 0.0
    for row in minutes:
        job = PassInput(
            pieces=np.ones(1),
            smv_min=np.array(row),
            crew=np.arange(machines),
            crew_start=np.arange(machines + 1),
            efficiency=np.ones(machines),
            free=free,
            noise=np.ones((1, machines)),
            stop=np.empty((0, 0)),
            start_min=float(free[0]),
            pace_min=0.0,
            learn_loss=0.0,
            learn_tau_min=1.0,
        )
        end = max(end, float(run_pass(job).done[-1]))
    return end


@pytest.mark.parametrize(
    ("minutes", "makespan"),
    [
        # one job: 3 + 2 + 4
        ([[3, 2, 4]], 9),
        # Johnson's order of (3,6) (5,2) (1,2): 3rd, 1st, 2nd. machine 1 ends 1, 4, 9;
        # machine 2 ends 3, 10, 12
        ([[1, 2], [3, 6], [5, 2]], 12),
        # the same jobs as given: machine 1 ends 3, 8, 9; machine 2 ends 9, 11, 13
        ([[3, 6], [5, 2], [1, 2]], 13),
        # three machines: M1 ends 2, 6, 7; M2 ends 5, 7, 12; M3 ends 6, 13, 15
        ([[2, 3, 1], [4, 1, 6], [1, 5, 2]], 15),
    ],
)
def test_one_operator_per_operation_and_one_bundle_per_order_is_a_flow_shop(
    minutes: list[list[float]], makespan: float
) -> None:
    assert flow_shop(minutes) == makespan


def test_a_station_of_two_hands_the_bundle_to_whoever_has_been_free_longest() -> None:
    # A is free at 0, B at 1; efficiency A 1, B 0.5; bundles of 4 standard minutes at 0.
    # bundle 0 -> A 0-4; bundle 1 -> B 1-9; bundle 2 -> A 4-8: it leaves before bundle 1
    job = PassInput(
        pieces=np.full(3, 4.0),
        smv_min=np.ones(1),
        crew=np.array([0, 1]),
        crew_start=np.array([0, 2]),
        efficiency=np.array([1.0, 0.5]),
        free=np.array([0.0, 1.0]),
        noise=np.ones((3, 1)),
        stop=np.empty((0, 0)),
        start_min=0.0,
        pace_min=0.0,
        learn_loss=0.0,
        learn_tau_min=1.0,
    )
    result = run_pass(job, record=True)
    assert result.done.tolist() == [4.0, 8.0, 9.0]
    assert result.order.tolist() == [0, 2, 1]
    assert result.operator.ravel().tolist() == [0, 1, 0]
    assert job.free.tolist() == [8.0, 9.0]
    assert result.work_min == 16.0  # 4 + 8 + 4 operator minutes
    assert result.wip_bundle_min == 21.0  # all in at 0, out at 4 + 8 + 9


def test_a_whole_factory_on_the_simpy_line_leaves_the_same_log(short, short_tables) -> None:
    logs = []
    for engine in (run_pass, twin_pass):
        factory = Factory(short, 3, tables=short_tables, engine=engine, record_operations=True)
        rule = Edd()
        while (question := factory.advance()) is not None:
            factory.answer(rule.choose(question))
        logs.append(factory.log())
    assert len(logs[0].tables["operations"]["order"]) > 5000  # the comparison has content
    for name, table in logs[0].tables.items():
        for column, values in table.items():
            other = logs[1].tables[name][column]
            if values.dtype == object:
                assert values.tolist() == other.tolist(), (name, column)
            else:
                np.testing.assert_allclose(
                    values, other, rtol=1e-12, atol=1e-8, err_msg=f"{name}.{column}"
                )
