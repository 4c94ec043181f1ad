"""Forks of a run: a new factory lives the same past, and the same luck or a fresh one follows.

A run is a seed and a list of answers. Replaying the answers that were given before a minute
brings a new factory to that minute, from the run itself or from its log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from factory_env.domain.order import Order
from factory_env.errors import BranchError
from factory_env.sim.history.fresh_book import books
from factory_env.sim.history.replay import FOREVER, Past, Renewal, Replay, halt_at
from factory_env.sim.plant.tables import PlantTables
from factory_env.sim.work.line_flow import LineEngine, run_pass
from factory_env.units import clock_text

if TYPE_CHECKING:
    from factory_env.sim.factory import Factory


def replayed(
    past: Past,
    until_min: float = FOREVER,
    *,
    fresh_seed: int | None = None,
    tables: PlantTables | None = None,
    engine: LineEngine = run_pass,
    record_operations: bool = False,
) -> Factory:
    """A new factory that has lived a run's past up to the first instant of ``until_min``.

    Parameters
    ----------
    until_min
        Wall minute; answers given in it or later are left to the new policy. Infinite = all
        answers are given.
    fresh_seed
        Everything still to come then is drawn anew from it; None = the run's own luck.
        Needs a finite ``until_min``.
    tables, engine, record_operations
        As for `Factory`.

    Raises
    ------
    ArtifactError
        If the replay asks anything else than what the past records; names the first difference.
    BranchError
        If fresh luck is wanted without a minute.
    """
    answers = past.answers
    due = [renewal for renewal in past.renewals if renewal.is_before(until_min)]
    if fresh_seed is not None:
        if until_min == FOREVER:
            raise BranchError("fresh luck must begin at a minute: give until_min")
        before = sum(row.now_min < until_min for row in answers)
        due.append(Renewal(fresh_seed=fresh_seed, at_min=until_min, answers=before, is_asked=False))
    fork, replay = _started(past, due, tables, engine, record_operations)
    for minute in [*(r.at_min for r in due if r.is_timed(answers)), until_min]:
        halt_at(fork, minute)
    for given in range(len(answers) + 1):
        while due and due[0].answers == given:
            replay.renew(due.pop(0))
        if given == len(answers) or answers[given].now_min >= until_min:
            break
        replay.answer(answers[given])
    if 0.0 < until_min < FOREVER:
        replay.run_to(until_min)
    return fork


def forked(factory: Factory, at_min: float | None, fresh_seed: int | None) -> Factory:
    """What `Factory.fork` returns."""
    now_min, past = factory.now_min, factory.past
    if at_min is not None and not 0.0 <= at_min <= now_min:
        raise BranchError(
            f"minute {at_min:g} is not in the past of the run, which has come to minute "
            f"{now_min:g} ({clock_text(now_min)}); fork at 0 to {now_min:g}"
        )
    if at_min is None and fresh_seed is not None:
        now = Renewal(
            fresh_seed=fresh_seed,
            at_min=now_min,
            answers=len(past.answers),
            is_asked=factory.is_asking,
        )
        past = replace(past, renewals=(*past.renewals, now))
    fork = replayed(
        past,
        FOREVER if at_min is None else at_min,
        fresh_seed=None if at_min is None else fresh_seed,
        tables=factory.world.tables,
        engine=factory.engine,
        record_operations=factory.world.recorder.keeps_operations,
    )
    if at_min is None and (factory.is_asking or factory.is_over):
        fork.advance()
    return fork


def _started(
    past: Past,
    due: Sequence[Renewal],
    tables: PlantTables | None,
    engine: LineEngine,
    record_operations: bool,
) -> tuple[Factory, Replay]:
    """A factory at minute 0 whose book holds what it is going to hear of."""
    from factory_env.sim.factory import Factory  # a factory forks, so it imports this module

    def built(orders: Sequence[Order] | None) -> Factory:
        return Factory(
            past.scenario,
            past.seed,
            orders=orders,
            tables=tables,
            engine=engine,
            record_operations=record_operations,
        )

    fork = built(past.orders)
    if past.orders is not None or not due:
        return fork, Replay(fork, past, [])
    world = fork.world
    stages = books(
        world.book.orders,
        [(r.at_min, r.fresh_seed) for r in due],
        world.tables,
        world.shifts,
        past.seed,
    )
    fork = built(stages[-1])
    fork.given = None
    fork.world.to_come.expect(stages[0], instead_of=stages[-1])
    return fork, Replay(fork, past, stages)
