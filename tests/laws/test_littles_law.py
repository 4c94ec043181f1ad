"""Law 6: at every stage the mean number inside equals arrival rate times mean time inside.

The numbers are counted live, by watching lots and orders come and go; the times come from the
log. The two know nothing of each other.
"""

from __future__ import annotations

from collections import defaultdict

import pytest

from agents.rules.atcs_match import AtcsMatch
from factory_env import Factory, RunLog
from tests.play import play

STAGES = {  # stage -> log columns between which a lot is there
    "gate": ("sewn_min", "repaired_min"),
    "pressing": ("repaired_min", "pressed_min"),
    "packing": ("pressed_min", "packed_min"),
}


class Counter:
    """Integral of a number over time."""

    def __init__(self) -> None:
        self.inside = 0
        self.area_min = 0.0
        self._since = 0.0

    def set(self, inside: int, now: float) -> None:
        """From ``now`` on so many are inside."""
        self.area_min += self.inside * (now - self._since)
        self.inside, self._since = inside, now


@pytest.fixture(scope="module")
def watched(small) -> tuple[RunLog, dict[str, Counter]]:
    """A run that ships everything, and counters watching it."""
    counters: dict[str, Counter] = defaultdict(Counter)

    def change(place: str, more: int, now_min: float) -> None:
        counters[place].set(counters[place].inside + more, now_min)

    factory = Factory(small, 2)
    factory.watch(change)
    log = play(factory, AtcsMatch())
    assert log.finished
    return log, counters


@pytest.mark.parametrize("stage", STAGES)
def test_mean_lots_equal_rate_times_mean_time(watched, stage) -> None:
    log, found = watched
    table, (first, last) = log.tables["lots"], STAGES[stage]
    time_min = table[last] - table[first]
    rate = time_min.shape[0] / log.end_min
    mean_lots = found[stage].area_min / log.end_min
    assert found[stage].inside == 0
    assert mean_lots > 0.0
    assert mean_lots == pytest.approx(rate * time_min.mean(), rel=1e-9)


def test_mean_orders_in_the_house_equal_rate_times_mean_stay(watched) -> None:
    log, found = watched
    orders = log.tables["orders"]
    stay_min = orders["shipped_min"] - orders["release_min"]
    rate = stay_min.shape[0] / log.end_min
    mean_orders = found["house"].area_min / log.end_min
    assert mean_orders > 1.0
    assert mean_orders == pytest.approx(rate * stay_min.mean(), rel=1e-9)
