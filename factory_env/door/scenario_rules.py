"""Rules between the fields of a scenario that no single field can know."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from pathlib import Path
from typing import Final

from factory_env import designs, inspectors
from factory_env.catalogue import load_plug, plug_names
from factory_env.domain.inspection import MAX_DEGREES
from factory_env.domain.people import GRADES, Grades
from factory_env.domain.plant import LineSpec
from factory_env.domain.scenario import Scenario
from factory_env.door.calendar_rules import (
    calendar_problems,
    horizon_problems,
    moving_problems,
    overtime_problems,
)
from factory_env.door.flow_rules import ply_problems, route_problems
from factory_env.errors import Problem, wrong
from factory_env.library import machine_codes


def scenario_problems(
    scenario: Scenario, where: str, broken: Set[str] = frozenset()
) -> list[Problem]:
    """Every broken rule of a scenario.

    Rules that need one of the ``broken`` parts, those whose own fields are wrong, are left out.
    """
    found: list[Problem] = []
    for check, needs in CHECKS:
        if broken.isdisjoint(needs):
            for field, rule, got, right in check(scenario):
                found.append(wrong(where, field, rule, got, right))
    return found


Finding = tuple[str, str, str, str]
MOST_LINES: Final = 200
MOST_OPERATORS: Final = 10_000
LEAST_SPLIT_DAYS: Final = 0.1


def _grades(scenario: Scenario) -> Iterator[Finding]:
    people = scenario.plant.people
    for at, grades in (
        ("grades", scenario.grades),
        ("plant.people.grades", None if people is None else people.grades),
    ):
        if grades is not None:
            yield from _grade_columns(grades, at)


def _grade_columns(grades: Grades, at: str) -> Iterator[Finding]:
    for name in ("shares", "efficiencies", "defect_factors"):
        values = getattr(grades, name)
        if len(values) != len(GRADES):
            yield (
                f"{at}.{name}",
                f"must have one number per grade {GRADES}",
                f"{values}",
                f"{len(GRADES)} numbers",
            )
    if abs(sum(grades.shares) - 1.0) > 1e-6:
        yield (
            f"{at}.shares",
            "must add up to 1",
            f"{sum(grades.shares):g}",
            "e.g. 0.25 0.40 0.25 0.10",
        )


def _demand(scenario: Scenario) -> Iterator[Finding]:
    demand = scenario.demand
    for name in ("window_factor", "booking_lead_days"):
        low, high = getattr(demand, name)
        if low > high:
            yield (
                f"demand.{name}",
                "the first number must not exceed the second",
                f"[{low:g}, {high:g}]",
                f"[{high:g}, {low:g}]",
            )


def _lines(scenario: Scenario) -> Iterator[Finding]:
    lines = scenario.plant.lines
    if not lines:
        yield (
            "plant.lines",
            "a plant needs at least one line",
            "none",
            "see conf/plant/small.yaml",
        )
    names = [line.name for line in lines]
    products = {p.name for p in scenario.library.products}
    groups = {p.fabric_group for p in scenario.library.products}
    for i, line in enumerate(lines):
        at = f"plant.lines[{i}] ({line.name})"
        if names.count(line.name) > 1:
            yield (f"{at}.name", "line names must be unique", repr(line.name), "another name")
        if line.fabric_group not in groups:
            yield (
                f"{at}.fabric_group",
                "must be a known fabric group",
                repr(line.fabric_group),
                ", ".join(sorted(groups)),
            )
        for name in sorted(set(line.home) | set(line.skills)):
            if name not in products:
                yield (
                    f"{at}.skills",
                    "must name known products",
                    repr(name),
                    f"{', '.join(sorted(products))}, or one of your own by styles=",
                )
        for machine in sorted(set(line.machines) - set(machine_codes())):
            yield (
                f"{at}.machines",
                "must name known machine types",
                repr(machine),
                ", ".join(machine_codes()),
            )
        yield from _home_lines(scenario, line, at)
        yield from _foreign_skills(scenario, line, at)


def _plant_size(scenario: Scenario) -> Iterator[Finding]:
    lines = scenario.plant.lines
    people = sum(line.operators for line in lines)
    if len(lines) > MOST_LINES or people > MOST_OPERATORS:
        yield (
            "plant.lines",
            f"at most {MOST_LINES} lines and {MOST_OPERATORS:,} operators in all",
            f"{len(lines)} lines, {people:,} operators",
            "a smaller plant",
        )


def _home_lines(scenario: Scenario, line: LineSpec, at: str) -> Iterator[Finding]:
    for product in scenario.library.products:
        if product.name in line.home and (why := line.why_not(product)):
            yield (
                f"{at}.home",
                "a line must be able to sew its home products",
                f"{product.name}: {why}",
                "add the skill or the machines",
            )


def _foreign_skills(scenario: Scenario, line: LineSpec, at: str) -> Iterator[Finding]:
    """Skills that can have no effect: a line never sews another fabric group."""
    for product in scenario.library.products:
        is_foreign = product.fabric_group != line.fabric_group
        if is_foreign and product.name in line.skills and product.name not in line.home:
            yield (
                f"{at}.skills.{product.name}",
                f"must be a product of the line's fabric group, {line.fabric_group}",
                f"{product.name} is {product.fabric_group}",
                f"leave it out, or give it to a line that sews {product.fabric_group}",
            )


def _mix(scenario: Scenario) -> Iterator[Finding]:
    products = {p.name: p for p in scenario.library.products}
    for name in scenario.demand.mix:
        if name not in products:
            yield (
                f"demand.mix.{name}",
                "must name a known product",
                repr(name),
                f"{', '.join(sorted(products))}, or one of your own by styles=",
            )
    if not any(share > 0 for share in scenario.demand.mix.values()):
        yield ("demand.mix", "at least one product must be ordered", "all 0", "a positive share")


def _names(scenario: Scenario) -> Iterator[Finding]:
    for field, package in (("inspector", inspectors), ("designs", designs)):
        name, known = getattr(scenario, field), plug_names(package)
        if name not in known:
            yield (field, "must be a known plug", repr(name), ", ".join(known))


def _split(scenario: Scenario) -> Iterator[Finding]:
    days = scenario.flow.split_days
    if 0.0 < days < LEAST_SPLIT_DAYS:
        yield (
            "flow.split_days",
            f"must be 0 (never) or at least {LEAST_SPLIT_DAYS:g} line days",
            f"{days:g}",
            "e.g. 3",
        )


def _market(scenario: Scenario) -> Iterator[Finding]:
    low, high = scenario.market.window_weeks
    if low > high:
        yield (
            "market.window_weeks",
            "the first number must not exceed the second",
            f"[{low:g}, {high:g}]",
            f"[{high:g}, {low:g}]",
        )


def _inspection(scenario: Scenario) -> Iterator[Finding]:
    name, pictures = scenario.inspector, scenario.inspection.pictures
    if pictures is not None and not Path(pictures).expanduser().is_dir():
        yield (
            "inspection.pictures",
            "must be a folder that exists",
            repr(pictures),
            "the folder of Fashion-MNIST's four files, or null",
        )
    if name not in plug_names(inspectors):
        return
    if getattr(load_plug(inspectors, name), "uses_camera", False):  # a plug may leave it out
        return
    if scenario.inspection.threshold:
        yield (
            "inspection.threshold",
            "only an inspector with a camera has thresholds",
            name,
            "inspector=cnn or cnn_live, or no threshold",
        )


def _people(scenario: Scenario) -> Iterator[Finding]:
    if scenario.people == "plant" and scenario.plant.people is None:
        yield (
            "people",
            "the plant must have a section people, as calibrate.py writes it",
            f"plant {scenario.plant.name!r} without one",
            "people: scenario, or another plant",
        )
    if len(scenario.skills.mastered) != len(GRADES):
        yield (
            "skills.mastered",
            f"must have one number per grade {GRADES}",
            f"{scenario.skills.mastered}",
            f"{len(GRADES)} numbers",
        )


def _form(scenario: Scenario) -> Iterator[Finding]:
    forms = {"form": scenario.form}
    if scenario.plant.people is not None:
        forms["plant.people.form"] = scenario.plant.people.form
    for at, form in forms.items():
        curve = form.quantiles
        if len(curve) < 2 or list(curve) != sorted(curve) or curve[-1] <= 0:
            yield (
                f"{at}.quantiles",
                "must be 2 or more numbers that do not fall, one above 0",
                f"{list(curve)[:6]}",
                "e.g. [0.4, 0.9, 1.0, 1.3]",
            )
        if form.line_sd >= 1.0:
            yield (
                f"{at}.line_sd",
                "must be below 1: it is part of a state of variance 1",
                f"{form.line_sd:g}",
                "e.g. 0.3",
            )


def _lever(scenario: Scenario) -> Iterator[Finding]:
    options = scenario.inspection.strictness_options
    if not 2 <= len(options) <= MAX_DEGREES or list(options) != sorted(set(options)):
        yield (
            "inspection.strictness_options",
            f"must be 2 to {MAX_DEGREES} numbers that rise",
            f"{list(options)}",
            "e.g. [0.25, 0.5, 1, 2, 4]",
        )


def _ranges(scenario: Scenario) -> Iterator[Finding]:
    found = scenario.disruptions
    for name, (low, high) in (
        ("demand.colours", scenario.demand.colours),
        ("disruptions.machines.response_min", found.machines.response_min),
        ("disruptions.changes.due_days", found.changes.due_days),
        ("disruptions.rush.pieces", found.rush.pieces),
        ("disruptions.rush.lead_days", found.rush.lead_days),
    ):
        if low > high:
            yield (
                name,
                "the first number must not exceed the second",
                f"[{low:g}, {high:g}]",
                f"[{high:g}, {low:g}]",
            )
    known = set(machine_codes())
    for i, group in enumerate(found.machines.groups):
        for machine in sorted(set(group.machines) - known):
            yield (
                f"disruptions.machines.groups[{i}].machines",
                "must name known machine types",
                repr(machine),
                ", ".join(sorted(known)),
            )
    if found.changes.share + found.changes.cancel_share > 1.0:
        total = found.changes.share + found.changes.cancel_share
        yield (
            "disruptions.changes",
            "share and cancel_share must not exceed 1 together",
            f"{total:g}",
            "smaller shares",
        )


def _costs(scenario: Scenario) -> Iterator[Finding]:
    steps = scenario.costs.late_steps
    days = [s.after_days for s in steps]
    shares = [s.share for s in steps]
    if not steps or days != sorted(set(days)) or shares != sorted(shares):
        yield (
            "costs.late_steps",
            "days must rise and cumulative shares must not fall",
            f"{list(zip(days, shares, strict=True))}",
            "e.g. 3: 0.02, 7: 0.05",
        )


# rule -> the parts of a scenario that it reads; "all_lines" = every line of the plant
# is sound, "rest_of_plant" = what is not its lines
CHECKS: Final[tuple[tuple[Callable[[Scenario], Iterator[Finding]], tuple[str, ...]], ...]] = (
    (calendar_problems, ("calendar",)),
    (_grades, ("grades", "plant", "rest_of_plant")),
    (_demand, ("demand",)),
    (moving_problems, ("calendar", "rebalance")),
    (horizon_problems, ("demand", "horizon_days")),
    (_lines, ("plant",)),
    (_plant_size, ("plant",)),
    (_mix, ("demand", "plant", "all_lines")),
    (_names, ("inspector", "designs")),
    (_split, ("flow",)),
    (_market, ("market",)),
    (_inspection, ("inspection", "inspector")),
    (_costs, ("costs",)),
    (_people, ("people", "plant", "skills", "rest_of_plant")),
    (_form, ("form", "plant", "rest_of_plant")),
    (overtime_problems, ("overtime", "calendar")),
    (_lever, ("inspection",)),
    (_ranges, ("demand", "disruptions")),
    (ply_problems, ("cutting",)),
    (route_problems, ("routes", "plant", "rest_of_plant")),
)
