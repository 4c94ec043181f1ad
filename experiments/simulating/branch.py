"""Continues a logged run from any minute under another policy: same luck, or a fresh future."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from experiments.building.decider import is_own, list_unsaid
from experiments.building.order_book import dated, long_enough
from experiments.building.scenario import FactoryConfig, scenario_and_notes
from experiments.command.options import read_options
from experiments.command.overrides import PLAIN
from experiments.simulating.branch_point import minute_text, point_min, split_branch
from experiments.simulating.options import SimulateOptions
from experiments.simulating.run_record import (
    RunRecord,
    changes_since,
    check_log,
    load_record,
)
from factory_env.domain.records import RunLog
from factory_env.domain.scenario import Scenario
from factory_env.door.gather import Gather
from factory_env.door.styles.own_work import OwnWork
from factory_env.door.yaml_text import read_yaml
from factory_env.errors import ArtifactError, InputError, Problem, wrong
from factory_env.logfile import load_log
from factory_env.sim.factory import Factory
from factory_env.sim.history.logged_answers import logged_answers
from factory_env.sim.history.replay import Past

# what may stand beside branch=: the rest is the run's own
FREE: Final = ("agent", "params", "operations", "pictures", "branch", "luck", "fresh_seed")
ADOPTED: Final = (
    "plant",
    "scenario",
    "disruptions",
    "demand",
    "styles",
    "bulletins",
    "inspector",
    "site",
    "tariff",
    "control",
    "energy",
    "orders",
    "seed",
    "sources",
)
BOUND: Final = (
    "can not be set beside branch=: a branch lives the run's own past again, and that is exact "
    "under its own scenario, orders and seed only"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A run, and the minute from which it goes on otherwise."""

    folder: Path
    at_min: float
    fresh_seed: int | None  # None = the same luck
    log: RunLog  # of the run
    agent: str  # of the run
    past: Past
    first_day: date | None
    config: FactoryConfig  # of the run
    adopted: Mapping[str, Any]  # keys of the run's config that the branch takes over

    @property
    def text(self) -> str:
        """The branch point for people."""
        return minute_text(self.at_min, self.first_day)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the comparison should know."""
        notes: list[str] = []
        if not any(row.now_min >= self.at_min for row in self.past.answers):
            notes.append(f"the run asks nothing at or after {self.text}: nothing can change")
        if self.fresh_seed is not None:
            notes.append(
                f"fresh luck from {self.text} on (seed {self.fresh_seed}): the difference to the "
                "run is luck as well as policy; compare branches of one fresh_seed with each other"
            )
        return tuple(notes)

    def factory(self, *, record_operations: bool) -> Factory:
        """The run lived again up to the branch point.

        Raises
        ------
        ArtifactError
            If it asks other questions than the log holds.
        """
        return Factory.of(
            self.past, self.at_min, fresh_seed=self.fresh_seed, record_operations=record_operations
        )


def branch_from(text: str, options: SimulateOptions) -> Branch:
    """The branch that a person asks for with ``branch=text``.

    Raises
    ------
    InputError
        With every reason why there can be no such branch.
    """
    gather = Gather()
    gather.add(_not_free(options.words))
    place = gather(split_branch, text)
    found = gather(_Folder, place[0]) if place is not None else None
    at_min = gather(found.minute, place[1]) if found is not None and place is not None else None
    if found is not None:
        where = str(found.path / "config.yaml")
        gather.add(list_unsaid(found.adopted, ["energy"], options.words, where))
    gather.done()
    assert found is not None
    assert at_min is not None
    seed = found.record.seed + 1 if options.fresh_seed is None else options.fresh_seed
    return Branch(
        folder=found.path,
        at_min=at_min,
        fresh_seed=seed if options.luck == "fresh" else None,
        log=found.log,
        agent=found.agent,
        past=found.past,
        first_day=found.record.first_day,
        config=found.config,
        adopted=found.adopted,
    )


class _Folder:
    """What a run folder holds, checked."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.is_dir():
            raise InputError.of(
                str(path),
                "folder",
                "must be a run folder of simulate.py",
                "no such folder",
                "see runs/simulate/",
            )
        gather = Gather()
        log = gather(_log, path)
        record = gather(load_record, path)
        config = gather(_config, path)
        own = None if record is None else record.own
        factory = gather(_factory, path, config, own) if config is not None else None
        if record is not None and factory is not None:
            scenario = factory[1]
            if record.orders:
                scenario = dated(long_enough(scenario, record.orders), record.first_day)
            gather.add(changes_since(record, scenario, path / "config.yaml"))
        if record is not None and log is not None:
            gather(check_log, record, path)
        gather.done()
        assert log is not None
        assert record is not None
        assert config is not None
        assert factory is not None
        self.log: RunLog = log
        self.record: RunRecord = record
        self.config = factory[0]
        self.agent = str(config.get("agent"))
        self.adopted = {key: config.get(key) for key in ADOPTED}
        self.past = Past(
            scenario=scenario,
            seed=record.seed,
            orders=record.orders,
            answers=logged_answers(log, scenario),
            renewals=record.renewals,
        )

    def minute(self, point: str) -> float:
        """The wall minute of a branch point, within the run."""
        first_day, end_min = self.record.first_day, self.log.end_min
        at_min = point_min(point, first_day)
        if not 0.0 <= at_min <= end_min:
            span = f"{minute_text(0.0, first_day)} to {minute_text(end_min // 1.0, first_day)}"
            raise InputError.of(
                "command line",
                "branch",
                "must lie within the run",
                minute_text(at_min, first_day),
                span,
            )
        return at_min


def _log(path: Path) -> RunLog:
    try:
        return load_log(path / "log")
    except ArtifactError as error:
        raise InputError.of(
            str(path),
            "log",
            "must be a whole log of this release",
            str(error),
            "give another run folder",
        ) from None


def _config(path: Path) -> dict[str, Any]:
    file = path / "config.yaml"
    try:
        return read_yaml(file, literal=True)
    except InputError as error:
        reason = "; ".join(f"{p.rule}, got {p.got}" for p in error.problems)
        raise InputError.of(
            str(file), "file", "must be as simulate.py wrote it", reason, "restore it"
        ) from None


def _factory(
    path: Path, config: Mapping[str, Any], own: OwnWork | None
) -> tuple[FactoryConfig, Scenario]:
    gather = Gather()
    parts = read_options(FactoryConfig, {k: v for k, v in config.items() if k != "sources"}, gather)
    scenario = None if gather.problems else gather(scenario_and_notes, parts, own)
    if scenario is None:
        where = str(path / "config.yaml")
        raise InputError([dataclasses.replace(p, where=where) for p in gather.problems])
    return parts, scenario[0]


def _value(word: str) -> str:
    return word.partition("=")[2].replace("'", "")


def _not_free(words: Sequence[str]) -> list[Problem]:
    """Overrides that would make it another run."""
    found = []
    for word in words:
        key = word.partition("=")[0].lstrip("+~").removeprefix(f"{PLAIN}.")
        if key.split(".")[0] in (*FREE, "hydra") or (key == "energy" and is_own(_value(word))):
            continue
        found.append(
            wrong(
                "command line",
                key,
                BOUND,
                repr(word),
                "for another future: luck=fresh fresh_seed=..."
                if key == "seed"
                else "leave it out, or run simulate.py without branch=",
            )
        )
    return found
