"""A user's styles and new products: what a file says, what is settled for it, and what is wrong."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from agents.rules.edd import Edd
from factory_env import Order, load_scenario, simulate
from factory_env.domain.scenario import Scenario
from factory_env.errors import InputError
from factory_env.sim.plant.tables import PlantTables
from tests.door.styles.own_files import BOMBER, STYLES, TEE, write_files

DAY_MIN = 1440.0


def load(folder: Path, styles: str = STYLES, plant: str = "mid", **bulletins: str) -> Scenario:
    file, lists = write_files(folder, styles, **bulletins)
    with warnings.catch_warnings(action="ignore"):
        return load_scenario(plant, styles=file, bulletins=lists)


def problems(folder: Path, styles: str, **bulletins: str) -> list[str]:
    file, lists = write_files(folder, styles, **bulletins)
    with pytest.raises(InputError) as caught:
        load_scenario("mid", styles=file, bulletins=lists)
    return [str(p) for p in caught.value.problems]


def sewn(scenario: Scenario, *styles: str):  # type: ignore[no-untyped-def]
    orders = [
        Order(
            order_id=f"P{i}",
            style_id=style,
            quantity=800,
            release_min=0.0,
            due_min=9 * DAY_MIN,
            price_usd=4.0,
            priority=1.0,
            customer="N",
        )
        for i, style in enumerate(styles)
    ]
    return simulate(scenario, Edd(), 0, orders=orders, record_operations=True)


def test_styles_carry_what_their_file_says(tmp_path) -> None:
    library = load(tmp_path).library
    polo, bomber, tee = library.styles
    house = library.product("polo")
    assert (polo.style_id, polo.product.name) == ("AB-100", "polo")
    assert polo.smv_min == pytest.approx(12.7)
    assert polo.product.operations == house.operations
    assert (polo.product.price_usd, polo.product.weight_kg) == (4.2, 0.25)
    assert bomber.smv_min == pytest.approx(4.6)
    assert (bomber.product.price_usd, bomber.product.weight_kg) == (9.5, 0.42)
    assert (tee.product, tee.smv_factor) == (library.product("tee"), 1.0)


def test_a_new_product_has_the_medians_of_its_fabric_group(tmp_path) -> None:
    file, lists = write_files(tmp_path)
    with pytest.warns(UserWarning, match="new product bomber .* medians of its fabric group"):
        scenario = load_scenario("mid", styles=file, bulletins=lists)
    bomber = scenario.library.product("bomber")
    assert scenario.library.new_products == ("bomber",)
    assert (bomber.fabric_group, bomber.learning_class) == ("knit", "semi")
    assert bomber.press_min == 0.7  # of tee, polo and pullover
    for line in scenario.plant.lines:
        lowest = min(f for name, f in line.skills.items() if name != "bomber")
        assert line.skills.get("bomber") == (lowest if line.fabric_group == "knit" else None)


def test_a_new_product_is_like_another(tmp_path) -> None:
    styles = "style,product,like,smv\nX-1,vest,T-Shirt,4.0\n"
    library = load(tmp_path, styles).library
    vest, tee = library.product("vest"), library.product("tee")
    assert vest.operations == tee.operations
    assert (vest.press_min, vest.learning_class) == (tee.press_min, tee.learning_class)
    assert library.styles[0].smv_min == pytest.approx(4.0)


def test_balance_changes_machines_and_power_follow_the_own_bulletin(tmp_path) -> None:
    scenario = load(tmp_path)
    tables = PlantTables(scenario, scenario.library.styles)
    line = scenario.plant.lines_for(scenario.library.styles[1].product)[0]
    plan = tables.balance(line, scenario.library.styles[1].product)
    assert {m for m in plan.machines if m != "MAN"} == {"SNLS", "OL4"}
    assert plan.smv_min.sum() == pytest.approx(4.6)
    log = sewn(scenario, "AB-200", "AB-200")
    assert log.finished
    assert log.tables["operations"]["station"].max() + 1 == plan.stations


def test_a_bulletin_of_a_products_name_is_how_it_is_sewn(tmp_path) -> None:
    file, lists = write_files(tmp_path, tshirt_basic=TEE, bomber=BOMBER)
    with pytest.warns(UserWarning, match=r"tee is sewn by the bulletin tshirt_basic: 3 operations"):
        scenario = load_scenario("mid", bulletins=lists)
    assert scenario.library.product("tee").smv_min == pytest.approx(1.5)
    assert sewn(scenario, "tee-02").finished
    with pytest.warns(UserWarning, match="new product"):
        both = load_scenario("mid", styles=file, bulletins=lists, demand="drawn")
    assert simulate(both.replace(horizon_days=46), Edd(), 0).tables["orders"]


def test_drawn_demand_orders_a_products_own_styles_only(tmp_path) -> None:
    styles = "style,product,popularity\nAB-1,polo,3\nAB-2,polo,1\n"
    scenario = load(tmp_path, styles)
    orders = simulate(scenario.replace(horizon_days=46), Edd(), 0).tables["orders"]["style"]
    polos = [s for s in orders.tolist() if s.startswith(("polo", "AB"))]
    assert set(polos) == {"AB-1", "AB-2"}
    assert polos.count("AB-1") > polos.count("AB-2")
    assert "tee-01" in orders.tolist()


def test_a_style_that_no_line_can_sew_is_told(tmp_path) -> None:
    weird = "operation,machine,smv\nset rivets,rivet,0.5\n"
    both = "style,product,fabric_group\nK-1,polo,\nK-2,cap,knit\n"
    file, lists = write_files(tmp_path, both, cap=weird)
    with pytest.warns(UserWarning, match="no line of plant mid can sew 1 of the 2 styles"):
        load_scenario("mid", styles=file, bulletins=lists)
    (one,) = problems(tmp_path, "style,product,fabric_group\nK-2,cap,knit\n", cap=weird)
    assert "a line of plant mid must be able to sew one of them" in one
    assert "has no machine of type RIV" in one


@pytest.mark.parametrize(
    ("styles", "words"),
    [
        ("style,product\nA,polo\na,tee\n", "must be there once; got 'a', also in line 2"),
        ("style,product\n,polo\n", "styles.csv:2: style: must be given"),
        ("style,product\nA-1,sock\n", "or a new one with fabric_group or like; got 'sock'"),
        ("style\nA-1\n", "got nothing, and 'A-1' names none"),
        ("product\npolo\n", "style: the column must be there"),
        ("style,product,fabric_group\nA,sock,knit\n", "a new product (sock) needs operations"),
        ("style,product,fabric_group\nA,sock,silk\n", "fabric_group: must be knit or woven"),
        ("style,product,fabric_group\nA,polo,woven\n", "must be that of the product, polo"),
        ("style,product,like\nA,sock,boot\n", "like: must be a product; got boot"),
        ("style,product,smv,smv_factor\nA,polo,12,1.1\n", "must not stand beside smv_min"),
        ("style,product,smv\nA,polo,720\n", "smv_min: must be more than 0 to 300; got '720'"),
        ("style,product,smv\nA,polo,0.1\n", "must be 0.05 to 20 times its bulletin's minutes"),
        ("style,product,smv_factor\nA,polo,x\n", "smv_factor: must be a number; got 'x'"),
        ("style,product,weight\nA,polo,240\n", "weight_kg: must be more than 0 to 10; got '240'"),
        ("style,product,learning_class\nA,polo,quick\n", "learning_class: must be a known class"),
        ("style,product,bulletin\nA,polo,mine.csv\n", "must be a bulletin of bulletins=; got 'mi"),
        (
            "style,product,fabric_group,like\nA,sock,,polo\nB,sock,,tee\n",
            "like: must be the same in all rows of sock; got polo and tee",
        ),
        ("style,product\n", "must hold styles"),
    ],
)
def test_a_wrong_file_of_styles_is_named(tmp_path, styles, words) -> None:
    found = problems(tmp_path, styles)
    assert len(found) == 1
    assert words in found[0]


def test_two_bulletins_of_one_product_are_told_apart_by_their_styles(tmp_path) -> None:
    (one,) = problems(tmp_path, "style,product\nA,tee\n", tee=TEE, tshirt=TEE)
    assert "a product (tee) must have one bulletin; got tee and tshirt" in one
    styles = "style,product,bulletin\nA,tee,tshirt\nB,tee,\n"
    library = load(tmp_path, styles, tee=BOMBER, tshirt=TEE).library
    assert [round(s.smv_min, 2) for s in library.styles] == [1.5, 4.6]
