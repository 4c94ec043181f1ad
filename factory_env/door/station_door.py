"""The door for the settings of a room that not every plant has: each room brings its own type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from factory_env.door.parts import build_part, infinities, not_finite, unknown_keys
from factory_env.errors import InputError, Problem

WHERE = "config"
Settings = TypeVar("Settings")


def station_settings(cls: type[Settings], name: str, said: Mapping[str, Any]) -> Settings:
    """What scenario and plant say of the room ``name``, as its dataclass.

    Raises
    ------
    InputError
        With every problem found: unknown keys, wrong types, values out of range.
    """
    prefix = f"stations.{name}"
    problems: list[Problem] = unknown_keys(cls, said, WHERE, prefix)
    problems += [not_finite(WHERE, path) for path in infinities(said, prefix)]
    built: Settings = build_part(cls, said, WHERE, problems, prefix)
    if problems:
        raise InputError(problems)
    return built
