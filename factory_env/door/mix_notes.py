"""What a user should know of a demand that asks for what the plant cannot sew."""

from __future__ import annotations

from collections.abc import Iterator

from factory_env.domain.scenario import Scenario


def note_mix(scenario: Scenario) -> Iterator[str]:
    """Products of the mix that lines of their fabric group cannot sew, and why.

    A plant without any line of the group says enough by itself.
    """
    groups = {line.fabric_group for line in scenario.plant.lines}
    for product in scenario.unsewn:
        if product.fabric_group in groups:
            lines = [s for s in scenario.plant.lines if s.fabric_group == product.fabric_group]
            why = "; ".join(f"line {line.name} {line.why_not(product)}" for line in lines)
            yield (
                f"no {product.name} is drawn: no line can sew it ({why}); the other products of "
                f"its fabric group take its share; demand.mix.{product.name}=0 says so"
            )
