"""Episodes of an environment: the running factory, its rewards, refusals, and the time of steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from factory_env.catalogue import load_plug
from factory_env.decision import Decision, FloorQuestion, Question, is_of_floor
from factory_env.decisions.energy_choice import EnergyAnswer, EnergyChoice
from factory_env.domain.order import Order
from factory_env.domain.product import Style
from factory_env.domain.scenario import Scenario
from factory_env.envs import rewards
from factory_env.envs.reward import Constrained, Reward, energy_usd, late_usd
from factory_env.presets import FIRST_TRAINING_SEED
from factory_env.sim.factory import Factory
from factory_env.sim.run import Factories
from factory_env.units import MIN_PER_DAY

SEEDS_END: Final = 2**31 - 1
REFUSALS_IN_A_ROW: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """What a run has to make."""

    orders: Sequence[Order] | None = None  # None = the scenario draws them
    styles: tuple[Style, ...] = ()  # that only these orders know


DRAWN: Final = Workload()


class EarliestDue:
    """Runs the lines where no policy is given: the order that is due first."""

    def choose(self, decision: Decision) -> int:
        return decision.usual()


class Episodes:
    """Starts one run after the other of a scenario; lines are balanced once for all of them.

    Parameters
    ----------
    reward_names
        A file of ``envs/rewards`` for everyone who is rewarded, by name.
    """

    def __init__(
        self, scenario: Scenario, reward_names: Mapping[str, str], discount_per_day: float
    ) -> None:
        self._factory_of = Factories(scenario)
        self._plugs = {who: load_plug(rewards, name) for who, name in reward_names.items()}
        self._discount_per_day = discount_per_day

    def __deepcopy__(self, memo: dict[int, Any]) -> Episodes:
        return self  # it holds no run, and what it keeps is never changed

    def share_balances(self, other: Episodes) -> None:
        """Start runs as the other does, on the lines that it has balanced."""
        self._factory_of = other._factory_of

    def draw_seed(self, rng: np.random.Generator) -> int:
        """A fresh training seed."""
        return int(rng.integers(FIRST_TRAINING_SEED, SEEDS_END))

    def start(
        self, seed: int | None, rng: np.random.Generator, workload: Workload = DRAWN
    ) -> Episode:
        """The run of ``seed``; without one, of a training seed drawn from ``rng``."""
        seed = self.draw_seed(rng) if seed is None else seed
        made = {who: plug() for who, plug in self._plugs.items()}
        factory_of = self._factory_of
        if workload.styles:
            factory_of = Factories(factory_of.scenario.with_styles(workload.styles))
        return Episode(factory_of(seed, orders=workload.orders), made, self._discount_per_day)


class Episode:
    """A factory that is advanced to questions, and what happened since the last one.

    Parameters
    ----------
    rewards
        One object each that is asked for its reward after every step.
    """

    def __init__(
        self, factory: Factory, rewards: Mapping[str, Reward], discount_per_day: float
    ) -> None:
        self.factory = factory
        self.question: Question | None = None
        self._rewards = rewards
        self._constrained = [r for r in rewards.values() if isinstance(r, Constrained)]
        self._discount_per_day = discount_per_day
        self._before_min = 0.0
        self._refusals = 0

    def __getstate__(self) -> dict[str, Any]:
        """Without the question, which belongs to the factory."""
        return {**self.__dict__, "question": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._constrained = [r for r in self._rewards.values() if isinstance(r, Constrained)]
        self.advance()

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

    def answer(self, answer: int | EnergyAnswer) -> None:
        """Answer the pending question."""
        self._refusals = 0
        self.factory.answer(answer)

    def refuse(self, why: str) -> dict[str, Any]:
        """Nothing moves; the info of a step that does not count."""
        self._refusals += 1
        told = {"elapsed_min": 0.0, "discount": 1.0, "refused": why}
        if self.is_stuck:
            reason = f"{self._refusals} masked actions in a row; the last: {why}"
            told["why_truncated"] = f"{reason}; read action_masks(), or see on_masked"
        return told

    def leave_undone(self) -> None:
        """Run to the end with nothing begun any more, so that what is not made is paid for."""
        while (question := self.advance()) is not None:
            legal = question.legal() if is_of_floor(question) else None
            self.answer(question.usual() if legal is None else int(np.argmax(legal)))

    @property
    def is_stuck(self) -> bool:
        """Has nothing but masked actions come for so long that nothing else will?"""
        return self._refusals >= REFUSALS_IN_A_ROW

    def price_constraint(self, multiplier: float) -> None:
        """Tell rewards under a constraint what it costs to break it."""
        for reward in self._constrained:
            reward.multiplier = multiplier

    def collect_rewards(self) -> dict[str, float]:
        """Rewards since the last step, by name [USD]."""
        return {name: reward.since_last(self.factory) for name, reward in self._rewards.items()}

    @property
    def end(self) -> tuple[bool, bool]:
        """Terminated, truncated."""
        over = self.question is None
        finished = over and self.factory.finished
        return finished, over and not finished

    def tell_step(self) -> dict[str, Any]:
        """Time since the last step, and its discount."""
        before_min, self._before_min = self._before_min, self.factory.now_min
        return self.tell_time(before_min)

    def tell_time(self, since_min: float) -> dict[str, Any]:
        """Time since a minute of the run, and its discount."""
        elapsed_min = self.factory.now_min - since_min
        discount = self._discount_per_day ** (elapsed_min / MIN_PER_DAY)
        return {"elapsed_min": elapsed_min, "discount": discount}

    def tell_parts(self) -> dict[str, float]:
        """At the end, what the run cost by part; before it nothing."""
        if self.question is not None:
            return {}
        parts = self.factory.cost_parts_usd
        return {"energy_usd": energy_usd(parts), "lateness_usd": late_usd(parts)}
