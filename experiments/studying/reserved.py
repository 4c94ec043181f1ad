"""Seeds that no study may be played on: those of training, validation and tuning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from agents.planners import TUNED_ON
from experiments.studying.options import STUDY
from factory_env.door.yaml_text import read_yaml
from factory_env.errors import Problem, wrong
from factory_env.presets import CONF

# command -> the parts of its config that hold seeds
USED: Final[Mapping[str, tuple[str, ...]]] = {
    "train": ("pool", "validation"),
    "search": ("pool", "validation"),
    "tune": ("tune",),
    "tune_energy": ("tune",),
}
MEANING: Final = {"pool": "trained on", "validation": "validated on", "tune": "tuned on"}
SIZES: Final = ("size", "episodes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserved:
    """Seeds that something was made with."""

    seeds: range
    user: str  # what was made with them, for messages
    part: str  # a key of `MEANING`


def read_usual() -> list[Reserved]:
    """Those of the shipped agents and rules, as the commands that made them say, and planners'."""
    made = [
        seeds
        for command, parts in USED.items()
        for seeds in read_reserved(CONF / f"{command}.yaml", f"{command}.py", parts)
    ]
    return [*made, Reserved(seeds=TUNED_ON, user="agent=planner", part="tune")]


def read_reserved(path: Path, user: str, parts: Iterable[str] = USED["train"]) -> list[Reserved]:
    """The seeds that a config names."""
    return list_reserved(read_yaml(path, literal=True), user, parts)


def list_reserved(
    config: Mapping[str, Any], user: str, parts: Iterable[str] = USED["train"]
) -> list[Reserved]:
    """The seeds in a config; what says nothing of seeds reserves none."""
    reserved = []
    for part in parts:
        content = config.get(part)
        if not isinstance(content, Mapping):
            continue
        first = content.get("first_seed")
        size = next((content[key] for key in SIZES if key in content), None)
        if isinstance(first, int) and isinstance(size, int):
            reserved.append(Reserved(seeds=range(first, first + size), user=user, part=part))
    return reserved


def find_overlaps(seeds: range, reserved: Iterable[Reserved]) -> Iterator[Problem]:
    """Where the seeds of a study are those of somebody's making."""
    for used in reserved:
        first, last = max(seeds[0], used.seeds[0]), min(seeds[-1], used.seeds[-1])
        if first <= last:
            rule = f"must be held out: {used.user} {MEANING[used.part]} {_span(used.seeds)}"
            right = "e.g. study.seeds.first=100000"
            yield wrong("study", f"{STUDY}.seeds", rule, f"{first} to {last} of it", right)


def _span(seeds: range) -> str:
    return f"{seeds[0]} to {seeds[-1]}"
