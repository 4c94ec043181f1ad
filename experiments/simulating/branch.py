"""Continues a logged run from any minute under another policy: same luck, or a fresh future."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf, open_dict
from omegaconf.errors import OmegaConfBaseException
from yaml import YAMLError

from experiments.building.order_book import dated, long_enough
from experiments.building.scenario import scenario_from
from experiments.command.overrides import PLAIN
from experiments.simulating.branch_point import minute_text, point_min, split_branch
from experiments.simulating.run_record import RunRecord, changes_since, load_record
from factory_env.domain.records import RunLog
from factory_env.domain.scenario import Scenario
from factory_env.door.gather import Gather
from factory_env.errors import ArtifactError, InputError, Problem, wrong
from factory_env.logfile import load_log
from factory_env.sim.factory import Factory
from factory_env.sim.history.fork import replayed
from factory_env.sim.history.logged_answers import logged_answers
from factory_env.sim.history.replay import Past

# what may stand beside branch=: the rest is the run's own
FREE: Final = ("agent", "params", "operations", "pictures", "branch", "luck", "fresh_seed")
ADOPTED: Final = (
    "plant",
    "scenario",
    "disruptions",
    "demand",
    "inspector",
    "site",
    "tariff",
    "control",
    "energy",
    "orders",
    "seed",
    "sources",
)
LUCK: Final = ("same", "fresh")
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

    @property
    def text(self) -> str:
        """The branch point for people."""
        return minute_text(self.at_min, self.first_day)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the comparison should know."""
        notes: list[str] = []
        if not any(row >= self.at_min for row in self.log.tables["decisions"]["now_min"]):
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
        return replayed(
            self.past, self.at_min, fresh_seed=self.fresh_seed, record_operations=record_operations
        )


def branch_from(cfg: DictConfig, words: Sequence[str] | None = None) -> Branch | None:
    """The branch of a config; None if it asks for none.

    The config takes over the run's scenario, plant, orders and seed, so that a run folder
    written with it says what the branch was made of.

    Parameters
    ----------
    words
        The command line's overrides; Hydra's if not given.

    Raises
    ------
    InputError
        With every reason why there can be no such branch.
    """
    gather = Gather()
    if words is None:
        words = HydraConfig.get().overrides.task if HydraConfig.initialized() else ()
    gather.add(_luck_problems(cfg))
    if cfg.branch is None:
        gather.done()
        return None
    gather.add(_not_free(words))
    place = gather(split_branch, str(cfg.branch))
    found = gather(_Folder, place[0]) if place is not None else None
    at_min = gather(found.minute, place[1]) if found is not None and place is not None else None
    gather.done()
    assert found is not None
    assert at_min is not None
    with open_dict(cfg):
        for key in ADOPTED:
            cfg[key] = found.config.get(key)
    seed = found.record.seed + 1 if cfg.fresh_seed is None else int(cfg.fresh_seed)
    return Branch(
        folder=found.path,
        at_min=at_min,
        fresh_seed=seed if cfg.luck == "fresh" else None,
        log=found.log,
        agent=str(found.config.get("agent")),
        past=found.past,
        first_day=found.record.first_day,
    )


class _Folder:
    """What a run folder holds, checked."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.is_dir():
            raise InputError(
                [
                    _problem(
                        str(path),
                        "folder",
                        "must be a run folder of simulate.py",
                        "no such folder",
                        "see runs/simulate/",
                    )
                ]
            )
        gather = Gather()
        log = gather(_log, path)
        record = gather(load_record, path)
        config = gather(_config, path)
        scenario = gather(_scenario, path, config) if config is not None else None
        if record is not None and scenario is not None:
            if record.orders:
                scenario = dated(long_enough(scenario, record.orders), record.first_day)
            gather.add(changes_since(record, scenario, path / "config.yaml"))
        gather.done()
        assert log is not None
        assert record is not None
        assert config is not None
        assert scenario is not None
        self.log: RunLog = log
        self.record: RunRecord = record
        self.config: DictConfig = config
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
            raise InputError(
                [
                    _problem(
                        "command line",
                        "branch",
                        "must lie within the run",
                        minute_text(at_min, first_day),
                        span,
                    )
                ]
            )
        return at_min


def _log(path: Path) -> RunLog:
    try:
        return load_log(path / "log")
    except ArtifactError as error:
        raise InputError(
            [
                _problem(
                    str(path),
                    "log",
                    "must be a whole log of this release",
                    str(error),
                    "give another run folder",
                )
            ]
        ) from None


def _config(path: Path) -> DictConfig:
    file = path / "config.yaml"
    try:
        config = OmegaConf.load(file)
        if not isinstance(config, DictConfig):
            raise YAMLError("holds no keys and values")
    except (OSError, YAMLError, OmegaConfBaseException, UnicodeDecodeError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(
            [_problem(str(file), "file", "must be as simulate.py wrote it", reason, "restore it")]
        ) from None
    return config


def _scenario(path: Path, config: DictConfig) -> Scenario:
    parts: dict[Any, Any] = {k: config[k] for k in config if k != "sources"}
    try:
        return scenario_from(OmegaConf.create(parts), ())
    except InputError as error:
        where = str(path / "config.yaml")
        raise InputError([dataclasses.replace(p, where=where) for p in error.problems]) from None


def _not_free(words: Sequence[str]) -> list[Problem]:
    """Overrides that would make it another run."""
    found = []
    for word in words:
        key = word.partition("=")[0].lstrip("+~").removeprefix(f"{PLAIN}.")
        if key.split(".")[0] in (*FREE, "hydra"):
            continue
        found.append(
            _problem(
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


def _luck_problems(cfg: DictConfig) -> list[Problem]:
    found = []
    seed = cfg.fresh_seed
    is_whole = isinstance(seed, int) and not isinstance(seed, bool) and 0 <= seed < 2**63
    if cfg.luck not in LUCK:
        found.append(
            _problem("command line", "luck", "must be same or fresh", repr(cfg.luck), "luck=same")
        )
    if seed is not None and not is_whole:
        found.append(
            _problem(
                "command line",
                "fresh_seed",
                "must be a whole number, 0 or more",
                repr(seed),
                "e.g. fresh_seed=1",
            )
        )
    if cfg.branch is None and (cfg.luck == "fresh" or seed is not None):
        found.append(
            _problem(
                "command line",
                "luck",
                "fresh luck needs a branch",
                "none",
                "branch=<run folder>@<day hh:mm>; or seed=...",
            )
        )
    elif cfg.luck == "same" and seed is not None:
        found.append(
            _problem(
                "command line",
                "fresh_seed",
                "is used with luck=fresh only",
                repr(seed),
                "luck=fresh",
            )
        )
    return found


def _problem(where: str, field: str, rule: str, got: str, right: str) -> Problem:
    return wrong(where, field, rule, got, right)
