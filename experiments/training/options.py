"""What a person may say to ``train.py``, and what a resumed run has said already."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from agents.card import LAST, read_card
from agents.deep.energy.settings import Constraint
from experiments.building.decider import list_unsaid
from experiments.building.scenario import ALWAYS_ON, FactoryConfig
from experiments.command.options import read_options
from experiments.evaluating.options import HeldOut
from experiments.training.choice import (
    DECIDERS,
    FILES,
    LEARNER,
    SCHEDULING,
    USUAL,
    load_learner,
    resumed_config,
    same_words,
)
from factory_env.domain.limits import Decisions, Runs, Seed, Size
from factory_env.door.gather import Gather
from factory_env.door.yaml_text import read_yaml
from factory_env.errors import InputError, Problem, wrong
from factory_env.presets import CONF, FIRST_TRAINING_SEED

# what resume takes over
FROM_RUN: Final = (
    "env",
    "agent",
    "plant",
    "scenario",
    "demand",
    "styles",
    "bulletins",
    "inspector",
    "site",
    "tariff",
    "control",
    "scheduler",
    "energy",
    "constraint",
    "mix",
    "rival",
    "rival_params",
    "pool",
    "seed",
)
UNLESS_SAID: Final = ("steps", "validation")  # what it takes over where the command line is silent


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """The runs that are learned from."""

    first_seed: Seed = FIRST_TRAINING_SEED
    size: Size = 600

    @property
    def seeds(self) -> range:
        """The training seeds."""
        return range(self.first_seed, self.first_seed + self.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """The runs by which checkpoints are judged."""

    first_seed: Seed = 210_000
    episodes: Runs = 30
    every: Decisions = 16_384  # decisions

    @property
    def seeds(self) -> range:
        """Neither trained on, nor tuned on, nor held out."""
        return range(self.first_seed, self.first_seed + self.episodes)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainOptions(FactoryConfig):
    """See conf/train.yaml."""

    env: str = SCHEDULING
    agent: Mapping[str, Any] = field(default_factory=dict)  # the learner's settings, see `FILES`
    seed: Seed = 1
    steps: Decisions = 300_000
    resume: str | None = None
    mix: str | Sequence[str] = "auto"  # see `read_mix`
    rival: str = "atcs_match"
    rival_params: Mapping[str, Any] | None = field(default_factory=lambda: {"hold_beyond": 0.05})
    pool: Pool = field(default_factory=Pool)
    validation: Validation = field(default_factory=Validation)
    eval: HeldOut = field(default_factory=HeldOut)
    scheduler: str = "atcs_match"
    constraint: Constraint = field(default_factory=Constraint)

    def problems(self) -> Iterator[Problem]:
        """Is there such an environment, such a learner on it, and is its site free to be run?"""
        if self.env not in FILES:
            near = difflib.get_close_matches(self.env, FILES, n=1)
            right = f"{f'did you mean {near[0]}? ' if near else ''}one of {', '.join(FILES)}"
            rule = "must be an environment to learn"
            yield wrong("command line", "env", rule, repr(self.env), right)
        elif not self.has_learner:
            rule, names = f"must be a learner of env={self.env}", FILES[self.env]
            right = f"agent={' or agent='.join(names)}, or a file with learner: {USUAL[self.env]}"
            yield wrong("command line", "agent", rule, self._learner or self._file, right)
        elif self.env != SCHEDULING and self.energy not in (None, ALWAYS_ON):
            rule, right = f"is learned with env={self.env}", "give agent.prior as the start"
            yield wrong("command line", "energy", rule, self.energy, f"leave it out, or {right}")

    @property
    def own_rival_params(self) -> Mapping[str, Any]:
        """Values of the rival; those that stand in the config are meant for the one there."""
        params, usual = self.rival_params or {}, TrainOptions.__dataclass_fields__
        is_usual = params == usual["rival_params"].default_factory()  # type: ignore[misc]
        return {} if is_usual and self.rival != usual["rival"].default else params

    @property
    def has_learner(self) -> bool:
        """Do environment and agent fit together, so that its settings can be read?"""
        if self.env not in FILES:
            return False
        return self._file in (None, *FILES[self.env].values()) or self._learner in FILES[self.env]

    @property
    def learner(self) -> str:
        """The learner, where environment and agent fit together."""
        names = {file: name for name, file in FILES[self.env].items()}
        return self._learner or names.get(str(self._file), USUAL[self.env])

    @property
    def settings(self) -> Mapping[str, Any]:
        """The learner's settings, without the word that says whose they are."""
        return {key: value for key, value in self.agent.items() if key != LEARNER}

    @property
    def _learner(self) -> str | None:
        """The learner that the file of settings names itself, as a user's own does."""
        name = self.agent.get(LEARNER)
        return None if name is None else str(name)

    @property
    def _file(self) -> str | None:
        """The file of ``conf/agent`` with the learner; a file of the user's has its own name."""
        source = self.sources.get("agent")
        if source is None:
            return None
        path = Path(source).resolve()
        return path.stem if path.parent == CONF / "agent" else path.name


def resume_run(options: TrainOptions, gather: Gather) -> TrainOptions:
    """The options themselves, or with ``resume`` the learner, plant and scenario of that run.

    Raises
    ------
    InputError
        If the run folder is not one, or the command line contradicts it.
    """
    if options.resume is None:
        return options
    gather(_check_resume, options)
    gather.done()
    read_card(Path(options.resume) / LAST)
    old = resumed_config(options.resume)
    said = {_group(word) for word in options.words}
    taken = {key: old[key] for key in FROM_RUN if key in old}
    if "agent" in old and options.has_learner:  # at its first pace, however long it gets
        learner, steps = load_learner(options.env, options.learner), old.get("steps", options.steps)
        taken["agent"] = learner.settle(old["agent"] or {}, int(steps))
    taken |= {key: old[key] for key in UNLESS_SAID if key in old and key not in said}
    return read_options(TrainOptions, _merge(dataclasses.asdict(options), taken), gather)


def _group(word: str) -> str:
    """What a word of the command line is about: ``pool`` of ``pool.size=4``."""
    return word.lstrip("+~").split("=")[0].split(".")[0]


def _check_resume(options: TrainOptions) -> None:
    same = same_words(options.resume)  # said twice, and the same
    new = [w for w in options.words if w not in same]
    clash = [w for w in new if _group(w) in FROM_RUN]
    rule, right = "comes from the resumed run", "leave it out"
    if clash:
        raise InputError(
            [wrong(f"command line {w}", w.split("=")[0], rule, w, right) for w in clash]
        )
    config = Path(str(options.resume)) / "config.yaml"
    if config.is_file():
        old = read_yaml(config, literal=True)
        if unsaid := list_unsaid(old, DECIDERS, options.words, str(config)):
            raise InputError(unsaid)
    else:
        raise InputError.of(
            "command line",
            "resume",
            "must be a run folder of train.py",
            options.resume,
            "e.g. resume=runs/train/<date>",
        )


def _merge(here: Mapping[str, Any], laid_over: Mapping[str, Any]) -> dict[str, Any]:
    """Keys and values of both, key by key; what is laid over counts."""
    merged = dict(here)
    for key, value in laid_over.items():
        inside = merged.get(key)
        is_deep = isinstance(inside, Mapping) and isinstance(value, Mapping)
        merged[key] = _merge(inside, value) if is_deep else value
    return merged
