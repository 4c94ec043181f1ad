"""SimPy stops at the first instant of a minute, before anything else of that minute."""

from __future__ import annotations

import pytest
from simpy import Environment

from factory_env.sim.kernel.halt import StopSimulation, halt_at


def ringing(*minutes: float) -> tuple[Environment, list[float]]:
    """An environment in which something happens at each of these minutes."""
    env, rang = Environment(), []
    for minute in minutes:
        env.timeout(minute).callbacks.append(lambda event: rang.append(env.now))
    return env, rang


def step_to_the_halt(env: Environment) -> None:
    with pytest.raises(StopSimulation):
        _step_on(env)


def _step_on(env: Environment) -> None:
    while True:
        env.step()


def test_what_happens_in_the_minute_itself_is_still_to_come() -> None:
    env, rang = ringing(5.0, 10.0, 10.0, 15.0)
    halt_at(env, 10.0)
    step_to_the_halt(env)
    assert env.now == 10.0
    assert rang == [5.0]
    env.run()
    assert rang == [5.0, 10.0, 10.0, 15.0]


def test_several_halts_come_one_after_the_other() -> None:
    env, rang = ringing(5.0, 15.0)
    for minute in (20.0, 10.0):
        halt_at(env, minute)
    step_to_the_halt(env)
    assert (env.now, rang) == (10.0, [5.0])
    step_to_the_halt(env)
    assert (env.now, rang) == (20.0, [5.0, 15.0])
