"""Lives a run's past again, so that another future can follow: the same luck or a fresh one.

A run is a seed and a list of answers. Replaying the answers that were given before a minute
brings a new factory to that minute, from the run itself or from its log.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from factory_env.domain.changes import Change, begin_min
from factory_env.domain.order import Order
from factory_env.errors import BranchError
from factory_env.sim.history.fresh_book import books
from factory_env.sim.history.replay import FOREVER, Livable, Past, Renewal, Replay
from factory_env.units import clock_text

Run = TypeVar("Run", bound=Livable)
Make = Callable[[Sequence[Order] | None], Run]  # a run of some orders, or of its own; at minute 0


def relive(
    past: Past, make: Make[Run], until_min: float = FOREVER, fresh_seed: int | None = None
) -> Run:
    """A new run that has lived a past up to the first instant of ``until_min``.

    Parameters
    ----------
    until_min
        Wall minute; answers given in it or later are left to the new policy. Infinite = all
        answers are given.
    fresh_seed
        Everything still to come then is drawn anew from it; None = the run's own luck.
        Needs a finite ``until_min``.

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
    run, replay = _start(past, due, make)
    for minute in [*(r.at_min for r in due if r.is_timed(answers)), until_min]:
        if 0.0 < minute < FOREVER:
            run.halt_at(minute)
    for given in range(len(answers) + 1):
        while due and due[0].answers == given:
            replay.renew(due.pop(0))
        if given == len(answers) or answers[given].now_min >= until_min:
            break
        replay.answer(answers[given])
    if 0.0 < until_min < FOREVER:
        replay.run_to(until_min)
    return run


def check_minute(at_min: float, now_min: float) -> None:
    """Raise `BranchError` unless a run that has come to ``now_min`` can be forked at a minute."""
    if not 0.0 <= at_min <= now_min:
        raise BranchError(
            f"minute {at_min:g} is not in the past of the run, which has come to minute "
            f"{now_min:g} ({clock_text(now_min)}); fork at 0 to {now_min:g}"
        )


def renewed_now(past: Past, fresh_seed: int, now_min: float, *, is_asked: bool) -> Past:
    """The past of a run whose luck is drawn anew at this moment."""
    now = Renewal(
        fresh_seed=fresh_seed, at_min=now_min, answers=len(past.answers), is_asked=is_asked
    )
    return replace(past, renewals=(*past.renewals, now))


def changed_past(
    past: Past, at_min: float, more: Sequence[Change], *, is_fresh: bool, is_asked: bool = False
) -> Past:
    """The past with more changes from a minute on.

    Parameters
    ----------
    is_fresh
        What is to come is drawn anew: changes that have not begun are not known, and do not happen.
    is_asked
        Something of that minute has happened already: a change comes after it.

    Raises
    ------
    BranchError
        If a change is to begin in the past.
    """
    early = [c for c in more if begin_min(c) < at_min or (is_asked and begin_min(c) == at_min)]
    if early:
        raise BranchError(
            f"a change of a fork must begin {'after' if is_asked else 'at or after'} minute "
            f"{at_min:g} ({clock_text(at_min)}), got {early[0]}"
        )
    kept = [change for change in past.changes if not is_fresh or begin_min(change) <= at_min]
    return replace(past, changes=(*kept, *more))


def _start(past: Past, due: Sequence[Renewal], make: Make[Run]) -> tuple[Run, Replay]:
    """A run at minute 0 whose book holds what it is going to hear of."""
    run = make(past.orders)
    if past.orders is not None or not due:
        return run, Replay(run, past, [])
    renewals = [(r.at_min, r.fresh_seed) for r in due]
    own = run.book.orders[: run.book.first_added]
    stages = books(own, renewals, run.tables, past.seed)
    run = make(stages[-1])
    run.to_come.expect(stages[0], instead_of=stages[-1])
    return run, Replay(run, past, stages)
