"""``simulate(scenario, policy, seed) -> RunLog``: the product in one sentence, and its loop."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from factory_env import decisions
from factory_env.catalogue import load_plug, plug_names
from factory_env.decision import AllRounder, Policy, Question, ask
from factory_env.domain.changes import Change
from factory_env.domain.floor_state import FloorState
from factory_env.domain.order import Order
from factory_env.domain.records import RunLog
from factory_env.domain.scenario import Scenario
from factory_env.sim.factory import Factory
from factory_env.sim.history.floor_reading import FloorReading
from factory_env.sim.history.replay import Past
from factory_env.sim.plant.tables import PlantTables
from factory_env.sim.work.line_flow import LineEngine, run_pass


class Factories:
    """Makes run after run of one scenario, which share what every run would work out anew.

    >>> make = Factories(scenario)                   # doctest: +SKIP
    >>> logs = [play(make(seed), policy) for seed in range(10)]  # doctest: +SKIP
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        tables: PlantTables | None = None,
        engine: LineEngine = run_pass,
        record_operations: bool = False,
    ) -> None:
        self.scenario = scenario
        self._tables = tables  # of the latest run
        self._engine = engine
        self._record_operations = record_operations

    def __call__(
        self,
        seed: int,
        *,
        orders: Sequence[Order] | None = None,
        changes: Sequence[Change] = (),
        floor: FloorState | None = None,
    ) -> Factory:
        """A run at its first minute; ``orders``, ``changes`` and ``floor`` as for `Factory`."""
        factory = Factory(
            self.scenario,
            seed,
            orders=orders,
            tables=self._tables,
            engine=self._engine,
            record_operations=self._record_operations,
            changes=changes,
            floor=floor,
        )
        self._tables = factory.tables
        return factory


def step_through(factory: Factory, policy: Policy | AllRounder) -> Iterator[Question]:
    """Play ``policy`` question by question; each is handed out and answered when you go on.

    Whoever leaves the loop leaves the present question unanswered.
    """
    _check_policy(policy)
    while (question := factory.advance()) is not None:
        yield question
        factory.answer(ask(policy, question))


def _check_policy(policy: object) -> None:
    """Raise `TypeError` if ``policy`` answers nothing; else the house would, and nobody know."""
    doors = {load_plug(decisions, name).asks for name in plug_names(decisions)} | {"answer"}
    if not any(callable(getattr(policy, door, None)) for door in doors):
        known = ", ".join(sorted(doors))
        raise TypeError(f"a policy must have one of the methods {known}; got {policy!r}")


def play(factory: Factory, policy: Policy | AllRounder) -> RunLog:
    """Play ``policy`` to the end of the run."""
    for _ in step_through(factory, policy):
        pass
    return factory.log()


def simulate(
    scenario: Scenario,
    policy: Policy | AllRounder,
    seed: int,
    *,
    orders: Sequence[Order] | None = None,
    tables: PlantTables | None = None,
    record_operations: bool = False,
) -> RunLog:
    """Run a scenario under a policy to its end.

    `step_through` stops at every question; `Factories` makes many runs of one scenario.

    Parameters
    ----------
    orders
        The order book; drawn from the scenario's demand if not given.
    tables
        ``Factory(...).tables`` of an earlier run of the same scenario, to save the line
        balancing.
    record_operations
        Keep start and end of every bundle at every station (about 4,000 rows an order).
    """
    factory = Factory(
        scenario, seed, orders=orders, tables=tables, record_operations=record_operations
    )
    return play(factory, policy)


class _OneByOne(Factory):
    """A factory whose lots can be looked at."""

    compiles_lots = False


def read_floor(past: Past, at_min: float) -> FloorState:
    """The floor of a run at the first instant of a minute, for another run to begin with.

    Raises
    ------
    ArtifactError
        If the past does not reach that minute.
    """
    factory = _OneByOne.of(past, at_min)
    house = factory.house
    parts = house.planner, house.cutting, house.floor, house.finishing
    return FloorReading(factory.world, list(house.runs), *parts).read()
