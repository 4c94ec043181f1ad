"""The styles of a run: what the scenario's design source draws under the run's seed."""

from __future__ import annotations

from factory_env import designs
from factory_env.catalogue import load_plug
from factory_env.domain.ports import SeasonSource
from factory_env.domain.product import Style
from factory_env.domain.scenario import Scenario
from factory_env.sim.streams import Streams


def season_styles(scenario: Scenario, streams: Streams) -> tuple[Style, ...]:
    """The collection; sources that draw for a market are told which."""
    source = load_plug(designs, scenario.designs)()
    products, rng = scenario.library.products, streams.generator("designs")
    if isinstance(source, SeasonSource):
        return source.season(products, rng, scenario.market)
    return tuple(source.collection(products, rng))
