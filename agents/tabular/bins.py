"""Bins: the state of a table is the number of the bin of each quantity.

A config gives the inner edges of a quantity (``queue_days: [1, 3]`` is below 1, from 1 to 3, and
3 or more), or all bins from end to end (``late_share: [[0, 0.3], [0.3, 1]]``; null is open).
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from agents.tabular.quantities import QUANTITIES, Quantity
from factory_env.decision import Decision
from factory_env.errors import Problem, wrong

WHERE: Final = "agent config"
MOST_BINS: Final = 100  # of a quantity
Key = tuple[int, ...]  # a state: bin by quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Bins:
    """Quantity -> its inner edges, ascending; a value on an edge lies above it."""

    edges: Mapping[str, tuple[float, ...]]

    @property
    def sizes(self) -> tuple[int, ...]:
        """Bins of each quantity."""
        return tuple(len(edges) + 1 for edges in self.edges.values())

    def key(self, decision: Decision) -> Key:
        """The state that a question is in."""
        return tuple(
            bisect_right(edges, QUANTITIES[name].read(decision))
            for name, edges in self.edges.items()
        )

    def tell(self, key: Key) -> str:
        """A state in words.

        >>> Bins(edges={"queue_days": (1.0, 3.0)}).tell((1,))
        'queue_days 1 to 3'
        """
        return ", ".join(
            f"{name} {_tell_bin(edges, number)}"
            for (name, edges), number in zip(self.edges.items(), key, strict=True)
        )


def make_bins(given: Mapping[str, Any]) -> Bins:
    """The bins of a config that has no `bin_problems`; in the order of the names."""
    return Bins(edges={name: _edges(given[name], QUANTITIES[name]) for name in sorted(given)})


def bin_problems(given: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with the bins of a config: every quantity's first mistake."""
    if not given:
        right = "e.g. agent.bins.queue_days=[1,3]"
        yield wrong(WHERE, "agent.bins", "must name at least one quantity", "none", right)
    for name, value in given.items():
        field = f"agent.bins.{name}"
        if name not in QUANTITIES:
            known = f"known: {', '.join(QUANTITIES)}"
            yield wrong(WHERE, field, "must be a quantity of the question", name, known)
        elif fault := _fault(value, QUANTITIES[name]):
            yield wrong(WHERE, field, fault[0], value, fault[1])


def _tell_bin(edges: Sequence[float], number: int) -> str:
    if not edges:
        return "any"
    if number == 0:
        return f"below {edges[0]:g}"
    if number == len(edges):
        return f"{edges[-1]:g} or more"
    return f"{edges[number - 1]:g} to {edges[number]:g}"


def _edges(given: Sequence[Any], quantity: Quantity) -> tuple[float, ...]:
    if _are_pairs(given):
        return tuple(low for low, _ in _ends(given, quantity)[1:])
    return tuple(float(edge) for edge in given)


def _fault(given: Any, quantity: Quantity) -> tuple[str, str] | None:
    """The rule that a quantity's bins break, and what would be right."""
    example = "e.g. [1, 3], the inner edges, or [[0, 1], [1, 3], [3, null]]"
    if not isinstance(given, list | tuple) or len(given) > MOST_BINS:
        return f"must be a list of at most {MOST_BINS} inner edges, or of bins", example
    if _are_pairs(given):
        return _pair_fault(given, quantity)
    if not all(map(_is_number, given)):
        return "must be finite numbers, or all bins as [from, to]", example
    edges = [float(edge) for edge in given]
    if any(after <= before for before, after in pairwise(edges)):
        return "edges must ascend, each once", f"e.g. {sorted(set(edges))}"
    outside = [e for e in edges if not quantity.lowest < e < quantity.highest]
    if outside:
        limits = f"{quantity.lowest:g} and {quantity.highest:g}"
        return f"edges must lie between {limits}", f"leave out {outside[0]:g}"
    return None


def _pair_fault(given: Sequence[Any], quantity: Quantity) -> tuple[str, str] | None:
    """The same of bins given from end to end."""
    numbers = [end for pair in given for end in pair if end is not None]
    inner = [given[0][1], *(end for pair in given[1:-1] for end in pair), given[-1][0]]
    if not all(map(_is_number, numbers)) or (len(given) > 1 and None in inner):
        return "bins must go from a number to a number; null only at the ends", "e.g. [[0, 1], ...]"
    ends = _ends(given, quantity)
    if empty := next(((low, high) for low, high in ends if not low < high), None):
        return "bins must go upwards", f"{_tell(*empty)} does not"
    for (_, before), (after, _) in pairwise(ends):
        if after > before:
            return "bins must have no holes", f"nothing covers {_tell(before, after)}"
        if after < before:
            return "bins must not overlap, and must ascend", f"two cover {_tell(after, before)}"
    if ends[0][0] > quantity.lowest:
        return "bins must have no holes", f"nothing covers {_tell(quantity.lowest, ends[0][0])}"
    if ends[-1][1] < quantity.highest:
        return "bins must have no holes", f"nothing covers {_tell(ends[-1][1], quantity.highest)}"
    return None


def _ends(given: Sequence[Any], quantity: Quantity) -> list[tuple[float, float]]:
    return [
        (quantity.lowest if low is None else float(low), math.inf if high is None else float(high))
        for low, high in given
    ]


def _are_pairs(given: Sequence[Any]) -> bool:
    return len(given) > 0 and all(isinstance(p, list | tuple) and len(p) == 2 for p in given)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _tell(low: float, high: float) -> str:
    return f"{low:g} to {'the end' if math.isinf(high) else f'{high:g}'}"
