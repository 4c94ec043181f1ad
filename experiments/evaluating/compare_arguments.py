"""What a script says to `compare`, checked before anything is played."""

from __future__ import annotations

import difflib
import inspect
import operator
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from factory_env.domain.limits import MOST
from factory_env.domain.order import Order
from factory_env.domain.scenario import Scenario
from factory_env.errors import InputError, Problem, wrong
from factory_env.presets import load_scenario

COMPARE: Final = "compare"  # who asks, for messages
OF_SCENARIO: Final = tuple(inspect.signature(load_scenario).parameters)
OF_COMPARE: Final = ("seeds", "orders", "workers", "seconds_per_run")
# argument -> what it may be, beside what no argument of the scenario may be: another type
KINDS: Final[Mapping[str, tuple[type, ...]]] = {
    "scenario": (str, Scenario),
    "overrides": (Mapping, type(None)),
    "styles": (str, Path, type(None)),
    "bulletins": (str, Path, type(None)),
}
PLAIN: Final = ("plant", "disruptions", "demand")  # always a name
MOST_WORKERS: Final = 256


def read_scenario(plant: Any, scenario: Any, more: Mapping[str, Any]) -> Scenario:
    """The scenario that is played.

    Raises
    ------
    InputError
        With every argument that is unknown, of another type, or names nothing.
    """
    given = {"plant": plant, "scenario": scenario, **more}
    problems = [_refuse_unknown(name, more[name]) for name in more if name not in OF_SCENARIO]
    problems += _find_other_types({k: v for k, v in given.items() if k in OF_SCENARIO})
    if isinstance(scenario, Scenario):
        rule, right = "is settled by the scenario that is given", "leave it out"
        settled = [name for name in more if name in OF_SCENARIO]
        problems += [refuse(name, rule, repr(more[name]), right) for name in settled]
    if problems:
        raise InputError(problems)
    return scenario if isinstance(scenario, Scenario) else load_scenario(**given)


def read_seeds(seeds: Any) -> tuple[int, ...]:
    """The runs, by their seeds.

    Raises
    ------
    InputError
        If they are none, no whole numbers, negative, or one comes twice.
    """
    try:
        given = tuple(seeds)
        runs = tuple(map(operator.index, given))
    except TypeError:
        given, runs = (seeds,), ()
    if not runs or len(set(runs)) < len(runs) or min(runs) < 0:
        rule = "must be whole numbers from 0 on, each once"
        got = ", ".join(map(repr, given[:5])) or "none"
        raise InputError([refuse("seeds", rule, got, "seeds=range(10)")])
    return runs


def check_rest(policies: Mapping[Any, Any], workers: Any, seconds: Any) -> Iterator[Problem]:
    """What is wrong with names, processes and limit of time."""
    if not policies:
        yield refuse("policies", "must name a policy", "none", '{"edd": "edd"}')
    for name in policies:
        if not isinstance(name, str) or not name.strip():
            yield refuse("policies", "must have words as names", repr(name), '{"mine": Policy}')
    is_number = isinstance(workers, int) and not isinstance(workers, bool)
    if not is_number or not 1 <= workers <= MOST_WORKERS:
        rule = f"must be a whole number from 1 to {MOST_WORKERS}"
        yield refuse("workers", rule, repr(workers), "workers=2")
    is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    if seconds is not None and not (is_number and 0 < seconds <= MOST):
        rule = "must be a number above 0, or None for any time"
        yield refuse("seconds_per_run", rule, repr(seconds), "seconds_per_run=120")


def read_orders(orders: Any) -> tuple[Order, ...]:
    """Orders that are given as such.

    Raises
    ------
    InputError
        If they are none, or something else.
    """
    book = tuple(orders) if isinstance(orders, Iterable) else ()
    if not book or not all(isinstance(order, Order) for order in book):
        rule, right = "must be orders, or the path of a book", "a list of factory_env.Order"
        raise InputError([refuse("orders", rule, type(orders).__name__, right)])
    return book


def refuse(field: str, rule: str, got: str, right: str) -> Problem:
    """The problem of an argument."""
    return wrong(COMPARE, field, rule, got, right)


def _refuse_unknown(name: str, value: Any) -> Problem:
    known = (*OF_SCENARIO, *OF_COMPARE)
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    right = f"{hint}known: policies, {', '.join(known)}"
    return refuse(name, "must be a known argument", repr(value), right)


def _find_other_types(given: Mapping[str, Any]) -> Iterator[Problem]:
    for name, value in given.items():
        usual = (str,) if name in PLAIN else (str, type(None))
        kinds = KINDS.get(name, usual)
        keys = value if isinstance(value, Mapping) else ()
        if isinstance(value, kinds) and all(isinstance(key, str) for key in keys):
            continue
        words = " or ".join("None" if k is type(None) else k.__name__ for k in kinds)
        right = '{"demand.load": 1.0}' if name == "overrides" else f"see load_scenario: {name}"
        rule = "must be values by dotted keys" if name == "overrides" else f"must be {words}"
        yield refuse(name, rule, repr(value), right)
