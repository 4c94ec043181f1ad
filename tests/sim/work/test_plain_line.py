"""The line of processes by itself; that it equals the recursion is a law (`tests/laws`)."""

from __future__ import annotations

import numpy as np

from factory_env.sim.work.plain_line import twin_pass
from tests.sim.work.one_pass import one_pass


def test_free_times_are_carried_from_one_order_to_the_next() -> None:
    # 10 minutes at either station: the second order finds them free at 10 and 20
    free = np.zeros(2)
    assert twin_pass(one_pass([10.0], [1.0, 1.0], free=free)).done.tolist() == [20.0]
    assert twin_pass(one_pass([10.0], [1.0, 1.0], free=free)).done.tolist() == [30.0]
    assert free.tolist() == [20.0, 30.0]


def test_of_two_who_are_free_in_the_same_minute_the_first_in_the_crew_takes_the_bundle() -> None:
    result = twin_pass(one_pass([6.0, 6.0], [1.0], [2], crew=np.array([1, 0])), record=True)
    assert result.operator.ravel().tolist() == [1, 0]


def test_operators_who_are_not_of_the_crew_keep_their_time() -> None:
    job = one_pass([5.0], [1.0], crew=np.array([1]), efficiency=np.ones(3), free=np.full(3, 2.0))
    twin_pass(job)
    assert job.free.tolist() == [2.0, 7.0, 2.0]
