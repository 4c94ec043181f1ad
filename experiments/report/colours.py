"""Colours of all charts, whoever draws them: safe for colour-blind readers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

# Paul Tol's muted scheme; products that share lines are far apart in it
PRODUCT: Final[dict[str, str]] = {
    "tee": "#88CCEE",
    "polo": "#332288",
    "pullover": "#44AA99",
    "shirt": "#DDCC77",
    "trouser": "#117733",
    "jeans": "#4C72B0",
    "dress": "#CC6677",
    "jacket": "#882255",
}
# for products of one's own, in the order of their names; then they come round again
FURTHER: Final = ("#AA4499", "#999933", "#99DDFF", "#661100", "#BBCC33", "#004488", "#FFAABB")
OTHER: Final = "#999999"
CHANGEOVER: Final = "#222222"
LATE: Final = "#D55E00"  # vermilion: nothing else is orange
STOPPED: Final = "#F0E442"  # Okabe and Ito's yellow, always with a black edge
GREY: Final = "#777777"
DAY_OFF: Final = "#EEEEEE"


def product_colours(names: Iterable[str]) -> dict[str, str]:
    """A colour for each product of a run, those of its own book included.

    >>> product_colours(["cap", "tee"])
    {'tee': '#88CCEE', 'cap': '#AA4499'}
    """
    there = set(names)
    known = {name: colour for name, colour in PRODUCT.items() if name in there}
    own = sorted(there - set(PRODUCT))
    return known | {name: FURTHER[i % len(FURTHER)] for i, name in enumerate(own)}


def product_colour(product: str) -> str:
    """The colour of a shipped product; grey for others."""
    return PRODUCT.get(product, OTHER)


def ink_colour(colour: str) -> str:
    """Black or white, whichever can be read on ``colour``."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "black" if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else "white"
