"""The door for scenarios: plain dictionaries in, frozen problem data out, all errors at once."""

from __future__ import annotations

import dataclasses
import difflib
import math
import re
import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from factory_env.domain.plant import LineSpec, Plant
from factory_env.domain.scenario import Scenario
from factory_env.door.scenario_rules import scenario_problems
from factory_env.errors import InputError, Problem
from factory_env.library import load_library

FILLED_HERE = ("plant", "library")  # fields of Scenario that the scenario file does not hold


def build_scenario(
    scenario: Mapping[str, Any],
    plant: Mapping[str, Any],
    where: str = "config",
    disruptions: Mapping[str, Any] | None = None,
) -> Scenario:
    """Check and build a scenario.

    Parameters
    ----------
    scenario, plant, disruptions
        Contents of a scenario file, a plant file and a disruptions file (none = calm).
    where
        What to call the source in messages.

    Raises
    ------
    InputError
        With every problem found: unknown keys, wrong types, values out of range, and rules
        between fields (a style that no line can sew, an empty shift, ...).
    """
    problems: list[Problem] = []
    at_scenario, at_plant = f"{where} scenario", f"{where} plant"
    scenario_part = {k: v for k, v in scenario.items() if k not in FILLED_HERE}
    if disruptions is not None:
        scenario_part["disruptions"] = disruptions
    for cls, part, at in ((Scenario, scenario_part, at_scenario), (Plant, plant, at_plant)):
        problems += _unknown_keys(cls, part, at, "")
        problems += [_not_finite(at, path) for path in _infinities(part, "")]
    built_plant, sound, broken = _build_plant(plant, at_plant, problems)
    parts: dict[str, Any] = {"plant": built_plant, "library": load_library()}
    hints = typing.get_type_hints(Scenario, include_extras=True)
    for field in dataclasses.fields(Scenario):
        if field.name in FILLED_HERE:
            continue
        if field.name in scenario_part:
            count = len(problems)
            parts[field.name] = _build(
                hints[field.name], scenario_part[field.name], at_scenario, problems, field.name
            )
            if len(problems) > count:
                broken.add(field.name)
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            problems.append(_missing(at_scenario, field.name))
            parts[field.name] = None
            broken.add(field.name)
    built = Scenario(**parts)
    problems += [_renumbered(p, sound) for p in scenario_problems(built, where, broken)]
    if problems:
        raise InputError(problems)
    return _with_people(built)


def _with_people(scenario: Scenario) -> Scenario:
    """The scenario with the plant's own people, if it asks for them."""
    people = scenario.plant.people
    if scenario.people == "scenario" or people is None:
        return scenario
    library = scenario.library
    if people.learning is not None:
        loss, tau = people.learning.first_day_loss, people.learning.tau_days
        classes = tuple(
            dataclasses.replace(c, e_0=c.e_max * (1.0 - loss), tau_days=tau)
            for c in library.learning_classes
        )
        library = dataclasses.replace(library, learning_classes=classes)
    return scenario.replace(
        grades=people.grades, absence=people.absence, form=people.form, library=library
    )


def _build_plant(
    plant: Mapping[str, Any], where: str, problems: list[Problem]
) -> tuple[Plant, list[int], set[str]]:
    """The plant with its sound lines, their numbers, and what rules can not be checked on it."""
    raw = plant.get("lines")
    if not isinstance(raw, list | tuple):
        return _build(Plant, plant, where, problems), [], {"plant"}
    lines = {i: _build(LineSpec, v, where, problems, f"lines[{i}]") for i, v in enumerate(raw)}
    sound = {i: line for i, line in lines.items() if line is not None}
    broken = set() if len(sound) == len(raw) else {"all_lines"}
    if raw and not sound:
        broken.add("plant")
    rest = _build(Plant, {**plant, "lines": []}, where, problems)
    if rest is None:
        rest = Plant(name="", lines=(), rooms=None)  # type: ignore[arg-type]
    return dataclasses.replace(rest, lines=tuple(sound.values())), list(sound), broken


def _renumbered(problem: Problem, sound: list[int]) -> Problem:
    """Rules count the sound lines only; the user counts all."""
    field = re.sub(
        r"^plant\.lines\[(\d+)\]",
        lambda found: f"plant.lines[{sound[int(found[1])]}]",
        problem.field,
    )
    return dataclasses.replace(problem, field=field)


def _missing(where: str, name: str) -> Problem:
    return Problem(where=where, field=name, rule="must be given", got="nothing",
                   right="see conf/scenario/default.yaml")  # fmt: skip


def _not_finite(where: str, path: str) -> Problem:
    return Problem(where=where, field=path, rule="must be a finite number", got="infinity",
                   right="give a number")  # fmt: skip


def _infinities(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _infinities(item, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list | tuple):
        for i, item in enumerate(value):
            yield from _infinities(item, f"{path}[{i}]")
    elif isinstance(value, float) and math.isinf(value):
        yield path


def _build(hint: Any, value: Any, where: str, problems: list[Problem], prefix: str = "") -> Any:
    try:
        return TypeAdapter(hint).validate_python(_as_plain(value))
    except ValidationError as error:
        for item in error.errors():
            path = _path(prefix, item["loc"])
            if item["type"] in ("unexpected_keyword_argument", "finite_number"):
                continue  # reported by _unknown_keys and _infinities
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


def _path(prefix: str, loc: tuple[int | str, ...]) -> str:
    """Dotted path of a field; list positions in brackets."""
    path = prefix
    for part in loc:
        path += f"[{part}]" if isinstance(part, int) else f".{part}"
    return path.lstrip(".")


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
    if isinstance(hint, types.UnionType):  # X | None
        hint = next(part for part in typing.get_args(hint) if part is not type(None))
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return [(hint, (path, item))]
    if typing.get_origin(hint) in (tuple, types.GenericAlias) and isinstance(item, list | tuple):
        inner = typing.get_args(hint)[0]
        if dataclasses.is_dataclass(inner) and isinstance(inner, type):
            return [(inner, (f"{path}[{i}]", child)) for i, child in enumerate(item)]
    return []
