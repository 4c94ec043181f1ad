"""The stand-in designer: the shipped catalogue of four styles a product."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from factory_env.domain.product import Product, Style
from factory_env.library import rows


class Catalogue:
    """Returns the styles of ``data/styles.csv``; draws nothing."""

    def collection(
        self, products: Sequence[Product], rng: np.random.Generator
    ) -> tuple[Style, ...]:
        by_name = {p.name: p for p in products}
        return tuple(
            Style(
                style_id=row["style"],
                name=row["name"],
                product=by_name[row["product"]],
                smv_factor=float(row["smv_factor"]),
                popularity=float(row["popularity"]),
            )
            for row in rows("styles.csv")
            if row["product"] in by_name
        )


PLUG = Catalogue
