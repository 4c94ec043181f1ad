"""Law 6: at every stage the mean number inside equals arrival rate times mean time inside.

The numbers are counted live, by watching lots and orders come and go; the times come from the
log. The two know nothing of each other.
"""

from __future__ import annotations

from collections import defaultdict

import pytest

from agents.rules.atcs_match import AtcsMatch
from factory_env import Factory, RunLog
from factory_env.sim.stations.spine.gate import Gate
from factory_env.sim.work.lot_station import LotStation
from tests.play import play

STAGES = {  # stage -> log columns between which a lot is there
    "gate": ("sewn_min", "repaired_min"),
    "pressing": ("repaired_min", "pressed_min"),
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
    found: dict[str, Counter] = defaultdict(Counter)
    gate_arrive, room_arrive = Gate.arrive, LotStation.arrive
    leaves = {"pressing": "gate", "packing": "pressing"}  # who comes here has left there

    def change(stage: str, clock, by: int) -> None:
        found[stage].set(found[stage].inside + by, clock.wall_now)

    def to_gate(self, lot) -> None:
        change("gate", self.clock, 1)
        gate_arrive(self, lot)

    def to_room(self, lot) -> None:
        change(leaves[self.name], self.clock, -1)
        change(self.name, self.clock, 1)
        room_arrive(self, lot)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Gate, "arrive", to_gate)
        patch.setattr(LotStation, "arrive", to_room)
        factory = Factory(small, 2)
        world, step = factory.world, factory.world.env.step

        def watched_step() -> None:
            step()
            found["house"].set(world.in_house, world.env.now)

        world.env.step = watched_step
        log = play(factory, AtcsMatch())
    assert log.finished
    return log, found


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
