"""What validation said, look after look: the rows of ``validation.csv``, paired with the start."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

import numpy as np

from factory_env.whole_file import write_whole_text

FILE: Final = "validation.csv"
PAIRED: Final = ("saved_against_start_usd", "standard_error_usd")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the validation runs say of the present weights."""

    goal_usd: float  # the less the better
    beside: Mapping[str, float | None] = field(default_factory=dict)  # further columns, as written
    by_seed_usd: Mapping[int, float] = field(default_factory=dict)  # the goal of each run


class Looks:
    """All looks of a training, and the best.

    Parameters
    ----------
    column
        What the goal is called in ``validation.csv``.
    """

    def __init__(self, column: str) -> None:
        self._column = column
        self.best_usd = math.inf
        self.best_step = 0
        self.start_usd = math.inf
        self._start: dict[int, float] = {}  # goal of each run at the first look
        self._rows: list[dict[str, Any]] = []

    def add(self, steps: int, look: Look) -> bool:
        """Take in a look after ``steps`` decisions; are these the best weights so far?"""
        is_best = look.goal_usd < self.best_usd
        if is_best:
            self.best_usd, self.best_step = look.goal_usd, steps
        if not self._rows:
            self.start_usd, self._start = look.goal_usd, dict(look.by_seed_usd)
        self._rows.append(
            {
                "steps": steps,
                self._column: round(look.goal_usd, 2),
                "best_so_far_usd": round(self.best_usd, 2),
                PAIRED[0]: round(self.start_usd - look.goal_usd, 2),
                PAIRED[1]: self._error_usd(look.by_seed_usd),
                **look.beside,
                **{f"usd_{seed}": round(usd, 2) for seed, usd in look.by_seed_usd.items()},
            }
        )
        return is_best

    def _error_usd(self, by_seed: Mapping[int, float]) -> float | None:
        """Standard error of the mean difference to the start, run by run on the same seeds."""
        gaps = [usd - self._start[seed] for seed, usd in by_seed.items() if seed in self._start]
        if len(gaps) < 2:
            return None
        return round(float(np.std(gaps, ddof=1)) / math.sqrt(len(gaps)), 2)

    def write(self, folder: Path) -> None:
        """``validation.csv``, whole: readable after a kill."""
        names = list(dict.fromkeys(name for row in self._rows for name in row))
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(names)
        for row in self._rows:
            values = [row.get(name) for name in names]
            writer.writerow(["" if value is None else value for value in values])
        write_whole_text(folder / FILE, text.getvalue())

    def keep(self) -> dict[str, Any]:
        """As JSON knows it."""
        return {
            "column": self._column,
            "best_usd": self.best_usd,
            "best_step": self.best_step,
            "start_usd": self.start_usd,
            "start_by_seed": [[seed, usd] for seed, usd in self._start.items()],
            "rows": [dict(row) for row in self._rows],
        }

    @classmethod
    def go_on(cls, kept: Mapping[str, Any]) -> Self:
        """Those that `keep` wrote."""
        looks = cls(str(kept["column"]))
        looks.best_usd, looks.best_step = float(kept["best_usd"]), int(kept["best_step"])
        looks.start_usd = float(kept["start_usd"])
        looks._start = {int(seed): float(usd) for seed, usd in kept["start_by_seed"]}
        looks._rows = [dict(row) for row in kept["rows"]]
        return looks

    def __len__(self) -> int:
        return len(self._rows)
