"""Law: pieces, operators' minutes, money and energy add up, in random factories with everything on.

`python benchmarks/conserved.py` plays many more.
"""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.stress.books import broken_laws
from benchmarks.stress.factories import random_scenario, random_team
from factory_env import Factory
from tests.play import play


@pytest.mark.parametrize("seed", range(100, 108))
def test_the_books_of_a_random_factory_add_up(seed) -> None:
    factory = Factory(random_scenario(seed), seed)
    log = play(factory, random_team(seed))
    assert broken_laws(factory, log) == []


def test_what_does_not_add_up_is_found(small) -> None:
    factory = Factory(random_scenario(100), 100)
    log = play(factory, random_team(100))
    log.tables["orders"]["cut"][:] += 1
    log.tables["states"]["work_min"][:] += 10.0
    log.tables["orders"]["late_usd"][:] += np.pi
    found = " | ".join(broken_laws(factory, log))
    assert "pieces on the lines" in found
    assert "states fill the run: 10 min off" in found
    assert "lateness" in found
