"""The scheduling environment for learners: rewards near 1, holds in bounds, a full info."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final, Self

from factory_env.domain.scenario import Scenario
from factory_env.envs.episode import Episode, Workload
from factory_env.envs.one_agent import AGENT
from factory_env.envs.scheduling.encoder import Observation
from factory_env.envs.scheduling.env import SchedulingEnv
from factory_env.envs.scheduling.options import read_options
from factory_env.envs.scheduling.seat import HeldSeat
from factory_env.envs.scheduling.telling import Telling
from factory_env.envs.terms import SchedulingTerms, Terms

REWARD: Final = "foresight"


class SchedulingEnvV1(SchedulingEnv):
    """Which waiting order does the free sewing line take next? Made so that learners learn.

    Description, Action Space, Observation Space
    --------------------------------------------
    Those of `SchedulingEnv`, so that saved agents fit both. The mask of the last observation is
    all ones (there is nothing left to forbid), and ``hold`` may take action 0 away.

    Reward
    ------
    ``reward_scale`` times the money [USD] that a file of ``envs/rewards`` books since the last
    decision. What is already under way at the first question is told as ``info["start_usd"]`` and
    not booked, so an episode's sum is ``(start_usd - KPI) x reward_scale``; the KPI is
    ``total_cost_usd`` for a reward that charges for all parts of the cost. With ``scale="auto"`` a
    reward of 1 is what the people of a mean line earn in a shift.

    Starting State, Episode End
    ---------------------------
    As in `SchedulingEnv`. ``reset(options={"seed_pool": seeds})`` makes this and later resets
    without a seed draw from ``seeds``; ``{"orders": book}`` has this run make a list of
    `factory_env.Order`, or the order book in a file. Other keys raise `InputError`.

    Information
    -----------
    At the reset and at every step:
    ``action_mask`` (33,) of 0/1, the mask of the observation beside it;
    ``rule_action`` what the rule of ``prior`` would do now, and the house where no order is chosen;
    ``reward_parts`` the money behind the reward by part of the cost [USD], and what the reward's
    potential added as ``foresight``, and what a masked action was charged as ``penalty``; they sum
    to the reward over ``reward_scale`` (and are 0 at the reset);
    ``elapsed_min`` and ``discount`` since the last question. At the reset ``start_usd``,
    at the end ``kpis``: every figure of `factory_env.kpi.table`.

    Arguments
    ---------
    Those of `SchedulingEnv`, and: hold : ``free``; ``once``, a line that has been held takes an
        order before it may be held again; ``never``. scale : ``auto`` or reward per dollar.
        on_masked : ``nearest``, ``refuse`` or ``penalty``.

    Version History
    ---------------
    v1: a default reward and scale that plain learners learn on, ``hold``, a last mask of ones, an
    info that is never empty, options of a reset. Same questions, observations and luck as v0.
    """

    terms_class: ClassVar[type[Terms]] = SchedulingTerms
    books_start: ClassVar[bool] = False

    def __init__(
        self,
        plant: str = "mid",
        scenario: str | Scenario = "default",
        overrides: Mapping[str, Any] | None = None,
        reward: str = REWARD,
        prior: Mapping[str, float] | None = None,
        **more: Any,  # fields of `SchedulingTerms`
    ) -> None:
        super().__init__(plant, scenario, overrides, reward, prior, **more)
        assert isinstance(self._terms, SchedulingTerms)
        self.reward_scale = self._terms.scale_for(self.scenario)
        self._telling = Telling(self.encoder)
        self._seed_pool: Sequence[int] | None = None

    def clone(self) -> Self:
        """An environment that stands where this one stands, and goes on by itself.

        Raises
        ------
        gymnasium.error.ResetNeeded
            If no run has begun.
        """
        self._running("clone()")
        return super().clone()

    def _make_seat(self, terms: Terms) -> HeldSeat:
        assert isinstance(terms, SchedulingTerms)
        self._held = HeldSeat(self.encoder, terms.hold)
        return self._held

    def _workload(self, options: dict[str, Any] | None, seed: int) -> Workload:
        return read_options(options).workload(self.scenario, seed)

    def _start(self, seed: int | None, options: dict[str, Any] | None) -> Episode:
        asked = read_options(options)
        self._seed_pool = self._seed_pool if asked.seed_pool is None else asked.seed_pool
        if seed is None and self._seed_pool is not None:
            seed = self._seed_pool[int(self.np_random.integers(len(self._seed_pool)))]
        seed = self._episodes.draw_seed(self.np_random) if seed is None else seed
        workload = asked.workload(self.scenario, seed)
        self._held.holds.forget()
        return self._episodes.start(seed, self.np_random, workload)

    def _answer(self, episode: Episode, answer: Any) -> None:
        question = self._held.question
        assert question is not None
        episode.answer(answer)
        self._held.holds.note(question, answer)

    def _show_start(self, episode: Episode) -> tuple[Observation, dict[str, Any]]:
        seen = self._seat.observe()
        start_usd = -episode.collect_rewards()[AGENT]
        told = self._telling.begin(episode, self.question, seen)
        return seen, told | {"start_usd": start_usd}

    def _show_step(
        self, episode: Episode, usd: float, end: tuple[bool, bool], told: dict[str, Any]
    ) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        seen = self._seat.observe()
        penalty_usd = self._terms.refusal_usd if "refused" in told else 0.0
        told |= self._telling.go_on(episode, self.question, seen, usd, penalty_usd)
        return seen, usd * self.reward_scale, *end, told
