"""Makes the scenario of the base and of every variant; what is the same is made once."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Final

from experiments.building.floor_file import begin_with_floor
from experiments.building.order_book import Workload, workload
from experiments.building.policy import policies_from
from experiments.building.scenario import ALWAYS_ON, FactoryConfig, scenario_and_notes
from experiments.futures.asking.overlay import lay_over
from experiments.futures.asking.question_file import Ground
from factory_env.domain.changes import Change
from factory_env.domain.floor_state import FloorState
from factory_env.domain.order import Order
from factory_env.domain.scenario import Scenario
from factory_env.door.gather import Gather
from factory_env.door.plants.plant_file import is_plant_book, with_cell
from factory_env.door.text_file import user_path
from factory_env.errors import InputError, Problem, wrong
from factory_env.presets import (
    CALM,
    DEFAULT_SITE,
    DEFAULT_TARIFF,
    Plain,
    read_choices,
    read_group,
    read_source,
)
from factory_env.sim.factory import Factory

GROUPS: Final = ("plant", "scenario", "disruptions", "demand", "inspector", "site", "tariff")
WORDS: Final = (
    "agent",
    "energy",
    "orders",
    "floor",
    "styles",
    "bulletins",
)  # of a Ground, beside groups
ENERGY: Final = ("site", "tariff", "control", "energy")
# keys that make another drawn book: the variant's customers are others
DRAWING: Final = ("demand", "scenario.demand", "scenario.designs")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a variant is played in."""

    scenario: Scenario
    work: Workload  # the whole book
    orders: tuple[Order, ...] | None  # that have not left the house
    opening: FloorState | None
    agent: str
    site: str | None
    is_drawn: bool  # the book
    notes: tuple[str, ...]


@dataclass(slots=True)
class Scenery:
    """Makes scenes around a base."""

    ground: Ground
    seed: int
    _made: dict[str, Scene] = field(default_factory=dict)

    def scene(self, settings: Mapping[str, Any], where: str) -> Scene:
        """The scene under settings laid over the base.

        Raises
        ------
        InputError
            With every problem.
        """
        text = json.dumps(dict(settings), sort_keys=True, default=str)
        if text not in self._made:
            self._made[text] = self._make(settings, where)
        return self._made[text]

    def _make(self, settings: Mapping[str, Any], where: str) -> Scene:
        said = {**self.ground.set, **settings}
        words = {key: value for key, value in said.items() if "." not in key}
        ground = lay_words(self.ground, words, where)
        config = _config(ground, settings, where)
        gather = Gather()
        try:
            built = scenario_and_notes(config)
        except InputError as error:
            gather.add(_at(_in_book(problem, ground), where) for problem in error.problems)
            built = None
        try:
            policies_from(config, ground.agent, {})
        except InputError as error:
            gather.add(dataclasses.replace(p, where=where) for p in error.problems)
        gather.done()
        assert built is not None
        scenario, notes = built
        is_base = not settings
        if not is_base and scenario.energy is not None and not _names(settings, ENERGY):
            # a site that was made to fit the base's plant stays as it is
            scenario = scenario.replace(energy=self.scene({}, where).scenario.energy)
        work = self._work(scenario, ground, settings, where)
        opening, orders = self._open(work, ground.floor)
        site = None if config.site_agent == ALWAYS_ON else config.site_agent
        return Scene(
            scenario=work.scenario,
            work=work,
            orders=orders,
            opening=opening,
            agent=ground.agent,
            site=site,
            is_drawn=ground.orders is None,
            notes=(*notes, *config.site_note, *work.notes),
        )

    def _open(
        self, work: Workload, path: str | None
    ) -> tuple[FloorState | None, tuple[Order, ...] | None]:
        """The floor of a file, and the orders that have not left the house by then."""
        if path is None:
            return None, work.orders
        factory = Factory(work.scenario, self.seed, orders=work.orders)
        return begin_with_floor(path, factory, work.first_day)

    def _work(
        self, scenario: Scenario, ground: Ground, settings: Mapping[str, Any], where: str
    ) -> Workload:
        """The order book, or what is drawn once for all runs."""
        if ground.orders is not None:
            return workload(scenario, ground.orders, self.seed, ground.orders_format)
        if settings and not _names(settings, DRAWING):
            base = self.scene({}, where).work
            return dataclasses.replace(base, scenario=scenario)
        return dataclasses.replace(
            workload(scenario, None, self.seed), orders=draw_book(scenario, self.seed)
        )


def draw_book(scenario: Scenario, seed: int, changes: Sequence[Change] = ()) -> tuple[Order, ...]:
    """The orders that a scenario draws under a seed, parts of large ones apart."""
    return tuple(Factory(scenario, seed, changes=changes).book.orders)


def lay_words(ground: Ground, words: Mapping[str, Any], where: str) -> Ground:
    """The base with other files chosen.

    Raises
    ------
    InputError
        If a word is none of a base.
    """
    if strange := sorted(set(words) - {*GROUPS, *WORDS}):
        raise InputError([_refuse_word(word, where) for word in strange])
    if bad := sorted(k for k, v in words.items() if not (v is None or isinstance(v, str))):
        rule = "must be a name or a path"
        raise InputError.of(where, bad[0], rule, words[bad[0]], "e.g. disruptions: rough")
    return dataclasses.replace(ground, **dict(words))


def _refuse_word(word: str, where: str) -> Problem:
    known = (*GROUPS, *WORDS)
    near = get_close_matches(word, known, n=1)
    right = f"did you mean {near[0]}?" if near else f"a dotted key, or of {', '.join(known)}"
    return wrong(where, f"set.{word}", "must be a known key", repr(word), right)


def _config(ground: Ground, settings: Mapping[str, Any], where: str) -> FactoryConfig:
    """The parts of a scenario, keys laid over the files."""
    gather = Gather()
    files = {group: gather(_read, ground, group) for group in GROUPS}
    files["control"] = {} if files["site"] is None else {"mode": "always_on"}
    if not gather.problems:
        for key, value in {**ground.set, **settings}.items():
            if "." in key:
                files = gather(lay_over, files, key, value, where) or files
    if gather.problems:
        raise InputError([_of_question(problem, where) for problem in gather.problems])
    return FactoryConfig(
        plant=files["plant"] or {},
        scenario=files["scenario"] or {},
        disruptions=files["disruptions"],
        demand=files["demand"],
        inspector=files["inspector"],
        site=files["site"],
        tariff=files["tariff"],
        control=files["control"],
        styles=ground.styles,
        bulletins=ground.bulletins,
        energy=ground.energy,
    )


def _read(ground: Ground, group: str) -> Plain | None:
    """The file that the base has of a group; None = it has none."""
    name = getattr(ground, group)
    if group in ("site", "tariff"):
        if ground.site is None and ground.tariff is None:
            return None
        usual = DEFAULT_SITE if group == "site" else DEFAULT_TARIFF
        return read_source(group, name or usual)
    if name is None and group in ("disruptions", "demand"):
        usual = CALM if group == "disruptions" else "default"
        name = read_choices("scenario", ground.scenario).get(group, usual)
    return None if name is None else read_group(group, name)


def _names(settings: Mapping[str, Any], roots: tuple[str, ...]) -> bool:
    return any(f"{key}.".startswith(f"{root}.") for key in settings for root in roots)


def _of_question(problem: Problem, where: str) -> Problem:
    """A name that is wrong stands in the question; what is wrong in a file, there."""
    is_in_file = "#" in problem.where or ":" in problem.where
    return problem if is_in_file else dataclasses.replace(problem, where=where)


def _in_book(problem: Problem, ground: Ground) -> Problem:
    """A problem of a plant that is a workbook, at its cell."""
    is_plant = problem.where == "config plant" or problem.field.startswith("plant.")
    if not is_plant or not is_plant_book(ground.plant):
        return problem
    return with_cell(problem, user_path(ground.plant))


def _at(problem: Problem, where: str) -> Problem:
    """A problem of a part of the config as one of the question."""
    if not problem.where.startswith("config"):
        return problem  # a file of its own
    part = problem.where.removeprefix("config").strip()
    key = problem.field if problem.field.startswith(f"{part}.") else f"{part}.{problem.field}"
    return dataclasses.replace(problem, where=where, field=key.lstrip("."))
