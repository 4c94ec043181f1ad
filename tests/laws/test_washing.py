"""A factory that washes its jeans: nothing is lost, forks hold, and the site pays for it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from agents.rules.atcs_match import AtcsMatch
from agents.rules.edd import Edd
from factory_env import Factory, RunLog, Scenario, load_scenario
from factory_env.decision import ask
from factory_env.domain.records import SCHEMA
from factory_env.errors import InputError
from factory_env.kpi.washing import WASHING_LABELS, washing
from factory_env.logfile import load_log, save_log
from tests.laws.tiny_plant import DAY
from tests.play import fingerprint, play
from tests.sim.metering import activity_after

GIVEN = {
    "horizon_days": 14,
    "demand.days": 10,
    "demand.size_median": 700,
    "demand.size_sigma": 0.3,
    "demand.mix.jeans": 6.0,
    "demand.mix.shirt": 1.0,
    "demand.mix.trouser": 0.0,
    "demand.mix.dress": 0.0,
    "demand.mix.jacket": 0.0,
}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """Two weeks of the small plant, most of the woven work jeans."""
    return load_scenario("small", "real", GIVEN, "normal", site="pv_battery", tariff="us_demand")


@pytest.fixture(scope="module")
def factory(scenario: Scenario) -> Factory:
    factory = Factory(scenario, 4)
    play(factory, AtcsMatch())
    return factory


@pytest.fixture(scope="module")
def log(factory: Factory) -> RunLog:
    return factory.log()


def test_jeans_are_washed_between_gate_and_press_and_nothing_else_is(log: RunLog) -> None:
    lots, orders = log.tables["lots"], log.tables["orders"]
    is_jeans = orders["product"][lots["order"]] == "jeans"
    assert 5 <= is_jeans.sum() < len(is_jeans)
    start, end = lots["wash_start_min"], lots["washed_min"]
    assert np.isnan(start[~is_jeans]).all()
    assert np.isnan(end[~is_jeans]).all()
    mine = is_jeans
    assert (lots["again_min"][mine] <= start[mine]).all()
    assert (start[mine] < end[mine]).all()
    assert (end[mine] <= lots["press_start_min"][mine]).all()


def test_every_good_piece_that_was_packed_has_been_washed(factory: Factory, log: RunLog) -> None:
    batches, lots = log.tables["washing"], log.tables["lots"]
    is_jeans = log.tables["orders"]["product"][lots["order"]] == "jeans"
    packed = int(lots["good"][is_jeans].sum())
    assert packed <= batches["pieces"].sum()
    dry = batches["pieces"][batches["dry_min"] <= log.end_min].sum()
    waiting = sum(
        lot.good for lot in factory.house.finishing.packed_lots if lot.run.product.name == "jeans"
    )
    assert packed <= waiting <= dry


def test_no_cut_piece_is_lost(scenario: Scenario) -> None:
    shipping = Factory(scenario.replace(horizon_days=60), 4)
    log = play(shipping, AtcsMatch())
    orders, lots = log.tables["orders"], log.tables["lots"]
    shipped = ~np.isnan(orders["shipped_min"])
    jeans = shipped & (orders["product"] == "jeans")
    assert jeans.sum() >= 2
    pieces = np.bincount(lots["order"], weights=lots["pieces"], minlength=len(shipped))
    assert (pieces[shipped] == orders["cut"][shipped]).all()
    assert (orders["good"] + orders["seconds"] == orders["cut"])[shipped].all()


def test_drums_hold_what_they_may(log: RunLog) -> None:
    batches = log.tables["washing"]
    assert len(batches["kg"]) >= 10
    assert 0.0 < batches["kg"].max() <= log.facts["washing_capacity_kg"]
    end = np.where(np.isnan(batches["out_min"]), np.inf, batches["out_min"])
    for machine in range(int(log.facts["washing_machines"])):
        mine = batches["machine"] == machine
        assert (batches["load_min"][mine][1:] >= end[mine][:-1] - 1e-6).all()


def test_its_energy_is_on_the_meter_and_in_the_bill(factory: Factory, log: RunLog) -> None:
    batches, slots = log.tables["washing"], log.tables["slots"]
    done = batches["dry_min"] <= slots["slot"].shape[0] * 15.0
    used = float(slots["process_kw"].sum()) * 0.25
    assert float(batches["kwh"][done].sum()) <= used + 1e-6 <= float(batches["kwh"].sum()) + 1e-3
    assert 0.0 < slots["process_steam_kg"].sum() < slots["steam_kg"].sum()
    n = factory.site.at
    feed = activity_after(factory, n)
    np.testing.assert_array_equal(feed["process_kw"], slots["process_kw"])
    dry = play(Factory(factory.scenario.replace(routes={}), 4), AtcsMatch())
    assert log.cost_usd["energy"] > dry.cost_usd["energy"]
    assert slots["fuel_kwh"].sum() > dry.tables["slots"]["fuel_kwh"].sum()


def test_without_the_room_on_the_route_the_run_is_another_and_its_log_has_no_trace(
    factory: Factory, log: RunLog
) -> None:
    dry = play(Factory(factory.scenario.replace(routes={}), 4), AtcsMatch())
    assert set(dry.tables) == set(SCHEMA) == set(log.tables) - {"washing"}
    for name in ("lots", "slots"):
        assert list(dry.tables[name]) == list(SCHEMA[name])
    assert washing(dry) == {}
    assert not [fact for fact in dry.facts if fact.startswith("wash")]
    jeans = log.tables["orders"]["product"] == "jeans"
    shipped = [run.tables["orders"]["shipped_min"][jeans] for run in (log, dry)]
    assert np.nansum(shipped[0] - shipped[1]) > 0.0


def test_its_figures_follow_from_its_batches(log: RunLog) -> None:
    figures, batches = washing(log), log.tables["washing"]
    assert figures.keys() == WASHING_LABELS.keys()
    assert figures["washed_pieces"] == batches["pieces"].sum()
    assert figures["wash_water_m3"] == pytest.approx(batches["water_l"].sum() / 1000.0)
    assert figures["wash_fill_share"] == pytest.approx(batches["kg"].mean() / 60.0)
    assert 0.0 < figures["wash_busy_share"] < 1.0


@pytest.mark.parametrize("at_min", [3 * DAY + 600.0, 8 * DAY + 615.0])
def test_a_fork_equals_the_straight_run(scenario: Scenario, log: RunLog, at_min: float) -> None:
    factory, rule = Factory(scenario, 4), AtcsMatch()
    while (question := factory.advance()) is not None and question.now_min < at_min:
        factory.answer(ask(rule, question))
    twin = factory.fork()
    assert fingerprint(play(twin, AtcsMatch())) == fingerprint(log)
    assert fingerprint(play(factory.fork(), Edd())) != fingerprint(log)


def test_a_run_that_is_asked_about_its_site_forks_too(scenario: Scenario) -> None:
    assert scenario.energy is not None
    control = replace(scenario.energy.control, mode="agent", decision_slots=16)
    asked = scenario.replace(
        energy=replace(scenario.energy, control=control),
        horizon_days=10,
    )
    factory = Factory(asked, 4)
    while (question := factory.advance()) is not None and question.now_min < 6 * DAY:
        factory.answer(ask(AtcsMatch(), question))
    twin = factory.fork()
    one, other = play(factory, AtcsMatch()), play(twin, AtcsMatch())
    assert len(one.tables["washing"]["kg"]) > 0
    assert fingerprint(one) == fingerprint(other)
    later = activity_after(factory, 1)  # its spans are over and forgotten
    assert not later["process_kw"].any()


def test_a_saved_log_comes_back_with_the_rooms_table_and_columns(log: RunLog, tmp_path) -> None:
    back = load_log(save_log(log, tmp_path / "log"))
    assert fingerprint(back) == fingerprint(log)
    assert washing(back) == washing(log)


@pytest.mark.parametrize(
    ("routes", "text"),
    [
        ({"jeans": ["dyeing", "pressing", "packing"]}, "must name rooms that the plant has"),
        ({"jeans": ["washing", "pressing"]}, "must end with packing"),
        ({"jeans": []}, "must end with packing"),
        ({"jeans": ["pressing", "pressing", "packing"]}, "must name each room once"),
        ({"gown": ["pressing", "packing"]}, "must name a known product"),
    ],
)
def test_a_wrong_route_is_refused_at_the_door(routes, text) -> None:
    with pytest.raises(InputError, match=text):
        load_scenario("small", "real", {"routes": routes})


def test_a_plant_without_the_room_is_told_what_to_do(tmp_path) -> None:
    from omegaconf import OmegaConf

    plant = OmegaConf.load("conf/plant/small.yaml")
    del plant["stations"]
    OmegaConf.save(plant, tmp_path / "mine.yaml")
    with pytest.raises(InputError, match=r"give the plant stations\.washing, or leave it out"):
        load_scenario(str(tmp_path / "mine.yaml"), "real")
    load_scenario(str(tmp_path / "mine.yaml"), "default")
