"""Designs drawn by rule: the stand-in for the trained generator, without torch."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from factory_env.domain.market import Market
from factory_env.domain.product import Product, Style
from factory_env.domain.studio import Studio
from factory_env.styling.drawer import Drawer
from factory_env.styling.season import Sketchbook, season


class Drawn:
    """A season from the sketchbook of the procedural drawer."""

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
    """The pages that all runs of a process share."""
    return Sketchbook(Drawer())


PLUG = Drawn
