"""The washing room by hand: batches by recipe, waits, doors, dryers, and what it uses."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from simpy import Environment

from factory_env import Factory, Scenario, load_scenario
from factory_env.catalogue import load_plug
from factory_env.domain.calendar import ShiftTable
from factory_env.errors import InputError
from factory_env.library import load_library, rows
from factory_env.sim import stations
from factory_env.sim.kernel.clock import WorkingClock
from factory_env.sim.orders.order_run import OrderRun
from factory_env.sim.plant.power import PowerTable
from factory_env.sim.stations.washing import recipe_of, washing_settings
from factory_env.sim.work.lot import Lot
from tests.laws.tiny_plant import ALWAYS

JEANS = replace(load_library().product("jeans"), weight_kg=1.0)  # a piece weighs a kilogram
# two recipes with round numbers; styles s0, s1, ... are given one each
RECIPES = {
    "short": {"cycle_min": 20, "water_l": 10, "steam_kg": 1, "kwh": 0.5},
    "long": {"cycle_min": 50, "water_l": 40, "steam_kg": 3, "kwh": 1.0},
}
for recipe in RECIPES.values():
    recipe |= {"dry_min": 30, "dry_steam_kg": 0.5, "dry_kwh": 0.25}
SETTINGS: dict[str, Any] = {
    "machines": 1,
    "capacity_kg": 100.0,
    "dryers": 1,
    "loaders": 2,
    "door_crew": 2,
    "load_min": 5,
    "unload_min": 10,
    "longest_wait_min": 60,
    "shares": {"short": 1.0},
    "of_style": {"s0": "short", "s1": "long"},
    "recipes": RECIPES,
}
REAL = load_scenario("small", "real")


def washed(**settings: Any) -> Scenario:
    """A scenario whose jeans are washed so, all numbers given."""
    plant = replace(REAL.plant, stations={"washing": SETTINGS | settings})
    products = tuple(
        JEANS if product.name == "jeans" else product for product in REAL.library.products
    )
    library = replace(REAL.library, products=products)
    return REAL.replace(plant=plant, stations={}, library=library)


class Room:
    """The room alone, always at work; lots come at given minutes."""

    def __init__(self, is_metered: bool = False, **settings: Any) -> None:
        self.env = Environment()
        self.clock = WorkingClock(self.env, ShiftTable(ALWAYS, 10), "washing")
        names = ("s0", "s1")
        world = SimpleNamespace(
            scenario=washed(**settings),
            power=PowerTable(()) if is_metered else None,
            book=SimpleNamespace(style=np.arange(len(names))),
            tables=SimpleNamespace(styles=[SimpleNamespace(style_id=n) for n in names]),
        )
        self.gone: list[Lot] = []
        self.room = load_plug(stations, "washing")(world, self.clock, self.gone.append)

    def lot(self, minute: float, pieces: int, style: int = 0) -> Lot:
        """``pieces`` of style ``s0`` (short) or ``s1`` (long) come at a minute."""
        lot = Lot(OrderRun(style, JEANS), 0, pieces)
        self.clock.call_at(minute, self.room.arrive, lot)
        return lot

    def batches(self) -> dict[str, list[Any]]:
        """All batches, column by column, after everything has happened."""
        self.env.run()
        return {name: column.tolist() for name, column in self.room.tables()["washing"].items()}


def test_a_full_drum_is_loaded_at_once_and_passes_doors_cycle_and_dryer() -> None:
    room = Room()
    lot = room.lot(100.0, 100)
    batches = room.batches()
    # loaded 100 to 105, washed to 125, out at 135, dry at 165
    times = ("load_min", "start_min", "over_min", "out_min", "dry_start_min", "dry_min")
    assert [batches[name] for name in times] == [[100], [105], [125], [135], [135], [165]]
    assert lot.times["washing"] == (100.0, 165.0)
    assert room.gone == [lot]
    assert batches["busy_work_min"] == [35.0]


def test_a_drum_that_does_not_fill_is_loaded_after_the_longest_wait() -> None:
    room = Room()
    first, second = room.lot(100.0, 30), room.lot(120.0, 30)
    assert room.batches()["load_min"] == [160.0]  # both together, an hour after the first
    assert first.times["washing"] == second.times["washing"] == (160.0, 225.0)


def test_a_lot_that_fills_the_drum_ends_the_wait() -> None:
    room = Room()
    room.lot(100.0, 30)
    room.lot(110.0, 70)
    batches = room.batches()
    assert (batches["load_min"], batches["pieces"], batches["lots"]) == ([110.0], [100], [2])


def test_a_large_lot_is_washed_in_batches_and_goes_on_when_its_last_piece_is_dry() -> None:
    room = Room(machines=2)
    lot = room.lot(0.0, 250)
    batches = room.batches()
    # one crew loads machine 0 from 0 to 5 and machine 1 from 5 to 10; cycles end at 25 and 30;
    # out at 35 and 45; dryer 35 to 65 and 65 to 95. The rest of 50 waits an hour: 60 to 65, cycle
    # to 85, out at 95, dry at 125
    assert batches["pieces"] == [100, 100, 50]
    assert batches["load_min"] == [0.0, 5.0, 60.0]
    assert batches["machine"] == [0, 1, 0]
    assert batches["out_min"] == [35.0, 45.0, 95.0]
    assert batches["dry_start_min"] == [35.0, 65.0, 95.0]
    assert lot.times["washing"] == (0.0, 125.0)
    assert room.gone == [lot]


def test_recipes_do_not_share_a_drum_and_take_turns_in_order_of_coming() -> None:
    room = Room()
    slow, quick = room.lot(0.0, 100, style=1), room.lot(1.0, 100, style=0)
    late = room.lot(2.0, 100, style=1)
    batches = room.batches()
    assert batches["recipe"] == ["long", "short", "long"]
    # 0 to 5 load, to 55 wash, out at 65: then the next
    assert batches["load_min"] == [0.0, 65.0, 100.0]
    assert [lot.times["washing"][0] for lot in (slow, quick, late)] == [0.0, 65.0, 100.0]


def test_a_lot_without_good_pieces_passes_through() -> None:
    room = Room()
    lot = room.lot(10.0, 5)
    lot.good = 0
    assert room.batches()["load_min"] == []
    assert lot.times["washing"] == (10.0, 10.0)
    assert room.gone == [lot]


def test_drums_are_never_fuller_than_they_may_be_nor_more_at_work_than_there_are() -> None:
    room = Room(machines=3, dryers=2, loaders=5, longest_wait_min=90)
    rng = np.random.default_rng(0)
    lots = [
        room.lot(float(rng.uniform(0, 2000)), int(rng.integers(1, 220)), int(rng.integers(2)))
        for _ in range(80)
    ]
    batches = {name: np.array(column) for name, column in room.batches().items()}
    assert len(room.gone) == len(lots)
    assert batches["pieces"].sum() == sum(lot.good for lot in lots)
    assert 0.0 < batches["kg"].min() <= batches["kg"].max() <= 100.0
    for start, end, most in (("load_min", "out_min", 3), ("dry_start_min", "dry_min", 2)):
        at_work = [int(((batches[start] <= m) & (m < batches[end])).sum()) for m in batches[start]]
        assert max(at_work) == most
    for machine in range(3):  # one batch at a time in each
        mine = batches["machine"] == machine
        starts, ends = np.sort(batches["load_min"][mine]), np.sort(batches["out_min"][mine])
        assert (starts[1:] >= ends[:-1]).all()
    assert set(batches["machine"]) == {0, 1, 2}


def test_it_uses_steam_and_electricity_while_it_runs_and_never_more_than_the_recipe() -> None:
    room = Room(is_metered=True)
    room.lot(100.0, 100)
    batches = room.batches()
    (consumer,) = room.room.consumers
    wall = np.arange(0.0, 300.0 + 1.0, 15.0)
    used = consumer.used(wall)
    # cycle 105 to 125: 50 kWh in 20 min = 150 kW; dryer 135 to 165: 25 kWh in 30 min = 50 kW
    kw = np.zeros(20)
    kw[7], kw[8] = 150.0, 150.0 * 5 / 15  # slots from 105, from 120
    kw[9], kw[10] = 50.0, 50.0
    np.testing.assert_allclose(used.process_kw, kw, atol=1e-9)
    assert np.sum(used.process_kw) * 0.25 == pytest.approx(75.0) == batches["kwh"][0]
    assert np.sum(used.process_steam_kg_h) * 0.25 == pytest.approx(150.0) == batches["steam_kg"][0]
    assert batches["water_l"] == [1000.0]
    assert consumer.staff == 2


def test_styles_take_recipes_by_their_shares_and_always_the_same() -> None:
    taken = _recipes()
    count = {name: sum(recipe == name for recipe in taken.values()) for name in ("rinse", "enzyme")}
    assert count["rinse"] == pytest.approx(300, abs=60)
    assert count["enzyme"] == pytest.approx(450, abs=60)
    assert taken == _recipes()


def _recipes() -> dict[str, str]:
    rules = washing_settings(REAL)
    styles = [SimpleNamespace(style_id=f"jeans-{i}") for i in range(1000)]
    return {style.style_id: recipe_of(style, rules) for style in styles}


def test_the_houses_recipes_say_where_their_numbers_come_from() -> None:
    recipes = rows("wash_recipes.csv")
    assert len(recipes) == 3
    assert all("assumed" in row["mark"] or "source" in row["mark"] for row in recipes)
    # water of a pair of finished jeans: 42 l on average, 70 l for stone wash
    assert all(10 <= float(row["water_l"]) <= 70 for row in recipes)


WRONG = [
    ({"capacity_kg": 0}, "stations.washing.capacity_kg", "greater than 0"),
    ({"capacity_kg": 0.5}, "stations.washing.capacity_kg", "must hold the heaviest garment"),
    ({"machines": 0}, "stations.washing.machines", "greater than or equal to 1"),
    ({"loaders": 1}, "stations.washing.loaders", "at least one door_crew"),
    ({"longest_wait_min": -1}, "stations.washing.longest_wait_min", "greater than or equal to 0"),
    ({"shares": {"stone": 1.0}}, "stations.washing.shares.stone", "must name a known recipe"),
    ({"shares": {"short": 0.0}}, "stations.washing.shares", "must not all be 0"),
    ({"of_style": {"s0": "stone"}}, "stations.washing.of_style.s0", "must name a known recipe"),
    (
        {"recipes": {**RECIPES, "rinse": {"cycle_min": -5}}},
        "stations.washing.recipes.rinse.cycle_min",
        "greater than 0",
    ),
    (
        {"recipes": {**RECIPES, "own": {}}},
        "stations.washing.recipes.own.cycle_min",
        "must be given",
    ),
    ({"machine": 2}, "stations.washing.machine", "did you mean 'machines'?"),
    (
        {"recipes": {**RECIPES, "rinse": {"cicle_min": 5}}},
        "stations.washing.recipes.rinse.cicle_min",
        "did you mean 'cycle_min'?",
    ),
    ({"capacity_kg": float("inf")}, "stations.washing.capacity_kg", "finite"),
]


@pytest.mark.parametrize(("settings", "field", "text"), WRONG)
def test_wrong_numbers_are_one_clear_error(settings, field, text) -> None:
    with pytest.raises(InputError) as caught:
        Factory(washed(**settings), 0)
    (problem,) = [p for p in caught.value.problems if p.field == field]
    assert text in str(problem)


def test_own_numbers_are_laid_over_the_houses_recipes() -> None:
    room = Room(shares={"rinse": 1.0}, of_style={}, recipes={"rinse": {"cycle_min": 7.0}})
    room.lot(0.0, 100)
    batches = room.batches()
    house = {row["recipe"]: row for row in rows("wash_recipes.csv")}["rinse"]
    assert batches["over_min"][0] - batches["start_min"][0] == pytest.approx(7.0)
    assert batches["water_l"] == [100 * float(house["water_l"])]
