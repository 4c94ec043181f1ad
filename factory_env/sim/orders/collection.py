"""The styles of a run: drawn by the scenario's design source, and as rows of the log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from factory_env import designs
from factory_env.catalogue import load_plug
from factory_env.domain.ports import SeasonSource
from factory_env.domain.product import Style
from factory_env.domain.scenario import Scenario
from factory_env.sim.kernel.streams import Streams


def season_styles(scenario: Scenario, streams: Streams) -> tuple[Style, ...]:
    """The collection; sources that draw for a market are told which."""
    source = load_plug(designs, scenario.designs)()
    products, rng = scenario.library.products, streams.generator("designs")
    if isinstance(source, SeasonSource):
        return source.season(products, rng, scenario.market)
    return tuple(source.collection(products, rng))


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
