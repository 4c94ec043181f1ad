"""From design to style: the figures of the reference, every one of them monotone."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env.domain.design import CATEGORIES
from factory_env.library import load_library
from factory_env.styling.bulletin import operations_factor
from factory_env.styling.drawer import TRAITS, Drawer
from factory_env.styling.mapping import (
    PRODUCTS,
    Look,
    defect_factor,
    look_at,
    price_factor,
    ranked,
    smv_factor,
    style_of,
    styles_of,
)
from factory_env.styling.reference import WEIGHTS, shipped_reference

LIBRARY = load_library().products
DRAWER = Drawer()


@pytest.fixture(scope="module")
def look() -> Look:
    """300 drawn designs of all classes."""
    category = np.arange(300) % 6
    return look_at(
        DRAWER.draw(category, DRAWER.latents(300, np.random.default_rng(2))), DRAWER.classifier
    )


def test_the_factors_are_those_of_the_domain_reference() -> None:
    ends = np.array([0.0, 1.0])
    assert smv_factor(ends).tolist() == pytest.approx([0.85, 1.30])
    assert operations_factor(ends).tolist() == pytest.approx([0.90, 1.25])
    assert sum(WEIGHTS.values()) == pytest.approx(1.0)
    assert list(WEIGHTS.values()) == [0.4, 0.3, 0.2, 0.1]


@pytest.mark.parametrize("name", WEIGHTS)
@pytest.mark.parametrize("category", range(6))
def test_complexity_never_falls_when_a_measure_behind_it_rises(name: str, category: int) -> None:
    known, own = shipped_reference(), np.full(50, category)
    at = {k: known.value(k, np.full(50, 0.4), own) for k in WEIGHTS}
    at[name] = known.value(name, np.linspace(0.0, 1.0, 50), own)
    steps = np.diff(ranked(at, own, known)["complexity"])
    assert (steps >= -1e-12).all()
    assert steps.sum() > 0.05


def test_smv_operations_price_and_cutting_rise_with_what_they_depend_on(look) -> None:
    order = np.argsort(look.complexity, kind="stable")
    for name in ("smv", "operations"):
        assert (np.diff(look.factors[name][order]) >= 0.0).all(), name
    c, fabric = np.array([0.2, 0.8, 0.8]), np.array([1.0, 1.0, 1.3])
    assert (np.diff(price_factor(c, fabric)) > 0.0).all()
    ranks = {k: np.array([0.1, 0.9]) for k in ("texture_entropy", "asymmetry", "fragmentation")}
    assert defect_factor(ranks).tolist() == pytest.approx([0.84, 1.16])


def test_a_styles_smv_is_its_products_times_the_factor_whatever_its_bulletin(look) -> None:
    plain = {p.name: p for p in LIBRARY}
    styles = styles_of(look, LIBRARY)
    for style, factor in zip(styles, look.factors["smv"], strict=True):
        assert style.smv_min == pytest.approx(plain[style.product.name].smv_min * factor)
        assert 0.8 < style.smv_factor < 1.25
    assert len({s.product.bulletin for s in styles}) > 5


def test_fabric_weighs_as_much_as_the_silhouette_is_large(look) -> None:
    plain = {p.name: p for p in LIBRARY}
    for i, style in enumerate(styles_of(look, LIBRARY)):
        mean = shipped_reference().mean_of("area", look.category[i : i + 1])[0]
        expected = np.clip(look.measured["area"][i] / mean, 0.6, 1.5)
        weight = style.product.weight_kg / plain[style.product.name].weight_kg
        assert weight == pytest.approx(expected)
        cutting = style.product.cutting_min / plain[style.product.name].cutting_min
        c = look.complexity[i]
        assert cutting == pytest.approx((expected + 0.9 + 0.35 * c) / 2)


def test_the_category_is_the_classifiers_and_not_the_one_asked_for(look) -> None:
    class Contrary:
        """Sees a dress in everything."""

        def features(self, pictures):
            return np.zeros((len(pictures), 3), np.float32)

        def probabilities(self, pictures):
            return np.eye(6, dtype=np.float32)[np.full(len(pictures), 3)]

        def read(self, pictures):
            return self.features(pictures), self.probabilities(pictures)

    seen = look_at(look.pictures[:6] / 255.0, Contrary())
    assert set(seen.product.tolist()) == {"dress"}
    style = style_of(seen, 0, next(p for p in LIBRARY if p.name == "dress"), asked="tee")
    assert (style.design.category, style.design.asked) == ("dress", "tee")


def test_every_product_of_the_library_can_come_from_some_picture(look) -> None:
    assert set(look.product.tolist()) == {p.name for p in LIBRARY}
    assert {n for row in PRODUCTS.values() for n in row[:2]} == {p.name for p in LIBRARY}


def test_more_pattern_on_the_same_cut_makes_more_work() -> None:
    z = np.zeros((2, len(TRAITS)), np.float32)
    for trait, low, high in (("pattern", -2.0, 2.0), ("asymmetry", -1.0, 1.5)):
        z[:, TRAITS.index(trait)] = low, high
    shirt = CATEGORIES.index("shirt")
    plain, rich = look_at(DRAWER.draw(np.full(2, shirt), z), DRAWER.classifier).complexity
    assert rich > plain + 0.2
