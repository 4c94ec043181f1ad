"""The points of a grid: what `vary` makes of keys and values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from experiments.futures.asking.question_file import QuestionFile, Turn


def grid_turns(asked: QuestionFile) -> Iterator[Turn]:
    """A variant a point: each key alone around the base, or all with all.

    >>> asked = QuestionFile(title="", vary={"site.battery.capacity_kwh": (0, 500)})
    >>> [turn.name for turn in grid_turns(asked)]
    ['capacity_kwh=0', 'capacity_kwh=500']
    """
    short = _short_names(asked.vary)
    if asked.grid == "each":
        points = [{key: value} for key, values in asked.vary.items() for value in values]
    else:
        keys = tuple(asked.vary)
        points = [dict(zip(keys, v, strict=True)) for v in product(*asked.vary.values())]
    for point in points:
        if point:
            name = ", ".join(f"{short[key]}={_say(value)}" for key, value in point.items())
            yield Turn(name=name, set=point)


def _short_names(keys: Mapping[str, Any]) -> dict[str, str]:
    """As much of the end of each key as tells it from the others."""
    last = [key.split(".")[-1] for key in keys]
    return {
        key: name if last.count(name) == 1 else key for key, name in zip(keys, last, strict=True)
    }


def _say(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
