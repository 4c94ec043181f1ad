"""From what a file says to a `Question`: every scenario made, every fault told at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from experiments.futures.asking.grid import grid_turns
from experiments.futures.asking.question_file import BASE, QuestionFile, Turn
from experiments.futures.asking.scene import Scene, Scenery
from experiments.futures.question import Question, Variant
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
    problems: list[Problem] = unknown_keys(QuestionFile, content, where, "")
    asked = build_part(QuestionFile, content, where, problems)
    if asked is not None:
        problems += asked.problems(where)
    if problems:
        raise InputError(problems)
    assert isinstance(asked, QuestionFile)
    return asked


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
    base = scenery.scene({}, f"{where} base")  # what is wrong here is wrong in every variant
    gather = Gather()
    variants = [
        gather(_variant, scenery, turn, f"{where} variant {turn.name!r}")
        for turn in (*asked.variants, *grid_turns(asked))
    ]
    gather.done()
    question = Question(
        name=name,
        title=asked.title,
        base=_of_scene(base, Turn(name=BASE)),
        variants=tuple(v for v in variants if v is not None),
        replications=asked.replications,
        half_width_share=asked.half_width_share,
        most_replications=max(asked.most_replications, asked.replications),
        first_seed=asked.seed,
        vary=asked.vary,
        notes=tuple(dict.fromkeys(base.notes)),
    )
    return Asked(question=question, first_day=base.work.first_day)


def _variant(scenery: Scenery, turn: Turn, where: str) -> Variant:
    return _of_scene(scenery.scene(turn.set, where), turn)


def _of_scene(scene: Scene, turn: Turn) -> Variant:
    return Variant(
        name=turn.name,
        scenario=scene.scenario,
        orders=scene.work.orders,
        agent=scene.agent,
        site=scene.site,
        settings=turn.set,
    )
