"""A run folder of ``simulate.py`` read back: config, log, and a past that can be lived again."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from experiments.building.decider import is_own
from experiments.building.order_book import dated, long_enough
from experiments.building.scenario import FactoryConfig, scenario_and_notes
from experiments.command.options import read_options
from experiments.command.overrides import PLAIN
from experiments.simulating.run_record import RunRecord, changes_since, check_log, load_record
from factory_env.domain.records import RunLog
from factory_env.domain.scenario import Scenario
from factory_env.door.gather import Gather
from factory_env.door.styles.own_work import OwnWork
from factory_env.door.yaml_text import read_yaml
from factory_env.errors import ArtifactError, InputError, Problem, wrong
from factory_env.logfile import load_log
from factory_env.sim.history.logged_answers import logged_answers
from factory_env.sim.history.replay import Past

# keys of a run's config without which it is another run
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
    "floor",
    "seed",
    "sources",
)


class LoggedRun:
    """What a run folder holds.

    Raises
    ------
    InputError
        With everything that is wrong with the folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.is_dir():
            rule, right = "must be a run folder of simulate.py", "see runs/simulate/"
            raise InputError.of(str(path), "folder", rule, "no such folder", right)
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
        self.params: Mapping[str, Any] = config.get("params") or {}
        self.adopted = {key: config.get(key) for key in ADOPTED}
        self.past = Past(
            scenario=scenario,
            seed=record.seed,
            orders=record.orders,
            opening=record.opening,
            answers=logged_answers(log, scenario),
            renewals=record.renewals,
            changes=record.changes,
        )


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


def refuse_others(
    words: Sequence[str], free: Sequence[str], rule: str, beside: str
) -> list[Problem]:
    """Overrides that would make it another run.

    Parameters
    ----------
    free
        Keys that may be set.
    beside
        The key that names the run.
    """
    return [
        wrong(
            "command line",
            key,
            rule,
            repr(word),
            "for another future: luck=fresh fresh_seed=..."
            if key == "seed"
            else f"leave it out, or run simulate.py without {beside}",
        )
        for word in words
        if not _is_free(word, key := _key(word), free)
    ]


def _key(word: str) -> str:
    return word.partition("=")[0].lstrip("+~").removeprefix(f"{PLAIN}.")


def _is_free(word: str, key: str, free: Sequence[str]) -> bool:
    value = word.partition("=")[2].replace("'", "")
    return key.split(".")[0] in (*free, "hydra") or (key == "energy" and is_own(value))
