"""Rules of the way through the rooms after the gate."""

from __future__ import annotations

from collections.abc import Iterator

from factory_env.domain.plant import LAST_ROOM, USUAL_ROUTE
from factory_env.domain.scenario import Scenario


def route_problems(scenario: Scenario) -> Iterator[tuple[str, str, str, str]]:
    """Field, rule, what it is and what would be right, of every broken rule."""
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
