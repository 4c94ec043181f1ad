"""The audit: acceptance is binomial, rejected orders are re-checked, the third time they go."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import binom
from simpy import Environment

from agents.rules.atcs_match import AtcsMatch
from factory_env import Factory, load_scenario
from factory_env.domain.aql import plan
from factory_env.domain.calendar import ShiftTable
from factory_env.domain.inspection import Inspection
from factory_env.domain.scenario import Audit
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.kernel.streams import Streams
from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.stations.spine.audit import AuditRoom, accepted, accepted_share, escapes
from tests.laws.tiny_plant import ALWAYS, product
from tests.play import play

PIECE = replace(product("toy", [1.0]), inspect_min=0.4)
JOINT_95 = 2.87  # two-sided, for all of 12 comparisons: normal quantile of 1 - 0.05 / 24
RULES = Audit(enabled=True, aql="2.5", recheck_crew=8, audit_min=60.0, max_rechecks=2)


class Room:
    """An audit room that is always at work."""

    def __init__(self, rules: Audit = RULES, seed: int = 5) -> None:
        self.env = Environment()
        clock = WorkingClock(self.env, ShiftTable(ALWAYS, 30), "finishing")
        self.labour_min: list[float] = []
        world = SimpleNamespace(
            scenario=SimpleNamespace(audit=rules, inspection=Inspection()),
            streams=Streams(seed),
            ledger=SimpleNamespace(recheck=self.labour_min.append),
            book=SimpleNamespace(luck=np.arange(5_000)),
        )
        self.shipped: dict[int, float] = {}
        self.room = AuditRoom(world, clock, self._ship)

    def _ship(self, run: OrderRun) -> None:
        self.shipped[run.order] = self.env.now

    def offer(self, order: int, good: int, bad: int) -> OrderRun:
        """An order of ``good`` pieces, ``bad`` of them defective and not found by the gate."""
        run = OrderRun(order, PIECE)
        run.good, run.defective, run.caught = good, bad + 7, 7
        self.room.offer(run)
        return run


@pytest.mark.parametrize(
    ("pieces", "sample", "accept"),
    [(1_000, 80, 5), (2_000, 125, 7), (5_000, 200, 10), (20_000, 315, 14)],
)
@pytest.mark.parametrize("share", [0.025, 0.05, 0.10])
def test_the_share_of_accepted_lots_is_binomial(pieces, sample, accept, share) -> None:
    assert plan(pieces, "2.5") == (sample, accept)
    lots = 20_000
    exact = binom.cdf(accept, sample, share)
    found = accepted_share(Streams(1).generator("aql", pieces), pieces, share, lots, "2.5")
    assert abs(found - exact) <= JOINT_95 * np.sqrt(exact * (1.0 - exact) / lots) + 1.0 / lots


def test_the_station_accepts_as_often_as_the_formula() -> None:
    room, rng, orders = Room(replace(RULES, max_rechecks=9)), Streams(3).generator("defects"), 2_000
    runs = [room.offer(o, 1_000, int(rng.binomial(1_000, 0.05))) for o in range(orders)]
    room.env.run(until=61.0)  # the first audit of each
    assert all(run.audits == 1 for run in runs)
    found = 1.0 - sum(run.rejections for run in runs) / orders
    exact = binom.cdf(5, 80, 0.05)  # .789 in the domain reference
    assert abs(found - exact) <= 1.96 * np.sqrt(exact * (1.0 - exact) / orders)
    assert len(room.shipped) == found * orders


def test_one_lot_is_judged_like_an_array_of_lots() -> None:
    streams = Streams(2)
    bad = np.array([20, 40, 60, 80])
    many = accepted(streams.generator("a"), 1_000, bad, "2.5")
    rng = streams.generator("a")
    assert many.tolist() == [accepted(rng, 1_000, int(n), "2.5") for n in bad]


def test_a_sound_order_leaves_after_the_audit() -> None:
    room = Room()
    run = room.offer(0, 1_000, 0)
    room.env.run()
    assert room.shipped == {0: 60.0}
    assert (run.audits, run.rejections, run.concession) == (1, 0, 0)
    assert not room.labour_min


def test_without_audits_an_order_leaves_at_once() -> None:
    room = Room(replace(RULES, enabled=False))
    run = room.offer(0, 1_000, 1_000)
    assert room.shipped == {0: 0.0}
    assert run.audits == 0


def test_an_order_of_nothing_is_not_audited() -> None:
    room = Room()
    room.offer(0, 0, 0)
    assert room.shipped == {0: 0.0}


def test_a_rotten_order_is_rechecked_until_it_passes() -> None:
    room = Room(replace(RULES, max_rechecks=5))
    run = room.offer(0, 1_000, 1_000)
    room.env.run()
    # a re-check takes 1,000 x 0.4 / 8 = 50 minutes and finds 85 %: 100 % bad, then about 15 %
    # (accepted in 1 % of cases at n = 80, c = 5), then 2.3 % (99 %)
    assert (run.audits, run.rejections, run.concession) == (3, 2, 0)
    assert room.shipped == {0: 60.0 + 50.0 + 60.0 + 50.0 + 60.0}
    assert room.labour_min == [400.0, 400.0]
    # found of 1,000 with two looks: 1 - 0.15 ** 2 = 97.75 %, sd of 1,000 draws 0.47 %
    assert run.recheck_found == pytest.approx(977.5, abs=15)
    assert escapes(run) == 1_000 - run.recheck_found
    assert run.good == 1_000  # what is found is mended


def test_after_the_last_recheck_it_ships_under_a_concession() -> None:
    room = Room(replace(RULES, max_rechecks=1))
    run = room.offer(0, 1_000, 1_000)
    room.env.run()
    assert (run.audits, run.rejections, run.concession) == (2, 2, 1)
    assert room.shipped == {0: 60.0 + 50.0 + 60.0}
    assert room.labour_min == [400.0]


def test_one_crew_rechecks_first_come_first_served() -> None:
    room = Room(replace(RULES, max_rechecks=1))
    room.offer(0, 1_000, 1_000)
    room.offer(1, 2_000, 2_000)
    room.env.run()
    # both fail at 60; the crew is on order 0 until 110 and on order 1 for 100 minutes more
    assert room.shipped == {0: 170.0, 1: 270.0}


def test_a_cancelled_order_is_not_rechecked() -> None:
    room = Room()
    run = room.offer(0, 1_000, 1_000)
    run.cancelled_min = 30.0
    room.env.run()
    assert run.audits == 0
    assert not room.shipped
    assert not room.labour_min


def test_luck_belongs_to_the_order_and_the_attempt() -> None:
    rooms = [Room(), Room()]
    runs: list[list[OrderRun]] = [[], []]
    for order in range(40):
        runs[0].append(rooms[0].offer(order, 1_000, 60))
    for order in reversed(range(40)):  # the other way round
        runs[1].append(rooms[1].offer(order, 1_000, 60))
    for room in rooms:
        room.env.run()
    first, second = runs[0], runs[1][::-1]
    assert [(r.audits, r.recheck_found) for r in first] == [
        (r.audits, r.recheck_found) for r in second
    ]
    assert len({r.audits for r in first}) > 1


@pytest.fixture(scope="module")
def careless():
    """Nobody checks at the lines: what was spoiled meets the audit."""
    overrides = {
        "audit.enabled": True,
        "inspector": "none",
        "costs.recheck_usd_per_min": 0.012,
    }
    factory = Factory(load_scenario("small", overrides=overrides), 1)
    return factory, play(factory, AtcsMatch())


def test_an_order_leaves_an_audit_after_its_last_carton(careless) -> None:
    factory, log = careless
    orders, lots = log.tables["orders"], log.tables["lots"]
    shipped = np.flatnonzero(~np.isnan(orders["shipped_min"]))
    packed = np.zeros(orders["order"].shape[0])
    np.maximum.at(packed, lots["order"], lots["packed_min"])
    shift_at = factory.world.shifts.shift_at
    for order in shipped.tolist():
        # an audit takes 60 minutes of work; each re-check adds its own
        spent = shift_at(orders["shipped_min"][order]) - shift_at(packed[order])
        rejections = factory.house.runs[order].rejections
        assert spent == pytest.approx(60.0, abs=1e-6) if rejections == 0 else spent > 120.0
    assert any(factory.house.runs[o].rejections for o in shipped)


def test_the_audit_keeps_every_piece_and_pays_for_rechecks(careless) -> None:
    factory, log = careless
    orders = log.tables["orders"]
    shipped = ~np.isnan(orders["shipped_min"])
    assert shipped.sum() > 10
    np.testing.assert_array_equal(
        (orders["good"] + orders["seconds"])[shipped], orders["cut"][shipped]
    )
    # each rejection but the one before a concession is a re-check of all good pieces
    labour_min = sum(
        (run.rejections - run.concession) * run.good * run.product.inspect_min
        for run in factory.house.runs
    )
    rate = factory.scenario.costs.recheck_usd_per_min
    assert labour_min * rate > 0.0
    assert log.cost_usd["recheck"] == pytest.approx(labour_min * rate)
