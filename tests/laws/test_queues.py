"""Law 6: lot stations obey the exact queueing values of domain reference, section 19."""

from __future__ import annotations

import numpy as np
import pytest
from simpy import Environment

from factory_env.domain.calendar import ShiftTable, WorkCalendar
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.work.lot import Lot
from factory_env.sim.work.lot_station import LotStation

ALWAYS = WorkCalendar(shift_start_min=0.0, shift_end_min=1440.0, breaks=(), days_off=())


def waits(arrival: np.ndarray, service: np.ndarray, servers: int) -> np.ndarray:
    """Waiting times of lots in a real `LotStation` with a clock that never stops."""
    env = Environment()
    days = int((arrival[-1] + service.sum()) // 1440.0) + 2
    clock = WorkingClock(env, ShiftTable(ALWAYS, days), "always on")
    station = LotStation("room", clock, servers, lambda lot: service[lot.number], lambda lot: None)
    lots = [Lot(None, i, 1) for i in range(arrival.shape[0])]

    def stream():
        for lot, minute in zip(lots, arrival.tolist(), strict=True):
            yield env.timeout(minute - env.now)
            station.arrive(lot)

    env.process(stream())
    env.run()
    start, end = np.array([lot.times["room"] for lot in lots]).T
    np.testing.assert_allclose(end - start, service, atol=1e-6)
    return start - arrival


def kiefer_wolfowitz(arrival: np.ndarray, service: np.ndarray, servers: int) -> np.ndarray:
    """Waiting times in a first-come first-served queue, from its textbook recursion."""
    free = np.zeros(servers)
    found = np.empty(arrival.shape[0])
    for i, (minute, minutes) in enumerate(zip(arrival, service, strict=True)):
        first = int(free.argmin())
        start = max(minute, free[first])
        free[first] = start + minutes
        found[i] = start - minute
    return found


def stream(rate: float, n: int, seed: int, exponential: bool) -> tuple[np.ndarray, np.ndarray]:
    """Poisson arrivals and services of mean 1 minute."""
    rng = np.random.default_rng(seed)
    arrival = rng.exponential(1.0 / rate, n).cumsum()
    return arrival, rng.exponential(1.0, n) if exponential else np.ones(n)


@pytest.mark.parametrize("servers", [1, 2, 3, 8])
@pytest.mark.parametrize("exponential", [True, False])
def test_every_single_wait_equals_the_textbook_recursion(servers, exponential) -> None:
    arrival, service = stream(0.9 * servers, 3000, seed=servers, exponential=exponential)
    expected = kiefer_wolfowitz(arrival, service, servers)
    assert expected.max() > 1.0
    np.testing.assert_allclose(waits(arrival, service, servers), expected, atol=1e-6)


# (servers, arrivals per min, exponential services, Wq, P(wait)); mu = 1; P(wait) of M/D/1 is rho
VALUES = [
    (1, 0.8, True, 4.0, 0.8),
    (1, 0.9, True, 9.0, 0.9),
    (1, 0.8, False, 2.0, 0.8),
    (2, 1.6, True, 1.778, 0.7111),
    (3, 2.4, True, 1.079, 0.6472),
    (5, 4.0, True, 0.554, 0.5541),
    (8, 7.2, True, 0.877, 0.7015),
]


def check_values(servers, rate, exponential, wait, waiting, n, batches, tolerance) -> None:
    arrival, service = stream(rate, n, seed=11, exponential=exponential)
    found = waits(arrival, service, servers)[n // 20 :]
    means = np.array([part.mean() for part in np.array_split(found, batches)])
    half = 4.0 * means.std(ddof=1) / np.sqrt(batches)  # four standard errors of batch means
    assert found.mean() == pytest.approx(wait, abs=half)
    assert half < tolerance * wait  # an interval so wide that all values fit would prove nothing
    assert (found > 1e-9).mean() == pytest.approx(waiting, abs=0.03)
    queue = found.sum() / (arrival[-1] - arrival[n // 20])  # mean lots waiting, Little: lambda Wq
    assert queue == pytest.approx(rate * wait, rel=tolerance)


@pytest.mark.parametrize(
    ("servers", "rate", "exponential", "wait", "waiting"),
    [row for row in VALUES if row[1] / row[0] < 0.85],  # fuller queues need the long run below
)
def test_waits_match_the_exact_queue(servers, rate, exponential, wait, waiting) -> None:
    check_values(servers, rate, exponential, wait, waiting, 60_000, 20, 0.45)


@pytest.mark.slow
@pytest.mark.parametrize(("servers", "rate", "exponential", "wait", "waiting"), VALUES)
def test_long_waits_match_the_exact_queue_closely(
    servers, rate, exponential, wait, waiting
) -> None:
    check_values(servers, rate, exponential, wait, waiting, 1_500_000, 30, 0.15)
