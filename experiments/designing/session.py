"""One session at the drawing board: designs by number and slider, neighbours, reckonings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.designing.existing import Existing, of_folder, of_season
from experiments.designing.options import DesignOptions
from experiments.designing.reckoning import Reckoning, reckoned
from factory_env import designs
from factory_env.catalogue import load_plug
from factory_env.domain.ports import SeasonSource
from factory_env.domain.product import Style
from factory_env.domain.scenario import Scenario
from factory_env.domain.studio import Latents, Studio
from factory_env.errors import InputError
from factory_env.sim.kernel.streams import Streams
from factory_env.sim.orders.collection import season_styles
from factory_env.styling.mapping import Look, look_at, styles_of
from factory_env.styling.novelty import Neighbours, neighbours
from factory_env.styling.sliders import SLIDERS, between, directions


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Designs, and the way between two of them, with all that is said about them."""

    names: tuple[str, ...]
    look: Look
    styles: tuple[Style, ...]
    reckonings: tuple[Reckoning, ...]
    neighbours: Neighbours
    existing: Existing
    attributes: NDArray[np.float64]  # (n, sliders) ranks reached
    r2: dict[str, float]  # how much of each attribute the latents explain
    way: int  # how many of the designs, at the end, lie between two others


def studio_of(scenario: Scenario) -> Studio:
    """Who draws for a scenario.

    Raises
    ------
    InputError
        If its design source does not draw.
    """
    source = load_plug(designs, scenario.designs)()
    if not isinstance(source, SeasonSource):
        raise InputError.of(
            "command line",
            "demand",
            "must name a source that draws designs",
            repr(scenario.designs),
            "demand=gan or demand=drawn",
        )
    return source.studio


def session(scenario: Scenario, options: DesignOptions) -> Session:
    """Draw, look, compare and reckon.

    Raises
    ------
    InputError
        If the scenario's source does not draw, or the folder of existing designs is wrong.
    """
    studio, streams = studio_of(scenario), Streams(options.seed)
    eye, season = studio.classifier, season_styles(scenario, streams)
    existing = (
        of_season(season)
        if options.data_dir is None
        else of_folder(options.data_dir, options.garment, eye)
    )
    learned = directions(studio, options.garment, streams.generator("directions"))
    names, z = numbered(studio, options, streams)
    pictures = studio.draw(np.full(len(z), options.garment), learned.slide(z, options.ranks))
    look = look_at(pictures, eye)
    styles = styles_of(look, scenario.library.products)
    found = reckoned(
        scenario,
        season,
        styles,
        pieces=options.order_pieces,
        fabric_usd_per_kg=options.fabric_usd_per_kg,
    )
    return Session(
        names=names,
        look=look,
        styles=styles,
        reckonings=tuple(found),
        neighbours=neighbours(look.features, existing.features, options.nearest),
        existing=existing,
        attributes=learned.ranks(pictures),
        r2=dict(learned.r2),
        way=len(names) - options.count,
    )


def numbered(
    studio: Studio, options: DesignOptions, streams: Streams
) -> tuple[tuple[str, ...], Latents]:
    """Names and latent vectors: designs 0 to count - 1, then the way between two."""

    def design(number: int) -> Latents:
        return studio.latents(1, streams.generator("sketch", options.garment, number))[0]

    rows: list[Latents] = [design(i) for i in range(options.count)]
    names = [f"{i}" for i in range(options.count)]
    if options.between is not None:
        first, last = options.between
        rows += list(between(design(first), design(last), options.steps))
        shares = np.linspace(0.0, 100.0, options.steps)
        names += [f"{first} to {last}, {share:.0f} %" for share in shares]
    return tuple(names), np.array(rows, dtype=np.float32)


def slider_error(found: Session, wanted: dict[str, float]) -> dict[str, float]:
    """Mean distance of the ranks reached from the ranks asked for, by slider."""
    return {
        name: float(np.abs(found.attributes[:, SLIDERS.index(name)] - rank).mean())
        for name, rank in wanted.items()
    }


def rows_of(found: Session, names: Sequence[str] = SLIDERS) -> list[dict[str, object]]:
    """The designs as plain rows for ``summary.json``."""
    rows: list[dict[str, object]] = []
    for i, (style, cost) in enumerate(zip(found.styles, found.reckonings, strict=True)):
        assert style.design is not None
        near = found.neighbours.nearest[i].tolist()
        rows.append(
            {
                "design": found.names[i],
                "category": style.design.category,
                "product": style.product.name,
                "complexity": style.design.complexity,
                "smv_min": cost.smv_min,
                "operations": cost.operations,
                "cost_usd": cost.cost_usd,
                "labour_usd": cost.labour_usd,
                "fabric_usd": cost.fabric_usd,
                "price_usd": style.product.price_usd,
                "pieces_per_day": cost.lines,
                "line_suitability": cost.suitability,
                "setup_min": cost.setup_min,
                "learning_kept": cost.kept,
                "defect_share": cost.defect_share,
                "novelty": float(found.neighbours.novelty[i]),
                "nearest": [found.existing.names[k] for k in near],
                "attributes": dict(zip(names, found.attributes[i].tolist(), strict=True)),
            }
        )
    return rows
