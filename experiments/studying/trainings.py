"""Trains the agents of a study's recipes: each ``train.py`` in a process of its own, side by side.

A training that is over is not repeated, one that was cut off goes on. One that fails is told with
the end of what it printed; the rest of the study goes on.
"""

from __future__ import annotations

import os
import runpy
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Final

from omegaconf import OmegaConf
from tqdm import tqdm

from agents.card import CARD, LAST
from experiments.command.overrides import prepare
from experiments.evaluating.tournament import Failure
from experiments.studying.entrants import train_folder
from experiments.studying.options import STUDY, Entry, Study
from experiments.studying.reserved import Reserved, list_reserved
from factory_env.errors import InputError, Problem
from factory_env.processes import end_with_parent
from factory_env.whole_file import remove

KIND: Final = "was not trained"
TRAIN: Final = Path(__file__).resolve().parents[1] / "train.py"
SAVING_S: Final = 30.0  # for a training that is interrupted
_CONTEXT: Final = get_context("spawn")
# the table at a training's end is not this study's: two runs, on seeds that are nobody's
AFTERWARDS: Final = ("eval.episodes=2", "eval.first_seed=290000", "eval.workers=1")
SUMMARY: Final = "summary.json"
TOLD: Final = 4_000  # letters of a failed training's words
ASIDE: Final = "-cut"  # behind the name of a folder from which a training goes on


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """One agent to train."""

    policy: str
    seed: int
    words: tuple[str, ...]  # of the recipe
    folder: Path
    program: Path = TRAIN

    @property
    def is_over(self) -> bool:
        """Is there an agent?"""
        return (self.folder / SUMMARY).is_file()


def list_trainings(study: Study, entries: Mapping[str, Entry], home: Path) -> list[Training]:
    """The agents of all recipes, over or not."""
    return [
        Training(
            policy=name,
            seed=seed,
            words=_add_usual(entry.train, study.env),
            folder=train_folder(home, name, seed),
        )
        for seed in study.training_seeds
        for name, entry in entries.items()
        if entry.train
    ]


def _add_usual(words: Sequence[str], env: str) -> tuple[str, ...]:
    keys = {word.partition("=")[0] for word in words}
    return (*(() if "env" in keys else (f"env={env}",)), *words)


def check_recipe(name: str, entry: Entry, env: str) -> list[Reserved]:
    """The seeds that a recipe trains and validates on.

    Raises
    ------
    InputError
        With every word that ``train.py`` would refuse.
    """
    from experiments.training.choice import learner_words

    where = f"{STUDY}.policies.{name}.train"
    try:
        line = prepare("train", learner_words(_add_usual(entry.train or (), env)), _judge_nothing)
    except InputError as error:
        problems = [Problem(**{**_fields(p), "where": where}) for p in error.problems]
        raise InputError(problems) from None
    if line.config is None:
        return []
    config: Any = OmegaConf.to_container(line.config, resolve=True)
    return list_reserved(config, f"the recipe of {name}")


def _judge_nothing(*_: object) -> list[Problem]:
    return []  # the plant and the scenario of a recipe are checked by train.py


def _fields(problem: Problem) -> dict[str, str]:
    return {key: getattr(problem, key) for key in ("field", "rule", "got", "right")}


def train_all(trainings: Sequence[Training], *, workers: int) -> list[Failure]:
    """Train what is not over; who failed, in the order of the trainings."""
    waiting = [training for training in trainings if not training.is_over]
    if not waiting:
        return []
    crew = _Crew()
    failures: dict[int, Failure] = {}
    with (
        ThreadPoolExecutor(workers) as pool,
        tqdm(total=len(waiting), desc="training", unit="agent", file=sys.stderr) as bar,
    ):
        try:
            turns = {pool.submit(crew.train, t): i for i, t in enumerate(waiting)}
            for done in as_completed(turns):
                if (failure := done.result()) is not None:
                    failures[turns[done]] = failure
                bar.update()
        except BaseException:
            crew.end()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [failures[i] for i in sorted(failures)]


@dataclass(slots=True)
class _Crew:
    """The processes that train now."""

    running: list[BaseProcess] = field(default_factory=list)
    is_ended: bool = False

    def train(self, training: Training) -> Failure | None:
        """Train one agent to its end; None if all went well."""
        if self.is_ended:
            return None
        told = training.folder.with_suffix(".txt")
        words = [*training.words, *AFTERWARDS, f"seed={training.seed}"]
        if (cut := _set_aside(training.folder)) is not None:
            words = [f"resume={cut}", *AFTERWARDS]
        training.folder.parent.mkdir(parents=True, exist_ok=True)
        words += [f"hydra.run.dir={training.folder}", "json=true"]
        process = _CONTEXT.Process(target=_train_here, args=(training.program, words, told))
        process.start()
        self.running.append(process)
        process.join()
        code = process.exitcode
        if code == 0 and training.is_over:
            remove(training.folder.with_name(training.folder.name + ASIDE))
            return None
        trace = told.read_text(encoding="utf-8", errors="replace")[-TOLD:]
        reason = f"train.py {' '.join(words)} ended with exit code {code}; see {told}"
        name = training.policy
        return Failure(name=name, seed=training.seed, kind=KIND, reason=reason, trace=trace)

    def end(self) -> None:
        """Begin no other; who was interrupted, too, has some time to keep what it learned."""
        self.is_ended = True
        until_s = time.monotonic() + SAVING_S
        for process in self.running:
            wait([process.sentinel], timeout=max(0.0, until_s - time.monotonic()))
            process.terminate()


def _train_here(program: Path, words: Sequence[str], told: Path) -> None:
    """The life of a process that trains one agent; what it prints goes into a file."""
    end_with_parent()
    os.environ["OMP_NUM_THREADS"] = "1"  # before anything brings torch
    with told.open("wb") as log:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(log.fileno(), stream.fileno())
    sys.argv = [str(program), *words]
    runpy.run_path(str(program), run_name="__main__")


def _set_aside(folder: Path) -> Path | None:
    """Where a training that was cut off can be resumed from; None if it has to begin anew."""
    aside = folder.with_name(folder.name + ASIDE)
    if (folder / LAST / CARD).is_file():
        shutil.rmtree(aside, ignore_errors=True)
        folder.rename(aside)
    elif folder.exists():
        shutil.rmtree(folder)
    return aside if (aside / LAST / CARD).is_file() else None
