"""What a style cell of an order book means: a known style, one of its own, or a clear refusal."""

from __future__ import annotations

from pathlib import Path

import pytest

from agents.rules.edd import Edd
from experiments.building.order_book import Workload, workload
from factory_env import load_scenario, simulate
from factory_env.errors import InputError
from factory_env.kpi.table import kpis
from factory_env.sim.kernel.streams import Streams
from factory_env.sim.orders.collection import season_styles

HEADER = "order_id,style,quantity,release,due,price,priority,customer\n"


@pytest.fixture(scope="module")
def mid():  # type: ignore[no-untyped-def]
    return load_scenario("mid")


@pytest.fixture
def work(tmp_path: Path, mid):  # type: ignore[no-untyped-def]
    def read(styles: list[str], header: str = HEADER, tail: str = "") -> Workload:
        path = tmp_path / "book.csv"
        rows = "".join(
            f"P-{i},{style},600,{i % 5},{i % 5 + 9},4.0,1,N{tail}\n"
            for i, style in enumerate(styles, start=1)
        )
        path.write_text(header + rows)
        return workload(mid, str(path), 0)

    return read


def problems(work, *args: str, **options: str) -> list[str]:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError) as caught:
        work(*args, **options)
    return [str(p) for p in caught.value.problems]


def test_orders_of_a_bare_product_are_styles_of_their_own(work) -> None:
    polo = work(["polo"] * 20)
    ids = [o.style_id for o in polo.orders or ()]
    assert len(set(ids)) == 20
    (note,) = polo.notes
    assert "20 orders give a product instead of a style (polo 20)" in note
    assert "styles=my_styles.csv" in note
    named = work([f"polo-47{i:02d}" for i in range(20)])
    one = work(["polo-01"] * 20)
    cost, same, vanished = (
        kpis(simulate(w.scenario, Edd(), 0, orders=w.orders)) for w in (polo, named, one)
    )
    assert cost["total_cost_usd"] == same["total_cost_usd"]
    # twenty changes of style and twenty learning curves: not the price of one
    assert cost["total_cost_usd"] > 1.5 * vanished["total_cost_usd"]
    assert cost["on_time_share"] <= vanished["on_time_share"]


@pytest.mark.parametrize(
    ("cell", "product"),
    [
        ("polo-4711", "polo"),
        ("POLO RED", "polo"),
        ("Polo_4711", "polo"),
        ("polo4711", "polo"),
        ("Polo-Shirt navy", "polo"),
        ("T-SHIRT 55", "tee"),
        ("tshirt/55", "tee"),
        ("Mens Jeans 501", "jeans"),
        ("shirt dress 12", "dress"),
        ("Dresses-9", "dress"),
    ],
)
def test_a_style_that_names_its_product_is_a_style_of_its_own(work, cell, product) -> None:
    book = work([cell, "tee-01", f" {cell.upper()} "])
    first, known, again = (o.style_id for o in book.orders or ())
    assert first == again == cell
    assert known == "tee-01"
    (style,) = book.scenario.library.styles
    assert style.product == book.scenario.library.product(product)
    assert f"{cell} ({product})" in book.notes[0]


@pytest.mark.parametrize("cell", [" TEE-03", "tee-03 ", "Tee\u201103", "\u00a0tee-03"])
def test_case_blanks_and_dashes_do_not_make_another_style(work, cell) -> None:
    book = work([cell])
    assert [o.style_id for o in book.orders or ()] == ["tee-03"]
    assert not book.notes


def test_a_column_names_the_products(work) -> None:
    header = HEADER.strip() + ",Product\n"
    book = work(["AB-1", "AB-2", "AB-1", "tee-02"], header, ",Tee")
    assert [o.style_id for o in book.orders or ()] == ["AB-1", "AB-2", "AB-1", "tee-02"]
    assert {s.product.name for s in book.scenario.library.styles} == {"tee"}
    assert "2 styles are not in the catalogue" in book.notes[0]


def test_a_column_of_products_may_stand_instead_of_the_styles(work) -> None:
    book = work(["polo", "tees"], HEADER.replace("style", "garment_type"))
    assert [o.style_id for o in book.orders or ()] == ["polo (P-1)", "tee (P-2)"]


def test_a_style_without_a_product_is_refused_in_one_line(work) -> None:
    (one,) = problems(work, ["AB-4711", "tee-01", "AB-4711"])
    assert "style: must be a known style or name its product" in one
    assert "'AB-4711' (also in line 4)" in one
    assert "a column product (dress, jacket, jeans" in one
    (many,) = problems(work, [f"AB-{i}" for i in range(120)])
    assert "120 unknown names in 120 rows: 'AB-0', " in many


def test_a_style_that_names_two_products_is_refused(work) -> None:
    (one,) = problems(work, ["jeans jacket 7"])
    assert "must name one product; got 'jeans jacket 7', which names jeans and jacket" in one


def test_a_wrong_product_is_refused(work) -> None:
    header = HEADER.strip() + ",product\n"
    (one,) = problems(work, ["AB-1", "AB-2"], header, ",polos and tees")
    assert "product: must be a known product; got 'polos and tees' (also in line 3)" in one
    (other,) = problems(work, ["tee-01"], header, ",polo")
    assert "product: must be that of the style, a tee; got polo for tee-01; tee" in other


def test_a_missing_nought_is_pointed_out(work) -> None:
    book = work(["polo-1"])
    assert book.notes[-1] == "a slip of the pen? polo-1: polo-01"


def test_the_season_holds_the_own_styles_and_the_catalogue(work, mid) -> None:
    book = work(["polo-4711"])
    season = season_styles(book.scenario, Streams(0))
    assert season[:-1] == season_styles(mid, Streams(0))
    assert season[-1].style_id == "polo-4711"


def test_an_order_for_a_style_that_nobody_knows_is_refused_in_python(work) -> None:
    book = work(["polo-4711"])
    with pytest.raises(InputError, match=r"style_id: must be a style .* 'polo-4711'"):
        simulate(load_scenario("mid"), Edd(), 0, orders=book.orders)
