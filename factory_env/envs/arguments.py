"""Checks what an environment is made of, so that everything wrong is said at once."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, Final, NamedTuple, TypeVar

from factory_env import decisions
from factory_env.catalogue import load_plug, load_plugs
from factory_env.domain.limits import MOST
from factory_env.domain.scenario import Scenario
from factory_env.door.gather import Gather
from factory_env.envs import rewards
from factory_env.envs.terms import WHERE, Terms
from factory_env.errors import InputError, Problem, wrong

INDEX_PARAMETERS: Final = ("k1", "k2", "k3")  # and grace_min, which has a default
SomeTerms = TypeVar("SomeTerms", bound=Terms)


class Source(NamedTuple):
    """Where the scenario comes from."""

    plant: str
    scenario: str | Scenario
    overrides: Mapping[str, Any] | None


def read_arguments(
    terms_class: type[SomeTerms],
    source: Source,
    own: Mapping[str, Sequence[Problem]],
    more: Mapping[str, Any],
) -> tuple[SomeTerms, Scenario]:
    """The terms of an environment and the scenario that it plays.

    Parameters
    ----------
    own
        What is wrong in the arguments that only this environment has, by their names.
    more
        All others, by name: fields of ``terms_class``.

    Raises
    ------
    InputError
        With everything that is wrong, unknown arguments included.
    """
    gather = Gather()
    shared = [f.name for f in fields(terms_class)]
    known = (*Source._fields, *own, *shared)
    gather.add(_unknown(name, more[name], known) for name in more if name not in known)
    for problems in own.values():
        gather.add(problems)
    terms = gather(terms_class, **{name: more[name] for name in more if name in shared})
    of_source = _check_source(source)
    gather.add(of_source)
    played = None
    if terms is not None and not of_source:
        played = gather(terms.load, *source)
    gather.done()
    assert terms is not None
    assert played is not None
    return terms, played


def check_reward(name: object) -> list[Problem]:
    """What is wrong with the name of a reward."""
    if not isinstance(name, str):
        rule = "must be the name of a file of envs/rewards"
        return [wrong(WHERE, "reward", rule, repr(name), "e.g. 'cost'")]
    try:
        load_plug(rewards, name)
    except InputError as error:
        return [replace(problem, where=WHERE, field="reward") for problem in error.problems]
    return []


def check_index(given: object, field: str) -> list[Problem]:
    """What is wrong with the parameters of the index that is shown; None is the default's."""
    if given is None:
        return []
    right = "e.g. {'k1': 2.0, 'k2': 1.0, 'k3': 0.1}"
    if not isinstance(given, Mapping):
        rule = "must be parameters of the line-matching ATCS index by name"
        return [wrong(WHERE, field, rule, repr(given), right)]
    names = set(given)
    if not set(INDEX_PARAMETERS) <= names <= {*INDEX_PARAMETERS, "grace_min"}:
        rule = "must have k1, k2, k3 and no others but grace_min"
        return [wrong(WHERE, field, rule, repr(dict(given)), right)]
    if not all(_is_number(value) for value in given.values()):
        rule = "must have a number for each parameter"
        return [wrong(WHERE, field, rule, repr(dict(given)), right)]
    return []


def check_scheduler(scheduler: object) -> list[Problem]:
    """What is wrong with who runs the lines; None is the house."""
    if scheduler is None or is_policy(scheduler):
        return []
    rule = "must be a policy"
    right = "e.g. agents.rules.load('edd', 'mid'), or None"
    return [wrong(WHERE, "scheduler", rule, repr(scheduler), right)]


def is_policy(value: object) -> bool:
    """Does it answer any kind of question? A class does not, before an object is made of it."""
    doors = {kind.asks for kind in load_plugs(decisions).values()} | {"answer"}
    return not isinstance(value, type) and any(callable(getattr(value, d, None)) for d in doors)


def _check_source(source: Source) -> list[Problem]:
    problems: list[Problem] = []
    if not isinstance(source.plant, str):
        rule = "must be the name of a plant or the path of a YAML file"
        problems.append(wrong(WHERE, "plant", rule, repr(source.plant), "e.g. 'mid'"))
    if not isinstance(source.scenario, str | Scenario):
        rule = "must be a name, the path of a YAML file or a Scenario"
        problems.append(wrong(WHERE, "scenario", rule, repr(source.scenario), "e.g. 'default'"))
    laid = source.overrides
    if laid is None or (isinstance(laid, Mapping) and all(isinstance(key, str) for key in laid)):
        return problems
    rule = "must be values by dotted keys"
    return [*problems, wrong(WHERE, "overrides", rule, repr(laid), "e.g. {'demand.load': 1.0}")]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= MOST


def _unknown(name: str, value: object, known: Sequence[str]) -> Problem:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
    right = f"nearest is {near[0]}; known are {', '.join(known)}"
    return wrong(WHERE, name, "must be a known argument", repr(value), right)
