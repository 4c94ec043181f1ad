"""``simulate(scenario, policy, seed) -> RunLog``: the product in one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from factory_env.decision import Policy, ask
from factory_env.domain.order import Order
from factory_env.domain.records import RunLog
from factory_env.domain.scenario import Scenario
from factory_env.sim.factory import Factory
from factory_env.sim.plant.tables import PlantTables


def simulate(
    scenario: Scenario,
    policy: Policy,
    seed: int,
    *,
    orders: Sequence[Order] | None = None,
    tables: PlantTables | None = None,
    record_operations: bool = False,
) -> RunLog:
    """Run a scenario under a policy to its end.

    Parameters
    ----------
    orders
        The order book; drawn from the scenario's demand if not given.
    tables
        ``Factory(...).world.tables`` of an earlier run of the same scenario, to save the
        line balancing.
    record_operations
        Keep start and end of every bundle at every station (about 4,000 rows an order).
    """
    factory = Factory(
        scenario, seed, orders=orders, tables=tables, record_operations=record_operations
    )
    while (question := factory.advance()) is not None:
        factory.answer(ask(policy, question))
    return factory.log()
