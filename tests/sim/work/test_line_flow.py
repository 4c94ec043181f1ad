"""One order through a line, reckoned by hand, by the recursion and by the line of processes."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env.sim.work.line_flow import LineEngine, loading_times, run_pass
from factory_env.sim.work.plain_line import twin_pass
from tests.sim.work.one_pass import one_pass


@pytest.fixture(params=[run_pass, twin_pass], ids=["recursion", "processes"])
def engine(request) -> LineEngine:
    return request.param


def test_bundles_follow_each_other_through_the_stations(engine) -> None:
    # first station 0-10, 10-20; second 10-30, 30-50
    job = one_pass([10.0, 10.0], [1.0, 2.0])
    result = engine(job, True)
    assert result.start.tolist() == [[0.0, 10.0], [10.0, 30.0]]
    assert result.end.tolist() == [[10.0, 30.0], [20.0, 50.0]]
    assert result.done.tolist() == [30.0, 50.0]
    assert result.loaded_min == 20.0
    assert result.work_min == 60.0
    assert result.wip_bundle_min == 80.0  # both in at 0, out at 30 and 50
    assert job.free.tolist() == [20.0, 50.0]


def test_nothing_is_kept_of_operations_unless_asked_for(engine) -> None:
    result = engine(one_pass([10.0], [1.0]), False)
    assert result.start.shape == result.end.shape == result.operator.shape == (0, 0)


def test_a_paced_line_is_loaded_bundle_by_bundle(engine) -> None:
    # a bundle of ten every 15 minutes: first station 0-10, 15-25; second 10-30, 30-50
    result = engine(one_pass([10.0, 10.0], [1.0, 2.0], pace_min=1.5), False)
    assert result.done.tolist() == [30.0, 50.0]
    assert result.loaded_min == 25.0
    assert result.wip_bundle_min == 65.0  # in at 0 and 15


def test_a_slow_operator_takes_longer_and_a_late_one_begins_later(engine) -> None:
    # efficiency 0.5 doubles the 20 minutes; the second operator comes at 15
    job = one_pass([10.0], [1.0, 2.0], efficiency=np.array([1.0, 0.5]), free=np.array([0.0, 15.0]))
    result = engine(job, True)
    assert result.start.tolist() == [[0.0, 15.0]]
    assert result.done.tolist() == [55.0]


def test_two_at_a_station_share_the_bundles_and_a_quick_one_overtakes(engine) -> None:
    # at the second station: bundle 0, three times as long, 10-70; bundle 1 20-40
    noise = np.array([[1.0, 3.0], [1.0, 1.0]])
    result = engine(one_pass([10.0, 10.0], [1.0, 2.0], [1, 2], noise=noise), True)
    assert result.operator.tolist() == [[0, 1], [0, 2]]
    assert result.order.tolist() == [1, 0]
    assert result.done.tolist() == [40.0, 70.0]


def test_stops_and_changes_of_colour_lengthen_an_operation_without_being_work(engine) -> None:
    stop, change = np.array([[5.0], [0.0]]), np.array([[0.0], [3.0]])
    result = engine(one_pass([10.0, 10.0], [1.0], stop=stop, change=change), False)
    assert result.done.tolist() == [15.0, 28.0]
    assert result.work_min == 20.0
    assert result.by_operator.tolist() == [[20.0], [0.0], [5.0], [3.0]]


def test_a_line_that_learns_loses_what_is_missing_of_its_efficiency(engine) -> None:
    # half of the efficiency is missing and next to nothing is learned in the time: 10 becomes 20
    result = engine(one_pass([10.0], [1.0], learn_loss=0.5, learn_tau_min=1e12), False)
    assert result.done.tolist() == pytest.approx([20.0])
    assert result.work_min == pytest.approx(20.0)
    assert result.learning_lost_min == pytest.approx(10.0)
    assert result.by_operator[1].tolist() == pytest.approx([10.0])


def test_a_station_of_two_hands_the_bundle_to_whoever_has_been_free_longest(engine) -> None:
    # A is free at 0, B at 1; efficiency A 1, B 0.5; bundles of 4 standard minutes at 0.
    # bundle 0 -> A 0-4; bundle 1 -> B 1-9; bundle 2 -> A 4-8: it leaves before bundle 1
    given = {"efficiency": np.array([1.0, 0.5]), "free": np.array([0.0, 1.0])}
    job = one_pass([4.0, 4.0, 4.0], [1.0], [2], **given)
    result = engine(job, True)
    assert result.done.tolist() == [4.0, 8.0, 9.0]
    assert result.order.tolist() == [0, 2, 1]
    assert result.operator.ravel().tolist() == [0, 1, 0]
    assert job.free.tolist() == [8.0, 9.0]
    assert result.work_min == 16.0  # 4 + 8 + 4 operator minutes
    assert result.wip_bundle_min == 21.0  # all in at 0, out at 4 + 8 + 9


def flow_shop(engine: LineEngine, minutes: list[list[float]]) -> float:
    """Makespan of jobs (rows) on machines (columns), one order of one bundle per job."""
    free = np.zeros(len(minutes[0]))
    end = 0.0
    for row in minutes:
        job = one_pass([1.0], row, free=free, start_min=float(free[0]))
        end = max(end, float(engine(job, False).done[-1]))
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
    engine, minutes, makespan
) -> None:
    assert flow_shop(engine, minutes) == makespan


def test_what_an_operation_uses_is_spread_over_quarters_of_an_hour() -> None:
    # 2 a minute at the first station from 0 to 20, 1 at the second from 20 to 50
    load = np.zeros((1, 4))
    run_pass(one_pass([20.0], [1.0, 1.5], load_weight=np.array([[2.0, 1.0]]), load=load), False)
    assert load.tolist() == [[30.0, 10.0 + 10.0, 15.0, 5.0]]


def test_a_line_that_learns_is_loaded_more_slowly_at_first() -> None:
    # 10 x 1 minutes at half speed, 20, to the second bundle; then exp(-20/20): 1 - 0.5/e = 0.816
    times = loading_times(np.full(3, 10.0), 100.0, 1.0, 0.5, 20.0)
    assert times.tolist() == pytest.approx([100.0, 120.0, 120.0 + 10.0 / (1.0 - 0.5 / np.e)])
    assert loading_times(np.full(3, 10.0), 100.0, 0.0, 0.5, 20.0).tolist() == [100.0] * 3
