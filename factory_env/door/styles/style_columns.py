"""The columns of a file of styles, and the limits of their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from factory_env.door.styles.book_styles import PRODUCT_COLUMNS
from factory_env.door.styles.columns import Unit

TEXTS: Final[Mapping[str, tuple[str, ...]]] = {
    "style": (
        "style_id",
        "style_no",
        "style_number",
        "style_code",
        "article",
        "article_no",
        "article_number",
        "model",
    ),
    "product": tuple(name for name in PRODUCT_COLUMNS if name != "product"),
    "name": ("description", "style_name", "title"),
    "bulletin": ("bulletin_file", "operation_bulletin", "bulletin_name", "ob"),
    "fabric_group": ("fabric", "fabric_type", "group"),
    "learning_class": (),
    "like": ("like_product", "similar_to"),
}
SMV: Final = Unit(
    0.0,
    300.0,
    {
        **dict.fromkeys(("", "min", "mins", "minutes"), 1.0),
        **dict.fromkeys(("s", "sec", "secs", "seconds"), 1 / 60),
    },
    "12.5",
    hint="standard minutes of a whole piece",
)
PLAIN: Final = {"": 1.0}
_ROOM: Final = Unit(
    0.0, 60.0, {"": 1.0, "min": 1.0, "minutes": 1.0}, "0.8", True, "minutes of a piece"
)
# key of a number -> what it may be, and other names of its column
NUMBERS: Final[Mapping[str, tuple[Unit, tuple[str, ...]]]] = {
    "smv_min": (SMV, ("smv", "sam", "standard_minutes", "smv_minutes", "std_min")),
    "smv_factor": (Unit(0.0, 20.0, PLAIN, "1.06"), ("factor",)),
    "price_usd": (
        Unit(0.0, 10_000.0, {"": 1.0, "usd": 1.0, "$": 1.0}, "4.50"),
        ("price", "fob", "unit_price"),
    ),
    "weight_kg": (
        Unit(0.0, 10.0, {"": 1.0, "kg": 1.0, "g": 1e-3}, "0.24", hint="kilograms of a piece"),
        ("weight", "weight_g"),
    ),
    "cutting_min": (_ROOM, ()),
    "fusing_min": (_ROOM, ()),
    "inspect_min": (_ROOM, ()),
    "clean_min": (_ROOM, ()),
    "press_min": (_ROOM, ()),
    "pack_min": (_ROOM, ()),
    "popularity": (
        Unit(0.0, 1e6, {"": 1.0, "%": 1.0}, "0.4", True, "a share of its product's demand"),
        ("demand_share", "weighting"),
    ),
}
SYNONYMS: Final[Mapping[str, tuple[str, ...]]] = {
    **TEXTS,
    **{name: words for name, (_, words) in NUMBERS.items()},
}
ROOM_MIN: Final = ("cutting_min", "fusing_min", "inspect_min", "clean_min", "press_min", "pack_min")
OF_PRODUCT: Final = ("price_usd", "weight_kg", *ROOM_MIN)  # numbers that a product has
FABRICS: Final[Mapping[str, str]] = {
    "knit": "knit",
    "knits": "knit",
    "knitted": "knit",
    "knitwear": "knit",
    "jersey": "knit",
    "woven": "woven",
    "wovens": "woven",
}
