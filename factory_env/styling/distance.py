"""How unlike two designs are, and what that does to a changeover.

    d       = distance in feature space / twice the season's median for such pairs, at most 1
    setup   x 1 + effect (2 d - 1)        learning kept x 1 - effect (2 d - 1)

Pairs of one product and pairs of two are scaled apart, so that the change table's own figures
remain those of the season's median pair.

Styles of one product without pictures that are sewn by two bulletins, a user's among them, need
other machines in other numbers:

    m       = 1 - minutes that both have on the same machines / minutes of the longer bulletin
    setup   x 1 + effect m                learning kept x 1 - effect m       [assumed]
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.product import Product, Style

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def pairwise(features: Floats) -> Floats:
    """Euclidean distances between the rows of ``features`` (n, d), shape (n, n)."""
    square = (features**2).sum(axis=1)
    squared = square[:, None] + square[None, :] - 2.0 * features @ features.T
    np.fill_diagonal(squared, 0.0)
    return np.asarray(np.sqrt(np.maximum(squared, 0.0)))


def relative_distance(styles: Sequence[Style]) -> Floats:
    """d of every pair of styles, shape (n, n), 0 to 1; 0.5 where a style has no picture."""
    n = len(styles)
    distance = np.full((n, n), 0.5)
    drawn = [i for i, style in enumerate(styles) if style.design is not None]
    if len(drawn) >= 2:
        rows = [s.design.features for i in drawn if (s := styles[i]).design is not None]
        apart = pairwise(np.array(rows))
        names = np.array([styles[i].product.name for i in drawn])
        same = names[:, None] == names[None, :]
        off = ~np.eye(len(drawn), dtype=np.bool_)
        scaled = np.zeros_like(apart)
        for kind in (same, ~same):
            pairs = apart[kind & off]
            median = float(np.median(pairs)) if pairs.size else 0.0
            scaled = np.where(kind, apart / (2.0 * median) if median > 0.0 else 0.5, scaled)
        distance[np.ix_(drawn, drawn)] = np.clip(scaled, 0.0, 1.0)
    np.fill_diagonal(distance, 0.0)
    return distance


def change_kinds(styles: Sequence[Style]) -> tuple[list[int], Ints]:
    """Styles that stand for all that change alike, and the kind of every style, shape (n,).

    A style with a picture is a kind by itself; those without share it by product and bulletin.
    A book may bring thousands of styles: the factors are kept by kind, not by style.
    """
    place: dict[object, int] = {}
    kind = np.empty(len(styles), dtype=np.int64)
    first: list[int] = []
    for i, style in enumerate(styles):
        key: object = (
            i if style.design is not None else (style.product.name, style.product.bulletin)
        )
        if key not in place:
            place[key] = len(first)
            first.append(i)
        kind[i] = place[key]
    return first, kind


def change_factors(styles: Sequence[Style], effect: float) -> tuple[Floats, Floats]:
    """Factors on setup minutes and on the learned share kept, shape (n, n) each.

    1 everywhere for styles without pictures that are sewn as their product is.
    """
    has = np.array([style.design is not None for style in styles], dtype=np.bool_)
    swing = np.zeros((len(styles), len(styles)))
    if has.any():
        swing = effect * (2.0 * relative_distance(styles) - 1.0)
        swing = np.where(has[:, None] & has[None, :], swing, 0.0)
        np.fill_diagonal(swing, 0.0)  # the same style again is no other design
    _add_bulletins(swing, styles, effect)
    return 1.0 + swing, 1.0 - swing


def _add_bulletins(swing: Floats, styles: Sequence[Style], effect: float) -> None:
    """What two bulletins of one product do to a change."""
    by_product: dict[str, dict[str, list[int]]] = {}
    for i, style in enumerate(styles):
        if style.design is None:
            bulletins = by_product.setdefault(style.product.name, {})
            bulletins.setdefault(style.product.bulletin, []).append(i)
    for bulletins in by_product.values():
        if len(bulletins) < 2:
            continue
        sewn = [styles[rows[0]].product for rows in bulletins.values()]
        apart = effect * machine_distance(sewn)
        kind = np.concatenate([[k] * len(rows) for k, rows in enumerate(bulletins.values())])
        place = np.concatenate(list(bulletins.values()))
        swing[np.ix_(place, place)] = apart[np.ix_(kind, kind)]


def machine_distance(products: Sequence[Product]) -> Floats:
    """m of every pair of bulletins: the share of the longer one's minutes that the other does not
    have on the same machines, shape (n, n), 0 to 1."""
    machines = sorted({op.machine for product in products for op in product.operations})
    minutes = np.zeros((len(products), len(machines)))
    for product, row in zip(products, minutes, strict=True):
        for operation in product.operations:
            row[machines.index(operation.machine)] += operation.smv_min
    total = minutes.sum(axis=1)
    common = np.array([np.minimum(row, minutes).sum(axis=1) for row in minutes])
    return np.asarray(1.0 - common / np.maximum(total[:, None], total[None, :]))
