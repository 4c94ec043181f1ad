"""What is put down for a minute comes first in it."""

from __future__ import annotations

from simpy import Environment

from factory_env.sim.kernel.dated import call_first_at


def test_it_comes_before_whatever_else_happens_in_its_minute() -> None:
    env, seen = Environment(), []
    env.timeout(5.0).callbacks.append(lambda _: seen.append("event"))
    for name in ("first", "second"):
        call_first_at(env, 5.0, lambda name=name: seen.append(name))
    env.run()
    assert seen == ["first", "second", "event"]


def test_a_minute_that_has_gone_by_is_now() -> None:
    env, seen = Environment(3.0), []
    call_first_at(env, 1.0, lambda: seen.append(env.now))
    env.run()
    assert seen == [3.0]
