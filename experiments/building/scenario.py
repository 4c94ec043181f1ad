"""What a config says about the factory, and the scenario that is made of it."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from factory_env.domain.scenario import Scenario
from factory_env.door.mix_notes import note_mix
from factory_env.door.places import dotted, key_lines, line_of
from factory_env.door.plants.plant_file import is_plant_book, with_cell
from factory_env.door.styles.book_sheets import find_own_sheets
from factory_env.door.styles.own_work import OwnWork
from factory_env.errors import InputError, Problem
from factory_env.presets import ENERGY_PARTS, FIELD_OF_GROUP, Parts, Plain, assemble

Config = TypeVar("Config", bound="FactoryConfig")
ALWAYS_ON = "always_on"  # the site as nobody runs it: needs no policy and no questions
BATTERY_KEEPER = "pretrained"  # the look-ahead: runs a site with a battery where nobody is named


@dataclass(frozen=True, slots=True, kw_only=True)
class FactoryConfig:
    """What a config says about the factory: plain parts, and where they come from.

    The options of a command that builds one inherit from it.
    """

    scenario: Plain = field(default_factory=dict)
    plant: Plain = field(default_factory=dict)
    disruptions: Plain | None = None
    demand: Plain | None = None
    inspector: Plain | None = None
    site: Plain | None = None
    tariff: Plain | None = None
    control: Plain | None = None
    styles: str | None = None  # path of a file of own styles
    bulletins: str | None = None  # path of a file or folder of own bulletins
    energy: str | None = ALWAYS_ON  # who runs the site; None = see `site_agent`
    sources: Mapping[str, str] = field(default_factory=dict)  # group -> file
    words: tuple[str, ...] = ()  # the command line's overrides, to name the guilty one

    @property
    def plant_name(self) -> str:
        """The plant as its file calls it."""
        return str(self.plant.get("name"))

    @property
    def site_agent(self) -> str:
        """Who runs the site: who is named, else the look-ahead if there is a battery to run."""
        if self.energy is not None:
            return self.energy
        return BATTERY_KEEPER if self._battery_kwh > 0.0 else ALWAYS_ON

    @property
    def _battery_kwh(self) -> float:
        """Capacity of the site's battery; 0 also where it is no number, which is refused later."""
        battery = (self.site or {}).get("battery")
        capacity = battery.get("capacity_kwh") if isinstance(battery, Mapping) else None
        return float(capacity) if isinstance(capacity, int | float) else 0.0

    @property
    def site_note(self) -> tuple[str, ...]:
        """What the user should know: a battery that rests, or who runs it where nobody is named."""
        if self.site_agent == ALWAYS_ON and self._battery_kwh > 0.0:
            return (f"the site's battery of {self._battery_kwh:g} kWh rests: energy={ALWAYS_ON}",)
        if self.energy is not None or self.site_agent == ALWAYS_ON:
            return ()
        return (
            "the site has a battery and energy= names nobody to run it: the look-ahead that ships "
            f"does (energy={BATTERY_KEEPER}); energy={ALWAYS_ON} leaves the battery idle",
        )

    @property
    def parts(self) -> Parts:
        """The parts of the scenario; a site that somebody runs asks in every slot."""
        is_run = self.site_agent != ALWAYS_ON
        return Parts(
            scenario=self.scenario,
            plant=self.plant,
            disruptions=self.disruptions,
            market=self.demand,
            inspection=self.inspector,
            site=self.site,
            tariff=self.tariff,
            control={**(self.control or {}), **({"mode": "agent"} if is_run else {})},
            styles=self.styles,
            bulletins=self.bulletins,
        )


def scenario_from(config: FactoryConfig) -> Scenario:
    """The checked scenario of a config; see `scenario_and_notes`."""
    return scenario_and_notes(config)[0]


def with_own_sheets(config: Config, book: str | None) -> tuple[Config, tuple[str, ...]]:
    """The config with the sheets of an order book's workbook where it names no file, and a note.

    Raises
    ------
    InputError
        If the workbook cannot be opened.
    """
    sheets = {} if book is None else find_own_sheets(book)
    sheets = {key: sheet for key, sheet in sheets.items() if getattr(config, key) is None}
    if not sheets:
        return config, ()
    note = f"of the workbook the sheets {' and '.join(sheets)} are read, too"
    return dataclasses.replace(config, **sheets), (note,)


def announce_scenario(config: FactoryConfig) -> Scenario:
    """The checked scenario of a config, for drawn demand; its notes are said on stderr."""
    scenario, notes = scenario_and_notes(config)
    for note in (*notes, *note_mix(scenario)):
        print(f"note: {note}", file=sys.stderr)
    return scenario


def scenario_and_notes(
    config: FactoryConfig, own: OwnWork | None = None
) -> tuple[Scenario, tuple[str, ...]]:
    """The checked scenario of a config, and what its user should know about it.

    ``own`` stands for what the config's files of styles and bulletins said when they were read.

    Raises
    ------
    InputError
        With every problem, and the file and line or the override it comes from.
    """
    try:
        return assemble(dataclasses.replace(config.parts, own=own))
    except InputError as error:
        raise InputError(
            [_placed(p, config.sources, config.words) for p in error.problems]
        ) from None


def _group_beside(key: str) -> str:
    """The group of conf/ that fills a field of the scenario from a file of its own."""
    field = key.partition(".")[0]
    groups = {"disruptions": "disruptions"} | {f: group for group, f in FIELD_OF_GROUP.items()}
    return groups.get(field, "")


def _placed(problem: Problem, sources: Mapping[str, str], words: Sequence[str]) -> Problem:
    """The same problem with the place it comes from: an override, or a file and its line."""
    key = dotted(problem.field)
    part = problem.where.removeprefix("config ")
    if not problem.where.startswith("config"):
        return problem  # a file of its own: a series, a published tariff
    if part in ENERGY_PARTS:
        group = part
    elif (beside := _group_beside(key)) in sources:
        group, key = beside, key.partition(".")[2]
    elif problem.where == "config scenario" or not key.startswith("plant."):
        group = "plant" if problem.where == "config plant" else "scenario"
    else:
        group, key = "plant", key.removeprefix("plant.")
    for word in words:
        name = word.partition("=")[0].lstrip("+~")
        full = f"{group}.{key}"
        if (name != group and f"{full}.".startswith(f"{name}.")) or name.startswith(f"{full}."):
            return dataclasses.replace(problem, where=f"command line {word.lstrip('+')}")
    if group not in sources:
        return problem
    source = Path(sources[group])
    if group == "plant" and is_plant_book(source.name):
        return with_cell(dataclasses.replace(problem, field=key), source)
    line = line_of(key, key_lines(source))
    return dataclasses.replace(
        problem, where=sources[group] if line is None else f"{sources[group]}:{line}"
    )
