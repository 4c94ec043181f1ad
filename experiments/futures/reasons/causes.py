"""The same luck without a cause: variants of a run in which one thing does not happen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from experiments.futures.question import Variant
from experiments.futures.reasons.subject import Subject
from factory_env.domain.scenario import Scenario

Without = Callable[[Scenario], Scenario]


def _no_fabric_delay(scenario: Scenario) -> Scenario:
    fabric = replace(scenario.disruptions.fabric, share=0.0)
    return scenario.replace(disruptions=replace(scenario.disruptions, fabric=fabric))


def _no_stops(scenario: Scenario) -> Scenario:
    mishaps = scenario.disruptions
    return scenario.replace(
        disruptions=replace(
            mishaps,
            machines=replace(mishaps.machines, enabled=False),
            line_stops=replace(mishaps.line_stops, per_line_day=0.0),
            outages=replace(mishaps.outages, per_day=0.0),
        )
    )


# name -> what is said of it, and how a scenario is without it
SETTINGS: Final[Mapping[str, tuple[str, Without]]] = {
    "fabric": ("fabric on the promised day", _no_fabric_delay),
    "changeover": (
        "no minute for changing over, on any line",
        lambda s: s.replace(changeover=replace(s.changeover, enabled=False)),
    ),
    "learning": (
        "lines know every style",
        lambda s: s.replace(learning=replace(s.learning, enabled=False)),
    ),
    "absence": (
        "everybody comes every day",
        lambda s: s.replace(absence=replace(s.absence, enabled=False)),
    ),
    "stops": ("no machine, line or power out of order", _no_stops),
    "repair": (
        "no defects",
        lambda s: s.replace(quality=replace(s.quality, enabled=False)),
    ),
}
LINE_WAIT: Final = "line_wait"
ALONE: Final = "no other order in the house: tables, lines and rooms are free"


def without_causes(subject: Subject) -> Iterator[tuple[str, str, Variant]]:
    """Cause, what is said of it, and the variant without it; what changes nothing is left out."""
    base = subject.base
    for cause, (words, change) in SETTINGS.items():
        scenario = change(base.scenario)
        if scenario != base.scenario:
            yield cause, words, replace(base, name=f"without {cause}", scenario=scenario)
    if len(subject.book) > len(subject.parts):
        # an order's luck is named by its place in the book, which it keeps
        alone = tuple(
            replace(o, luck_id=i if o.luck_id < 0 else o.luck_id)
            for i, o in enumerate(subject.book)
            if i in subject.parts
        )
        yield LINE_WAIT, ALONE, replace(base, name=f"without {LINE_WAIT}", orders=alone)
