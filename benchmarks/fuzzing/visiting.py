"""Draws changed files by a seed, and lets each visit its door."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.fuzzing.doors import Door
from benchmarks.fuzzing.mutating import mutate


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One changed file; made again from its seed and number alone."""

    door: Door
    number: int
    name: str  # of the file that is changed
    content: bytes

    def lay(self, folder: Path) -> Path:
        """Put it into an empty ``folder``; what the door is to open."""
        shutil.rmtree(folder, ignore_errors=True)
        files = self.door.files() if self.door.in_folder else {}
        for name, content in {**files, self.name: self.content}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return folder if self.door.in_folder else folder / self.name

    def open(self, folder: Path) -> str:
        """Let the door read it; the type of what came of it."""
        return type(self.door.visit(self.lay(folder))).__name__


def draw_visits(doors: Sequence[Door], count: int, seed: int) -> Iterator[Visit]:
    """``count`` changed files, doors by their weight; number n of a seed is always the same."""
    weights = np.array([door.weight for door in doors], dtype=float)
    for number in range(count):
        rng = np.random.default_rng([seed, number])
        door = doors[int(rng.choice(len(doors), p=weights / weights.sum()))]
        files = door.files()
        name = sorted(files)[int(rng.integers(len(files)))]
        content = mutate(files[name], rng, list(files.values()))
        yield Visit(door=door, number=number, name=name, content=content)
