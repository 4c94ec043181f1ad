"""From design to style: what a picture means for the factory (domain reference, section 17).

    c        = rank in the class of  .4 edge density + .3 texture entropy + .2 asymmetry
               + .1 fragmentation, each of them a rank in the class
    SMV      = product's x (.85 + .45 c)
    operations = product's x (.9 + .35 c)
    fabric   = silhouette area / class mean
    cutting  = product's minutes x (fabric + operations factor) / 2
    defects  = x (.8 + .4 x mean rank of texture, asymmetry and fragmentation)
    price    = product's x (1 + .5 (SMV factor - 1) + .3 (fabric - 1))

Every figure rises with the rank it depends on. The class is what the classifier sees; which of two
products of a class it is follows from the picture as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from factory_env.domain.design import CATEGORIES, Design
from factory_env.domain.product import Product, Style
from factory_env.domain.studio import Eye, Pictures
from factory_env.styling.bulletin import operation_count, operations_factor, with_operations
from factory_env.styling.measures import measure
from factory_env.styling.reference import COMPLEXITY, Reference, mixed, shipped_reference

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FABRIC: Final = (0.6, 1.5)  # least and most fabric factor [assumed]

# class -> its product, or (plainer product, richer product, measure that tells, from which rank)
PRODUCTS: Final[Mapping[str, tuple[str, str, str, float]]] = {
    "tee": ("tee", "polo", "collar", 0.5),  # something at the neck: a collar
    "trouser": ("trouser", "jeans", "edge_density", 0.5),  # many seams: jeans
    "pullover": ("pullover", "pullover", "pattern", 1.0),
    "dress": ("dress", "dress", "pattern", 1.0),
    "coat": ("jacket", "jacket", "pattern", 1.0),
    "shirt": ("shirt", "shirt", "pattern", 1.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a batch of pictures shows; every array is (n,) unless it says otherwise."""

    pictures: NDArray[np.uint8]  # (n, 28, 28)
    category: Ints  # 0..5, as the classifier sees it
    probability: Floats  # (n, 6)
    features: NDArray[np.float32]  # (n, d)
    measured: Mapping[str, Floats]
    ranks: Mapping[str, Floats]  # of every measure and of complexity, in the class
    fabric_factor: Floats
    factors: Mapping[str, Floats]  # smv, operations, cutting, defects, price over the product's
    product: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.pictures)

    @property
    def complexity(self) -> Floats:
        """c, 0 to 1."""
        return self.ranks[COMPLEXITY]


def smv_factor(complexity: Floats) -> Floats:
    """SMV of a design over its product's."""
    return np.asarray(0.85 + 0.45 * complexity)


def defect_factor(ranks: Mapping[str, Floats]) -> Floats:
    """Factor on the defect probability: patterns to match, odd panels, many small parts."""
    mean = (ranks["texture_entropy"] + ranks["asymmetry"] + ranks["fragmentation"]) / 3.0
    return np.asarray(0.8 + 0.4 * mean)


def price_factor(complexity: Floats, fabric: Floats) -> Floats:
    """Price of a design over its product's: labour about half of it, fabric a third."""
    return np.asarray(1.0 + 0.5 * (smv_factor(complexity) - 1.0) + 0.3 * (fabric - 1.0))


def ranked(
    measured: Mapping[str, Floats], category: Ints, reference: Reference
) -> dict[str, Floats]:
    """Ranks in the class of every measure, and of complexity."""
    ranks = {name: reference.rank(name, values, category) for name, values in measured.items()}
    return ranks | {COMPLEXITY: reference.rank(COMPLEXITY, mixed(ranks), category)}


def look_at(pictures: Pictures, eye: Eye, reference: Reference | None = None) -> Look:
    """Read everything off a batch of pictures (n, 28, 28), grey 0 to 1."""
    known = reference or shipped_reference()
    features, probability = eye.read(pictures)
    category = np.asarray(probability).argmax(axis=1)
    measured = measure(pictures)
    ranks = ranked(measured, category, known)
    fabric = np.clip(measured["area"] / known.mean_of("area", category), *FABRIC)
    return Look(
        pictures=np.rint(np.asarray(pictures) * 255.0).astype(np.uint8),
        category=category,
        probability=np.asarray(probability, dtype=np.float64),
        features=np.asarray(features, dtype=np.float32),
        measured=measured,
        ranks=ranks,
        fabric_factor=fabric,
        factors=factors_of(ranks, fabric),
        product=products_of(category, ranks),
    )


def factors_of(ranks: Mapping[str, Floats], fabric: Floats) -> dict[str, Floats]:
    """What designs need and fetch, each over its product's."""
    c = ranks[COMPLEXITY]
    return {
        "smv": smv_factor(c),
        "operations": operations_factor(c),
        "cutting": 0.5 * (fabric + operations_factor(c)),
        "defects": defect_factor(ranks),
        "price": price_factor(c, fabric),
    }


def products_of(category: Ints, ranks: Mapping[str, Floats]) -> NDArray[np.str_]:
    """The product that each picture becomes, shape (n,)."""
    names = np.empty(len(category), dtype="U16")
    for number, name in enumerate(CATEGORIES):
        own = category == number
        plain, rich, measure_name, from_rank = PRODUCTS[name]
        names[own] = np.where(ranks[measure_name][own] >= from_rank, rich, plain)
    return names


def style_of(
    look: Look, i: int, product: Product, *, style_id: str = "", asked: str = "", name: str = ""
) -> Style:
    """The style that picture ``i`` is as a design of ``product``."""
    c, fabric = float(look.complexity[i]), float(look.fabric_factor[i])
    sewn = with_operations(product, operation_count(product, c))
    times = {name: float(values[i]) for name, values in look.factors.items()}
    design = Design(
        picture=look.pictures[i].tobytes(),
        category=CATEGORIES[int(look.category[i])],
        asked=asked or CATEGORIES[int(look.category[i])],
        features=tuple(look.features[i].tolist()),
        complexity=c,
        edge_density=float(look.ranks["edge_density"][i]),
        texture_entropy=float(look.ranks["texture_entropy"][i]),
        asymmetry=float(look.ranks["asymmetry"][i]),
        fragmentation=float(look.ranks["fragmentation"][i]),
        fabric_factor=fabric,
        defect_factor=times["defects"],
    )
    return Style(
        style_id=style_id or f"{product.name}-{i + 1:02d}",
        name=name or f"{design.category} {i + 1}",
        product=replace(
            sewn,
            weight_kg=product.weight_kg * fabric,
            cutting_min=product.cutting_min * times["cutting"],
            price_usd=product.price_usd * times["price"],
        ),
        smv_factor=product.smv_min * times["smv"] / sewn.smv_min,
        popularity=1.0,
        design=design,
    )


def styles_of(look: Look, products: Sequence[Product]) -> tuple[Style, ...]:
    """One style a picture; the products must hold every one that the pictures become."""
    by_name = {p.name: p for p in products}
    return tuple(style_of(look, i, by_name[str(look.product[i])]) for i in range(len(look)))
