"""The question that is explained: of a logged run, or of one that is played up to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from experiments.building.decider import list_unsaid
from experiments.building.policy import policies_from
from experiments.building.scenario import FactoryConfig, scenario_from
from experiments.simulating.explaining.options import ExplainOptions
from experiments.simulating.logged_run import LoggedRun, refuse_others
from factory_env.decision import FloorQuestion, is_of_floor
from factory_env.decisions.order_choice import HOLD, OrderChoice
from factory_env.domain.order import Order
from factory_env.door.gather import Gather
from factory_env.door.text_file import user_path
from factory_env.errors import InputError
from factory_env.sim.factory import Factory
from factory_env.sim.history.replay import Past
from factory_env.sim.run import step_through

FREE: Final = (
    "run",
    "decision",
    "agent",
    "params",
    "also",
    "most",
    "forks",
    "fresh_seed",
    "workers",
    "pictures",
)
BOUND: Final = "can not be set beside a run folder: the run's past is lived again as it was"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A run up to one of its questions."""

    past: Past  # the answers before it
    given: int  # what the run answered
    agent: str
    params: Mapping[str, Any]
    config: FactoryConfig
    first_day: date | None = None
    folder: Path | None = None


def moment_from(options: ExplainOptions) -> Moment:
    """The moment that a person asks for.

    Raises
    ------
    InputError
        If the folder holds no run of this version, or the run no such question.
    """
    return _play_first(options) if options.run is None else _read_logged(options, options.run)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """A factory that waits for the answer to a question."""

    factory: Factory
    question: FloorQuestion

    @property
    def names(self) -> list[str]:
        """Every answer by name: the order's, ``hold``, or the number of the choice."""
        if not isinstance(self.question, OrderChoice):
            return [str(i) for i in range(self.question.legal().shape[0])]
        names = [self.order(i + 1).order_id for i in range(len(self.question.table))]
        names.insert(HOLD, "hold")
        return names

    def order(self, answer: int) -> Order:
        """The order that an answer to an `OrderChoice` takes."""
        assert isinstance(self.question, OrderChoice)
        return self.factory.book.orders[int(self.question.orders[answer - 1])]


def stand_at(past: Past) -> Stand:
    """A factory that has lived a past, and the question that it stands at.

    Raises
    ------
    InputError
        If that is not a question whose answers have numbers.
    """
    factory = Factory.of(past)
    question = factory.advance()
    number = len(past.answers)
    if question is None:
        raise _no_question(number, f"0 to {number - 1}")
    if not is_of_floor(question):
        rule = "must be a question to the lines' policy, whose answers can be counted"
        right = "another number: rows of the table decisions of the log"
        raise InputError.of("command line", "decision", rule, f"{number}, {question.kind}", right)
    return Stand(factory=factory, question=question)


def _read_logged(options: ExplainOptions, folder: str) -> Moment:
    gather = Gather()
    gather.add(refuse_others(options.words, FREE, BOUND, "run="))
    run = gather(LoggedRun, user_path(folder))
    if run is not None:
        said = {"agent": options.agent or run.agent, "energy": run.adopted["energy"]}
        config = str(run.path / "config.yaml")
        keys = ["energy"] if options.agent else ["agent", "energy"]
        gather.add(list_unsaid(said, keys, options.words, config))
        if options.decision >= len(run.past.answers):
            gather.add(_no_question(options.decision, f"0 to {len(run.past.answers) - 1}").problems)
    gather.done()
    assert run is not None
    is_own = options.agent is None or options.agent == run.agent
    row = run.past.answers[options.decision]
    past = cut_past(run.past, options.decision)
    stand_at(past)  # refuses a question about the site
    return Moment(
        past=past,
        given=int(row.values["answer"]),
        agent=options.agent or run.agent,
        params=options.params or (run.params if is_own else {}),
        config=run.config,
        first_day=run.record.first_day,
        folder=run.path,
    )


def cut_past(past: Past, answers: int) -> Past:
    """The same past up to its question of that number."""
    renewals = tuple(r for r in past.renewals if r.answers <= answers)
    return replace(past, answers=tuple(past.answers[:answers]), renewals=renewals)


def _play_first(options: ExplainOptions) -> Moment:
    gather = Gather()
    scenario = gather(scenario_from, options)
    assert options.agent is not None
    policy = gather(policies_from, options, options.agent, options.params)
    gather.done()
    assert scenario is not None
    assert policy is not None
    factory, number = Factory(scenario, options.seed), options.decision
    for _ in step_through(factory, policy):
        if len(factory.past.answers) > number:
            break
    past = factory.past
    if len(past.answers) <= number:
        raise _no_question(number, f"0 to {len(past.answers) - 1}")
    before = cut_past(past, number)
    stand_at(before)
    given = int(past.answers[number].values["answer"])
    return Moment(
        past=before, given=given, agent=options.agent, params=options.params, config=options
    )


def _no_question(number: int, known: str) -> InputError:
    rule = "must be a question of the run"
    return InputError.of("command line", "decision", rule, number, known)
