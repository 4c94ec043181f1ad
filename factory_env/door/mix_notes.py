"""What a user should know of a demand that is drawn for a plant: products that nobody orders."""

from __future__ import annotations

from collections.abc import Iterator

from factory_env.domain.scenario import Scenario
from factory_env.door.styles.book_styles import why_not_sewn


def note_mix(scenario: Scenario) -> Iterator[str]:
    """Products of the mix that no line of their fabric group can sew; new ones without a share.

    A plant without any line of a fabric group says enough by itself. None of this matters to a
    run of an order book.
    """
    plant, mix = scenario.plant, scenario.demand.mix
    groups = {line.fabric_group for line in plant.lines}
    unsewn = [p for p in scenario.unsewn if p.fabric_group in groups]
    if unsewn:
        reasons = ", ".join(f"{p.name} ({why_not_sewn(plant, p)})" for p in unsewn)
        keys = ", ".join(f"demand.mix.{p.name}=0" for p in unsewn)
        yield (
            f"products that no line can sew are not ordered: {reasons}; the others of their fabric "
            f"group take their share ({keys} says so)"
        )
    strangers = [name for name in scenario.library.new_products if not mix.get(name, 0.0)]
    if strangers:
        keys = ", ".join(f"demand.mix.{name}" for name in strangers)
        yield f"{', '.join(strangers)}: without a share of the demand nobody orders it; see {keys}"
