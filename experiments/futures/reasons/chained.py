"""The log of a run with the table of what every order waited for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from factory_env.domain.records import RunLog
from factory_env.sim.factory import Factory
from factory_env.sim.history.order_chain import chain_table


def log_with_chains(factory: Factory, only: Sequence[int] | None = None) -> RunLog:
    """The log of a run so far, and its table ``chains`` of all orders or ``only`` these."""
    log, house = factory.log(), factory.house
    rooms = (house.cutting, factory.lines, house.finishing)
    chains = chain_table(log, house.runs, *rooms, only=only)
    return replace(log, tables={**log.tables, "chains": chains})
