"""One trial: the same settings on several training seeds, ended early where they stand badly."""

from __future__ import annotations

import dataclasses
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final

import optuna
from optuna.trial import Trial, TrialState
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.vec_env import VecEnv

from agents.deep.baseline import Curve
from agents.deep.training import Look, Trainer
from experiments.searching.options import SearchOptions
from experiments.searching.space import Axis
from experiments.searching.study import ERROR, distributions, open_study
from experiments.training.choice import SCHEDULING, load_learner
from experiments.training.lesson import Plan, train
from experiments.training.scheduling import SchedulingLesson
from factory_env.door.gather import Gather
from factory_env.errors import SeamlineError

LOOKS: Final = 10_000  # more than any training has: steps of one training seed lie together
Tell = Callable[[int, float], None]  # decisions so far, and the cost of the present weights [USD]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Where trials are run; travels to each worker."""

    home: Path
    options: SearchOptions
    axes: Sequence[Axis]
    curves: Mapping[str, Sequence[Curve]]  # reward -> what the rival costs on training seeds
    rival_usd: float  # its mean cost on the validation seeds

    def open(self) -> Callable[[int], str]:
        """Run the trial of a turn; how it ended, in words."""
        return self.run

    def run(self, turn: int) -> str:
        """Ask for settings, learn with them, tell what came of it."""
        study = open_study(self.home, self.options, turn)
        trial = study.ask(distributions(self.axes))
        folder = self.home / "trials" / f"{trial.number:03d}"
        folder.mkdir(parents=True, exist_ok=True)
        begin = time.monotonic()
        try:
            with (folder / "log.txt").open("a") as log, redirect_stderr(log), redirect_stdout(log):
                value = self._value(trial, folder)
            state = TrialState.COMPLETE
        except optuna.TrialPruned:
            value, state = None, TrialState.PRUNED
        except (ArithmeticError, AssertionError, RuntimeError, SeamlineError, ValueError) as error:
            # such settings cannot be learned with: NaN, a batch that does not fit
            value, state = None, TrialState.FAIL
            trial.set_user_attr(ERROR, f"{type(error).__name__}: {error}".splitlines()[0])
        trial.set_user_attr("minutes", round((time.monotonic() - begin) / 60.0, 2))
        study.tell(trial, value, state=state)
        shown = "" if value is None else f" {value:.3f}"
        return f"trial {trial.number} {state.name.lower()}{shown}"

    def _value(self, trial: Trial, folder: Path) -> float:
        """Median over the training seeds of the best validation cost, a ratio to the rival's."""
        ratios: list[float] = []
        starts: list[float] = []
        for rank in range(self.options.seeds):
            seed = self.options.seed + rank
            options = self.options.course(trial.params, seed)
            watch = Watch(trial, self.rival_usd, rank, ratios)
            lesson = load_learner(SCHEDULING, options.learner).lesson(options, Gather())
            watched = WatchedLesson(lesson, self.curves, watch.tell)
            train(watched, folder / f"seed_{seed}")
            ratios.append(watch.best)
            starts.append(watch.ratios[0])
            trial.set_user_attr("ratios", [round(ratio, 4) for ratio in ratios])
            trial.set_user_attr("starts", [round(ratio, 4) for ratio in starts])
        return median(ratios)


@dataclass(slots=True)
class Watch:
    """Reports a training to its trial, and ends it where others stood better by then."""

    trial: Trial
    rival_usd: float
    rank: int  # which of the trial's trainings this is
    before: Sequence[float]  # best ratios of those before it
    ratios: list[float] = field(default_factory=list)

    @property
    def best(self) -> float:
        """The best checkpoint's cost, a ratio to the rival's."""
        return min(self.ratios)

    def tell(self, steps: int, cost_usd: float) -> None:
        """Take in a look at the weights."""
        self.ratios.append(cost_usd / self.rival_usd)
        step = self.rank * LOOKS + len(self.ratios) - 1
        self.trial.report(median([*self.before, self.best]), step)
        print(f"seed {self.rank} decision {steps}: {self.ratios[-1]:.4f}", file=sys.stderr)
        if self.trial.should_prune():
            raise optuna.TrialPruned


@dataclass(frozen=True, slots=True)
class WatchedLesson:
    """A lesson whose looks at the weights are told, and whose rival has been played already."""

    lesson: SchedulingLesson
    known: Mapping[str, Sequence[Curve]]
    tell: Tell

    @property
    def plan(self) -> Plan:
        """How long, and on which runs."""
        return self.lesson.plan

    def curves(self) -> Sequence[Curve]:
        """What the rival costs over time on every training seed."""
        return self.known[self.lesson.settings.reward]

    def envs(self, curves: Sequence[Curve]) -> VecEnv:
        """The lesson's."""
        return self.lesson.envs(curves)

    def trainer(self, envs: VecEnv, curves: Sequence[Curve], folder: Path) -> Trainer:
        """The lesson's, watched."""
        trainer = self.lesson.trainer(envs, curves, folder)
        look = trainer.judged.look

        def look_and_tell(seeds: Sequence[int]) -> Look:
            seen = look(seeds)
            self.tell(trainer.model.num_timesteps, seen.goal_usd)
            return seen

        trainer.judged = dataclasses.replace(trainer.judged, look=look_and_tell)
        return trainer

    def callbacks(self) -> Sequence[BaseCallback]:
        """The lesson's."""
        return self.lesson.callbacks()


def rewards_searched(axes: Sequence[Axis], usual: str) -> list[str]:
    """Rewards that trials may learn by: the rival is played with each."""
    chosen = [value for axis in axes if axis.key == "reward" for value in axis.choices]
    return [str(name) for name in chosen or [usual]]
