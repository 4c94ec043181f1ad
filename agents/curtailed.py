"""A site policy that also lets lines stand: bill against lateness, as far as one wants to go."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from factory_env.decisions.energy_choice import EnergyAnswer, EnergyChoice, EnergyPolicy

SPARE_DAYS = 5.0  # working days before its due date: a line with fewer never stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Curtailed:
    """``site``, and in dear hours at most ``lines`` (a share) of the lines run.

    Dear is an hour of the day's highest price or of a demand charge of its own. Lines whose order
    is due in less than `SPARE_DAYS` go on: the house lets those with most slack stand.
    """

    site: EnergyPolicy
    lines: float

    def run_site(self, choice: EnergyChoice) -> EnergyAnswer:
        answer = self.site.run_site(choice)
        if not _is_dear(choice):
            return answer
        pressed = int((choice.slack_days < SPARE_DAYS).sum())
        allowed = max(round(self.lines * choice.lines), pressed)
        return replace(answer, lines_allowed=min(answer.lines_allowed, allowed))


def _is_dear(choice: EnergyChoice) -> bool:
    """Does a kWh, or a kW, cost more now than at some other hour of the coming day?"""
    prices = choice.price_usd
    highest = float(np.nanmax(prices))
    if float(prices[0]) >= highest and highest > float(np.nanmin(prices)):
        return True
    return int(choice.demand_band[0]) > 0
