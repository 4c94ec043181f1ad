"""The inspection station's laws: pieces by fate, money, luck shared by policies, forks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from agents.rules.atcs_match import AtcsMatch
from agents.rules.edd import Edd
from agents.rules.spt import Spt
from factory_env import Factory, RunLog, Scenario, load_scenario
from factory_env.decisions.order_choice import OrderChoice
from factory_env.domain.quality import Causes
from factory_env.envs.scheduling.env import SchedulingEnv
from factory_env.kpi.quality import SHARES, quality, quality_intervals, wilson
from factory_env.kpi.table import kpis
from tests.laws.tiny_plant import line, order, product, scenario
from tests.play import fingerprint, play

QUIET = Causes(overtime_factor=1.0, overdue_factor=1.0, overdue_most=1.0, needle_factor=1.0)
# overtime, audits, parts and cancellations; bundles leave a line in the evening
LOUD = {
    "people": "scenario",
    "overtime.mode": "plan",
    "inspection.station.enabled": True,
    "disruptions.changes.share": 0.3,
    "disruptions.changes.cancel_share": 0.1,
    "horizon_days": 24,
    "demand.days": 18,
    "demand.load": 1.2,
    "audit.aql": "1.0",
}


def with_station(scenario: Scenario, **fields) -> Scenario:
    """The scenario with an inspection station of these numbers."""
    station = replace(scenario.inspection.station, enabled=True, **fields)
    return scenario.replace(inspection=replace(scenario.inspection, station=station))


@pytest.fixture(scope="module")
def loud() -> Scenario:
    return load_scenario("small", "real", LOUD, "rough")


@pytest.fixture(scope="module")
def log(loud) -> RunLog:
    return play(Factory(loud, 4), AtcsMatch())


def escapes(orders) -> np.ndarray:
    """Defective pieces of each order that its customer gets."""
    return orders["defective"] - orders["caught"] + orders["let_go"] - orders["recheck_found"]


def test_every_piece_has_one_fate(log) -> None:
    orders, lots = log.tables["orders"], log.tables["lots"]
    shipped = ~np.isnan(orders["shipped_min"])
    assert shipped.sum() > 10
    np.testing.assert_array_equal(
        (orders["good"] + orders["seconds"])[shipped], orders["cut"][shipped]
    )
    mended = orders["caught"] - orders["let_go"] - orders["seconds"]
    assert (mended >= 0).all()
    assert mended.sum() > 0 < orders["let_go"].sum()
    assert (mended <= orders["repaired"]).all()
    assert orders["repaired"].sum() < orders["repairs"].sum() <= 2 * orders["repaired"].sum()
    assert (lots["good"] + lots["seconds"] == lots["pieces"]).all()
    assert (lots["escapes"] <= lots["good"]).all()
    assert lots["rounds"].max() == 2
    n = orders["order"].shape[0]
    by_lot = {
        name: np.bincount(lots["order"], weights=lots[name], minlength=n)[shipped]
        for name in ("defective", "flagged", "false_alarms", "repairs", "escapes")
    }
    for name in ("defective", "false_alarms", "repairs"):
        np.testing.assert_array_equal(by_lot[name], orders[name][shipped])
    flagged = orders["caught"] + orders["false_alarms"]
    np.testing.assert_array_equal(by_lot["flagged"], flagged[shipped])
    left = escapes(orders) + orders["recheck_found"]
    np.testing.assert_array_equal(by_lot["escapes"], left[shipped])
    assert orders["recheck_found"].sum() > 0


def test_the_parts_of_the_cost_are_those_of_the_log(loud, log) -> None:
    orders, lots, cost = log.tables["orders"], log.tables["lots"], log.cost_usd
    shipped = ~np.isnan(orders["shipped_min"])
    usd = (orders["seconds"] * orders["price_usd"] * 0.7)[shipped].sum()
    assert cost["seconds"] == pytest.approx(usd, rel=1e-9)
    usd = (orders["returns"] * (orders["price_usd"] + 6.0))[shipped].sum()
    assert cost["returns"] == pytest.approx(usd, rel=1e-9)
    assert (orders["returns"] <= escapes(orders) + 1e-9).all()
    assert 0.4 < orders["returns"].sum() / escapes(orders).sum() < 0.6
    # lots that are not packed when the run ends are not in the log
    usd = (lots["check_min"] + lots["bench_min"]).sum() * 0.042
    assert usd <= cost["inspection"] <= 1.05 * usd
    assert kpis(log)["total_cost_usd"] == pytest.approx(sum(cost.values()), rel=1e-12)


def test_a_failed_audit_is_not_the_cheapest_inspection(loud) -> None:
    # nobody at the line, so the audit fails often; its re-checks cost what the station would
    scenario = loud.replace(inspector="none")
    log = play(Factory(scenario, 4), AtcsMatch())
    orders = log.tables["orders"]
    again = np.minimum(orders["rejections"], scenario.audit.max_rechecks)
    again -= np.isnan(orders["shipped_min"]) & (again > 0)  # the last one may be under way
    per_find = log.cost_usd["recheck"] / orders["recheck_found"].sum()
    assert orders["recheck_found"].sum() > 100
    kinds, share = scenario.library.defects, 0.7 * orders["price_usd"].min()
    lost = sum(kind.share * (1.0 - kind.repairable) for kind in kinds) * share
    assert per_find > lost + 0.042 * (again * orders["good"]).sum() * 0.45 / (
        orders["recheck_found"].sum()
    )


def test_times_at_the_station_follow_each_other(log) -> None:
    lots = log.tables["lots"]
    names = (
        "sewn",
        "camera_start",
        "camera_end",
        "inspect_start",
        "inspected",
        "repair_start",
        "repaired",
        "again_start",
        "again",
        "press_start",
    )
    times = np.column_stack([lots[f"{name}_min"] for name in names])
    assert (np.diff(times, axis=1) >= -1e-6).all()
    mended = lots["repairs"] > 0
    assert (lots["again_min"] > lots["again_start_min"])[mended].all()


def test_rewards_sum_to_minus_the_cost_with_the_station_on(short) -> None:
    env = SchedulingEnv(scenario=with_station(short))
    env.reset(seed=2)
    total, over = 0.0, False
    while not over:
        action = env.answer_to_action(Edd().choose(env.question))
        _, reward, terminated, truncated, _ = env.step(action)
        total += reward
        over = terminated or truncated
    parts = env.factory.cost_parts_usd
    assert total == pytest.approx(-sum(parts.values()), rel=1e-9)
    assert min(parts["inspection"], parts["returns"], parts["seconds"]) > 0.0


def test_nothing_escapes_perfect_people_and_everything_escapes_none(short) -> None:
    sure = with_station(short.replace(inspector="perfect"), bench_detects=1.0, repair_fails=0.0)
    orders = play(Factory(sure, 1), Edd()).tables["orders"]
    assert orders["defective"].sum() > 100
    assert escapes(orders).sum() == orders["returns"].sum() == 0
    assert (orders["repairs"] == orders["repaired"]).all()
    log = play(Factory(with_station(short.replace(inspector="none")), 1), Edd())
    orders = log.tables["orders"]
    assert orders["defective"].sum() > 100
    np.testing.assert_array_equal(escapes(orders), orders["defective"])
    assert log.cost_usd["inspection"] == log.cost_usd["seconds"] == 0.0


def test_no_repairs_allowed_makes_seconds_of_all_that_the_bench_sees(short) -> None:
    strict = with_station(short.replace(inspector="perfect"), bench_detects=1.0, max_repairs=0)
    orders = play(Factory(strict, 1), Edd()).tables["orders"]
    np.testing.assert_array_equal(orders["seconds"], orders["defective"])
    assert orders["repairs"].sum() == 0


def test_policies_share_the_luck_of_every_turn(short) -> None:
    settled = with_station(
        short.replace(learning=replace(short.learning, enabled=False), inspector="perfect"),
        causes=QUIET,
    )
    a, b = (play(Factory(settled, 7), rule).tables["orders"] for rule in (Edd(), Spt()))
    sewn = ~np.isnan(a["sewn_min"]) & ~np.isnan(b["sewn_min"])
    same = sewn & (a["line"] == b["line"])
    assert (a["taken_min"] != b["taken_min"])[same].any()
    for name in ("defective", "caught", "repairs", "let_go", "seconds", "returns"):
        np.testing.assert_allclose(a[name][same], b[name][same], rtol=1e-12)
    assert a["repairs"][same].sum() > 50


def test_forks_and_repeats_equal_the_straight_run(loud, log) -> None:
    short = load_scenario(
        "small",
        "real",
        {
            **LOUD,
            "horizon_days": 8,
            "demand.days": 6,
            "overtime.mode": "agent",
            "demand.booking_lead_days": [0.0, 4.0],
            "demand.size_median": 800,
        },
        "rough",
    )
    run = Factory(short, 5)
    straight = fingerprint(play(run, AtcsMatch()))
    assert fingerprint(play(Factory(short, 5), AtcsMatch())) == straight
    for at_min in (2 * 1440.0 + 990.0, 4 * 1440.0 + 700.0):
        assert fingerprint(play(run.fork(at_min), AtcsMatch())) == straight
        fresh = run.fork(at_min, fresh_seed=11)
        other = fingerprint(play(fresh, AtcsMatch()))
        assert other != straight
        assert fingerprint(play(fresh.fork(at_min + 700.0), AtcsMatch())) == other


class Turning:
    """Takes another style than the line has, if one waits, or the same one."""

    def __init__(self, *, alternates: bool) -> None:
        self.alternates = alternates

    def choose(self, choice: OrderChoice) -> int:
        """The first order that fits."""
        same = choice.table.same_style > 0.5
        fits = np.flatnonzero(same != self.alternates)
        return int(fits[0]) + 1 if fits.size else 1


def test_a_policy_that_alternates_styles_spoils_more_pieces_and_pays_for_it() -> None:
    tee = product("tee", [0.7] * 8)
    toy = scenario([line("l", 8, tee=1.0)], [tee], days=40)
    base = load_scenario("small")
    toy = with_station(
        toy.replace(
            quality=base.quality,
            learning=base.learning,
            changeover=base.changeover,
            inspector="perfect",
            costs=replace(toy.costs, late_steps=()),
        )
    )
    styles = ("tee-01", "tee-02")
    book = [order(f"{s} {i}", s, 900, 40.0, 2700.0) for i in range(5) for s in styles]
    found = {}
    for name, alternates in (("groups", False), ("alternates", True)):
        log = play(Factory(toy, 3, orders=book), Turning(alternates=alternates))
        assert log.finished
        orders = log.tables["orders"]
        found[name] = (
            int(orders["defective"].sum()),
            int((orders["setup_min"] > 0).sum()),
            sum(log.cost_usd[part] for part in ("inspection", "returns", "seconds")),
        )
    assert found["alternates"][0] > 1.05 * found["groups"][0]
    assert found["alternates"][2] > 1.05 * found["groups"][2]


def test_overtime_spoils_more_pieces_of_the_orders_it_touches_and_no_others(loud) -> None:
    logs = []
    for factor in (1.0, 2.0):
        quiet = with_station(loud, causes=replace(QUIET, overtime_factor=factor))
        logs.append(play(Factory(quiet, 4), AtcsMatch()))
    calm, tired = (found.tables["orders"] for found in logs)
    sewn = np.nan_to_num(calm["sewn_min"] - calm["taken_min"])
    np.testing.assert_array_equal(calm["taken_min"], tired["taken_min"])
    more = tired["defective"] - calm["defective"]
    assert (more >= 0).all()
    assert more.sum() > 0.02 * calm["defective"].sum()
    lots = logs[0].tables["lots"]
    evening = lots["sewn_min"] % 1440.0 > 1020.0
    touched = np.bincount(lots["order"], weights=evening, minlength=sewn.shape[0]) > 0
    assert more[touched].sum() > 0.7 * more.sum()


def test_the_intervals_hold_the_figures(log) -> None:
    found, intervals = quality(log), quality_intervals(log)
    assert intervals.keys() == SHARES.keys()
    for name, (low, high) in intervals.items():
        assert low < found[name] < high, name
    # Wilson's interval by hand (Newcombe 1998: 15 of 148, and none of 20)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=1e-4)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)
