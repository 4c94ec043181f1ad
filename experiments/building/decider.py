"""A word that says who decides, taken apart: of what kind it is, and the values behind an @."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Final

from agents import planners, rules
from agents.card import PRETRAINED, find_saved
from experiments.building.own_policy import read_own_name
from factory_env.catalogue import plug_names
from factory_env.errors import InputError, Problem, wrong

RULE, PLANNER, TUNED_RULE, OWN, MODEL, SAVED, NOBODY = (
    "rule",
    "planner",
    "rule tuned for a goal",
    "your own policy",
    "model of Stable-Baselines3",
    "saved agent",
    "nobody",
)
SB3: Final = "sb3:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decider:
    """Who is meant by a word."""

    word: str
    kind: str
    base: str  # the word without its kind's mark and its values
    params: Mapping[str, float] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)  # those of a model, as they stand


def read_decider(word: str, package: ModuleType = rules) -> Decider:
    """What a word means; nothing is loaded or run.

    Parameters
    ----------
    package
        Where the rules of the role lie.

    >>> read_decider("atcs@k1:2").params
    {'k1': 2.0}
    >>> read_decider("my.py:Policy").kind
    'your own policy'

    Raises
    ------
    InputError
        If the values behind an @ are no numbers.
    """
    if word in plug_names(package):
        return Decider(word=word, kind=RULE, base=word)
    if word == PRETRAINED or find_saved(word) is not None:
        return Decider(word=word, kind=SAVED, base=word)
    base, at, text = word.partition("@")
    if package is rules and base in plug_names(planners) and find_saved(base) is None:
        params = read_values(word, text) if at else {}
        return Decider(word=word, kind=PLANNER, base=base, params=params)
    if base in plug_names(package) and at and ":" not in text:
        return Decider(word=word, kind=TUNED_RULE, base=word)
    is_model = base.startswith(SB3)
    known = base in plug_names(package) or base == PRETRAINED or find_saved(base) is not None
    if not known and not is_model and read_own_name(base) is None:
        return Decider(word=word, kind=NOBODY, base=base)
    if is_model:
        words = _split_values(word, text) if at else {}
        return Decider(word=word, kind=MODEL, base=base.removeprefix(SB3), words=words)
    params = read_values(word, text) if at else {}
    if base in plug_names(package):
        return Decider(word=word, kind=RULE, base=base, params=params)
    kind = OWN if read_own_name(base) is not None and find_saved(base) is None else SAVED
    return Decider(word=word, kind=kind, base=base, params=params)


def is_own(word: str) -> bool:
    """Does a word for lines or site name a user's code?"""
    base = word.partition("@")[0]
    return find_saved(word) is None and find_saved(base) is None and _names_code(base)


def is_strange(word: str) -> bool:
    """Does it name somebody who is not of the house: code, or a model of another library?"""
    return word.startswith(SB3) or is_own(word)


def list_unsaid(
    config: Mapping[str, Any], keys: Iterable[str], words: Iterable[str], where: str
) -> list[Problem]:
    """Code that a file names and the command line does not: no file makes anything run.

    Parameters
    ----------
    keys
        Those of the config that say who decides.
    words
        The command line: ``key=value`` says the same.
    where
        The file, for messages.
    """
    said = {word.replace("'", "") for word in words}
    rule = "names code, which runs only where your command line says so, too"
    return [
        wrong(where, key, rule, repr(config[key]), f"add {key}={config[key]}, if you trust it")
        for key in keys
        if isinstance(config.get(key), str)
        and is_own(config[key])
        and f"{key}={config[key]}" not in said
    ]


def _names_code(base: str) -> bool:
    return not base.startswith(SB3) and read_own_name(base) is not None


def read_values(word: str, text: str) -> dict[str, float]:
    """Numbers by name of ``k1:2@k2:0.5``.

    Raises
    ------
    InputError
        If one is no number.
    """
    values: dict[str, float] = {}
    for key, text_value in _split_values(word, text).items():
        number = _number(text_value)
        if number is None:
            raise _refuse_values(word)
        values[key] = number
    return values


def _split_values(word: str, text: str) -> dict[str, str]:
    parts = (part.partition(":") for part in text.split("@"))
    values = {key.strip(): value.strip() for key, _, value in parts}
    if not all(values) or not all(values.values()):
        raise _refuse_values(word)
    return values


def _refuse_values(word: str) -> InputError:
    rule = "values behind @ are written key:number"
    return refuse_decider(word, rule, "e.g. atcs@k1:2@k2:0.5")


def refuse_decider(word: str, rule: str, right: str, got: str = "") -> InputError:
    """The error of a word that says who decides."""
    return InputError.of("command line", "agent", rule, got or repr(word), right)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
