"""Which orders turn late: those of which the pairs of runs show it."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.futures.report.order_runs import OrderBoard, OrderRuns
from experiments.futures.statistics.shares import is_beyond_chance

DUE_MIN = 100.0


def runs(base: str, variant: str) -> OrderRuns:
    """One order; a letter a run: t = in time, l = late."""

    def board(letters: str) -> OrderBoard:
        ship = np.array([[90.0 if letter == "t" else 110.0] for letter in letters])
        due = np.full_like(ship, DUE_MIN)
        return OrderBoard(ship_min=ship, due_min=due, is_asked=np.ones_like(ship, dtype=bool))

    return OrderRuns(("A",), {"A": {}}, {"base": board(base), "variant": board(variant)})


@pytest.mark.parametrize(
    ("base", "variant", "is_late"),
    [
        ("tttttttttt" + "llllllllll", "ttttttttt" + "lllllllllll", False),  # one run of twenty
        ("tttttttt", "tttlllll", True),  # five turn, none comes back
        ("ttttttttll", "lllllttttt", False),  # five turn, two come back: a coin does so, too
        ("tt", "ll", True),  # few runs, and all of them
        ("tt", "tl", False),
        ("tttttttttt", "ttttttllll", False),  # more often late, and mostly in time
    ],
)
def test_an_order_turns_late_where_the_pairs_show_it(base, variant, is_late) -> None:
    assert runs(base, variant).list_late("base", "variant") == (("A",) if is_late else ())
    assert runs(base, variant).list_saved("base", "variant") == ()
    assert runs(variant, base).list_saved("base", "variant") == (("A",) if is_late else ())


def test_the_sign_test_is_that_of_scipy() -> None:
    from scipy.stats import binomtest

    for one in range(1, 12):
        for other in range(8):
            p = binomtest(one, one + other, 0.5, alternative="greater").pvalue
            assert is_beyond_chance(one, other) == (p <= 0.05), (one, other)
