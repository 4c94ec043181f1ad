"""Drawn designs in a run: shared luck, forks, pictures in the log, and the picture's effect."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from agents.rules.atcs import Atcs
from agents.rules.edd import Edd
from agents.rules.spt import Spt
from factory_env import Factory, Scenario, load_scenario
from factory_env.decision import ask
from factory_env.domain.records import SCHEMA
from factory_env.errors import InputError
from factory_env.logfile import load_log, save_log
from factory_env.sim.plant.setups import Setups
from factory_env.units import MIN_PER_DAY
from tests.conftest import ROOT
from tests.play import play


@pytest.fixture(scope="module")
def drawn() -> Scenario:
    """The small plant for three weeks on drawn designs."""
    overrides = {"horizon_days": 18, "demand.days": 15}
    return load_scenario("small", overrides=overrides, demand="drawn")


def same(a, b) -> bool:
    return all(
        np.array_equal(a.tables[t][c], b.tables[t][c], equal_nan=a.tables[t][c].dtype.kind == "f")
        for t in SCHEMA
        for c in SCHEMA[t]
    )


def test_two_policies_meet_the_same_designs_and_orders(drawn: Scenario) -> None:
    edd, spt = play(Factory(drawn, 3), Edd()), play(Factory(drawn, 3), Spt())
    for column in SCHEMA["designs"]:
        assert edd.tables["designs"][column].tolist() == spt.tables["designs"][column].tolist()
    for column in ("style", "quantity", "promised_min", "due_min", "price_usd", "is_repeat"):
        assert edd.tables["orders"][column].tolist() == spt.tables["orders"][column].tolist()


def test_runs_are_repeatable_also_with_tables_of_another_season(drawn: Scenario) -> None:
    first = play(Factory(drawn, 4), Atcs())
    other = Factory(drawn, 5)
    assert same(first, play(Factory(drawn, 4, tables=other.tables), Atcs()))


def test_a_fork_equals_the_straight_run(drawn: Scenario) -> None:
    straight = play(Factory(drawn, 6), Edd())
    factory, rule = Factory(drawn, 6), Edd()
    for _ in range(12):
        question = factory.advance()
        assert question is not None
        factory.answer(ask(rule, question))
    assert same(straight, play(factory.fork(), rule))


def test_fresh_luck_keeps_the_collection_and_the_orders_known_by_then() -> None:
    factory = Factory(load_scenario("small", demand="drawn"), 7)
    while factory.now_min < 4 * MIN_PER_DAY and (question := factory.advance()) is not None:
        factory.answer(ask(Edd(), question))
    now = factory.now_min
    fresh = factory.fork(fresh_seed=99)
    assert fresh.tables.styles == factory.tables.styles
    known = {o.order_id: o for o in factory.book.orders if o.booked_min <= now}
    again = {o.order_id: o for o in fresh.book.orders}
    assert all(again[k].style_id == o.style_id for k, o in known.items())
    unknown = [o for o in factory.book.orders if o.booked_min > now]
    assert unknown
    assert [o.style_id for o in unknown] != [
        o.style_id for o in fresh.book.orders if o.booked_min > now
    ]


def test_every_order_of_the_log_has_its_picture_also_when_loaded_again(drawn, tmp_path) -> None:
    log = play(Factory(drawn, 8), Edd())
    again = load_log(save_log(log, Path(tmp_path) / "log"))
    assert same(log, again)
    pictures = dict(
        zip(again.tables["designs"]["style"], again.tables["designs"]["picture"], strict=True)
    )
    assert all(len(pictures[style]) == 784 for style in again.tables["orders"]["style"])
    smv = dict(zip(log.tables["designs"]["style"], log.tables["designs"]["smv_min"], strict=True))
    for style, minutes in zip(
        log.tables["orders"]["style"], log.tables["orders"]["smv_min"], strict=True
    ):
        assert smv[style] == minutes


def test_without_pictures_the_table_of_designs_is_empty(short: Scenario) -> None:
    log = play(Factory(short, 1), Edd())
    assert len(log.tables["designs"]["style"]) == 0
    assert not log.tables["orders"]["is_repeat"].any()


def test_a_line_changes_faster_to_a_design_that_looks_alike(drawn: Scenario) -> None:
    tables = Factory(drawn, 1).tables
    setups = Setups(drawn, tables)
    line, old = 0, int(setups.current[0])
    others = [
        s
        for s, style in enumerate(tables.styles)
        if s != old and style.product.name == tables.styles[old].product.name
    ]
    others.sort(key=lambda s: tables.setup_factor[old, s])
    minutes = [setups.setup_min[line, s] for s in others]
    assert minutes == [90.0 * tables.setup_factor[old, s] for s in others]
    assert minutes[0] < minutes[-1]
    assert setups.loss[line, others[0]] <= setups.loss[line, others[-1]]
    assert setups.setup_min[line, old] == 10.0


def test_a_more_defect_prone_design_spoils_more(drawn: Scenario) -> None:
    tables = Factory(drawn, 1).tables
    for s, style in enumerate(tables.styles):
        for line in np.flatnonzero(tables.capable[:, s]):
            base = tables.defect_probability[line, s] / style.design.defect_factor
            twins = [
                t
                for t, other in enumerate(tables.styles)
                if other.product.name == style.product.name
                and other.product.bulletin == style.product.bulletin
            ]
            for t in twins:
                found = tables.defect_probability[line, t] / tables.styles[t].design.defect_factor
                assert found == pytest.approx(base)


def test_an_unknown_market_or_a_wrong_window_is_refused() -> None:
    with pytest.raises(InputError, match="must be a known demand"):
        load_scenario("small", demand="fashion")
    with pytest.raises(InputError, match="first number must not exceed"):
        load_scenario("small", demand="drawn", overrides={"market.window_weeks": [12, 8]})
    with pytest.raises(InputError, match="must be a known plug"):
        load_scenario("small", demand="drawn", overrides={"market.designs": "sketch"})
    with pytest.raises(InputError, match=r"market\.taste_strenght"):
        load_scenario("small", demand="drawn", overrides={"market.taste_strenght": 2})


def test_the_effect_of_distance_can_be_switched_off(drawn: Scenario) -> None:
    still = drawn.replace(market=replace(drawn.market, distance_effect=0.0))
    tables = Factory(still, 1).tables
    assert (tables.setup_factor == 1.0).all()
    assert (tables.kept_factor == 1.0).all()


@pytest.mark.slow
def test_drawn_designs_need_no_torch() -> None:
    program = (
        "from factory_env import Factory, load_scenario\n"
        "Factory(load_scenario('small', demand='drawn'), 1)\n"
        "import sys\n"
        "assert not {'torch', 'matplotlib', 'pandas'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


def test_the_planners_outlook_knows_how_unlike_designs_are(drawn: Scenario) -> None:
    rule = (2.0, 0.5, 0.5, 0.0, 1000.0)
    still = drawn.replace(market=replace(drawn.market, distance_effect=0.0))
    found = []
    for scenario in (drawn, still):
        factory = Factory(scenario, 2)
        assert factory.advance() is not None
        found.append(factory.scheduled_cost_usd(rule))
    assert found[0] != found[1]
    assert found[0] == pytest.approx(found[1], rel=0.5)


@pytest.mark.parametrize("demand", ["gan", "drawn"])
def test_the_whole_factory_conserves_pieces_on_drawn_designs(demand: str) -> None:
    scenario = load_scenario(
        "small", "real", {"horizon_days": 15, "demand.days": 10}, "rough", demand=demand
    )
    log = play(Factory(scenario, 1), Atcs())
    orders = log.tables["orders"]
    done = np.isfinite(orders["shipped_min"])
    assert done.any()
    assert (
        orders["cut"][done]
        == orders["good"][done] + orders["seconds"][done] + orders["scrapped"][done]
    ).all()
    agree = log.tables["designs"]["category"] == log.tables["designs"]["asked"]
    assert agree.mean() > 0.7
