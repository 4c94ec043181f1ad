"""A halt comes before everything else of its minute, and changes nothing."""

from __future__ import annotations

import pytest
from simpy import Environment

from factory_env.sim.kernel.halt import StopSimulation, halt_at


def ticks(env: Environment, times: list[float]):
    """Writes down the time of every tick, ten minutes apart."""
    while True:
        yield env.timeout(10.0)
        times.append(env.now)


def run(env: Environment) -> None:
    """Step for ever."""
    while True:
        env.step()


def test_nothing_of_the_minute_has_happened_when_it_halts() -> None:
    env, times = Environment(), []
    env.process(ticks(env, times))
    halt_at(env, 30.0)
    with pytest.raises(StopSimulation):
        run(env)
    assert env.now == 30.0
    assert times == [10.0, 20.0]


def test_after_the_halt_it_goes_on_as_if_there_had_been_none() -> None:
    env, times = Environment(), []
    env.process(ticks(env, times))
    halt_at(env, 25.0)
    with pytest.raises(StopSimulation):
        run(env)
    halt_at(env, 40.0)  # counted from the first minute, not from now
    with pytest.raises(StopSimulation):
        run(env)
    assert env.now == 40.0
    assert times == [10.0, 20.0, 30.0]
