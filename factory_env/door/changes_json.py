"""Dated changes as plain values and back, for run folders, stores and other programs."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import TypeAdapter

from factory_env.domain.changes import Change

KINDS: Final[Mapping[str, Any]] = {kind.__name__: kind for kind in Change.__args__}


def dump_changes(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """One mapping a change: its kind and its fields; what goes on for good has no end."""
    return [{"kind": type(c).__name__, **_finite(dataclasses.asdict(c))} for c in changes]


def load_changes(rows: Iterable[Mapping[str, Any]]) -> tuple[Change, ...]:
    """The changes that `dump_changes` wrote.

    Raises
    ------
    KeyError, ValueError
        If a row is none.
    """
    return tuple(_load(dict(row)) for row in rows)


def _load(row: dict[str, Any]) -> Change:
    kind = KINDS[row.pop("kind")]
    if "to_min" in {field.name for field in dataclasses.fields(kind)}:
        row.setdefault("to_min", math.inf)
    change: Change = TypeAdapter(kind).validate_python(row)
    return change


def _finite(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value != math.inf}
