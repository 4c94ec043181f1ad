"""The one door for scenarios: plain dictionaries in, frozen problem data out, all errors at once."""

from __future__ import annotations

import dataclasses
import difflib
import types
import typing
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from factory_env.domain.plant import Plant
from factory_env.domain.scenario import Scenario
from factory_env.door.scenario_rules import scenario_problems
from factory_env.errors import InputError, Problem
from factory_env.library import load_library

FILLED_HERE = ("plant", "library")  # fields of Scenario that the scenario file does not hold


def build_scenario(
    scenario: Mapping[str, Any], plant: Mapping[str, Any], where: str = "config"
) -> Scenario:
    """Check and build a scenario.

    Parameters
    ----------
    scenario, plant
        Contents of a scenario file and a plant file.
    where
        What to call the source in messages.

    Raises
    ------
    InputError
        With every problem found: unknown keys, wrong types, values out of range, and rules
        between fields (a style that no line can sew, an empty shift, ...).
    """
    problems: list[Problem] = []
    scenario_part = {k: v for k, v in scenario.items() if k not in FILLED_HERE}
    problems += _unknown_keys(Scenario, scenario_part, f"{where} scenario", "")
    problems += _unknown_keys(Plant, plant, f"{where} plant", "")
    built_plant = _build(Plant, plant, f"{where} plant", problems)
    parts: dict[str, Any] = {}
    hints = typing.get_type_hints(Scenario, include_extras=True)
    for field in dataclasses.fields(Scenario):
        if field.name in FILLED_HERE:
            continue
        if field.name in scenario_part:
            parts[field.name] = _build(
                hints[field.name],
                scenario_part[field.name],
                f"{where} scenario",
                problems,
                field.name,
            )
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            problems.append(
                Problem(
                    where=f"{where} scenario",
                    field=field.name,
                    rule="must be given",
                    got="nothing",
                    right="see conf/scenario/default.yaml",
                )
            )
    if problems:
        raise InputError(problems)
    built = Scenario(plant=built_plant, library=load_library(), **parts)
    problems = scenario_problems(built, where)
    if problems:
        raise InputError(problems)
    return built


def _build(hint: Any, value: Any, where: str, problems: list[Problem], prefix: str = "") -> Any:
    try:
        return TypeAdapter(hint).validate_python(_as_plain(value))
    except ValidationError as error:
        for item in error.errors():
            path = ".".join(str(p) for p in (prefix, *item["loc"]) if p != "")
            if item["type"] == "unexpected_keyword_argument":
                continue  # reported with a suggestion by _unknown_keys
            problems.append(
                Problem(
                    where=where,
                    field=path,
                    rule=_sentence(item["msg"]),
                    got=repr(item["input"]) if item["type"] != "missing" else "nothing",
                    right=_right(item),
                )
            )
        return None


def _sentence(message: str) -> str:
    return message.replace("Input should be", "must be").replace("Field required", "must be given")


def _right(item: Any) -> str:
    context = item.get("ctx", {})
    bounds = [f"{word} {context[key]}" for key, word in
              (("ge", "at least"), ("gt", "more than"), ("le", "at most"), ("lt", "less than"))
              if key in context]  # fmt: skip
    if bounds:
        return "give a number " + " and ".join(bounds)
    return (
        f"expected {context['expected']}" if "expected" in context else "see conf/ for an example"
    )


def _as_plain(value: Any) -> Any:
    """Unknown keys removed by the caller's walk would hide errors; only containers are copied."""
    if isinstance(value, Mapping):
        return {str(k): _as_plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_as_plain(v) for v in value]
    return value


def _unknown_keys(cls: type, value: Any, where: str, path: str) -> list[Problem]:
    """Keys that the dataclass ``cls`` does not have, at any depth, with the nearest real key."""
    if not dataclasses.is_dataclass(cls) or not isinstance(value, Mapping):
        return []
    hints = typing.get_type_hints(cls)
    names = [f.name for f in dataclasses.fields(cls) if f.name != "library"]
    problems = []
    for key, item in value.items():
        full = f"{path}.{key}".lstrip(".")
        if key in names:
            for inner, child in _children(hints[key], item, full):
                problems += _unknown_keys(inner, child[1], where, child[0])
            continue
        near = difflib.get_close_matches(str(key), names, n=1)
        problems.append(
            Problem(
                where=where,
                field=full,
                rule="must be a known key",
                got=repr(key),
                right=f"did you mean {near[0]!r}?" if near else "known: " + ", ".join(names),
            )
        )
    return problems


def _children(hint: Any, item: Any, path: str) -> list[tuple[type, tuple[str, Any]]]:
    """Dataclasses inside a field: the field itself, or the elements of a tuple of them."""
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return [(hint, (path, item))]
    if typing.get_origin(hint) in (tuple, types.GenericAlias) and isinstance(item, list | tuple):
        inner = typing.get_args(hint)[0]
        if dataclasses.is_dataclass(inner) and isinstance(inner, type):
            return [(inner, (f"{path}[{i}]", child)) for i, child in enumerate(item)]
    return []
