"""The styles of a run: drawn by the scenario's design source, and as rows of the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from factory_env import designs
from factory_env.catalogue import load_plug
from factory_env.domain.order import Order
from factory_env.domain.ports import SeasonSource
from factory_env.domain.product import Style
from factory_env.domain.scenario import Scenario
from factory_env.errors import InputError
from factory_env.sim.kernel.streams import Streams


def season_styles(scenario: Scenario, streams: Streams) -> tuple[Style, ...]:
    """The collection, and behind it a user's own styles.

    Sources that draw for a market are told which.
    """
    source = load_plug(designs, scenario.designs)()
    products, rng = scenario.library.house_products, streams.generator("designs")
    if isinstance(source, SeasonSource):
        drawn = source.season(products, rng, scenario.market)
    else:
        drawn = tuple(source.collection(products, rng))
    return add_styles(drawn, scenario.library.styles)


def add_styles(drawn: Sequence[Style], own: Sequence[Style]) -> tuple[Style, ...]:
    """A collection with a user's own styles behind it.

    A style of the same id gives way. Products that have popular styles of their own are ordered
    in these only: the collection's are still known, and nobody asks for them.
    """
    ids = {style.style_id.casefold() for style in own}
    sought = {style.product.name for style in own if style.popularity > 0.0}
    kept = (style for style in drawn if style.style_id.casefold() not in ids)
    asleep = (replace(s, popularity=0.0) if s.product.name in sought else s for s in kept)
    return (*asleep, *own)


def check_style_ids(orders: Sequence[Order], styles: Sequence[Style]) -> None:
    """Refuse orders for a style that the run does not know.

    Raises
    ------
    InputError
        With one problem that names them all.
    """
    known = {style.style_id for style in styles}
    unknown = list(dict.fromkeys(o.style_id for o in orders if o.style_id not in known))
    if unknown:
        shown = ", ".join(map(repr, unknown[:8])) + (", ..." if len(unknown) > 8 else "")
        raise InputError.of(
            "orders",
            "style_id",
            "must be a style of the scenario",
            shown,
            "load_scenario(..., styles='my_styles.csv') or scenario.with_styles([...])",
        )


def design_rows(styles: Sequence[Style]) -> list[tuple[Any, ...]]:
    """One row of the log for each style with a picture, in the order of the schema."""
    return [
        (
            style.style_id,
            style.product.name,
            style.name,
            design.category,
            design.asked,
            design.complexity,
            design.edge_density,
            design.texture_entropy,
            design.asymmetry,
            design.fragmentation,
            len(style.product.operations),
            style.product.bulletin,
            style.smv_min,
            style.product.weight_kg,
            design.fabric_factor,
            style.product.cutting_min,
            design.defect_factor,
            style.product.price_usd,
            design.launch_day,
            design.window_days,
            design.forecast_factor,
            design.picture,
        )
        for style in styles
        if (design := style.design) is not None
    ]
