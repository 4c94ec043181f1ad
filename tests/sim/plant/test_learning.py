"""What learning costs in minutes, against the equation that it solves."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env.sim.plant.learning import learning_extra, learning_extra_many


def solved(settled_min: float, loss: float, tau_min: float) -> float:
    """T - A of T = A + loss tau (1 - exp(-T / tau)), by halving."""
    low, high = settled_min, settled_min + loss * tau_min
    for _ in range(200):
        middle = (low + high) / 2.0
        value = settled_min + loss * tau_min * (1.0 - np.exp(-middle / tau_min))
        low, high = (middle, high) if value > middle else (low, middle)
    return low - settled_min


@pytest.mark.parametrize("settled", [30.0, 480.0, 4800.0])
@pytest.mark.parametrize(("loss", "tau"), [(0.1, 480.0), (0.5, 960.0), (0.6, 2400.0)])
def test_extra_minutes_solve_the_equation_of_the_curve(settled, loss, tau) -> None:
    # each of the four evaluations leaves at most ``loss`` of the error before
    exact = solved(settled, loss, tau)
    assert learning_extra(settled, loss, tau) == pytest.approx(exact, rel=loss**4)
    assert learning_extra(settled, loss, tau) < loss * tau


def test_a_line_that_knows_the_style_needs_nothing_extra() -> None:
    assert learning_extra(480.0, 0.0, 960.0) == 0.0


def test_many_lengths_are_reckoned_one_by_one() -> None:
    settled = np.array([10.0, 480.0, 960.0])
    extra = learning_extra_many(settled, 0.4, 960.0)
    assert extra.tolist() == [learning_extra(x, 0.4, 960.0) for x in settled.tolist()]
    assert (np.diff(extra) > 0.0).all()
