"""Every number of the groups of conf/, one at a time, at an edge."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from factory_env.presets import Parts, assemble, read_group, read_source

Place = tuple[str | int, ...]
SHORT: Mapping[str, Any] = {"horizon_days": 6}
BASES: Mapping[str, Mapping[str, str]] = {
    "default": {
        "scenario": "default",
        "disruptions": "calm",
        "inspection": "",
        "demand": "default",
    },
    "real": {"scenario": "real", "disruptions": "rough", "inspection": "human", "demand": "drawn"},
}
CONTROL: Mapping[str, Any] = {
    "decision_slots": 1,
    "carbon_usd_per_kg": 0.0,
    "energy_weight": 1.0,
    "lateness_weight": 1.0,
}


@dataclass(frozen=True, slots=True)
class Case:
    """One number of one part of a scenario, and what it is set to."""

    base: str
    part: str  # scenario, plant, disruptions, market, inspection, site, tariff, control
    place: Place
    value: float

    @property
    def name(self) -> str:
        """As a person would write it."""
        path = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in self.place)
        return f"{self.base}: {self.part}{path}={self.value:g}"


@cache
def read_parts(base: str) -> dict[str, dict[str, Any]]:
    """The parts of a short run with everything on (``real``), or with little (``default``)."""
    names = BASES[base]
    scenario = read_group("scenario", names["scenario"])
    scenario |= SHORT
    scenario["demand"] = {**scenario["demand"], "days": 5}
    parts = {
        "scenario": scenario,
        "plant": read_group("plant", "small"),
        "disruptions": read_group("disruptions", names["disruptions"]),
        "market": read_group("demand", names["demand"]),
    }
    if names["inspection"]:
        parts["inspection"] = read_group("inspector", names["inspection"])
        parts["site"] = read_source("site", "pv_battery")
        parts["tariff"] = read_source("tariff", "us_demand")
        parts["control"] = dict(CONTROL)
    return parts


def number_places(value: Any, place: Place = ()) -> Iterator[Place]:
    """Where the numbers of a config stand."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from number_places(item, (*place, str(key)))
    elif isinstance(value, list | tuple):
        for i, item in enumerate(value):
            yield from number_places(item, (*place, i))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield place


def edge_cases(base: str, values: Sequence[float]) -> Iterator[Case]:
    """Each number of the base at each of the values."""
    for part, content in read_parts(base).items():
        for place in number_places(content):
            for value in values:
                yield Case(base, part, place, value)


def build_case(case: Case) -> Any:
    """The scenario of a case.

    Raises
    ------
    InputError
        If the product refuses the value.
    """
    parts = copy.deepcopy(read_parts(case.base))
    inside: Any = parts[case.part]
    for step in case.place[:-1]:
        inside = inside[step]
    inside[case.place[-1]] = case.value
    return assemble(Parts(**parts))[0]
