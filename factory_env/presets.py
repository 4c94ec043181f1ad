"""Loads the shipped plants and scenarios of ``conf/``, or a user's own files, by name or path."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from omegaconf import OmegaConf

from factory_env.domain.energy import EnergySetup
from factory_env.domain.scenario import Scenario
from factory_env.door.asks import with_asks
from factory_env.door.energy_door import URDB, build_energy, placed
from factory_env.door.gather import Gather
from factory_env.door.holiday_door import close_holidays
from factory_env.door.mix_notes import note_mix
from factory_env.door.place_door import with_place
from factory_env.door.plants.plant_file import is_plant_book, place_problem, read_book
from factory_env.door.scenario_door import BULLETINS, build_scenario, note_hours, note_people
from factory_env.door.styles.own_work import OwnWork
from factory_env.door.styles.style_file import read_own_work
from factory_env.door.text_file import is_file, user_path
from factory_env.door.yaml_text import read_yaml
from factory_env.errors import InputError

CONF = Path(__file__).resolve().parents[1] / "conf"
CALM = "calm"  # the level of disruptions where nobody asks for one
HERE = "_here_"  # in ``defaults``: what a file brings stands at the top
CHOICE = re.compile(r"override /(?P<group>\w+)@_global_\.(?P=group)")  # a file asks for another
DEFAULT_SITE = "grid_only"  # where a tariff is given alone
DEFAULT_TARIFF = "bd_industry"  # where a site is given alone
FIRST_TRAINING_SEED = 1_000_000_000  # of episodes without a given seed; no held-out one is as high
# where somebody is to run a site, and none is named
SITE_TO_RUN: Mapping[str, str] = {"site": "pv_battery", "tariff": "us_demand"}
ENERGY_PARTS = ("site", "tariff", "control")
# groups of conf/ whose name, which the user types, is not that of the scenario's field
FIELD_OF_GROUP: Mapping[str, str] = {"demand": "market", "inspector": "inspection"}

Plain = Mapping[str, Any]


def load_scenario(
    plant: str = "mid",
    scenario: str = "default",
    overrides: Mapping[str, Any] | None = None,
    disruptions: str | None = None,
    site: str | None = None,
    tariff: str | None = None,
    demand: str | None = None,
    inspector: str | None = None,
    styles: str | Path | None = None,
    bulletins: str | Path | None = None,
) -> Scenario:
    """A checked scenario.

    Parameters
    ----------
    plant, scenario
        A shipped name (``small``, ``mid``, ``large``, ``uci``; ``default``, ``real``, ``uci``,
        ``suite/tight`` and others of docs/suite.md) or the path of a YAML file; a plant may also
        be a workbook (`new_plant.py` writes one).
    overrides
        Dotted keys and values laid over the scenario file, e.g. ``{"demand.load": 1.0}``; keys
        that begin with ``disruptions.``, ``site.`` or ``tariff.`` are laid over these files,
        those that begin with ``market.`` over the demand file, with ``inspection.`` over the
        inspector's file;
        ``control.`` holds the fields of `Control`.
    disruptions
        A name in ``conf/disruptions`` (``calm``, ``normal``, ``rough``, ...) or the path of a YAML
        file. None = the level that a shipped scenario asks for, else ``calm``.
    site, tariff
        A name in ``conf/site`` and ``conf/tariff``, or the path of a YAML file; a tariff may also
        be a JSON file of the Utility Rate Database. None = energy is not accounted for; one of
        them alone brings the other, ``grid_only`` or ``bd_industry``.
    demand
        A name in ``conf/demand`` (``default``, ``gan``, ``drawn``, ...) or the path of a YAML file:
        whose designs become demand. None = what a shipped scenario asks for, else ``default``.
    inspector
        ``cnn``, ``cnn_live``, ``human``, ``perfect``, ``none`` or the path of a YAML file: who
        judges at the inspection station. None = the scenario's own inspector at the plain gate.
    styles
        A file of one's own styles (`read_own_work`); products that have some are ordered in them.
    bulletins
        A file or a folder of one's own operation bulletins. One that bears a product's name is
        how that product is sewn, one that bears a style's name how that style is.

    Whatever was settled on the way and should be known is said as a warning (`UserWarning`).

    Raises
    ------
    InputError
        If a name is unknown or anything in the files is wrong.
    """
    asked = read_choices("scenario", scenario)
    disruptions = disruptions or asked.get("disruptions", CALM)
    demand = demand or asked.get("demand", "default")
    beside = {
        "disruptions": read_group("disruptions", disruptions),
        "market": read_group("demand", demand),
    }
    if inspector is not None:
        beside["inspection"] = read_group("inspector", inspector)
    where = f"plant={plant} scenario={scenario} disruptions={disruptions}:"
    if site is not None or tariff is not None:
        site, tariff = site or DEFAULT_SITE, tariff or DEFAULT_TARIFF
        beside |= {
            "site": read_source("site", site),
            "tariff": read_source("tariff", tariff),
            "control": {},
        }
        where = f"{where[:-1]} site={site} tariff={tariff}:"
    plain: Any = _override(read_group("scenario", scenario) | beside, overrides or {})
    given = {name: plain.pop(name) for name in beside}
    parts = Parts(
        scenario=plain,
        plant=read_group("plant", plant),
        styles=None if styles is None else str(styles),
        bulletins=None if bulletins is None else str(bulletins),
        **given,
    )
    built, of_work, of_energy = _assemble(parts, where)
    for note in (*of_work, *note_mix(built), *of_energy[1:]):  # where the site lies is no news
        warnings.warn(note, stacklevel=2)
    return built


def _override(values: dict[str, Any], overrides: Mapping[str, Any]) -> Any:
    if not overrides:
        return values
    config = OmegaConf.create(values)
    for key, value in overrides.items():
        OmegaConf.update(config, key, value, force_add=True)
    return OmegaConf.to_container(config, resolve=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts of a scenario as plain values, not yet checked, each like a file of ``conf/``.

    None = that of the code: calm, plain designs, the scenario's own inspector, no energy side.
    """

    scenario: Plain
    plant: Plain
    disruptions: Plain | None = None
    market: Plain | None = None  # a file of conf/demand
    inspection: Plain | None = None  # a file of conf/inspector
    site: Plain | None = None
    tariff: Plain | None = None
    control: Plain | None = None
    styles: str | None = None  # path of a file
    bulletins: str | None = None  # path of a file or a folder
    own: OwnWork | None = None  # read already: the paths are not looked at


def assemble(parts: Parts, where: str = "config") -> tuple[Scenario, tuple[str, ...]]:
    """A checked scenario, and what its user should know about it.

    With a site or a tariff it has one; the missing one of both is ``grid_only`` or
    ``bd_industry``.

    Raises
    ------
    InputError
        With the problems of all parts.
    """
    built, of_work, of_energy = _assemble(parts, where)
    return built, of_work + of_energy


def _assemble(parts: Parts, where: str) -> tuple[Scenario, tuple[str, ...], tuple[str, ...]]:
    """A checked scenario, notes on its work, and on its energy side, the place first."""
    said: Any = with_asks({f.name: getattr(parts, f.name) for f in fields(parts)}, where)
    parts = Parts(**said)
    gather = Gather()
    beside = (parts.disruptions, parts.market, parts.inspection)
    bulletins = parts.bulletins or parts.plant.get(BULLETINS)
    own = parts.own or gather(read_own_work, parts.styles, bulletins)
    if own is None:
        gather.done()  # what else is wrong may follow from it
    assert own is not None
    built = gather(build_scenario, parts.scenario, parts.plant, where, *beside, own)
    has_energy = parts.site is not None or parts.tariff is not None
    energy = _assemble_energy(parts, built, gather, where) if has_energy else None
    gather.done()
    assert built is not None
    first_day = None
    if energy is not None:
        built, first_day = built.replace(energy=energy[0]), energy[0].site.first_day
    closed, of_holidays = close_holidays(built, first_day, f"{where} scenario")
    of_styles = (*own.notes, *own.sewing_notes(built))
    notes = (*note_people(built), *note_hours(built), *of_styles, *of_holidays)
    return closed, notes, () if energy is None else energy[1]


def _assemble_energy(
    parts: Parts, built: Scenario | None, gather: Gather, where: str
) -> tuple[EnergySetup, tuple[str, ...]] | None:
    """The energy side and its notes, the place first; what is wrong is gathered."""
    site = read_source("site", DEFAULT_SITE) if parts.site is None else parts.site
    tariff = read_source("tariff", DEFAULT_TARIFF) if parts.tariff is None else parts.tariff
    lying = gather(with_place, site, tariff, read_place, place_names(), f"{where} site")
    energy = gather(
        build_energy,
        {**site, "place": None} if lying is None else lying[0],
        tariff,
        parts.control,
        workers=None if built is None else built.plant.workers,
        days=None if built is None else built.calendar.calendar_days(built.horizon_days),
        where=where,
    )
    if energy is None or lying is None:
        return None
    return energy.setup, (lying[1], *energy.notes)


def read_place(name: str) -> dict[str, Any]:
    """Contents of ``conf/place/<name>.yaml`` or of the YAML file ``name``."""
    return read_group("place", name)


def place_names() -> tuple[str, ...]:
    """The places that ship."""
    return list_names("place")


def read_source(group: str, name: str) -> dict[str, Any]:
    """Contents of a site or tariff file; what they name begins at the file's own folder."""
    path = user_path(name)
    if group == "tariff" and name.lower().endswith(".json"):
        if is_file(name):
            return {URDB: str(path.resolve()), "label": ""}
        raise InputError.of(
            "config",
            group,
            "must be a file that exists",
            repr(name),
            "a JSON file of the Utility Rate Database",
        )
    if is_file(name) and not is_shipped(group, name):
        return placed(read_group(group, str(path)), path.parent)
    return read_group(group, name)


def read_group(group: str, name: str) -> dict[str, Any]:
    """Contents of ``conf/<group>/<name>.yaml`` or of the YAML file ``name``."""
    path = _find_file(group, name)
    if group == "plant" and is_plant_book(str(path)):
        return _read_plant_book(path)
    content = read_yaml(path)
    own = None if is_shipped(group, name) else str(path)
    if own is not None and group == "plant" and isinstance(content.get(BULLETINS), str):
        content[BULLETINS] = str((path.parent / content[BULLETINS]).resolve())
    return _with_shared(content, str(path), own)


def _read_plant_book(path: Path) -> dict[str, Any]:
    """The plant of a workbook; where cells are wrong, the rules of every plant are told, too."""
    book = read_book(path)
    if not book.problems:
        return book.plain
    gather = Gather()
    plain = {key: part for key, part in book.plain.items() if key != BULLETINS}
    gather(assemble, Parts(scenario=read_group("scenario", "default"), plant=plain))
    gather(read_own_work, None, book.plain.get(BULLETINS))
    told = [place_problem(problem, path, book.cells) for problem in gather.problems]
    seen = {problem.where for problem in book.problems}
    beside = [p for p in told if p.where.startswith(str(path)) and p.where not in seen]
    raise InputError([*book.problems, *beside])


def read_choices(group: str, name: str) -> dict[str, str]:
    """What a shipped file asks for in other groups: ``{"disruptions": "rough"}``.

    As in Hydra it holds where the user does not say otherwise.
    """
    if not is_shipped(group, name):
        return {}
    words = read_yaml(_find_file(group, name)).get("defaults") or ()
    asked = {
        str(key): str(value)
        for word in words
        if isinstance(word, dict)
        for key, value in word.items()
    }
    return {found["group"]: asked[key] for key in asked if (found := CHOICE.fullmatch(key))}


def list_names(group: str) -> tuple[str, ...]:
    """The files that ship in a group and its folders, as a user names them."""
    return tuple(
        sorted(
            name.removeprefix(f"{group}/")
            for name in _file_names(CONF)
            if name.startswith(f"{group}/")
        )
    )


def _find_file(group: str, name: str) -> Path:
    shipped = list_names(group)
    if name in shipped:
        return CONF / group / f"{name}.yaml"
    if not is_file(name):
        raise InputError.of(
            "config",
            group,
            f"must be a known {group} or the path of a YAML file",
            repr(name),
            f"one of {', '.join(shipped)}",
        )
    return user_path(name)


def _with_shared(content: dict[str, Any], where: str, own: str | None) -> dict[str, Any]:
    """A file over what its ``defaults: [/folder/file@key]`` bring, as in Hydra; shipped files.

    Parameters
    ----------
    own
        The path of a user's file, which asks for nothing in other groups; None = it ships.
    """
    words = content.pop("defaults", None)
    whole: dict[str, Any] = {}
    for word in words if isinstance(words, list) else () if words is None else (words,):
        if word == "_self_" or (own is None and _is_choice(word)):
            continue
        path, _, key = str(word).partition("@")
        folder, _, name = path.strip("/").partition("/")
        if not key or not is_shipped(folder, name):
            right = "- /_station/default@station, as in conf/inspector; or leave it out"
            raise InputError.of(where, "defaults", "must name shipped files", repr(word), right)
        if own is not None and (asked := read_choices(folder, name)):
            rule, beside = "is for shipped files", " ".join(f"{k}={v}" for k, v in asked.items())
            right = f"/{folder}/default@{HERE}, and {beside} on the command line"
            raise InputError.of(
                where, "defaults", f"a file that asks for {beside} {rule}", repr(word), right
            )
        brought = read_group(folder, name)
        whole = _merge(whole, brought if key == HERE else {key: brought})
    return _merge(whole, content)


def _is_choice(word: object) -> bool:
    return isinstance(word, dict) and all(CHOICE.fullmatch(str(key)) for key in word)


def _merge(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Mappings key by key, anything else as a whole: as OmegaConf merges plain values."""
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        if isinstance(under, dict) and isinstance(value, dict):
            value = _merge(under, value)
        merged[key] = value
    return merged


def is_shipped(folder: str, name: str) -> bool:
    """Does `conf/<folder>/<name>.yaml` exist? A name that climbs out of it does not count."""
    return Path(folder, name).as_posix() in _file_names(CONF)


@lru_cache(maxsize=4)
def _file_names(conf: Path) -> frozenset[str]:
    """Every file that ships, ``plant/mid``; looked for once a process."""
    return frozenset(p.relative_to(conf).with_suffix("").as_posix() for p in conf.rglob("*.yaml"))
