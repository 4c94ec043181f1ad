"""Events of SimPy, counted."""

from __future__ import annotations

from simpy import Environment

NEVER = float("inf")


def count_events(env: Environment) -> int:
    """Let everything happen; returns how many events that took."""
    count = 0
    while env.peek() < NEVER:
        env.step()
        count += 1
    return count
