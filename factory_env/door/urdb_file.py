"""The JSON of a published tariff: a file of sensible size and depth, and the one tariff in it."""

from __future__ import annotations

import json
import math
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NoReturn, cast

from factory_env.errors import InputError

MOST_BYTES: Final = 20_000_000  # the whole answer of the API for a large utility has 10 MB
MOST_DEPTH: Final = 12  # a tariff has 5
MOST_DIGITS: Final = 20
SHOWN: Final = 60  # letters of a value in a message


def read_item(path: Path, label: str) -> Mapping[str, Any]:
    """The one tariff of a file, or the one with the label.

    Raises
    ------
    InputError
        If the file cannot be read, is no JSON, or does not hold one such tariff.
    """
    where = str(path)
    content = _load(path, where)
    items = content.get("items", content) if isinstance(content, dict) else content
    items = items if isinstance(items, list) else [items]
    items = [item for item in items if isinstance(item, dict)]
    known = {shorten(item.get("label", "")): item for item in items}
    if label:
        items = [known[label]] if label in known else []
    if len(items) != 1:
        got = f"{len(items)} tariffs" + (f" labelled {label!r}" if label else "")
        names = ", ".join(f"{k} ({shorten(v.get('name', ''))})" for k, v in list(known.items())[:5])
        right = f"labels: {names}" if names else "a file of the API, detail=full"
        _refuse(where, "must hold one tariff, or its label must be given", got, right)
    return cast(Mapping[str, Any], items[0])


def shorten(value: object) -> str:
    """A value in a message: one line of letters that can be printed."""
    text = value if isinstance(value, str) else repr(value)
    plain = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * SHOWN]).split())
    return plain if len(plain) <= SHOWN else plain[:SHOWN] + "..."


def _load(path: Path, where: str) -> Any:
    try:
        kind = path.stat()
        if not stat.S_ISREG(kind.st_mode):
            _refuse(where, "must be a readable file", "a folder, device or pipe")
        if kind.st_size > MOST_BYTES:
            rule = f"must have at most {MOST_BYTES / 1e6:g} MB"
            _refuse(where, rule, f"{kind.st_size / 1e6:,.0f} MB", "the one tariff that is needed")
        text = path.read_bytes()[: MOST_BYTES + 1].decode("utf-8-sig")
        content = json.loads(text, parse_int=_integer)
    except OSError as error:
        _refuse(where, "must be a readable file", str(error.strerror or error))
    except RecursionError:
        content = None
    except ValueError as error:  # also of letters, and of a name with a zero byte
        _refuse(where, "must be JSON", shorten(str(error)))
    if content is None or _depth(content) > MOST_DEPTH:
        _refuse(where, f"must be nested at most {MOST_DEPTH} deep", "deeper")
    return content


def _integer(digits: str) -> float:
    """A whole number; one with more digits than any charge has is none."""
    return int(digits) if len(digits) <= MOST_DIGITS else math.inf


def _depth(content: Any) -> int:
    """How deep lists and objects lie in each other; counting ends above `MOST_DEPTH`."""
    level, depth = [content], 0
    while level and depth <= MOST_DEPTH:
        inside = [part for part in level if isinstance(part, dict | list)]
        level = [
            child
            for part in inside
            for child in (part.values() if isinstance(part, dict) else part)
        ]
        depth += bool(inside)
    return depth


def _refuse(where: str, rule: str, got: str, right: str = "a file of the API") -> NoReturn:
    raise InputError.of(where, "file", rule, got, right)
