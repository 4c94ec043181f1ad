"""Lays dotted keys over the files of a scenario, as a command line does."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, Final

from experiments.command.overrides import BY_PRODUCT, suggest_key
from experiments.command.words import point_key
from factory_env.errors import InputError, wrong

LINES: Final = "plant.lines."
LIKE: Final = "like"  # of a line that is added: of which it is a copy


def lay_over(files: Mapping[str, Any], key: str, value: Any, where: str) -> dict[str, Any]:
    """The files with ``value`` under a dotted key, whose first part is the group of a file.

    ``plant.lines.polo-3: {like: polo-2, operators: 30}`` adds a line, ``plant.lines.polo-2: null``
    takes one away.

    Raises
    ------
    InputError
        If there is no such key.
    """
    laid = copy.deepcopy(dict(files))
    lines = laid["plant"].get("lines") if isinstance(laid.get("plant"), Mapping) else None
    if key.startswith(LINES) and isinstance(lines, list) and (value is None or _is_copy(value)):
        laid["plant"]["lines"] = _change_lines(lines, key, value, where)
        return laid
    parts = point_key(key, laid).split(".")
    at: Any = laid
    for depth, part in enumerate(parts):
        is_last = depth == len(parts) - 1
        if isinstance(at, list) and part.isdecimal() and int(part) < len(at):
            place: Any = int(part)
        elif isinstance(at, dict) and (part in at or (is_last and _is_open(at, parts))):
            place = part
        else:
            right = suggest_key(".".join(parts), depth, at, laid)[1]
            raise InputError.of(where, key, "must be a known key", repr(part), right)
        if is_last:
            at[place] = copy.deepcopy(value)
        else:
            at = at[place]
    return laid


def _is_open(at: Mapping[str, Any], parts: list[str]) -> bool:
    """May a mapping take a key that it does not have?"""
    return (not at and len(parts) > 1) or BY_PRODUCT.fullmatch(".".join(parts)) is not None


def _is_copy(value: Any) -> bool:
    return isinstance(value, Mapping) and LIKE in value


def _change_lines(lines: list[Any], key: str, value: Any, where: str) -> list[Any]:
    """The lines with one more, or one fewer."""
    name = key.removeprefix(LINES)
    names = [str(line.get("name")) for line in lines]
    known = f"one of {', '.join(names)}"
    if value is None:
        if name not in names:
            raise InputError.of(where, key, "must be a line of the plant", repr(name), known)
        return [line for line in lines if line.get("name") != name]
    problems = []
    if name in names:
        problems.append(wrong(where, key, "must be a new name", repr(name), "another name"))
    if value[LIKE] not in names:
        rule = "must be a line of the plant"
        problems.append(wrong(where, f"{key}.{LIKE}", rule, repr(value[LIKE]), known))
    if problems:
        raise InputError(problems)
    model = next(line for line in lines if line["name"] == value[LIKE])
    own = {k: v for k, v in value.items() if k != LIKE}
    return [*lines, {**copy.deepcopy(model), **own, "name": name}]
