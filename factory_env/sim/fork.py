"""Lives a run again from its answers, up to any minute: what forks and branches of logs are.

A run is a seed and a list of answers. Replaying the answers that were given before a minute
brings a new factory to that minute; the same luck, or a fresh one, lies ahead of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from simpy.core import StopSimulation
from simpy.events import URGENT, Event

from factory_env.decision import Question
from factory_env.domain.order import Order
from factory_env.domain.records import SCHEMA, RunLog
from factory_env.domain.scenario import Scenario
from factory_env.errors import ArtifactError, BranchError, IllegalAnswer
from factory_env.sim.line_flow import LineEngine, run_pass
from factory_env.sim.tables import PlantTables
from factory_env.units import clock_text

if TYPE_CHECKING:
    from factory_env.sim.factory import Factory

Row = tuple[Any, ...]  # of the log's table of decisions
COLUMNS: Final = tuple(SCHEMA["decisions"])
NOW: Final = COLUMNS.index("now_min")
CHOICES: Final = COLUMNS.index("choices")
ANSWER: Final = COLUMNS.index("answer")
FOREVER: Final = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """From a moment on, everything still to come was drawn anew."""

    fresh_seed: int
    at_min: float
    answers: int  # given before
    is_asked: bool  # while a question was pending

    def is_before(self, until_min: float) -> bool:
        """Has it happened at the first instant of a minute?"""
        return self.at_min < until_min or (self.at_min == until_min and not self.is_asked)

    def is_timed(self, answers: Sequence[Row]) -> bool:
        """Did it come with the clock, rather than at a question or right after an answer?"""
        last_min = float(answers[self.answers - 1][NOW]) if self.answers else 0.0
        return not self.is_asked and self.at_min > last_min


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """All that has to be known to live a run again."""

    scenario: Scenario
    seed: int
    orders: Sequence[Order] | None = None  # the book it was given; None = it drew its own
    answers: Sequence[Row] = ()
    renewals: Sequence[Renewal] = ()


def answers_of(log: RunLog) -> list[Row]:
    """The answers of a logged run, one row each."""
    columns = (log.tables["decisions"][name].tolist() for name in COLUMNS)
    return list(zip(*columns, strict=True))


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
    tables, engine, record_operations
        As for `Factory`.

    Raises
    ------
    ArtifactError
        If the replay asks anything else than what the past records; names the first difference.
    """
    from factory_env.sim.factory import Factory  # a factory forks, so it imports this module

    answers = past.answers
    fork = Factory(
        past.scenario,
        past.seed,
        orders=past.orders,
        tables=tables,
        engine=engine,
        record_operations=record_operations,
    )
    due = [renewal for renewal in past.renewals if renewal.is_before(until_min)]
    for minute in [*(r.at_min for r in due if r.is_timed(answers)), until_min]:
        _halt_at(fork, minute)
    for given in range(len(answers) + 1):
        while due and due[0].answers == given:
            _renew(fork, due.pop(0), answers)
        if given == len(answers) or answers[given][NOW] >= until_min:
            break
        _answer(fork, answers[given])
    if 0.0 < until_min < FOREVER:
        _run_to(fork, until_min)
    if fresh_seed is not None:
        draw_anew(fork, fresh_seed)
    return fork


def forked(factory: Factory, at_min: float | None, fresh_seed: int | None) -> Factory:
    """What `Factory.fork` returns."""
    now_min = factory.now_min
    if at_min is not None and not 0.0 <= at_min <= now_min:
        raise BranchError(
            f"minute {at_min:g} is not in the past of the run, which has come to minute "
            f"{now_min:g} ({clock_text(now_min)}); fork at 0 to {now_min:g}"
        )
    fork = replayed(
        factory.past,
        FOREVER if at_min is None else at_min,
        fresh_seed=None if at_min is None else fresh_seed,
        tables=factory.world.tables,
        engine=factory.engine,
        record_operations=factory.world.recorder.keeps_operations,
    )
    if at_min is None and (factory.is_asking or factory.is_over):
        fork.advance()
    if at_min is None and fresh_seed is not None:
        draw_anew(fork, fresh_seed)
    return fork


def draw_anew(factory: Factory, fresh_seed: int) -> None:
    """Draw everything still to come anew; the factory remembers when, for its own forks.

    A pending question is put together again, as it may show what is still to come.
    """
    factory.renewals.append(
        Renewal(
            fresh_seed=fresh_seed,
            at_min=factory.now_min,
            answers=len(factory.world.recorder.decisions),
            is_asked=factory.is_asking,
        )
    )
    factory.renew_luck(fresh_seed)
    factory.ask_again()


def _renew(fork: Factory, renewal: Renewal, answers: Sequence[Row]) -> None:
    """Draw the rest anew at the moment at which the past did so."""
    if renewal.is_asked:
        _next_question(fork)
    elif renewal.is_timed(answers):
        _run_to(fork, renewal.at_min)
    draw_anew(fork, renewal.fresh_seed)


def _halt_at(fork: Factory, minute: float) -> None:
    """Have SimPy stop at the first instant of a minute, before anything else happens in it.

    As in `Environment.run`; it must be called at minute 0, so that the sum of times is exact.
    Events of equal time keep their order, so a halted run equals a straight one.
    """
    if not 0.0 < minute < FOREVER:
        return
    env = fork.world.env
    halt = Event(env)
    halt._ok, halt._value = True, None
    halt.callbacks = [StopSimulation.callback]
    env.schedule(halt, priority=URGENT, delay=minute)


def _run_to(fork: Factory, minute: float) -> None:
    """Run to a minute at which SimPy has been told to halt; nothing may be asked before."""
    question = _next_question(fork)
    if question is not None:
        raise _differs(f"question {_text(_asked(question))} is asked", "holds no answer to it")
    if fork.now_min < minute:
        raise _differs(f"the run ends at {clock_text(fork.now_min)}", f"goes on to {minute:g} min")


def _next_question(fork: Factory) -> Question | None:
    """The next question; None if the run ends or a minute to halt at comes before."""
    try:
        return fork.advance()
    except StopSimulation:
        return None


def _answer(fork: Factory, row: Row) -> None:
    """Give one recorded answer, if the question is the recorded one."""
    question = _next_question(fork)
    if question is None:
        raise _differs("nothing is asked any more", f"holds question {_text(row)}")
    asked = _asked(question)
    if asked != row[:CHOICES]:
        raise _differs(f"question {_text(asked)} is asked", f"holds question {_text(row)}")
    try:
        fork.answer(int(row[ANSWER]))
    except IllegalAnswer as error:
        raise _differs(str(error), f"holds question {_text(row)}") from None
    given = fork.world.recorder.decisions[-1]
    if not all(a == b or (a != a and b != b) for a, b in zip(given, row, strict=True)):
        raise _differs(f"question {_text(asked)} was answered by {given[CHOICES:]}",
                       f"holds {row[CHOICES:]}")  # fmt: skip


def _asked(question: Question) -> Row:
    """A question as the log records it, before its choices."""
    return (question.serial, question.kind, question.now_min, question.asker)


def _text(row: Row) -> str:
    serial, kind, now_min, asker = row[:CHOICES]
    return f"{serial} ({kind} {asker} at {clock_text(now_min)}, minute {now_min!r})"


def _differs(replay: str, record: str) -> ArtifactError:
    return ArtifactError(
        f"the replay differs from the record: {replay}, but the record {record}; code or data "
        "have changed since the run"
    )
