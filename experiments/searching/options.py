"""What a person may say to ``search.py``, and what a resumed search has said already."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from experiments.building.scenario import ALWAYS_ON, FactoryConfig
from experiments.command.options import read_options
from experiments.command.run_folder import RunFolder
from experiments.evaluating.options import HeldOut
from experiments.training.choice import resumed_config, same_words
from experiments.training.options import Pool, TrainOptions, Validation
from factory_env.domain.limits import Decisions, Runs, Seed, Workers
from factory_env.door.gather import Gather
from factory_env.errors import InputError, Problem, wrong
from factory_env.extras import how_to_install

COMMAND_LINE: Final = "command line"
JOURNAL: Final = "journal.log"  # of a search: every trial, also of those that resume it
OWN: Final = ("trials", "workers", "resume", "words")  # what a resumed search says anew
# what a search and a training share
SHARED: Final = ("agent", "seed", "steps", "rival", "rival_params", "pool", "validation")


def default_validation() -> Validation:
    """Often enough for trials to be told apart before they end."""
    return Validation(every=4096)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchOptions(FactoryConfig):
    """See conf/search.yaml."""

    agent: Mapping[str, Any] = field(default_factory=dict)
    search: Mapping[str, Any] = field(default_factory=dict)
    seed: Seed = 1
    seeds: Runs = 3
    trials: Runs = 20
    steps: Decisions = 20_000
    workers: Workers = 2
    pruning: bool = True
    startup: Runs = 4
    resume: str | None = None
    rival: str = "atcs_match"
    rival_params: Mapping[str, Any] | None = field(default_factory=lambda: {"hold_beyond": 0.05})
    pool: Pool = field(default_factory=Pool)
    validation: Validation = field(default_factory=default_validation)

    def problems(self) -> Iterator[Problem]:
        """Is what searches installed? A site would be run by somebody of its own."""
        if find_spec("optuna") is None:
            rule, right = "needs Optuna, which is not installed", how_to_install("hpo")
            yield wrong(COMMAND_LINE, "search", rule, "search.py", right)
        if self.energy not in (None, ALWAYS_ON):
            yield wrong(COMMAND_LINE, "energy", "is not searched", self.energy, "leave it out")

    @property
    def training(self) -> TrainOptions:
        """The options of a training of the agent as its file says."""
        factory = {f.name: getattr(self, f.name) for f in dataclasses.fields(FactoryConfig)}
        shared = {key: getattr(self, key) for key in SHARED}
        return TrainOptions(**factory, **shared, eval=HeldOut(workers=self.workers))

    def course(self, settings: Mapping[str, Any], seed: int) -> TrainOptions:
        """The options of a training with other settings, laid over the agent's file."""
        agent = merge_settings(self.agent, settings)
        if self.workers > 1:
            agent["workers"] = 1  # the trials beside it use the other cores
        training, alone = self.training, HeldOut(workers=1)
        return dataclasses.replace(training, agent=agent, seed=seed, eval=alone, words=())


def merge_settings(agent: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings with dotted keys laid over those of a learner's file."""
    merged: dict[str, Any] = {
        key: dict(value) if isinstance(value, Mapping) else value for key, value in agent.items()
    }
    for key, value in settings.items():
        *above, last = key.split(".")
        place = merged
        for part in above:
            if not isinstance(place.get(part), dict):
                place[part] = {}  # null in the file
            place = place[part]
        place[last] = value
    return merged


def resume_search(
    options: SearchOptions, run: RunFolder, gather: Gather
) -> tuple[SearchOptions, Path | None]:
    """The options themselves, or with ``resume`` those of that search; where its journal lies.

    The run's own ``config.yaml`` says what it is really made of.

    Raises
    ------
    InputError
        If the folder holds no search, or the command line contradicts it.
    """
    if options.resume is None:
        return options, None
    home = gather(_find_journal, Path(options.resume))
    gather.add(_contradictions(options, options.resume if home is None else str(home)))
    gather.done()
    assert home is not None
    old = resumed_config(str(home))
    run.adopt({key: value for key, value in old.items() if key not in OWN})
    mine = {key: value for key, value in dataclasses.asdict(options).items() if key in OWN}
    return read_options(SearchOptions, {**old, **mine}, gather), home


def _find_journal(folder: Path) -> Path:
    """The folder in which a search began, of its own or of one that resumed it.

    Raises
    ------
    InputError
        If there is none.
    """
    place, seen = folder, set()
    while place not in seen and not (place / JOURNAL).is_file():
        seen.add(place)
        place = Path(str(resumed_config(str(place)).get("resume") or place))
    if not (place / JOURNAL).is_file():
        rule, right = "must be a run folder of search.py", "e.g. resume=runs/search/<date>"
        raise InputError.of(COMMAND_LINE, "resume", rule, folder, right)
    return place


def _contradictions(options: SearchOptions, home: str) -> Iterator[Problem]:
    same = same_words(home)
    for word in options.words:
        key = word.lstrip("+~").split("=")[0]
        if word not in same and key.split(".")[0] not in OWN:
            rule, right = "comes from the resumed search", "leave it out"
            yield wrong(f"{COMMAND_LINE} {word}", key, rule, word, right)
