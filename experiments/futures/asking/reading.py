"""From what a file says to a `Question`: every scenario made, every fault told at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from experiments.building.floor_file import leave_shipped
from experiments.building.policy import policy_from
from experiments.futures.asking.grid import grid_turns
from experiments.futures.asking.question_file import BASE, QuestionFile, Turn
from experiments.futures.asking.scene import Scenery, draw_book
from experiments.futures.question import Question, Variant
from factory_env.domain.changes import Change, MoreDemand, OtherPolicy
from factory_env.domain.scenario import Scenario
from factory_env.door.changes_door import read_changes
from factory_env.door.gather import Gather
from factory_env.door.parts import build_part, unknown_keys
from factory_env.errors import InputError, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, and the date of its day 0 if its orders have dates."""

    question: Question
    first_day: date | None


def read_question_file(content: Mapping[str, Any], where: str) -> QuestionFile:
    """The checked content of a file.

    Raises
    ------
    InputError
        With every problem of its form.
    """
    content = _name_keys(content)
    problems: list[Problem] = unknown_keys(QuestionFile, content, where, "")
    asked = build_part(QuestionFile, content, where, problems)
    if asked is not None:
        problems += asked.problems(where)
    if problems:
        raise InputError(problems)
    assert isinstance(asked, QuestionFile)
    return asked


def _name_keys(value: Any) -> Any:
    """The same with words for keys: Hydra reads ``on: day 3`` as true."""
    if isinstance(value, Mapping):
        return {"on" if key is True else str(key): _name_keys(v) for key, v in value.items()}
    return [_name_keys(v) for v in value] if isinstance(value, list | tuple) else value


def read_question(asked: QuestionFile, name: str, where: str) -> Asked:
    """The question that a file asks.

    Parameters
    ----------
    name
        Of the question.
    where
        The file, for messages.

    Raises
    ------
    InputError
        With every problem of base, variants and changes.
    """
    scenery = Scenery(asked.base, asked.seed)
    ground = Turn(name=BASE, changes=asked.base.changes)
    base = _variant(scenery, ground, f"{where} base")  # what is wrong here is so in every variant
    gather = Gather()
    variants = [
        gather(_variant, scenery, _on_top(ground, turn), f"{where} variant {turn.name!r}")
        for turn in (*asked.variants, *grid_turns(asked))
    ]
    gather.done()
    scene = scenery.scene({}, where)
    question = Question(
        name=name,
        title=asked.title,
        base=base,
        variants=tuple(v for v in variants if v is not None),
        replications=asked.replications,
        half_width_share=asked.half_width_share,
        most_replications=max(asked.most_replications, asked.replications),
        first_seed=asked.seed,
        vary=asked.vary,
        notes=tuple(dict.fromkeys(scene.notes)),
    )
    return Asked(question=question, first_day=scene.work.first_day)


def _on_top(ground: Turn, turn: Turn) -> Turn:
    """What happens in the base happens in every variant, too."""
    return dataclasses.replace(turn, changes=(*ground.changes, *turn.changes))


def _variant(scenery: Scenery, turn: Turn, where: str) -> Variant:
    scene = scenery.scene(turn.set, where)
    scenario, work = scene.scenario, scene.work
    is_drawn = scene.is_drawn and any("more_demand" in row for row in turn.changes)
    known = None if is_drawn else scene.orders
    changes = read_changes(turn.changes, scenario, work.first_day, known, where)
    _check_policies(changes, scenario, where)
    # more orders are drawn into the book, which all runs share
    more = [c for c in changes if isinstance(c, MoreDemand) and c.factor >= 1.0]
    orders = draw_book(scenario, scenery.seed, more) if more else scene.orders
    if more and scene.opening is not None:
        orders = leave_shipped(orders or (), scene.opening, where)
    return Variant(
        name=turn.name,
        scenario=scenario,
        orders=orders,
        opening=scene.opening,
        changes=tuple(c for c in changes if c not in more),
        agent=scene.agent,
        site=scene.site,
        settings=turn.set,
    )


def _check_policies(changes: Sequence[Change], scenario: Scenario, where: str) -> None:
    """Refuse a change to somebody who is nobody."""
    gather = Gather()
    for change in changes:
        if isinstance(change, OtherPolicy):
            gather(policy_from, change.agent, None, scenario.plant.name, "other_policy")
    if gather.problems:
        raise InputError([dataclasses.replace(p, where=where) for p in gather.problems])
