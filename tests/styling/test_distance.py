"""Distance of designs and what it does to a change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from factory_env.designs.catalogue import Catalogue
from factory_env.designs.drawn import Drawn
from factory_env.domain.product import Bulletin, Operation
from factory_env.library import load_library
from factory_env.styling.distance import change_factors, change_kinds, pairwise, relative_distance

PRODUCTS = load_library().products
STYLES = Drawn().collection(PRODUCTS, np.random.default_rng(5))


def at(*points: tuple[float, ...]):
    """Styles of one product at these places in feature space."""
    style = STYLES[0]
    return [
        replace(style, style_id=f"s{i}", design=replace(style.design, features=p))
        for i, p in enumerate(points)
    ]


def test_distances_are_euclidean() -> None:
    assert pairwise(np.array([[0.0, 0.0], [3.0, 4.0]]))[0].tolist() == pytest.approx([0.0, 5.0])


def test_the_median_pair_keeps_the_change_tables_own_figures() -> None:
    styles = at((0.0,), (2.0,), (4.0,))  # distances 2, 2, 4: median 2
    d = relative_distance(styles)
    assert d[0].tolist() == pytest.approx([0.0, 0.5, 1.0])
    setup, kept = change_factors(styles, 0.6)
    assert setup[0].tolist() == pytest.approx([1.0, 1.0, 1.6])
    assert kept[0].tolist() == pytest.approx([1.0, 1.0, 0.4])


def test_the_farther_the_longer_the_setup_and_the_less_is_kept() -> None:
    styles = at((0.0,), (0.5,), (1.0,), (1.7,), (2.2,))
    setup, kept = change_factors(styles, 0.6)
    assert (np.diff(setup[0, 1:]) >= 0.0).all()
    assert (np.diff(kept[0, 1:]) <= 0.0).all()
    assert setup[0, 4] > setup[0, 1]
    assert np.array_equal(setup, setup.T)


def test_the_factors_stay_within_the_effect_and_none_has_no_effect() -> None:
    setup, kept = change_factors(STYLES, 0.6)
    off = ~np.eye(len(STYLES), dtype=bool)
    assert 0.4 - 1e-12 <= setup[off].min() < setup[off].max() <= 1.6 + 1e-12
    assert setup + kept == pytest.approx(np.full_like(setup, 2.0))
    assert (change_factors(STYLES, 0.0)[0] == 1.0).all()


def test_styles_without_pictures_change_as_the_table_says() -> None:
    styles = Catalogue().collection(PRODUCTS, np.random.default_rng(0))
    setup, kept = change_factors(styles, 0.6)
    assert (setup == 1.0).all()
    assert (kept == 1.0).all()


def test_two_bulletins_of_a_product_are_as_far_apart_as_their_machines() -> None:
    def sew(name: str, *rows: tuple[str, float]):  # type: ignore[no-untyped-def]
        operations = tuple(
            Operation(name=m, machine=m, smv_min=t, grade="C", mark="") for m, t in rows
        )
        bulletin = Bulletin(name=name, operations={"knit": operations})
        style = Catalogue().collection(PRODUCTS, np.random.default_rng(0))[0]
        return replace(style, style_id=name, product=bulletin.apply(style.product))

    one = sew("one", ("SNLS", 3.0), ("OL4", 2.0))
    same = replace(one, style_id="same", smv_factor=1.3)
    half = sew("half", ("SNLS", 1.0), ("OL4", 2.0), ("FL", 3.0))
    none = sew("none", ("BH", 1.0))
    setup, kept = change_factors([one, same, half, none], 0.6)
    # one and half: 1 + 2 of 6 minutes in common, so m is 0.5; one and none: nothing in common
    assert setup[0].tolist() == pytest.approx([1.0, 1.0, 1.3, 1.6])
    assert kept[0].tolist() == pytest.approx([1.0, 1.0, 0.7, 0.4])
    assert np.array_equal(setup, setup.T)


def test_styles_without_pictures_are_one_kind_by_product_and_bulletin() -> None:
    plain = Catalogue().collection(PRODUCTS, np.random.default_rng(0))
    first, kind = change_kinds([*plain[:5], *STYLES[:2], plain[5]])
    # four tees, a polo, two drawn designs, a polo again
    assert kind.tolist() == [0, 0, 0, 0, 1, 2, 3, 1]
    assert first == [0, 4, 5, 6]
