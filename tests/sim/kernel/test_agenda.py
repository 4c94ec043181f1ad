"""SimPy's environment with a second agenda, whose timers have their place among SimPy's events."""

from __future__ import annotations

import pytest
from simpy.core import EmptySchedule

from factory_env.sim.kernel.agenda import HouseEnvironment


class Bells:
    """An agenda of a few minutes; tells what it was asked before it rang."""

    def __init__(self, *minutes: float) -> None:
        self.minutes = list(minutes)
        self.rang: list[float] = []

    @property
    def next_min(self) -> float:
        return self.minutes[0] if self.minutes else float("inf")

    def ring_due(self, env: HouseEnvironment, wall_min: float, priority: int, event: int) -> bool:
        if not self.minutes or self.minutes[0] > wall_min:
            return False
        self.rang.append(self.minutes.pop(0))
        return True


def test_the_agenda_rings_before_later_events_of_simpy() -> None:
    env, seen = HouseEnvironment(), []
    bells = Bells(1.0, 2.0, 7.0)
    env.keep(bells)
    for minute in (5.0, 9.0):
        env.timeout(minute).callbacks.append(lambda event: seen.append((env.now, *bells.rang)))
    env.run()
    assert seen == [(5.0, 1.0, 2.0), (9.0, 1.0, 2.0, 7.0)]


def test_the_next_moment_is_that_of_either() -> None:
    env, bells = HouseEnvironment(), Bells(3.0)
    env.keep(bells)
    env.timeout(5.0)
    assert env.peek() == 3.0
    env.step()
    assert env.peek() == 5.0
    env.step()
    assert env.peek() == float("inf")
    assert (env.now, bells.rang) == (5.0, [3.0])
    with pytest.raises(EmptySchedule):
        env.step()


def test_without_an_agenda_it_is_simpys_environment() -> None:
    env, seen = HouseEnvironment(), []
    env.timeout(4.0).callbacks.append(lambda event: seen.append(env.now))
    env.run()
    assert seen == [4.0]
