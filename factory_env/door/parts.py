"""Plain values in, frozen parts of the problem data out: checked by pydantic, all problems kept."""

from __future__ import annotations

import dataclasses
import difflib
import math
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from factory_env.errors import Problem, wrong

LONGEST: Final = 60  # characters of a wrong value that a message shows


def not_finite(where: str, path: str) -> Problem:
    """The problem of a number without end."""
    return wrong(where, path, "must be a finite number", "infinity", "give a number")


def infinities(value: Any, path: str) -> Iterator[str]:
    """Dotted paths of the infinite numbers in ``value``."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from infinities(item, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list | tuple):
        for i, item in enumerate(value):
            yield from infinities(item, f"{path}[{i}]")
    elif _is_endless(value):
        yield path


def nans(value: Any, path: str) -> Iterator[str]:
    """Dotted paths of the values that are not a number."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from nans(item, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list | tuple):
        for i, item in enumerate(value):
            yield from nans(item, f"{path}[{i}]")
    elif isinstance(value, float) and math.isnan(value):
        yield path


def not_a_number(where: str, path: str) -> Problem:
    """The problem of a value that is not a number."""
    return wrong(where, path, "must be a number", "nan", "give a number")


def build_part(hint: Any, value: Any, where: str, problems: list[Problem], prefix: str = "") -> Any:
    """``value`` as the type ``hint``, or None; what is wrong with it is added to ``problems``.

    Unknown keys and infinite numbers are left to `unknown_keys` and `infinities`.
    """
    try:
        built = _adapter(hint).validate_python(_as_plain(value))
    except ValidationError as error:
        problems += [
            _problem(item, where, _path(prefix, item["loc"]))
            for item in error.errors()
            if item["type"] != "unexpected_keyword_argument"  # reported by unknown_keys
        ]
        return None
    switches = list(_switches(value, built, prefix))
    for path in switches:
        problems.append(wrong(where, path, "must be a number", "true or false", "give a number"))
    return None if switches else built


@lru_cache(maxsize=512)
def _adapter(hint: Any) -> TypeAdapter[Any]:
    """The reader of a type, made once: making one takes longer than reading a plant by it."""
    return TypeAdapter(hint)


def _problem(item: Any, where: str, path: str) -> Problem:
    """What pydantic found wrong with one value."""
    given = item["input"]
    if _is_endless(given):
        return not_finite(where, path)  # once with that of `infinities`: an error holds it once
    if isinstance(given, float) and math.isnan(given):
        return wrong(where, path, "must be a number", "nan", "give a number")
    got = "nothing" if item["type"] == "missing" else repr(given)
    if len(got) > LONGEST:
        got = f"{got[:LONGEST]}... ({len(got)} characters)"
    return wrong(where, path, sentence(item["msg"]), got, _right(item))


def _is_endless(value: Any) -> bool:
    return isinstance(value, float) and math.isinf(value)


def _switches(value: Any, built: Any, path: str) -> Iterator[str]:
    """Where true or false was given and a number has been made of it."""
    if isinstance(value, bool):
        if not isinstance(built, bool):
            yield path
    elif isinstance(value, Mapping):
        for key, item in value.items():
            inner = built.get(key) if isinstance(built, Mapping) else getattr(built, str(key), item)
            yield from _switches(item, inner, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list | tuple) and isinstance(built, list | tuple):
        for i, (item, inner) in enumerate(zip(value, built, strict=False)):
            yield from _switches(item, inner, f"{path}[{i}]")


def _path(prefix: str, loc: tuple[int | str, ...]) -> str:
    """Dotted path of a field; list positions in brackets."""
    path = prefix
    for part in loc:
        path += f"[{part}]" if isinstance(part, int) else f".{part}"
    return path.lstrip(".")


def sentence(message: str) -> str:
    """What pydantic says, as a rule."""
    return message.replace("Input should be", "must be").replace("Field required", "must be given")


def _right(item: Any) -> str:
    context = item.get("ctx", {})
    bounds = [
        f"{word} {context[key]}"
        for key, word in (
            ("ge", "at least"),
            ("gt", "more than"),
            ("le", "at most"),
            ("lt", "less than"),
        )
        if key in context
    ]
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


def unknown_keys(cls: type, value: Any, where: str, path: str) -> list[Problem]:
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
                problems += unknown_keys(inner, child[1], where, child[0])
            continue
        problems.append(unknown_key(str(key), names, where, full))
    return problems


def unknown_key(key: str, names: Sequence[str], where: str, path: str) -> Problem:
    """The problem of a key that is none of ``names``, with the nearest of them."""
    near = difflib.get_close_matches(key, names, n=1)
    right = f"did you mean {near[0]!r}?" if near else "known: " + ", ".join(names)
    return wrong(where, path, "must be a known key", repr(key), right)


def _children(hint: Any, item: Any, path: str) -> list[tuple[type, tuple[str, Any]]]:
    """Dataclasses inside a field: the field itself, or those in a tuple or mapping of them."""
    if isinstance(hint, types.UnionType):  # X | None
        hint = next(part for part in typing.get_args(hint) if part is not type(None))
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return [(hint, (path, item))]
    if typing.get_origin(hint) is Mapping and isinstance(item, Mapping):
        inner = typing.get_args(hint)[1]
        if dataclasses.is_dataclass(inner) and isinstance(inner, type):
            return [(inner, (f"{path}.{key}", child)) for key, child in item.items()]
    if typing.get_origin(hint) in (tuple, types.GenericAlias) and isinstance(item, list | tuple):
        inner = typing.get_args(hint)[0]
        if dataclasses.is_dataclass(inner) and isinstance(inner, type):
            return [(inner, (f"{path}[{i}]", child)) for i, child in enumerate(item)]
    return []
