"""The skeleton of the Gymnasium environments: one agent, one factory, a question a step."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar

import gymnasium as gym
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from factory_env.decision import Question, ask
from factory_env.decisions.energy_choice import EnergyAnswer
from factory_env.domain.scenario import Scenario
from factory_env.envs.curve import Curve
from factory_env.envs.episode import DRAWN, Episode, Episodes, Workload
from factory_env.envs.terms import HUMAN, NEAREST, RENDER_MODES, Terms
from factory_env.envs.window import Window
from factory_env.sim.factory import Factory

Seen = TypeVar("Seen")
Shown = TypeVar("Shown", covariant=True)
Numbers = TypeVar("Numbers")
AGENT = "agent"


class Seat(Protocol[Shown, Numbers]):
    """Where an agent sits: which questions it hears, what it sees, and what its actions mean."""

    @property
    def action_space(self) -> spaces.Space[Any]:
        """What the agent may do."""
        ...

    def space(self) -> spaces.Space[Any]:
        """The observation space."""
        ...

    def hears(self, question: Question) -> bool:
        """Is it the agent who answers this question?"""
        ...

    def look(self, question: Any) -> None:
        """Take in a question that it hears, or None at the end; all below speaks of it."""
        ...

    def observe(self) -> Shown:
        """What the agent sees."""
        ...

    def read(self, action: Any) -> Numbers:
        """The action as numbers; raises `IllegalAnswer` if it is none of the space."""
        ...

    def judge(self, numbers: Numbers) -> str | None:
        """Why a masked action is refused; None if the action is legal."""
        ...

    def decode(self, numbers: Numbers) -> int | EnergyAnswer:
        """The answer at the desk that a legal action means."""
        ...

    def nearest(self, numbers: Numbers) -> Numbers:
        """The legal action that comes nearest to a masked one."""
        ...

    def encode(self, answer: Any) -> Any:
        """The action that means an answer, or comes nearest to it."""
        ...


class OneAgentEnv(gym.Env[Seen, Any], ABC, Generic[Seen, Numbers]):
    """Resets, steps, refusals and rewards; what is asked, seen and meant is the seat's."""

    metadata: dict[str, Any] = {  # noqa: RUF012
        "render_modes": list(RENDER_MODES),
        "render_fps": 4,
    }
    tells_parts: ClassVar[bool] = True  # does the last info say what the run cost by part?
    books_start: ClassVar[bool] = True  # is what is under way at the first question rewarded, too?
    reward_scale = 1.0  # reward per dollar

    def __init__(
        self, seat: Seat[Seen, Numbers], scenario: Scenario, reward: str, terms: Terms
    ) -> None:
        self.scenario = scenario
        self.render_mode = terms.render_mode
        self.multiplier = 1.0  # of a constrained reward
        self.observation_space = seat.space()
        self.action_space = seat.action_space
        self._seat = seat
        self._terms = terms
        self._episodes = Episodes(scenario, {AGENT: reward}, terms.discount_per_day)
        self._episode: Episode | None = None
        self._window = Window() if terms.render_mode == HUMAN else None

    @property
    def factory(self) -> Factory | None:
        """The running factory."""
        return None if self._episode is None else self._episode.factory

    @property
    def is_over(self) -> bool:
        """Is everything of the run shipped, or has the horizon come? False before a reset."""
        return self._episode is not None and self._episode.factory.is_over

    def price_constraint(self, multiplier: float) -> None:
        """What breaking the constraint costs, from the next reward on."""
        self.multiplier = multiplier

    def share_balances(self, other: OneAgentEnv[Any, Any]) -> None:
        """Use the balanced lines of an environment with an equal scenario: each run alike."""
        self._episodes.share_balances(other._episodes)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Seen, dict[str, Any]]:
        """Start a run; see the class for what ``seed`` means."""
        super().reset(seed=seed)
        self._episode = self._start(seed, options)
        self._run_on(self._episode)
        self._refresh()
        return self._show_start(self._episode)

    def step(self, action: Any) -> tuple[Seen, float, bool, bool, dict[str, Any]]:
        """Answer the pending question and run on to the next one."""
        numbers = self._seat.read(action)
        episode = self._running("step()")
        told: dict[str, Any] = {}
        if episode.question is not None:
            why = self._seat.judge(numbers)
            if why is not None and self._terms.on_masked != NEAREST:
                return self._refuse(episode, why)
            if why is not None:
                numbers, told = self._seat.nearest(numbers), {"replaced": why}
            self._answer(episode, self._seat.decode(numbers))
        episode.price_constraint(self.multiplier)
        self._run_on(episode)
        self._refresh()
        usd, end = episode.collect_rewards()[AGENT], episode.end
        told |= episode.tell_step() | (episode.tell_parts() if self.tells_parts else {})
        return self._show_step(episode, usd, end, told)

    def clone(self) -> Self:
        """An environment that stands where this one stands, and goes on by itself.

        `copy.deepcopy` and pickling do the same, by living the run again: as long as the answers
        given so far take.
        """
        return copy.deepcopy(self)

    def rehearse(self, policy: object, seed: int, options: dict[str, Any] | None = None) -> Curve:
        """What another policy would cost in the run of ``seed``, by the clock, in reward.

        A run of its own: the present one is not touched. Who else is asked answers as in a step.

        Parameters
        ----------
        policy
            Anything that answers questions (`factory_env.decision.ask`); it is not held to masks.
        options
            Those of a reset, as far as they change the run.
        """
        workload = self._workload(options, seed)
        episode = self._episodes.start(seed, self.np_random, workload)
        episode.price_constraint(self.multiplier)
        minutes, costs = [0.0], [0.0]
        question = self._pass_others(episode)
        if not self.books_start:
            episode.collect_rewards()
            minutes, costs = [episode.factory.now_min], [0.0]
        while question is not None:
            episode.answer(ask(policy, question))
            question = self._pass_others(episode)
            usd = episode.collect_rewards()[AGENT]
            minutes.append(episode.factory.now_min)
            costs.append(costs[-1] - usd * self.reward_scale)
        return Curve(seed=seed, minutes=np.array(minutes), cost_usd=np.array(costs))

    def render(self) -> NDArray[np.uint8] | None:  # type: ignore[override]
        """A picture of the factory, shape (height, width, 3); ``human`` shows it in the window."""
        if self.render_mode is None:
            return None
        picture = self._picture(self._running("render()"))
        if self._window is None:
            return picture
        self._window.show(picture)
        return None

    def close(self) -> None:
        """Close the window, if there is one."""
        if self._window is not None:
            self._window.close()

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        if self._episode is not None:
            self._seat.look(self._episode.question)

    def _refresh(self) -> None:
        """Show in the window where the run stands now."""
        if self._window is not None:
            self.render()

    def _refuse(self, episode: Episode, why: str) -> tuple[Seen, float, bool, bool, dict[str, Any]]:
        """A step that does not count; after very many in a row the episode is given up.

        What it leaves unmade is charged to its last step, or doing nothing would be the best.
        """
        told, is_stuck = episode.refuse(why), episode.is_stuck
        usd = 0.0 - self._terms.refusal_usd
        if is_stuck:
            episode.price_constraint(self.multiplier)
            episode.leave_undone()
            self._seat.look(None)
            usd += episode.collect_rewards()[AGENT]
            told |= episode.tell_step() | (episode.tell_parts() if self.tells_parts else {})
        return self._show_step(episode, usd, (False, is_stuck), told)

    def _workload(self, options: dict[str, Any] | None, seed: int) -> Workload:
        """What the run of ``seed`` has to make."""
        return DRAWN

    def _start(self, seed: int | None, options: dict[str, Any] | None) -> Episode:
        """The run that a reset begins."""
        return self._episodes.start(seed, self.np_random)

    def _answer(self, episode: Episode, answer: int | EnergyAnswer) -> None:
        """Give the agent's answer to the pending question."""
        episode.answer(answer)

    def _show_start(self, episode: Episode) -> tuple[Seen, dict[str, Any]]:
        """What a reset returns."""
        return self._seat.observe(), {}

    def _show_step(
        self, episode: Episode, usd: float, end: tuple[bool, bool], told: dict[str, Any]
    ) -> tuple[Seen, float, bool, bool, dict[str, Any]]:
        """What a step returns; ``end`` is terminated and truncated, ``usd`` what is rewarded."""
        return self._seat.observe(), usd, *end, told

    @abstractmethod
    def _picture(self, episode: Episode) -> NDArray[np.uint8]:
        """What `render` shows, shape (height, width, 3)."""

    def _reply(self, question: Question) -> Any:
        """The answer to a question that the agent does not hear: the house's."""
        return question.usual()

    def _running(self, what: str) -> Episode:
        if self._episode is None:
            raise gym.error.ResetNeeded(f"call reset() before {what}")
        return self._episode

    def _run_on(self, episode: Episode) -> None:
        """Run on to the agent's next question, and take it in."""
        self._seat.look(self._pass_others(episode))

    def _pass_others(self, episode: Episode) -> Question | None:
        """Run on to the agent's next question; others answer theirs."""
        while (question := episode.advance()) is not None and not self._seat.hears(question):
            episode.answer(self._reply(question))
        return question
