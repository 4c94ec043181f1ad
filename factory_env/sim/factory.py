"""The running factory: advance to the next question, answer it, read the log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Final, TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray
from simpy.events import Event, Timeout

from factory_env.decision import Question
from factory_env.domain.answers import AnswerRow
from factory_env.domain.changes import Change
from factory_env.domain.floor_state import FloorState
from factory_env.domain.order import Order
from factory_env.domain.ports import Inspector
from factory_env.domain.records import RunLog
from factory_env.domain.scenario import Scenario
from factory_env.domain.series import SLOT_MIN
from factory_env.sim.energy.site_run import SiteRun
from factory_env.sim.history.fork import changed_past, check_minute, relive, renewed_now
from factory_env.sim.history.kpi_log import kpi_log
from factory_env.sim.history.logbook import run_log
from factory_env.sim.history.rehearsal import Rehearsal
from factory_env.sim.history.replay import FOREVER, Past, Renewal
from factory_env.sim.house import House, build_house
from factory_env.sim.kernel.desk import Desk
from factory_env.sim.kernel.halt import halt_at
from factory_env.sim.kernel.recorder import Recorder, Watcher
from factory_env.sim.orders.book import Book
from factory_env.sim.orders.to_come import ToCome
from factory_env.sim.plant.tables import PlantTables
from factory_env.sim.stations.spine.sewing import SewingLine
from factory_env.sim.work.line_flow import LineEngine, run_pass
from factory_env.sim.world import World, new_world
from factory_env.units import MIN_PER_DAY


class Means(TypedDict, total=False):
    """By what means a run is made: who reckons its lines and judges its pieces, what is kept."""

    engine: LineEngine
    record_operations: bool
    inspector: Inspector | None


HOUSE_MEANS: Final[Means] = {"engine": run_pass, "record_operations": False, "inspector": None}


class Readings:
    """What can be read of a running factory at any minute; nothing here changes it, to the bit."""

    _is_late = False  # the horizon has come

    _is_settled = False  # and is accounted for

    def __init__(self, world: World, house: House, seed: int) -> None:
        self.seed = seed
        self.scenario = world.scenario
        self.world = world
        self.house = house

    @property
    def is_over(self) -> bool:
        """Is everything shipped, or has the horizon come?"""
        return self._is_late or not self.world.to_come.left

    @property
    def now_min(self) -> float:
        """Wall minutes since the start."""
        return float(self.world.env.now)

    @property
    def tables(self) -> PlantTables:
        """What the plant's lines can do with the season's styles; serves the next run too."""
        return self.world.tables

    @property
    def book(self) -> Book:
        """The order book as it stands."""
        return self.world.book

    @property
    def to_come(self) -> ToCome:
        """Which orders are still to come, in the house, and left to do."""
        return self.world.to_come

    @property
    def site(self) -> SiteRun | None:
        """The energy side; None = it is not accounted for."""
        return self.house.site

    @property
    def lines(self) -> Sequence[SewingLine]:
        """The sewing lines."""
        return self.house.floor.lines

    @property
    def free_in_min(self) -> NDArray[np.float64]:
        """Shift minutes until each line is free, as the planner estimates; shape (lines,)."""
        return np.maximum(0.0, self.house.planner.free_shift - self.world.now_shift)

    @property
    def shipped(self) -> int:
        """Orders that have left the house."""
        return self.world.to_come.shipped

    @property
    def finished(self) -> bool:
        """Has everything been shipped, or been cancelled?"""
        return self.world.to_come.left == 0

    @property
    def cost_usd(self) -> float:
        """Cost accrued so far [USD]; at the horizon, open orders included."""
        return self.world.ledger.total(self.world.env.now)

    @property
    def projected_cost_usd(self) -> float:
        """Cost accrued plus penalties to be expected from open orders; at the end, the cost."""
        if self.is_over:
            return self.cost_usd
        return self.cost_usd + self.house.planner.expected_late_usd()

    def scheduled_cost_usd(self, rule: tuple[float, float, float, float, float]) -> float:
        """Cost accrued plus the cost to go if a rule scheduled what is in the house.

        ``rule``: k1, k2, k3, grace_min, hold_beyond of the line-matching ATCS. At the end it is
        the cost.
        """
        if self.is_over:
            return self.cost_usd
        return self.cost_usd + self.house.planner.cost_to_go_usd(rule)

    def foreseen_cost_usd(self, rule: tuple[float, float, float, float, float]) -> float:
        """Cost accrued plus the cost to go if a rule scheduled the whole book, known or not.

        ``rule`` as above. It looks at orders that nobody has heard of: for rewards alone.
        """
        if self.is_over:
            return self.cost_usd
        return self.cost_usd + self.house.planner.whole_cost_usd(rule)

    @property
    def cost_parts_usd(self) -> dict[str, float]:
        """Cost accrued so far by part [USD]; lateness, changeover, learning, holding, short."""
        return self.world.ledger.parts(self.world.env.now)

    def log(self) -> RunLog:
        """The run so far as columns; a run that goes on is left as it is."""
        house, cost_usd = self.house, self.cost_parts_usd
        site = house.site
        if site is not None and not self._is_settled:
            site, more_usd = site.look(int(self.now_min // SLOT_MIN))
            cost_usd |= {name: cost_usd[name] + usd for name, usd in more_usd.items()}
        parts = (house.runs, self.seed, house.floor, house.finishing, site)
        return run_log(self.world, *parts, cost_usd)

    def kpi_log(self) -> RunLog:
        """What `factory_env.kpi.table.kpis` reads of the log of a run that is over, sooner.

        Other tables and columns are missing.
        """
        house = self.house
        parts = (house.runs, self.seed, house.floor, house.finishing)
        return kpi_log(self.world, *parts, self.cost_parts_usd)


class Factory(Readings):
    """One run of a scenario under one seed.

    >>> factory = Factory(scenario, seed=1)             # doctest: +SKIP
    >>> while (question := factory.advance()) is not None:  # doctest: +SKIP
    ...     factory.answer(ask(policy, question))

    ``changes`` happen to it, each at its minute; nobody notices one before.
    """

    compiles_lots: ClassVar[bool] = True  # False = they move one by one, for the same log

    def __init__(
        self,
        scenario: Scenario,
        seed: int,
        *,
        orders: Sequence[Order] | None = None,
        tables: PlantTables | None = None,
        changes: Sequence[Change] = (),
        floor: FloorState | None = None,
        **means: Unpack[Means],
    ) -> None:
        self._changes = tuple(changes)
        self._orders = None if orders is None else tuple(orders)
        self._renewals: list[Renewal] = []  # of the luck; see fork.py
        self._means: Means = {**HOUSE_MEANS, **means}  # a fork takes them over
        world = new_world(
            scenario,
            seed,
            Recorder(operations=self._means["record_operations"]),
            orders=orders,
            tables=tables,
            inspector=self._means["inspector"],
            changes=self._changes,
            floor=floor,
        )
        world.rehearse = Rehearsal(self.fork)
        self._desk = Desk()
        self.horizon_min = scenario.calendar_days * MIN_PER_DAY
        horizon = Timeout(world.env, self.horizon_min)
        horizon.callbacks.append(self._stop)  # type: ignore[union-attr]
        engine = self._means["engine"]
        house = build_house(world, self._desk, engine, may_compile_lots=self.compiles_lots)
        super().__init__(world, house, seed)

    def __deepcopy__(self, memo: dict[int, Any]) -> Factory:
        return self.fork()

    def __reduce__(self) -> tuple[Callable[..., Factory], tuple[Any, ...]]:
        is_further = self.is_asking or self.is_over
        return _live_again, (type(self), self.past, self._means, is_further)

    @classmethod
    def of(
        cls,
        past: Past,
        until_min: float = FOREVER,
        *,
        fresh_seed: int | None = None,
        **means: Any,
    ) -> Factory:
        """A factory that has lived a past up to the first instant of a minute; see `relive`.

        ``means``: ``tables``, ``engine``, ``record_operations``, ``inspector`` as for `Factory`.
        """

        def make(orders: Sequence[Order] | None) -> Factory:
            given: dict[str, Any] = {"changes": past.changes, "floor": past.opening, **means}
            return cls(past.scenario, past.seed, orders=orders, **given)

        factory = relive(past, make, until_min, fresh_seed)
        factory._orders = None if past.orders is None else tuple(past.orders)
        return factory

    def advance(self) -> Question | None:
        """Run until somebody asks; None when everything is shipped or the horizon has come."""
        step, desk, to_come = self.world.env.step, self._desk, self.world.to_come
        while to_come.left and not self._is_late:
            if desk.is_waiting:
                question = desk.pending()
                if question is not None:
                    return question
            step()
        self._settle()
        return None

    def answer(self, answer: Any) -> AnswerRow:
        """Answer the pending question; returns how the log keeps it.

        Raises
        ------
        IllegalAnswer
            If the answer is not offered; the question stays pending.
        """
        row = self._desk.answer(answer).row(answer)
        self.world.recorder.answers.append(row)
        return row

    def fork(
        self,
        at_min: float | None = None,
        fresh_seed: int | None = None,
        changes: Sequence[Change] = (),
    ) -> Factory:
        """A new factory that has lived the same past; this one is not touched.

        Parameters
        ----------
        at_min
            Wall minute to go back to: answers given in it or later are left to the new policy.
            None = now; then both stand at the same question.
        fresh_seed
            Everything still to come is drawn anew from it (look-ahead without clairvoyance);
            None = the same luck lies ahead (what if). Changes of the run that have not begun then
            belong to the future that is drawn anew: they do not happen.
        changes
            What happens to it beside what happens to this one, from that minute on.

        Raises
        ------
        BranchError
            If the run has not come to ``at_min`` yet, or a change is to begin before it.
        """
        minute = self.now_min if at_min is None else at_min
        past = self.past
        means: dict[str, Any] = {"tables": self.tables, **self._means}
        past = changed_past(
            past, minute, changes, is_fresh=fresh_seed is not None, is_asked=at_min is None
        )
        if at_min is not None:
            check_minute(at_min, self.now_min)
            return self.of(past, at_min, fresh_seed=fresh_seed, **means)
        if fresh_seed is not None:
            past = renewed_now(past, fresh_seed, self.now_min, is_asked=self.is_asking)
        fork = self.of(past, **means)
        if self.is_asking or self.is_over:
            fork.advance()
        return fork

    @property
    def past(self) -> Past:
        """What has to be known to live this run again."""
        return Past(
            scenario=self.scenario,
            seed=self.seed,
            orders=self._orders,
            answers=tuple(self.world.recorder.answers),
            renewals=tuple(self._renewals),
            changes=self._changes,
            opening=self.world.floor,
        )

    def ask_again(self) -> None:
        """Have the pending question built anew, because what it shows has changed."""
        self._desk.ask_again()

    @property
    def is_asking(self) -> bool:
        """Has a question been asked and not been answered?"""
        return self._desk.is_asking

    def cancel(self, order: int) -> None:
        """The customer no longer wants an order; what is on a line is finished and lost."""
        self.house.amendments.cancel(order)

    def renew(self, renewal: Renewal) -> None:
        """From this minute on, everything still to come is drawn anew.

        Orders already known stay; work on the lines keeps what is done and meets new luck from
        here on. Orders that nobody has heard of are exchanged when a fork is made (fork.py).
        """
        self._renewals.append(renewal)
        self.world.streams.renew(renewal.fresh_seed)
        self.house.days.renew_luck()
        for line in self.lines:
            line.renew_luck()

    def watch(self, watcher: Watcher) -> None:
        """Tell ``watcher`` of everybody who passes the doors of the house; see `Recorder`."""
        self.world.recorder.tell(watcher)

    def halt_at(self, minute: float) -> None:
        """Have `advance` raise `StopSimulation` at the first instant of a minute still to come."""
        halt_at(self.world.env, minute)

    def _account(self) -> None:
        """Book the energy of the slots that have passed."""
        if self.site is not None:
            self.site.account(int(self.world.env.now // SLOT_MIN))

    def _settle(self) -> None:
        self._account()
        if not self._is_settled and not self.finished:
            self.world.ledger.settle(self.horizon_min)
        self._is_settled = True

    def _stop(self, event: Event) -> None:
        self._is_late = True


def _live_again(cls: type[Factory], past: Past, means: dict[str, Any], is_further: bool) -> Factory:
    """A factory from what a pickle holds of it: its past."""
    factory = cls.of(past, **means)
    if is_further:
        factory.advance()
    return factory
