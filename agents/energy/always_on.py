"""Always on: the site as it runs when nobody thinks about energy. The reference for the others."""

from __future__ import annotations

from dataclasses import dataclass

from factory_env.decisions.energy_choice import EnergyAnswer, EnergyChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class AlwaysOn:
    """Boiler lit for the day, hall at its set point, machines ready, battery at rest."""

    def run_site(self, choice: EnergyChoice) -> EnergyAnswer:
        return choice.usual()


PLUG = AlwaysOn
