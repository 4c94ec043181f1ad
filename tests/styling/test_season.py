"""A season's collection: enough of each product, lives that overlap, drawn from the sketchbook."""

from __future__ import annotations

import numpy as np
import pytest

from factory_env.designs.drawn import Drawn
from factory_env.domain.market import Market
from factory_env.errors import InputError
from factory_env.library import load_library
from factory_env.styling.drawer import Drawer
from factory_env.styling.mapping import PRODUCTS as OF_CLASS
from factory_env.styling.season import SEASON_DAYS, open_sketchbook
from tests.laws.tiny_plant import product as toy

PRODUCTS = load_library().products


def drawn(seed: int, market: Market | None = None):
    return Drawn().season(PRODUCTS, np.random.default_rng(seed), market or Market())


def test_every_product_has_as_many_designs_as_the_market_says() -> None:
    for count in (1, 6):
        styles = drawn(2, Market(styles_per_product=count))
        names = [s.product.name for s in styles]
        assert {p.name: names.count(p.name) for p in PRODUCTS} == {p.name: count for p in PRODUCTS}


def test_a_style_is_of_its_pictures_class() -> None:
    for style in drawn(3):
        assert style.product.name in OF_CLASS[style.design.category][:2]


def test_seasons_differ_by_seed_and_agree_for_one() -> None:
    assert drawn(4) == drawn(4)
    assert {s.design.picture for s in drawn(4)} != {s.design.picture for s in drawn(5)}


def test_pictures_of_a_season_are_all_different() -> None:
    pictures = [s.design.picture for s in drawn(6)]
    assert len(set(pictures)) == len(pictures)


def test_something_of_every_product_sells_on_every_day() -> None:
    for seed in range(5):
        styles = drawn(seed)
        for product in PRODUCTS:
            own = [s.design for s in styles if s.product.name == product.name]
            for day in np.arange(0.0, SEASON_DAYS - 9.0):
                assert any(d.launch_day <= day < d.launch_day + d.window_days for d in own)


def test_windows_are_those_of_the_market_and_forecasts_are_right_on_average() -> None:
    designs = [s.design for seed in range(30) for s in drawn(seed)]
    windows = np.array([d.window_days for d in designs])
    assert 48.0 <= windows.min() < windows.max() <= 72.0  # 8 to 12 weeks of 6 days
    factors = np.array([d.forecast_factor for d in designs])
    # mean 1; sd of the mean = sqrt(exp(.49) - 1) / sqrt(1,440) = 0.021
    assert factors.mean() == pytest.approx(1.0, abs=0.07)
    assert np.log(factors).std() == pytest.approx(0.7, abs=0.05)


class Counted(Drawer):
    """Counts the batches of pictures that it draws."""

    batches = 0

    def draw(self, *arguments):
        Counted.batches += 1
        return super().draw(*arguments)


def test_pages_are_drawn_once_in_a_process() -> None:
    for _ in range(3):
        book = open_sketchbook(Counted)
        assert book.page(0).pictures.shape == (96, 28, 28)
    assert book is open_sketchbook(Counted)
    assert book is not open_sketchbook(Drawer)
    assert Counted.batches == 1


def test_products_that_no_picture_shows_are_refused() -> None:
    with pytest.raises(InputError, match="must be one that pictures show"):
        Drawn().collection([toy("gown", [1.0, 2.0])], np.random.default_rng(0))
