"""A lesson: what is learned, against whom and by whom; how every lesson with gradients goes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.vec_env import VecEnv
from tqdm import tqdm

from agents.deep.baseline import Curve
from agents.deep.going_on import tell_schedule
from agents.deep.stage import Figures, Rehearsal
from agents.deep.training import Schedule, Trainer
from experiments.command.crew import Crew, Workplace
from experiments.command.run_folder import RunFolder
from experiments.training.options import TrainOptions


class Lesson(Protocol):
    """One learner on one environment, checked and ready."""

    def learn(self, folder: Path) -> dict[str, Any]:
        """Train into a folder; the figures of training."""

    def compare(self, run: RunFolder) -> dict[str, Any]:
        """Put the best checkpoint beside the others, on held-out seeds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How long a lesson lasts and which runs it may use."""

    seed: int
    pool: range
    crew: Crew  # plays rivals and validation runs
    schedule: Schedule
    resume: Path | None

    def play(self, rehearsal: Rehearsal, jobs: Sequence[tuple[bytes, int]]) -> Sequence[Figures]:
        """Validation runs, by all workers."""
        return self.crew.work_off(rehearsal, jobs)

    @classmethod
    def of(cls, options: TrainOptions) -> Plan:
        """What the options say."""
        return cls(
            seed=options.seed,
            pool=options.pool.seeds,
            crew=Crew(options.eval.workers),
            schedule=Schedule(
                steps=options.steps,
                validate_every=options.validation.every,
                validation_seeds=options.validation.seeds,
            ),
            resume=None if options.resume is None else Path(options.resume),
        )


class GradientLesson(Protocol):
    """What a lesson with gradients is made of."""

    @property
    def plan(self) -> Plan:
        """How long, and on which runs."""

    def curves(self) -> Sequence[Curve]:
        """What the rival costs over time on every training seed."""

    def envs(self, curves: Sequence[Curve]) -> VecEnv:
        """Environments whose rewards are money saved against these."""

    def trainer(self, envs: VecEnv, curves: Sequence[Curve], folder: Path) -> Trainer:
        """The learner, how it is judged, and what its card says."""

    def callbacks(self) -> Sequence[BaseCallback]:
        """What else happens while it learns."""


First = Callable[[], int]  # what is done when the start has been judged, see `Trainer.train`


def nothing_first(trainer: Trainer) -> First | None:
    """Learning begins at once."""
    del trainer
    return None


def train(
    lesson: GradientLesson,
    folder: Path,
    first: Callable[[Trainer], First | None] = nothing_first,
) -> Trainer:
    """Play the rival, then learn to do better; ``folder`` holds the best and the last weights."""
    plan = lesson.plan
    curves = lesson.curves()
    envs = lesson.envs(curves)
    try:
        trainer = lesson.trainer(envs, curves, folder)
        steps = plan.schedule.steps
        if plan.resume is not None:
            _go_on(trainer, plan.resume, steps)
        begun = trainer.model.num_timesteps
        with tqdm(
            total=steps, initial=begun, desc="training", unit="decision", file=sys.stderr
        ) as bar:

            def progress(steps: int, text: str) -> None:
                bar.set_postfix_str(text, refresh=False)
                bar.update(steps - bar.n)

            trainer.train(plan.schedule, progress, lesson.callbacks(), first(trainer))
    finally:
        envs.close()
        plan.crew.close()
    return trainer


def _go_on(trainer: Trainer, run: Path, steps: int) -> None:
    """Resume a run, and tell where it is not as if it had never stopped."""
    notes = [*trainer.resume(run)]
    if trainer.gone_on is not None:
        notes.append(tell_schedule(trainer.gone_on, trainer.model, steps))
    if trainer.model.num_timesteps >= steps:
        notes.append(f"all {steps:,} decisions are done: give steps= to go on")
    for note in notes:
        if note is not None:
            print(f"note: {note}", file=sys.stderr)


def rival_curves(rival: Workplace[int, Curve], plan: Plan, title: str) -> list[Curve]:
    """What a rival costs on every training seed, played by several workers."""
    return plan.crew.work_off(rival, plan.pool, title=f"{title} on training seeds")
