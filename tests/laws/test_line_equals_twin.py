"""Law 10: the compiled line recursion equals the event-by-event SimPy line."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.rules.edd import Edd
from experiments.validating.random_jobs import random_jobs
from factory_env import Factory, play
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


def test_a_whole_factory_on_the_simpy_line_leaves_the_same_log(short, short_tables) -> None:
    logs = []
    for engine in (run_pass, twin_pass):
        factory = Factory(short, 3, tables=short_tables, engine=engine, record_operations=True)
        logs.append(play(factory, Edd()))
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
