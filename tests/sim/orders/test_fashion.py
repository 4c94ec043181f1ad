"""Taste, life cycles and forecasts: which designs sell on which day."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from factory_env import Scenario, load_scenario
from factory_env.domain.calendar import ShiftTable
from factory_env.domain.market import Market
from factory_env.sim.kernel.streams import Streams
from factory_env.sim.orders.collection import season_styles
from factory_env.sim.orders.demand import draw_orders, fashion_of, planned_days, style_mixes
from factory_env.sim.orders.fashion import fashion, life, on_sale, scaled, scores, taste_walk
from factory_env.sim.plant.tables import PlantTables
from factory_env.units import MIN_PER_DAY

NEVER = -np.inf


@pytest.fixture(scope="module")
def drawn() -> Scenario:
    """The small plant on drawn designs."""
    return load_scenario("small", demand="drawn")


@pytest.fixture(scope="module")
def tables(drawn: Scenario) -> PlantTables:
    """Its tables under seed 0."""
    return PlantTables(drawn, season_styles(drawn, Streams(0)))


def test_the_walk_forgets_half_in_its_half_life_and_keeps_its_variance() -> None:
    walks = np.array([taste_walk(40, 0, 14, 7.0, [(NEVER, Streams(s))]) for s in range(80)])
    flat = walks.transpose(1, 0, 2).reshape(15, -1)  # 3,200 walks
    assert flat.var(axis=1) == pytest.approx(np.ones(15), abs=0.08)
    assert (flat[0] * flat[7]).mean() == pytest.approx(0.5, abs=0.06)
    assert (flat[0] * flat[14]).mean() == pytest.approx(0.25, abs=0.06)


def test_fresh_luck_changes_the_taste_only_from_the_week_on_that_begins_after_it() -> None:
    past, fresh = Streams(1), Streams(2)
    own = taste_walk(5, -1, 9, 7.0, [(NEVER, past)])
    forked = taste_walk(5, -1, 9, 7.0, [(NEVER, past), (24 * MIN_PER_DAY, fresh)])  # in week 3
    assert np.array_equal(own[:5], forked[:5])  # weeks -1 to 3
    assert not np.array_equal(own[5], forked[5])


def test_a_life_rises_to_its_peak_at_a_third_of_the_window() -> None:
    assert life(np.array([1 / 3]))[0] == pytest.approx(1.0)
    a = np.linspace(0.0, 1.0, 301)
    assert a[life(a).argmax()] == pytest.approx(1 / 3, abs=0.01)
    assert (life(a) > 0.0).all()


def test_a_product_without_a_style_on_sale_sells_the_nearest_one() -> None:
    age = np.array([[-0.5, 1.2, 0.5], [-0.1, 1.4, 0.5]])
    found = on_sale(age, np.array(["tee", "tee", "polo"]))
    assert found.tolist() == [[False, True, True], [True, False, True]]


def test_the_spread_of_scores_is_the_strength_of_the_taste(tables: PlantTables) -> None:
    market = Market(taste_strength=2.0, trend_strength=0.0)
    z = scaled([s.design for s in tables.styles], np.array([s.product.name for s in tables.styles]))
    found = [scores(z, market, np.zeros(1), 26.0, [(NEVER, Streams(s))]) for s in range(200)]
    assert np.array(found).std() == pytest.approx(2.0, rel=0.15)


def test_each_product_keeps_its_share_of_minutes_on_every_day(drawn, tables) -> None:
    for mix in style_mixes(tables).values():
        mode = fashion_of(tables, mix, [(NEVER, Streams(0))])
        assert mode is not None
        assert mode.weights.sum(axis=1) == pytest.approx(np.ones(len(mode.weights)))
        minutes = mode.weights * mix.order_days
        minutes /= minutes.sum(axis=1, keepdims=True)
        names = np.array([s.product.name for s in mix.styles])
        total = sum(drawn.demand.mix[n] for n in dict.fromkeys(names.tolist()))
        for name in dict.fromkeys(names.tolist()):
            share = drawn.demand.mix[name] / total
            assert minutes[:, names == name].sum(axis=1) == pytest.approx(
                np.full(len(minutes), share)
            )


def test_among_known_styles_of_equal_age_the_one_in_fashion_is_ordered_more(tables) -> None:
    mix = style_mixes(tables)["knit"]
    styles = [
        replace(s, design=replace(s.design, launch_day=-30.0, window_days=60.0)) for s in mix.styles
    ]
    shares = np.ones(len(styles))
    mode = fashion(styles, shares, shares, Market(), (0.0, 10.0, 6.0, 26.0), [(NEVER, Streams(3))])
    assert mode is not None
    assert not mode.is_new.any()
    tees = [i for i, s in enumerate(styles) if s.product.name == "tee"]
    for day in range(len(mode.weights)):
        by_score = np.argsort(mode.score[day, tees])
        assert (np.diff(mode.weights[day, tees][by_score]) > 0.0).all()
        # winners: the ratio of orders is the ratio of popularity to the power 1.5
        a, b = tees[0], tees[1]
        ratio = mode.weights[day, a] / mode.weights[day, b]
        expected = np.exp(1.5 * (mode.score[day, a] - mode.score[day, b]))
        assert ratio == pytest.approx(expected)


def test_styles_without_pictures_have_no_fashion(small_tables: PlantTables) -> None:
    for mix in style_mixes(small_tables).values():
        assert fashion_of(small_tables, mix, [(NEVER, Streams(0))]) is None


def books(scenario: Scenario, seeds: range, market: Market | None = None):
    scenario = scenario.replace(market=market or scenario.market)
    shifts = ShiftTable(scenario.calendar, scenario.calendar.calendar_days(60) + 1)
    tables = None
    for seed in seeds:
        streams = Streams(seed)
        tables = PlantTables(scenario, season_styles(scenario, streams), tables)
        yield tables, draw_orders(tables, streams, shifts, style_mixes(tables))


def test_the_work_ordered_is_the_load_asked_for(drawn: Scenario) -> None:
    days = []
    for tables, orders in books(drawn, range(60)):
        position = {s.style_id: i for i, s in enumerate(tables.styles)}
        days.append(
            sum(
                float(planned_days(tables, position[o.style_id], np.array([float(o.quantity)]))[0])
                for o in orders
            )
        )
    # 48 days x 3 lines x 0.95; forecasts that hit the limits of order sizes cost a little
    assert np.mean(days) == pytest.approx(48 * 3 * 0.95, rel=0.10)


def test_a_style_is_ordered_only_in_its_window_and_repeats_only_when_it_is_known(drawn) -> None:
    for tables, orders in books(drawn, range(5)):
        designs = {s.style_id: s.design for s in tables.styles}
        for order in orders:
            if order.release_min <= 0.0:
                continue  # of the backlog
            day = order.release_min / MIN_PER_DAY * 6.0 / 7.0
            design = designs[order.style_id]
            assert design.launch_day - 1.0 <= day <= design.launch_day + design.window_days + 1.0
            if order.is_repeat:
                assert day >= design.launch_day + 14.0 - 1.0


def test_buyers_who_expect_more_order_more_of_a_new_style(drawn: Scenario) -> None:
    high, low = [], []
    for tables, orders in books(drawn, range(40)):
        factor = {s.style_id: s.design.forecast_factor for s in tables.styles}
        for order in orders:
            if not order.is_repeat and not order.is_rush:
                wanted = high if factor[order.style_id] > 1.2 else low
                wanted.append(order.quantity)
    assert np.mean(high) > 1.3 * np.mean(low)


def test_winners_are_repeated_more_with_a_higher_power(drawn: Scenario) -> None:
    def concentration(power: float) -> float:
        market = replace(drawn.market, winner_power=power)
        shares = []
        for _, orders in books(drawn, range(25), market):
            repeats = [o.style_id for o in orders if o.is_repeat]
            counts = np.unique(repeats, return_counts=True)[1]
            shares.append((counts.astype(float) ** 2).sum() / max(counts.sum(), 1) ** 2)
        return float(np.mean(shares))

    assert concentration(3.0) > concentration(0.2)


def test_repeat_orders_are_due_sooner_and_fashion_fetches_a_premium(drawn: Scenario) -> None:
    plain = replace(drawn.market, repeat_window_factor=1.0, price_premium=0.0)
    for (tables, orders), (_, others) in zip(
        books(drawn, range(3)), books(drawn, range(3), plain), strict=True
    ):
        price = {s.style_id: s.product.price_usd for s in tables.styles}
        assert [o.style_id for o in orders] == [o.style_id for o in others]
        for order, other in zip(orders, others, strict=True):
            assert order.due_min <= other.due_min
            rush = 1.08 if order.is_rush else 1.0
            assert other.price_usd == pytest.approx(price[order.style_id] * rush)
            assert 0.9 <= order.price_usd / other.price_usd <= 1.1
        repeats = [(a, b) for a, b in zip(orders, others, strict=True) if a.is_repeat]
        assert sum(a.due_min for a, _ in repeats) < sum(b.due_min for _, b in repeats)
