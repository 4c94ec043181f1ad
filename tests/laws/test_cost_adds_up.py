"""Law 7: cost accrues without gaps, and every part can be recomputed from the log."""

from __future__ import annotations

import numpy as np
import pytest

from agents.rules.atcs_match import AtcsMatch
from agents.rules.spt import Spt
from factory_env import Factory, play, step_through
from factory_env.domain.calendar import ShiftTable

DAY = 1440.0
YEAR = 365.0 * DAY


class Played:
    """A run, the cost at each of its questions, and its log."""

    def __init__(self, scenario, tables, seed, rule) -> None:
        self.factory = factory = Factory(scenario, seed, tables=tables)
        self.at_questions = [0.0]
        for _ in step_through(factory, rule):
            self.at_questions.append(factory.cost_usd)
        self.at_questions.append(factory.cost_usd)
        self.log = factory.log()
        self.orders = self.log.tables["orders"]
        self.scenario = scenario


@pytest.fixture(scope="module", params=["late and finished", "cut off by the horizon"])
def played(request, small, small_tables, short, short_tables) -> Played:
    """Two runs: one ships everything (some of it late), one is stopped with open orders."""
    if request.param == "late and finished":
        run = Played(small, small_tables, 2, Spt())
        assert run.log.finished
        return run
    run = Played(short, short_tables, 1, AtcsMatch())
    assert np.isnan(run.orders["shipped_min"]).sum() >= 3
    return run


def test_increments_between_questions_are_never_negative_and_sum_to_the_cost(played) -> None:
    steps = np.diff(played.at_questions)
    assert (steps >= -1e-9).all()
    assert (steps > 0).sum() > 5
    assert steps.sum() == pytest.approx(sum(played.log.cost_usd.values()), rel=1e-12)


def test_lateness_is_the_stepwise_share_of_each_order(played) -> None:
    orders, horizon = played.orders, played.factory.horizon_min
    # default table: 2 % beyond 3 days, 5 % beyond 7, 7.5 % beyond 14, 17.5 % beyond 30; an open
    # order is charged as if shipped 15 days after the horizon
    shipped = np.where(np.isnan(orders["shipped_min"]), horizon + 15 * DAY, orders["shipped_min"])
    days = (shipped - orders["due_min"]) / DAY
    share = np.select([days > 30, days > 14, days > 7, days > 3], [0.175, 0.075, 0.05, 0.02], 0.0)
    usd = share * orders["quantity"] * orders["price_usd"] * orders["priority"]
    assert usd.sum() > 0
    np.testing.assert_allclose(orders["late_usd"], usd, rtol=1e-9)
    assert played.log.cost_usd["lateness"] == pytest.approx(usd.sum(), rel=1e-9)


def test_changeover_labour_is_stopped_operators_times_wage(played) -> None:
    orders = played.orders
    taken = ~np.isnan(orders["taken_min"])
    operators = np.array(played.log.operators)[orders["line"]]
    usd = (operators * orders["setup_min"] * 0.012)[taken].sum()
    assert usd > 0
    assert played.log.cost_usd["changeover"] == pytest.approx(usd, rel=1e-9)


def test_learning_labour_is_lost_minutes_times_wage(played) -> None:
    usd = played.orders["learning_lost_min"].sum() * 0.012
    assert usd > 0
    assert played.log.cost_usd["learning"] == pytest.approx(usd, rel=1e-9)


def test_missing_pieces_cost_their_price(played) -> None:
    orders = played.orders
    shipped = ~np.isnan(orders["shipped_min"])
    missing = np.maximum(0, orders["quantity"] - orders["good"])
    usd = (missing * orders["price_usd"])[shipped].sum()
    assert played.log.cost_usd["short"] == pytest.approx(usd, rel=1e-9)


def test_short_shipment_is_charged_when_repairs_fail(small) -> None:
    spoiled = small.replace(quality=_all_bad(small))
    factory = Factory(spoiled, 2)
    orders = play(factory, AtcsMatch()).tables["orders"]
    shipped = ~np.isnan(orders["shipped_min"])
    missing = np.maximum(0, orders["quantity"] - orders["good"])
    usd = (missing * orders["price_usd"])[shipped].sum()
    assert usd > 100.0
    assert factory.cost_parts_usd["short"] == pytest.approx(usd, rel=1e-9)


def _all_bad(scenario):
    from dataclasses import replace

    return replace(scenario.quality, by_operation_grade=tuple((g, 0.05) for g in "ABCDE"))


def test_holding_is_capital_from_cutting_to_the_lorry(played) -> None:
    orders, scenario = played.orders, played.scenario
    value = orders["quantity"] * orders["price_usd"]
    begin = cutting_starts(played)
    end = np.where(np.isnan(orders["shipped_min"]), played.log.end_min, orders["shipped_min"])
    span = np.where(np.isnan(begin), 0.0, end - begin)
    costs = scenario.costs
    rate = costs.wip_value_share * costs.holding_share_per_year
    assert rate == pytest.approx(0.6 * 0.12)
    usd = (np.nan_to_num(value * span)).sum() * rate / YEAR
    assert played.log.cost_usd["holding"] == pytest.approx(usd, rel=1e-9)


def cutting_starts(played: Played) -> np.ndarray:
    """When cutting of each order began, by replaying the one table of the small plant (EDD)."""
    orders, scenario = played.orders, played.scenario
    rooms = scenario.plant.rooms
    assert rooms.cutting_tables == 1
    begin = np.where(orders["release_min"] <= 0.0, 0.0, np.nan)
    shifts = ShiftTable(scenario.calendar, int(played.factory.horizon_min / DAY) + 1)
    products = {p.name: p for p in scenario.library.products}
    left = [
        o
        for o in np.argsort(orders["release_min"], kind="stable").tolist()
        if orders["release_min"][o] > 0.0
    ]
    now = 0.0
    while left:
        waiting = [o for o in left if orders["release_min"][o] <= now]
        if not waiting:
            now = float(orders["release_min"][left[0]])
            continue
        o = min(waiting, key=lambda o: (orders["due_min"][o], o))
        if now > played.log.end_min:
            break
        left.remove(o)
        begin[o] = now
        product = products[orders["product"][o]]
        pieces = np.ceil(orders["quantity"][o] * 1.03 - 1e-9)
        work = pieces * (product.cutting_min + product.fusing_min) / rooms.cutting_crew
        now = shifts.wall_at(shifts.shift_at(now) + work)
        if not np.isnan(orders["ready_min"][o]):
            assert orders["ready_min"][o] == pytest.approx(now, abs=1e-6)
    return begin


def test_a_log_whose_cost_nobody_asked_for_on_the_way_books_the_same(small, small_tables) -> None:
    asked = Played(small, small_tables, 2, Spt())
    quiet = play(Factory(small, 2, tables=small_tables), Spt())
    assert quiet.finished
    assert quiet.cost_usd["lateness"] > 0
    assert quiet.cost_usd == pytest.approx(dict(asked.log.cost_usd), rel=1e-12)
    assert quiet.tables["orders"]["late_usd"].tolist() == asked.orders["late_usd"].tolist()
