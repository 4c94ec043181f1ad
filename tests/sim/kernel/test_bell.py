"""A bell tells whoever listens, in order."""

from __future__ import annotations

from factory_env.sim.kernel.bell import Bell


def test_everybody_is_told_in_the_order_of_listening() -> None:
    bell: Bell[[str, int]] = Bell()
    heard: list[tuple[str, str, int]] = []
    bell.listen(lambda what, n: heard.append(("first", what, n)))
    bell.ring("order", 7)
    bell.listen(lambda what, n: heard.append(("second", what, n)))
    bell.ring("order", 8)
    assert heard == [("first", "order", 7), ("first", "order", 8), ("second", "order", 8)]


def test_a_bell_that_nobody_hears_may_ring() -> None:
    Bell().ring()
