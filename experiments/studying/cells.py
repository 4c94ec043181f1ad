"""Every run of a study as a line of a file, written as soon as it is over.

A study that was stopped reads what there is and plays the rest. A run counts once: the first line
with its figures. A run that failed is played again, and counts as failed until it succeeds.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from experiments.command.run_folder import plain
from experiments.evaluating.tournament import Failure
from factory_env.errors import ArtifactError
from factory_env.plain_json import parse_json

FILE: Final = "cells.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One run: a policy, one of its training seeds, a scenario, an evaluation seed."""

    policy: str
    training_seed: int | None
    scene: str
    seed: int

    @property
    def entrant(self) -> tuple[str, int | None, str]:
        """Who plays where, whatever the seed."""
        return self.policy, self.training_seed, self.scene


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What came of a run."""

    figures: Mapping[str, float]
    questions: int  # answered by the policy
    answer_s: float  # on the clock, all its answers together
    answer_cpu_s: float  # of processor time
    run_s: float  # the whole run


Outcome = Played | Failure


class CellFile:
    """The file of a study's cells, to be appended to.

    Parameters
    ----------
    folder
        The study's.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE

    def append(self, cell: Cell, outcome: Outcome) -> None:
        """Write a line, and see it on the disk's way."""
        head = {
            "policy": cell.policy,
            "training_seed": cell.training_seed,
            "scenario": cell.scene,
            "seed": cell.seed,
        }
        if isinstance(outcome, Failure):
            told = {"kind": outcome.kind, "reason": outcome.reason, "trace": outcome.trace}
            body: dict[str, Any] = {"failed": told}
        else:
            body = {key: getattr(outcome, key) for key in Played.__slots__}
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(plain(head | body)) + "\n")
            file.flush()

    def mend(self) -> None:
        """Cut off a last line that was being written when its process died."""
        if not self.path.exists():
            return
        with self.path.open("rb+") as file:
            whole = file.read().rfind(b"\n") + 1
            file.truncate(whole)

    def read(self) -> dict[Cell, Outcome]:
        """What there is of every cell.

        Raises
        ------
        ArtifactError
            If a line is none of ours.
        """
        if not self.path.exists():
            return {}
        outcomes: dict[Cell, Outcome] = {}
        with self.path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                try:
                    cell, outcome = _read_line(parse_json(line))
                except (KeyError, TypeError, ValueError) as error:
                    reason = f"{type(error).__name__}: {error}"
                    raise ArtifactError(
                        f"{self.path}:{number}: not a run of a study ({reason}); remove the line"
                    ) from error
                if not isinstance(outcomes.get(cell), Played):
                    outcomes[cell] = outcome
        return outcomes


def _read_line(line: Mapping[str, Any]) -> tuple[Cell, Outcome]:
    seed = line["training_seed"]
    cell = Cell(
        policy=str(line["policy"]),
        training_seed=None if seed is None else int(seed),
        scene=str(line["scenario"]),
        seed=int(line["seed"]),
    )
    if (failed := line.get("failed")) is not None:
        words = {key: str(failed[key]) for key in ("kind", "reason", "trace")}
        return cell, Failure(name=cell.policy, seed=cell.seed, **words)
    figures = {str(k): math.nan if v is None else float(v) for k, v in line["figures"].items()}
    return cell, Played(
        figures=figures,
        questions=int(line["questions"]),
        **{key: float(line[key]) for key in ("answer_s", "answer_cpu_s", "run_s")},
    )


def find_missing(cells: Iterable[Cell], outcomes: Mapping[Cell, Outcome]) -> list[Cell]:
    """The cells that are still to be played, in their order."""
    return [cell for cell in cells if not isinstance(outcomes.get(cell), Played)]
