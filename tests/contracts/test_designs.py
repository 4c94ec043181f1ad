"""Every design source: styles for each product, repeatable, with work and popularity."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env import designs
from factory_env.catalogue import load_plug, plug_names
from factory_env.errors import InputError
from factory_env.library import load_library

NAMES = plug_names(designs)
PRODUCTS = load_library().products


def drawn(name: str, seed: int = 3, products=PRODUCTS):
    return load_plug(designs, name)().collection(products, np.random.default_rng(seed))


@pytest.mark.parametrize("name", NAMES)
def test_every_product_gets_a_style(name) -> None:
    styles = drawn(name)
    assert {s.product.name for s in styles} == {p.name for p in PRODUCTS}
    for style in styles:  # drawn styles have bulletins of their own, of the same product
        plain = next(p for p in PRODUCTS if p.name == style.product.name)
        assert style.product == plain or style.design is not None
        assert style.product.fabric_group == plain.fabric_group
        assert {o.machine for o in style.product.operations} <= {
            o.machine for o in plain.operations
        }


@pytest.mark.parametrize("name", NAMES)
def test_equal_generators_give_equal_collections(name) -> None:
    assert drawn(name) == drawn(name)


@pytest.mark.parametrize("name", NAMES)
def test_only_the_products_asked_for_get_styles(name) -> None:
    assert {s.product.name for s in drawn(name, products=PRODUCTS[:2])} == {
        p.name for p in PRODUCTS[:2]
    }


@pytest.mark.parametrize("name", NAMES)
def test_styles_have_unique_ids_work_and_popularity(name) -> None:
    styles = drawn(name)
    assert len({s.style_id for s in styles}) == len(styles)
    for style in styles:
        assert 0.5 <= style.smv_factor <= 2.0
        assert style.popularity > 0.0
        assert style.smv_min == pytest.approx(style.product.smv_min * style.smv_factor)


def test_the_catalogue_has_four_styles_a_product_whose_shares_sum_to_one() -> None:
    for product in PRODUCTS:
        shares = [s.popularity for s in drawn("catalogue") if s.product is product]
        assert len(shares) == 4
        assert sum(shares) == pytest.approx(1.0)


def test_an_unknown_source_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(InputError, match="catalogue"):
        load_plug(designs, "catalog")
