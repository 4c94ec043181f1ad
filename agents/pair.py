"""Two policies as one: the first runs the lines, the second the site."""

from __future__ import annotations

from dataclasses import dataclass

from factory_env.decision import Decision, EnergyPolicy, Policy, ask
from factory_env.decisions.energy_choice import EnergyAnswer, EnergyChoice
from factory_env.decisions.inspection_choice import InspectionChoice
from factory_env.decisions.overtime_choice import OvertimeChoice


@dataclass(frozen=True, slots=True)
class Pair:
    """Each question goes to the policy that it is for.

    >>> from agents.rules.edd import Edd
    >>> policy = Pair(Edd(), my_site_policy)                      # doctest: +SKIP
    """

    lines: Policy
    site: EnergyPolicy

    def choose(self, decision: Decision) -> int:
        """Which order a line takes."""
        return self.lines.choose(decision)

    def choose_evening(self, choice: OvertimeChoice) -> int:
        """Who stays in the evening; by the house's rule if the lines' policy has no view on it."""
        return ask(self.lines, choice)

    def choose_strictness(self, choice: InspectionChoice) -> int:
        """How strictly pieces are inspected; by the house's rule likewise."""
        return ask(self.lines, choice)

    def run_site(self, choice: EnergyChoice) -> EnergyAnswer:
        """How the site runs."""
        return self.site.run_site(choice)
