"""The door for scenarios: plain dictionaries in, frozen problem data out, all errors at once."""

from __future__ import annotations

import dataclasses
import re
import typing
from collections.abc import Mapping
from typing import Any

from factory_env.domain.people import People
from factory_env.domain.plant import LineSpec, Plant
from factory_env.domain.scenario import Scenario
from factory_env.door.asks import with_asks
from factory_env.door.inspection_door import with_station, with_thresholds
from factory_env.door.parts import build_part, infinities, not_finite, unknown_keys
from factory_env.door.scenario_rules import scenario_problems
from factory_env.door.styles.own_work import OwnWork
from factory_env.errors import InputError, Problem, wrong
from factory_env.library import load_library

BULLETINS = "bulletins"  # of a plant's file: read with those of the command line
FILLED_HERE = ("plant", "library")  # fields of Scenario that the scenario file does not hold


def build_scenario(
    scenario: Mapping[str, Any],
    plant: Mapping[str, Any],
    where: str = "config",
    disruptions: Mapping[str, Any] | None = None,
    market: Mapping[str, Any] | None = None,
    inspection: Mapping[str, Any] | None = None,
    own: OwnWork | None = None,
) -> Scenario:
    """Check and build a scenario.

    Parameters
    ----------
    scenario, plant, disruptions, market, inspection
        Contents of a scenario file, a plant file, a disruptions file (none = calm), a demand file
        (none = default) and an inspector's file (none = the scenario's own, at the plain gate).
    where
        What to call the source in messages.
    own
        Its user's own styles, products and bulletins.

    Raises
    ------
    InputError
        With every problem found: unknown keys, wrong types, values out of range, and rules
        between fields (a style that no line can sew, an empty shift, ...).
    """
    # the site is switched where there is one (`presets.assemble`)
    plant = {key: part for key, part in plant.items() if key != BULLETINS}
    given = with_asks({"scenario": scenario, "inspection": inspection, "site": {}}, where)
    scenario, inspection = given["scenario"] or {}, given["inspection"]
    problems: list[Problem] = []
    at_scenario, at_plant = f"{where} scenario", f"{where} plant"
    scenario_part = {k: v for k, v in scenario.items() if k not in FILLED_HERE}
    beside = {"disruptions": disruptions, "market": market, "inspection": inspection}
    scenario_part |= {name: part for name, part in beside.items() if part is not None}
    if isinstance(scenario_part.get("inspection"), Mapping):
        scenario_part["inspection"] = with_thresholds(
            with_station(scenario_part["inspection"]), at_scenario, problems
        )
    for cls, part, at in ((Scenario, scenario_part, at_scenario), (Plant, plant, at_plant)):
        problems += unknown_keys(cls, part, at, "")
        problems += [not_finite(at, path) for path in infinities(part, "")]
    built_plant, sound, broken = _build_plant(plant, at_plant, problems)
    own = own or OwnWork()
    parts: dict[str, Any] = own.place(built_plant, load_library())
    broken |= _build_fields(scenario_part, at_scenario, problems, parts)
    built = _with_hours(_with_named_plugs(Scenario(**parts)))
    broken_rules = scenario_problems(built, where, broken)
    problems += [_of_plant(_renumbered(p, sound), built) for p in broken_rules]
    if not problems:
        problems += own.sewing_problems(built)
    if problems:
        raise InputError(problems)
    return _with_people(built)


def _build_fields(
    said: Mapping[str, Any], where: str, problems: list[Problem], parts: dict[str, Any]
) -> set[str]:
    """Fill ``parts`` with the fields of a scenario; names of those that are wrong or missing."""
    hints, broken = typing.get_type_hints(Scenario, include_extras=True), set()
    for field in dataclasses.fields(Scenario):
        if field.name in FILLED_HERE:
            continue
        if field.name in said:
            count = len(problems)
            parts[field.name] = build_part(
                hints[field.name], said[field.name], where, problems, field.name
            )
            if len(problems) > count:
                broken.add(field.name)
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            problems.append(_missing(where, field.name))
            parts[field.name] = None
            broken.add(field.name)
    return broken


def _with_named_plugs(scenario: Scenario) -> Scenario:
    """The scenario with the designs and the inspector that files beside it name, if they do."""
    market, inspection = scenario.market, scenario.inspection
    named = {
        "designs": None if market is None else market.designs,
        "inspector": None if inspection is None else inspection.name,
    }
    return scenario.replace(**{field: name for field, name in named.items() if name is not None})


def _with_hours(scenario: Scenario) -> Scenario:
    """The scenario with the plant's own hours, if it has some."""
    hours = None if scenario.plant is None else scenario.plant.calendar
    return scenario if hours is None else scenario.replace(calendar=hours)


def _of_plant(problem: Problem, scenario: Scenario) -> Problem:
    """A problem of the hours is one of the plant's, where they are its own."""
    is_own = scenario.plant is not None and scenario.plant.calendar is not None
    if is_own and problem.field.split(".")[0] == "calendar":
        return dataclasses.replace(problem, field=f"plant.{problem.field}")
    return problem


def note_hours(scenario: Scenario) -> tuple[str, ...]:
    """A note where a plant brings hours of its own."""
    if scenario.plant.calendar is None:
        return ()
    return (
        f"hours and days off are those of plant {scenario.plant.name}: plant.calendar.* changes "
        "them, scenario.calendar.* does not",
    )


def _with_people(scenario: Scenario) -> Scenario:
    """The scenario with the plant's own people, if it asks for them or they are its own."""
    people = scenario.plant.people
    if people is None or not _must_use(people, scenario.people):
        return scenario
    library = scenario.library
    if people.learning is not None:
        loss, tau = people.learning.first_day_loss, people.learning.tau_days
        classes = tuple(
            dataclasses.replace(c, e_0=c.e_max * (1.0 - loss), tau_days=tau)
            for c in library.learning_classes
        )
        library = dataclasses.replace(library, learning_classes=classes)
    return scenario.replace(
        grades=people.grades, absence=people.absence, form=people.form, library=library
    )


def _must_use(people: People, whose: str) -> bool:
    """Are a plant's people used where a scenario says ``people: <whose>``?"""
    return whose == "plant" or (whose == "auto" and not people.on_request)


def note_people(scenario: Scenario) -> tuple[str, ...]:
    """A note where a plant brings people of its own, as a plant of its user's does."""
    people = scenario.plant.people
    if people is None or people.on_request or not _must_use(people, scenario.people):
        return ()
    return (
        f"people, learning and absence are those of plant {scenario.plant.name}, fitted to "
        f"{people.source or 'an unnamed source'}; scenario.people=scenario takes the scenario's",
    )


def _build_plant(
    plant: Mapping[str, Any], where: str, problems: list[Problem]
) -> tuple[Plant, list[int], set[str]]:
    """The plant with its sound lines, their numbers, and what rules can not be checked on it."""
    raw = plant.get("lines")
    if not isinstance(raw, list | tuple):
        return build_part(Plant, plant, where, problems), [], {"plant"}
    lines = {i: build_part(LineSpec, v, where, problems, f"lines[{i}]") for i, v in enumerate(raw)}
    sound = {i: line for i, line in lines.items() if line is not None}
    broken = set() if len(sound) == len(raw) else {"all_lines"}
    if raw and not sound:
        broken.add("plant")
    rest = build_part(Plant, {**plant, "lines": []}, where, problems)
    if rest is None:
        rest = Plant(name="", lines=(), rooms=None)  # type: ignore[arg-type]
        broken.add("rest_of_plant")
    return dataclasses.replace(rest, lines=tuple(sound.values())), list(sound), broken


def _renumbered(problem: Problem, sound: list[int]) -> Problem:
    """Rules count the sound lines only; the user counts all."""
    field = re.sub(
        r"^plant\.lines\[(\d+)\]",
        lambda found: f"plant.lines[{sound[int(found[1])]}]",
        problem.field,
    )
    return dataclasses.replace(problem, field=field)


def _missing(where: str, name: str) -> Problem:
    return wrong(where, name, "must be given", "nothing", "see conf/scenario/default.yaml")
