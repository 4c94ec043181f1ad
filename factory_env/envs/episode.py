"""One episode of an environment: the running factory, its reward, and the time between steps."""

from __future__ import annotations

from typing import Any

import numpy as np

from factory_env.decision import Decision, FloorQuestion, Question, is_of_floor
from factory_env.decisions.energy_choice import EnergyChoice
from factory_env.domain.scenario import Scenario
from factory_env.envs.reward import Constrained, Reward, energy_usd
from factory_env.sim.factory import Factory
from factory_env.sim.plant.tables import PlantTables
from factory_env.units import MIN_PER_DAY

FIRST_TRAINING_SEED = 1_000_000_000  # episodes without a given seed; never a held-out one


class EarliestDue:
    """Runs the lines where no policy is given: the order that is due first."""

    def choose(self, decision: Decision) -> int:
        return int(np.argmin(decision.table.due_in_min)) + 1


class Episode:
    """A factory that is advanced to questions, and what happened since the last one.

    Parameters
    ----------
    rewards
        One object each that is asked for its reward after every step.
    tables
        Of an earlier run of the same scenario, to save the line balancing.
    """

    def __init__(
        self,
        scenario: Scenario,
        seed: int,
        rewards: dict[str, Reward],
        discount_per_day: float,
        tables: PlantTables | None,
    ) -> None:
        self.factory = Factory(scenario, seed, tables=tables)
        self.question: Question | None = None
        self._rewards = rewards
        self._constrained = [r for r in rewards.values() if isinstance(r, Constrained)]
        self._discount_per_day = discount_per_day
        self._before_min = 0.0

    @property
    def energy_choice(self) -> EnergyChoice | None:
        """The pending question, if it is one of the site."""
        return self.question if isinstance(self.question, EnergyChoice) else None

    @property
    def floor_question(self) -> FloorQuestion | None:
        """The pending question, if it is one of the floor."""
        return self.question if is_of_floor(self.question) else None

    def advance(self) -> Question | None:
        """Run on to the next question."""
        self.question = self.factory.advance()
        return self.question

    def price_constraint(self, multiplier: float) -> None:
        """Tell rewards under a constraint what it costs to break it."""
        for reward in self._constrained:
            reward.multiplier = multiplier

    def earned(self) -> dict[str, float]:
        """Rewards since the last step, by name [USD]."""
        return {name: reward.since_last(self.factory) for name, reward in self._rewards.items()}

    def ended(self) -> tuple[bool, bool]:
        """Terminated, truncated."""
        over = self.question is None
        finished = over and self.factory.finished
        return finished, over and not finished

    def info(self) -> dict[str, Any]:
        """Time since the last step and its discount; at the end, what the run cost by part."""
        now = self.factory.now_min
        elapsed, self._before_min = now - self._before_min, now
        found: dict[str, Any] = {
            "elapsed_min": elapsed,
            "discount": self._discount_per_day ** (elapsed / MIN_PER_DAY),
        }
        if self.question is None:
            parts = self.factory.cost_parts_usd
            found["energy_usd"] = energy_usd(parts)
            found["lateness_usd"] = parts["lateness"] + parts["air"]
        return found
