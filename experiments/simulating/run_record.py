"""``run.json``: what a run was, so that it can be lived again from its folder.

The log holds the answers; this file holds seed, given orders, renewals of the luck and the
resolved scenario. A run whose config is no longer what it was can not be continued.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
from pydantic import TypeAdapter, ValidationError

from experiments.command.run_folder import plain as plain_values
from experiments.command.run_folder import write_json
from factory_env.domain.changes import Change
from factory_env.domain.floor_state import FloorState
from factory_env.domain.limits import Seed
from factory_env.domain.order import Order
from factory_env.domain.scenario import Scenario
from factory_env.door.changes_json import dump_changes, load_changes
from factory_env.door.styles.own_work import OwnWork, collect_own_work
from factory_env.errors import InputError, Problem, wrong
from factory_env.plain_json import read_json
from factory_env.presets import FIELD_OF_GROUP
from factory_env.sim.history.replay import Past, Renewal

NAME: Final = "run.json"
LOG: Final = "log"  # folder of the log in a run folder
VERSION: Final = 1
OWN: Final = TypeAdapter(OwnWork)
# came after runs were recorded: where they are empty, a scenario is what it was before
LATER: Final = ("plant.calendar", "calendar.closed_dates")
OF_USERS: Final = ("styles", "new_products")  # tables that older runs did not have
Leaves = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """A run folder's ``run.json``."""

    seed: int
    orders: tuple[Order, ...] | None  # the book the run was given; None = it drew its own
    first_day: date | None  # of a given book with dates: the Monday that is day 0
    renewals: tuple[Renewal, ...]
    scenario: Leaves  # every number of the scenario by its dotted path
    own: OwnWork  # its user's styles, products and bulletins as they were
    log_sha256: Mapping[str, str]  # of the files of its log; empty in older runs
    opening: FloorState | None = None  # with which it began
    changes: tuple[Change, ...] = ()  # what happened to it


def save_record(past: Past, first_day: date | None, folder: Path) -> Path:
    """Write ``run.json`` into a run folder."""
    path = folder / NAME
    orders = past.orders
    content = {
        "record_version": VERSION,
        "seed": past.seed,
        "first_day": None if first_day is None else first_day.isoformat(),
        "renewals": [dataclasses.asdict(r) for r in past.renewals],
        "scenario": leaves_of(past.scenario),
        "own": OWN.dump_python(collect_own_work(past.scenario), mode="json"),
        "orders": None if orders is None else [dataclasses.asdict(o) for o in orders],
        "opening": None if past.opening is None else dataclasses.asdict(past.opening),
        "changes": dump_changes(past.changes),
    }
    sums = {"content_sha256": _digest(content), "log_sha256": _file_digests(folder)}
    write_json(path, content | sums)
    return path


def load_record(folder: Path) -> RunRecord:
    """The ``run.json`` of a run folder.

    Raises
    ------
    InputError
        If there is none, or it is damaged or of another version.
    """
    path = folder / NAME
    try:
        raw = read_json(path)
        version = raw["record_version"]
        if version != VERSION:
            raise _wrong(path, f"must be of version {VERSION}", str(version))
        if "content_sha256" in raw and raw["content_sha256"] != _digest(raw):
            raise ValueError("its orders, days or renewals are not those of the run")
        values = {field.name: raw[field.name] for field in dataclasses.fields(_Record)[:-2]}
        values["opening"] = raw.get("opening")
        values["log_sha256"] = raw.get("log_sha256", {})
        plain = TypeAdapter(_Record).validate_python(values)
        return RunRecord(
            seed=plain.seed,
            orders=plain.orders,
            first_day=None if plain.first_day is None else date.fromisoformat(plain.first_day),
            renewals=plain.renewals,
            scenario=plain.scenario,
            own=OWN.validate_python(raw.get("own", {})),
            opening=plain.opening,
            changes=load_changes(raw.get("changes", ())),
            log_sha256=plain.log_sha256,
        )
    except OSError:
        raise _wrong(path, "must be there", "nothing") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        got = f"{place}: {first['msg']}"
        raise _wrong(path, "must be as simulate.py wrote it", got) from None
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise _wrong(path, "must be as simulate.py wrote it", repr(error)) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """What ``run.json`` holds, as plain values."""

    seed: Seed
    orders: tuple[Order, ...] | None
    first_day: str | None
    renewals: tuple[Renewal, ...]
    scenario: Leaves
    log_sha256: Mapping[str, str]
    opening: FloorState | None = None


def _digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of what a run was given beside its scenario and its seed."""
    given = {key: content[key] for key in ("orders", "first_day", "renewals", "own")}
    if content.get("opening") is not None:
        given["opening"] = content["opening"]
    if content.get("changes"):
        given["changes"] = content["changes"]
    return hashlib.sha256(json.dumps(plain_values(given), sort_keys=True).encode()).hexdigest()


def _file_digests(folder: Path) -> dict[str, str]:
    """SHA-256 of the files of the log that lies in a run folder."""
    files = sorted(path for path in (folder / LOG).glob("*") if path.is_file())
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def check_log(record: RunRecord, folder: Path) -> None:
    """Refuse a log that is not the run's own. Older runs have no checksums.

    Raises
    ------
    InputError
        With the files whose content is another one.
    """
    digests, now = record.log_sha256, _file_digests(folder)
    changed = [name for name, digest in digests.items() if now.get(name, digest) != digest]
    more = [name for name in now if digests and name not in digests]
    if changed or more:
        rule, right = "must be as simulate.py wrote it", "restore it, or run simulate.py again"
        files = ", ".join(sorted(changed + more))
        raise InputError.of(str(folder / LOG), "log", rule, f"other content in {files}", right)


def leaves_of(scenario: Scenario) -> Leaves:
    """Every number and name of a scenario by its dotted path; tables and series as a hash."""
    parts = dataclasses.asdict(scenario)
    tables = parts.pop("library")
    tables.pop("bulletins")  # whatever is sewn by them has its operations
    kept = {key: table for key, table in tables.items() if table or key not in OF_USERS}
    library = json.dumps(kept, sort_keys=True)
    found = dict(_leaves(json.loads(json.dumps(parts, default=_hash)), ""))
    found["library"] = hashlib.sha256(library.encode()).hexdigest()
    return {path: leaf for path, leaf in found.items() if leaf or path not in LATER}


def digest_scenario(scenario: Scenario) -> str:
    """SHA-256 of every number, name and table of a scenario."""
    return hashlib.sha256(json.dumps(leaves_of(scenario), sort_keys=True).encode()).hexdigest()


def _hash(values: Any) -> str:
    """Timetables and series of a tariff or a site."""
    if not isinstance(values, np.ndarray):
        raise TypeError(f"no JSON for {type(values).__name__}")
    return hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()


def changes_since(record: RunRecord, scenario: Scenario, config: Path) -> list[Problem]:
    """What is no longer as it was when the run was made."""
    now, was = leaves_of(scenario), record.scenario
    return [
        wrong(
            str(config),
            _key(path),
            "must be as it was in the run",
            repr(now[path]) if path in now else "nothing",
            _right(path, was),
        )
        for path in [*was, *(p for p in now if p not in was)]
        if not _is_the_same(path, was, now)
    ]


def _is_the_same(path: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """A key that says nothing is one that older runs did not have."""
    return bool(was.get(path, {}) == now.get(path, {}))


def _key(path: str) -> str:
    """A leaf as the config calls it."""
    first = path.split(".")[0]
    if first == "energy":
        return path.removeprefix("energy.")
    for group, field in FIELD_OF_GROUP.items():
        if first == field:
            return path.replace(field, group, 1)
    return path if first in ("plant", "disruptions") else f"scenario.{path}"


def _right(path: str, was: Mapping[str, Any]) -> str:
    if path == "library":
        return "the tables in factory_env/data of the run's release; or run simulate.py again"
    return f"the run had {was[path]!r}" if path in was else "the run had no such key; run it again"


def _leaves(node: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(node, dict) and node:
        for key, item in node.items():
            yield from _leaves(item, f"{path}.{key}".lstrip("."))
    elif isinstance(node, list) and node:
        for i, item in enumerate(node):
            yield from _leaves(item, f"{path}[{i}]")
    else:
        yield path, node


def _wrong(path: Path, rule: str, got: str) -> InputError:
    right = "give a run folder of this release's simulate.py"
    return InputError.of(str(path), "file", rule, got, right)
