"""How a table is taught: run after run, with looks at validation runs, the best kept.

Everything that a run draws follows from the training seed and the run's number, so a course that
was stopped goes on from the end of a run as if it had never stopped.
"""

from __future__ import annotations

import math
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from agents.card import BEST, BEST_STEP, CARD, LAST, ORIGIN, read_card
from agents.deep.looks import Look, Looks
from agents.tabular.checkpoint import (
    KIND,
    Copy,
    copy_learned,
    fill_learned,
    read_learned,
    save_table,
)
from agents.tabular.settings import TabularSettings
from agents.tabular.student import Student
from experiments.training.lesson import Plan
from factory_env.envs.episode import Episodes
from factory_env.errors import ArtifactError

COLUMN: Final = "mean_total_cost_usd"  # of ``validation.csv``
ENTRY: Final = "validation_cost_usd"  # of the best checkpoint's card
SAME: Final = ("kind", "algorithm", "rules", "bins")  # what a resumed run must share
ORDER, ACTING = 0, 1  # what a stream of random numbers is for
Progress = Callable[[int, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """Where learning stands between two runs."""

    steps: int
    runs: int
    learned: Copy


class TableCourse:
    """Teaches one student into a folder: ``start``, ``best``, ``last``, ``validation.csv``.

    Parameters
    ----------
    look
        Plays validation seeds with what has been learned so far.
    card
        What a loader must know.
    """

    def __init__(
        self,
        *,
        student: Student,
        episodes: Episodes,
        settings: TabularSettings,
        plan: Plan,
        look: Callable[[Sequence[int]], Look],
        folder: Path,
        card: Mapping[str, Any],
    ) -> None:
        self.steps = self.runs = self.begun = 0
        self.seconds = 0.0
        self.looks = Looks(COLUMN)
        self._student, self._episodes, self._settings = student, episodes, settings
        self._plan, self._look, self._folder = plan, look, folder
        self._card = {"kind": KIND, **card}
        self._next_look = plan.schedule.validate_every
        self._taught = self._stand()

    def resume(self, run: Path) -> tuple[str, ...]:
        """Go on from the last checkpoint of another run; notes for a person.

        Raises
        ------
        ArtifactError
            If that run has no such checkpoint, or is one of another table.
        """
        place = run / LAST
        card = read_card(place)
        for key in SAME:
            if card.get(key) != self._card[key]:
                raise ArtifactError(
                    f"{place}: another agent, its {key} is {card.get(key)!r}; train anew"
                )
        learned, told = read_learned(place)
        fill_learned(self._student.policy, learned, place)
        try:
            self.steps, self.runs = int(told["steps"]), int(told["runs"])
            self._next_look, planned = int(told["next_look"]), int(told["planned_steps"])
            self.looks = Looks.go_on(told["looks"])
        except (KeyError, TypeError, ValueError) as error:
            raise ArtifactError(f"{place}: not a checkpoint to go on from; train anew") from error
        self.begun = self.steps
        for name in (ORIGIN, BEST):
            if (run / name / CARD).is_file():
                shutil.copytree(run / name, self._folder / name, dirs_exist_ok=True)
        self._taught = self._stand()
        steps = self._plan.schedule.steps
        if planned == steps:
            return ()
        return (
            f"planned were {planned:,} decisions, now {steps:,}: it goes on exploring as if "
            f"{steps:,} had been planned, so this is not the run that {steps:,} gives",
        )

    def teach(self, progress: Progress) -> None:
        """Learn until the plan's steps; whatever ends it, the last checkpoint can be resumed."""
        begin, steps = time.monotonic(), self._plan.schedule.steps
        try:
            if not len(self.looks):
                self._save(ORIGIN, self._stand())
                self._validate(progress)  # the start is a candidate, too
            while self.steps < steps:
                self._live()
                progress(self.steps, self._text)
                if self.steps >= min(self._next_look, steps):
                    self._validate(progress)
            self.seconds = time.monotonic() - begin
        except BaseException:
            self._save_last()
            raise

    @property
    def _text(self) -> str:
        return f"validation, best {self.looks.best_usd:,.0f} USD"

    def _live(self) -> None:
        """One run."""
        plan, settings, done = self._plan, self._settings, self.steps
        rng = np.random.default_rng((plan.seed, ACTING, self.runs))
        episode = self._episodes.start(self._draw_seed(), rng)
        self.steps += self._student.live(
            episode, lambda n: settings.chance(done + n, plan.schedule.steps), rng
        )
        self.runs += 1
        self._taught = self._stand()

    def _draw_seed(self) -> int:
        """The pool in random order, again and again."""
        plan = self._plan
        lap, at = divmod(self.runs, len(plan.pool))
        order = np.random.default_rng((plan.seed, ORDER, lap)).permutation(len(plan.pool))
        return plan.pool[int(order[at])]

    def _validate(self, progress: Progress) -> None:
        look = self._look(self._plan.schedule.validation_seeds)
        if self.looks.add(self.steps, look):
            self._save(BEST, self._taught, {ENTRY: self.looks.best_usd})
        self._next_look = self.steps + self._plan.schedule.validate_every
        self.looks.write(self._folder)
        self._save_last()
        told = f"validation {look.goal_usd:,.0f} USD, best {self.looks.best_usd:,.0f}"
        progress(self.steps, told)

    def _stand(self) -> Taught:
        learned = copy_learned(self._student.policy)
        return Taught(steps=self.steps, runs=self.runs, learned=learned)

    def _save_last(self) -> None:
        if not math.isfinite(self.looks.best_usd):
            return  # nothing has been looked at
        told = {
            "steps": self._taught.steps,
            "runs": self._taught.runs,
            "next_look": self._next_look,
            "planned_steps": self._plan.schedule.steps,
            "looks": self.looks.keep(),
        }
        self._save(LAST, self._taught, training=told)

    def _save(
        self,
        name: str,
        taught: Taught,
        entries: Mapping[str, Any] | None = None,
        training: Mapping[str, Any] | None = None,
    ) -> None:
        told = {"steps": taught.steps, BEST_STEP: self.looks.best_step, ENTRY: None}
        card = {**self._card, **told, **(entries or {})}
        save_table(self._folder / name, taught.learned, card, training or {})
