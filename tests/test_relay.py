"""Policies that take over from each other."""

from __future__ import annotations

from agents.rules.edd import Edd
from agents.rules.spt import Spt
from factory_env import Factory
from factory_env.relay import Relay
from tests.play import fingerprint, play

DAY = 1440.0


def test_each_decides_in_its_own_time(short, short_tables) -> None:
    relay = Relay(Edd(), [(4 * DAY, Spt())])
    run = Factory(short, 1, tables=short_tables)
    play(run, Edd())
    fork = run.fork(4 * DAY)
    assert fingerprint(play(fork, Spt())) == fingerprint(
        play(Factory(short, 1, tables=short_tables), relay)
    )


def test_one_that_takes_over_at_once_is_the_only_one(short, short_tables) -> None:
    relay = Relay(Edd(), [(0.0, Spt())])
    one, other = (play(Factory(short, 1, tables=short_tables), p) for p in (relay, Spt()))
    assert fingerprint(one) == fingerprint(other)
