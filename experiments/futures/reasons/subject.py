"""The order that is explained, and the run in which it was made."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from experiments.building.decider import RULE, list_unsaid, read_decider
from experiments.building.order_book import workload
from experiments.building.policy import policies_from
from experiments.building.scenario import FactoryConfig, scenario_and_notes, with_own_sheets
from experiments.futures.question import Variant
from experiments.futures.reasons.options import WhyOptions
from experiments.simulating.logged_run import LoggedRun, refuse_others
from factory_env.domain.order import Order
from factory_env.domain.product import Style
from factory_env.domain.scenario import Scenario
from factory_env.door.gather import Gather
from factory_env.door.text_file import user_path
from factory_env.errors import InputError
from factory_env.sim.factory import Factory
from factory_env.sim.history.replay import Past
from factory_env.sim.run import step_through

FREE: Final = ("run", "order", "replications", "cures", "workers", "pictures")
BOUND: Final = "can not be set beside a run folder: the run's past is lived again as it was"
SHOWN: Final = 8  # names of orders in a message


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A run that is over, as a variant that can be played again, and one order of it."""

    factory: Factory
    base: Variant  # its book is given, so that every seed makes the same orders
    config: FactoryConfig
    seed: int
    name: str  # of the customer's order
    parts: tuple[int, ...]  # its places in the book
    first_day: date | None
    notes: tuple[str, ...] = ()

    @property
    def order(self) -> Order:
        """The order, or its first part."""
        return self.book[self.parts[0]]

    @property
    def customer_name(self) -> str:
        """The customer's order, also where a part of it was asked for."""
        return self.order.parent or self.order.order_id

    @property
    def order_due_min(self) -> float:
        """When it was due in the end; customers may have moved it."""
        return float(self.factory.book.due_min[self.parts[0]])

    @property
    def book(self) -> tuple[Order, ...]:
        """All orders of the run."""
        assert self.base.orders is not None
        return self.base.orders


def choose_subject(options: WhyOptions) -> Subject:
    """Play or live again the run that is meant, and find the order.

    Raises
    ------
    InputError
        If run folder, scenario, book or agent are wrong, or no order has the name.
    """
    return _play_first(options) if options.run is None else _live_again(options, options.run)


def find_order(name: str, book: Sequence[Order]) -> tuple[int, ...]:
    """Places of an order in a book, of all parts if it has some.

    Raises
    ------
    InputError
        With the nearest names, if there is no such order.
    """
    places = tuple(i for i, o in enumerate(book) if o.order_id == name or o.parent == name)
    if places:
        return places
    names = list(dict.fromkeys(o.parent or o.order_id for o in book))
    by_case = {n.casefold(): n for n in names}
    near = difflib.get_close_matches(name.casefold(), list(by_case), n=3)
    right = f"did you mean {', '.join(by_case[n] for n in near)}?" if near else _some(names)
    raise InputError.of("command line", "order", "must be an order of the book", repr(name), right)


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"the book holds {', '.join(names[:SHOWN])}{more}"


def _play_first(options: WhyOptions) -> Subject:
    gather = Gather()
    options, sheets = with_own_sheets(options, options.orders)
    made = gather(scenario_and_notes, options)
    policy = gather(policies_from, options, options.agent, {})
    gather.done()
    assert made is not None
    assert policy is not None
    work = workload(made[0], options.orders, options.seed, options.orders_format)
    factory = Factory(work.scenario, options.seed, orders=work.orders)
    book = tuple(factory.book.orders)
    parts = find_order(options.order, book)
    for _ in step_through(factory, policy):
        pass
    return Subject(
        factory=factory,
        base=base_variant(factory.scenario, factory.tables.styles, book, options.agent),
        config=options,
        seed=options.seed,
        name=options.order,
        parts=parts,
        first_day=work.first_day,
        notes=(*made[1], *sheets, *work.notes),
    )


def _live_again(options: WhyOptions, folder: str) -> Subject:
    gather = Gather()
    gather.add(refuse_others(options.words, FREE, BOUND, "run="))
    run = gather(LoggedRun, user_path(folder))
    if run is not None:
        said = {"agent": run.agent, "energy": run.adopted["energy"]}
        config = str(run.path / "config.yaml")
        gather.add(list_unsaid(said, ["agent", "energy"], options.words, config))
    gather.done()
    assert run is not None
    book = _first_book(run.past)
    parts = find_order(options.order, book)
    factory = Factory.of(run.past)
    while factory.advance() is not None:
        raise InputError.of(
            str(run.path), "run", "must be over", "a question without an answer", "run it again"
        )
    base = base_variant(factory.scenario, factory.tables.styles, book, _word(run))
    return Subject(
        factory=factory,
        base=replace(base, changes=tuple(run.past.changes), opening=run.past.opening),
        config=run.config,
        seed=run.past.seed,
        name=options.order,
        parts=parts,
        first_day=run.record.first_day,
        notes=() if not run.past.renewals else ("the run is a branch: its luck was renewed",),
    )


def _first_book(past: Past) -> tuple[Order, ...]:
    """The book as it stood on the first minute, before customers changed it."""
    return tuple(Factory(past.scenario, past.seed, orders=past.orders).book.orders)


def _word(run: LoggedRun) -> str:
    """Who ran it, with the values of a rule behind an @."""
    values = "".join(f"@{key}:{value}" for key, value in run.params.items() if value is not None)
    is_rule = read_decider(run.agent).kind == RULE and "@" not in run.agent
    return f"{run.agent}{values}" if is_rule else run.agent


def base_variant(
    scenario: Scenario, styles: Sequence[Style], book: tuple[Order, ...], agent: str
) -> Variant:
    """A run as a variant with a given book, whose styles every seed knows."""
    used = {order.style_id for order in book} - {s.style_id for s in scenario.library.styles}
    if scenario.designs != "catalogue":  # they are drawn anew under every seed
        drawn = [replace(s, popularity=0.0) for s in styles if s.style_id in used]
        scenario = scenario.with_styles(drawn)
    return Variant(name="base", scenario=scenario, orders=book, agent=agent)
