"""A season's collection: which drawn designs are offered, from when, for how long.

Pictures come from a sketchbook of eight pages that a studio fills page by page, each in one batch
and once in a process. A season takes its designs from it by its own stream, so the designs of an
episode cost little more than picking them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Final

import numpy as np

from factory_env.domain.design import CATEGORIES
from factory_env.domain.market import Market
from factory_env.domain.product import Product, Style
from factory_env.domain.studio import Studio
from factory_env.errors import InputError
from factory_env.styling.mapping import PRODUCTS, Look, look_at, style_of

PAGES: Final = 8
PER_CATEGORY: Final = 16  # pictures of each class on a page
WORKING_DAYS_PER_WEEK: Final = 6.0
SEASON_DAYS: Final = 54.0  # working days over which launches are spread [assumed]
_SKETCHES: Final = 1960  # names the sketchbook's own randomness: the same pages in every process


Sketch = tuple[int, int]  # page, position on it


class Sketchbook:
    """Pages of pictures with everything that was read off them."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self._pages: dict[int, Look] = {}
        self._styles: dict[tuple[Sketch, str], tuple[Product, Style]] = {}
        self.asked = np.repeat(np.arange(len(CATEGORIES)), PER_CATEGORY)

    def page(self, number: int) -> Look:
        """The page, drawn when it is first turned to."""
        if number not in self._pages:
            rng = np.random.default_rng([_SKETCHES, number])
            pictures = self.studio.draw(self.asked, self.studio.latents(len(self.asked), rng))
            self._pages[number] = look_at(pictures, self.studio.classifier)
        return self._pages[number]

    def style(self, sketch: Sketch, product: Product) -> Style:
        """The sketch as a style of ``product``, made once."""
        key = (sketch, product.name)
        of, known = self._styles.get(key, (None, None))
        if known is None or of is not product:
            look, i = self.page(sketch[0]), sketch[1]
            asked = CATEGORIES[int(self.asked[i])]
            name = f"sketch {sketch[0] + 1}.{i + 1}"
            known = style_of(look, i, product, asked=asked, name=name)
            self._styles[key] = product, known
        return known


@cache
def open_sketchbook(new_studio: Callable[[], Studio]) -> Sketchbook:
    """The one sketchbook of a studio in this process.

    Its pages are the same whoever turns to them first, so runs that share it change nothing for
    each other; what is saved is drawing a page again for every run.

    Raises
    ------
    InputError
        If the studio cannot be had, for example because weights are missing.
    """
    return Sketchbook(new_studio())


class StudioSource:
    """A design source that takes its seasons from the sketchbook of a studio.

    Parameters
    ----------
    new_studio
        Makes the studio when the first page is turned to.
    """

    def __init__(self, new_studio: Callable[[], Studio]) -> None:
        self._new_studio = new_studio

    def collection(
        self, products: Sequence[Product], rng: np.random.Generator
    ) -> tuple[Style, ...]:
        """The collection of a usual market."""
        return self.season(products, rng, Market())

    def season(
        self, products: Sequence[Product], rng: np.random.Generator, market: Market
    ) -> tuple[Style, ...]:
        """The collection of a market."""
        return season(open_sketchbook(self._new_studio), products, rng, market)

    @property
    def studio(self) -> Studio:
        """Who draws the pictures."""
        return open_sketchbook(self._new_studio).studio


def season(
    book: Sketchbook, products: Sequence[Product], rng: np.random.Generator, market: Market
) -> tuple[Style, ...]:
    """``market.styles_per_product`` designs of each product, with life cycles and forecasts.

    What a picture becomes is up to the classifier, not to what the studio was asked for. If the
    sketchbook has too few pictures of a product, it has fewer styles; if it has none, the picture
    likest to its class is taken.
    """
    chosen = _chosen(book, products, rng, market.styles_per_product)
    drawn: list[Style] = []
    for product in products:
        lives = _lives(len(chosen[product.name]), rng, market)
        for rank, (sketch, life) in enumerate(zip(chosen[product.name], lives, strict=True)):
            style = book.style(sketch, product)
            assert style.design is not None
            launch_day, window_days, forecast_factor = life
            design = replace(
                style.design,
                launch_day=launch_day,
                window_days=window_days,
                forecast_factor=forecast_factor,
            )
            style_id = f"{product.name}-{rank + 1:02d}"
            drawn.append(replace(style, style_id=style_id, design=design))
    return tuple(drawn)


def _chosen(
    book: Sketchbook, products: Sequence[Product], rng: np.random.Generator, count: int
) -> dict[str, list[Sketch]]:
    """Sketches by product, from one page on and as many more as it takes."""
    first = int(rng.integers(PAGES))
    order = rng.permutation(len(book.asked))
    sketches: dict[str, list[Sketch]] = {p.name: [] for p in products}
    for turn in range(PAGES):
        number = (first + turn) % PAGES
        names = book.page(number).product[order]
        for name, own in sketches.items():
            own += [(number, int(i)) for i in order[names == name][: count - len(own)]]
        if all(len(own) >= count for own in sketches.values()):
            break
    for name, own in sketches.items():
        if not own:
            own.append(_likest(book, first, name))
    return sketches


def _likest(book: Sketchbook, number: int, product: str) -> Sketch:
    """The page's picture that is likest to the product's class."""
    classes = [k for k, name in enumerate(CATEGORIES) if product in PRODUCTS[name][:2]]
    if not classes:
        known = ", ".join(dict.fromkeys(p for row in PRODUCTS.values() for p in row[:2]))
        raise InputError.of(
            "designs",
            "product",
            "must be one that pictures show",
            repr(product),
            f"designs: plain, or one of {known}",
        )
    return number, int(book.page(number).probability[:, classes[0]].argmax())


def _lives(n: int, rng: np.random.Generator, market: Market) -> list[tuple[float, float, float]]:
    """Launch, selling window and forecast of ``n`` styles: launches evenly staggered.

    The first styles were launched before the run, so that something sells on every day.
    """
    low, high = market.window_weeks
    windows = rng.uniform(low, high, n) * WORKING_DAYS_PER_WEEK
    spread = (np.arange(n) + rng.uniform(0.0, 1.0, n)) / max(n, 1)
    launches = spread * (SEASON_DAYS + windows) - windows
    sigma = market.forecast_sigma
    factors = np.exp(sigma * rng.standard_normal(n) - 0.5 * sigma**2)
    return list(zip(launches.tolist(), windows.tolist(), factors.tolist(), strict=True))
