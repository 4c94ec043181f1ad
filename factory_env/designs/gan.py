"""Designs drawn by the trained generator that ships with the package."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from factory_env.domain.market import Market
from factory_env.domain.product import Product, Style
from factory_env.domain.studio import Studio
from factory_env.styling.season import Sketchbook, season


class Gan:
    """A season from the generator's sketchbook; brings torch when it is first asked."""

    def collection(
        self, products: Sequence[Product], rng: np.random.Generator
    ) -> tuple[Style, ...]:
        return self.season(products, rng, Market())

    def season(
        self, products: Sequence[Product], rng: np.random.Generator, market: Market
    ) -> tuple[Style, ...]:
        """The collection of a market."""
        return season(sketchbook(), products, rng, market)

    @property
    def studio(self) -> Studio:
        """Who draws the pictures."""
        return sketchbook().studio


@cache
def sketchbook() -> Sketchbook:
    """The pages that all runs of a process share.

    Raises
    ------
    InputError
        If the shipped weights are missing, damaged or of another version.
    """
    from factory_env.learned.gan.designer import Designer

    return Sketchbook(Designer.shipped())


PLUG = Gan
