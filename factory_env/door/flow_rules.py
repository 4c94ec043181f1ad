"""Rules of the way through the house: the plies of a lay, the rooms after the gate."""

from __future__ import annotations

from collections.abc import Iterator

from factory_env.domain.plant import LAST_ROOM, USUAL_ROUTE
from factory_env.domain.scenario import Scenario

Finding = tuple[str, str, str, str]  # field, rule, what it is, what would be right


def route_problems(scenario: Scenario) -> Iterator[Finding]:
    """Routes that name what is not there, or do not end where lots are packed."""
    products = sorted(product.name for product in scenario.library.products)
    known = scenario.plant.room_names
    usual = "e.g. [" + ", ".join(USUAL_ROUTE) + "]"
    for product, route in scenario.routes.items():
        at, got = f"routes.{product}", f"[{', '.join(route)}]"
        if product not in products:
            yield (at, "must name a known product", repr(product), ", ".join(products))
        for room in dict.fromkeys(route):
            if room not in known:
                yield (
                    at,
                    "must name rooms that the plant has",
                    f"{room!r}, plant {scenario.plant.name!r} has {', '.join(known)}",
                    f"give the plant stations.{room}, or leave it out of the route",
                )
        if len(set(route)) < len(route):
            yield (at, "must name each room once", got, usual)
        if not route or route[-1] != LAST_ROOM or LAST_ROOM in route[:-1]:
            yield (at, f"must end with {LAST_ROOM}", got, usual)


def ply_problems(scenario: Scenario) -> Iterator[Finding]:
    """Plies are not given for each fabric group."""
    given = sorted(group for group, _ in scenario.cutting.plies)
    groups = sorted({product.fabric_group for product in scenario.library.products})
    if given != groups:
        yield (
            "cutting.plies",
            "must name each fabric group of the products once",
            f"{given}",
            f"{groups}",
        )
