"""Values of a plug by name, as a command line or a file gives them: checked together."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

from factory_env.errors import InputError, Problem, wrong


def read_plug_values(
    plug: Any, name: str, values: Mapping[str, Any], where: str
) -> dict[str, float]:
    """The values as the plug's fields want them.

    Parameters
    ----------
    plug
        A dataclass whose fields are numbers; those called ``k...`` must be more than 0.
    name, where
        What the plug is called and who asks, for messages.

    Raises
    ------
    InputError
        If the plug has no such parameter, or a value is not a usable number.
    """
    kinds = number_fields(plug)
    read: dict[str, float] = {}
    problems: list[Problem] = []
    for key, value in values.items():
        number = _number(value, positive=key.startswith("k"))
        if key not in kinds:
            known = f"known: {', '.join(kinds) or 'none'}"
            rule = f"must be a parameter of {name}"
            problems.append(wrong(where, f"params.{key}", rule, repr(value), known))
        elif number is None:
            kind = "number more than 0" if key.startswith("k") else "finite number"
            right = f"e.g. params.{key}=0.5"
            problems.append(wrong(where, f"params.{key}", f"must be a {kind}", repr(value), right))
        else:
            read[key] = kinds[key](number)
    if problems:
        raise InputError(problems)
    return read


def number_fields(plug: Any) -> dict[str, type[int] | type[float]]:
    """Parameter -> its type."""
    fields = dataclasses.fields(plug) if dataclasses.is_dataclass(plug) else ()
    return {f.name: int if str(f.type) == "int" else float for f in fields if _is_number_field(f)}


def _is_number_field(field: dataclasses.Field[Any]) -> bool:
    return str(field.type) in ("int", "float")


def _number(value: Any, *, positive: bool) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    is_usable = math.isfinite(number) and (number > 0 or not positive)
    return number if is_usable and not isinstance(value, bool) else None
