"""Products that the house does not know, from a user's rows; the rest from documented defaults.

Like another product (column ``like``) = its fabric group, learning class, times, price, weight
and the skills of the lines for it. Without one, the medians of the house's products of the fabric
group, its commonest learning class, and each line's lowest skill. Whatever is not said is noted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import median
from typing import Any, Final

from factory_env.domain.product import Bulletin, Product
from factory_env.door.styles.product_words import ProductWords
from factory_env.door.styles.style_columns import FABRICS, OF_PRODUCT
from factory_env.door.styles.style_rows import StyleRow, StyleRows
from factory_env.errors import InputError, Problem

AGREED: Final = ("fabric_group", "learning_class", "like")  # one for all rows of a product


def build_product(
    name: str,
    rows: Sequence[StyleRow],
    house: Mapping[str, Product],
    bulletin: Bulletin | None,
    file: StyleRows,
) -> tuple[Product, str]:
    """A new product, and a note that says what was not given.

    Parameters
    ----------
    house
        Products by name, among them the one that it is like.
    bulletin
        What it is sewn by; None = by that of the product that it is like.

    Raises
    ------
    InputError
        If the rows contradict each other or do not say enough.
    """
    said = {key: _agree(key, name, rows, file) for key in AGREED}
    group = FABRICS.get(said["fabric_group"].casefold(), "")
    like = house.get(ProductWords(house).exact(said["like"]) or "")
    if said["like"] and like is None:
        right = f"one of {', '.join(house)}"
        raise InputError([file.wrong(rows[0], "like", "must be a product", said["like"], right)])
    if like is not None and group and group != like.fabric_group:
        right = f"{like.fabric_group}, or leave it out"
        rule = f"must be that of the product it is like, {like.name}"
        raise InputError([file.wrong(rows[0], "fabric_group", rule, group, right)])
    if like is None and bulletin is None:
        raise InputError([_no_bulletin(name, rows[0], file)])
    base = like if like is not None else typical_product(name, group, house)
    learning = said["learning_class"].casefold() or base.learning_class
    product = replace(base, name=name, learning_class=learning)
    if bulletin is not None:
        product = bulletin.apply(product)
    return product, _note(product, said, like, rows)


def typical_product(name: str, group: str, house: Mapping[str, Product]) -> Product:
    """A product with the medians of the house's products of a fabric group, and no operations."""
    peers = [p for p in house.values() if p.fabric_group == group]
    classes = Counter(p.learning_class for p in peers)
    numbers: dict[str, Any] = {
        key: float(median(getattr(p, key) for p in peers)) for key in OF_PRODUCT
    }
    return Product(
        name=name,
        fabric_group=group,
        learning_class=max(sorted(classes), key=classes.__getitem__),
        operations=(),
        **numbers,
    )


def _agree(key: str, name: str, rows: Sequence[StyleRow], file: StyleRows) -> str:
    """What the rows of a product say of it together."""
    said = {str(getattr(row, key)).casefold(): row for row in rows if getattr(row, key)}
    if len(said) > 1:
        right = "one for all rows of the product"
        rule = f"must be the same in all rows of {name}"
        raise InputError([file.wrong([*said.values()][1], key, rule, " and ".join(said), right)])
    return next(iter(said), "")


def _no_bulletin(name: str, row: StyleRow, file: StyleRows) -> Problem:
    return file.wrong(
        row,
        "bulletin",
        f"a new product ({name}) needs operations",
        "no bulletin",
        "a bulletin of bulletins=, or like=<product> to sew it by that product's",
    )


def _note(
    product: Product, said: Mapping[str, str], like: Product | None, rows: Sequence[StyleRow]
) -> str:
    given = set(said) - {key for key, value in said.items() if not value}
    given |= {key for key in OF_PRODUCT if all(key in row.numbers for row in rows)}
    open_keys = [key for key in ("learning_class", *OF_PRODUCT) if key not in given]
    values = ", ".join(f"{key} {getattr(product, key)}" for key in open_keys)
    source = "the medians of its fabric group" if like is None else f"those of {like.name}"
    skills = "each line's lowest skill" if like is None else f"the lines' skill for {like.name}"
    taken = f"where nothing is said it has {source} ({values}), and " if values else "it has "
    return (
        f"new product {product.name} ({product.fabric_group}, {len(product.operations)} "
        f"operations, {product.smv_min:.2f} min): {taken}{skills}; "
        "columns of the styles file and plant.lines.<line>.skills say it otherwise"
    )
