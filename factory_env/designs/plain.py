"""Every product as its bulletin stands: one style a product, named like it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from factory_env.domain.product import Product, Style


class Plain:
    """For plants whose products are not in the catalogue: toys, flow shops. Draws nothing."""

    def collection(
        self, products: Sequence[Product], rng: np.random.Generator
    ) -> tuple[Style, ...]:
        return tuple(
            Style(
                style_id=product.name,
                name=product.name,
                product=product,
                smv_factor=1.0,
                popularity=1.0,
            )
            for product in products
        )


PLUG = Plain
