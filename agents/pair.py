"""The name under which a team of two could be had before there were teams of any size."""

from __future__ import annotations

from agents.team import Team
from factory_env.decision import Decision
from factory_env.decisions.energy_choice import EnergyAnswer, EnergyChoice
from factory_env.decisions.inspection_choice import InspectionChoice
from factory_env.decisions.overtime_choice import OvertimeChoice


class Pair(Team):
    """``Pair(lines, site)`` is ``Team(lines=lines, site=site)``; it goes with the next release."""

    def __init__(self, lines: object, site: object) -> None:
        super().__init__(lines=lines, site=site)

    def choose(self, decision: Decision) -> int:
        """Which order a line takes."""
        return int(self.answer(decision))

    def choose_evening(self, choice: OvertimeChoice) -> int:
        """Who stays in the evening."""
        return int(self.answer(choice))

    def choose_strictness(self, choice: InspectionChoice) -> int:
        """How strictly pieces are inspected."""
        return int(self.answer(choice))

    def run_site(self, choice: EnergyChoice) -> EnergyAnswer:
        """How the site runs."""
        answer: EnergyAnswer = self.answer(choice)
        return answer
