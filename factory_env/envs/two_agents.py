"""The PettingZoo environment: a scheduler and an energy agent, each asked at its own moments."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any, Final

import numpy as np
from gymnasium import spaces
from gymnasium.utils import seeding
from numpy.typing import NDArray

from factory_env.decision import Question
from factory_env.decisions.energy_choice import EnergyAnswer, EnergyPolicy
from factory_env.domain.scenario import Scenario
from factory_env.envs.arguments import Source, read_arguments
from factory_env.envs.energy.encoder import EnergyEncoder
from factory_env.envs.energy.prior import HOLD_PEAKS, check_site_prior
from factory_env.envs.energy.seat import SiteSeat
from factory_env.envs.episode import Episode, Episodes
from factory_env.envs.scheduling.encoder import Encoder, blocks_of
from factory_env.envs.scheduling.seat import FloorSeat
from factory_env.envs.scheduling.viewer import draw
from factory_env.envs.terms import NEAREST, RENDER_MODES, SiteTerms
from factory_env.extras import how_to_install
from factory_env.sim.factory import Factory

if find_spec("pettingzoo") is None:  # an optional dependency
    raise ImportError(f"factory_env.envs.two_agents needs PettingZoo: {how_to_install('multi')}")
from pettingzoo import AECEnv

SCHEDULER: Final = "scheduler"
ENERGY: Final = "energy"
TEAM: Final[Mapping[str, str]] = {SCHEDULER: "cost", ENERGY: "energy"}  # equal at weights of 1


class FactoryAEC(AECEnv):  # type: ignore[misc]
    """Two agents in one factory; whoever's question is pending is selected.

    Description
    -----------
    ``scheduler`` is asked which order a line takes (and, with ``overtime.mode: agent``, who stays
    in the evening; with ``inspection.lever: agent``, how strictly the order is inspected),
    ``energy`` how the site runs. They do not take turns: a site is asked every
    ``control.decision_slots`` quarters of an hour, a line when it is free.

    Action Spaces
    -------------
    ``scheduler``: as `SchedulingEnv`, ``Discrete(33)``; ``energy``: as `EnergyEnv`,
    ``Box(-1, 1, (5,))`` around ``prior``. A masked action of the scheduler is refused: nothing
    moves, it is asked again, and its info says why; ``on_masked`` as in `SchedulingEnv`.

    Observation Spaces
    ------------------
    ``scheduler``: ``Dict`` of ``observation``, the blocks of `SchedulingEnv`, and ``action_mask``,
    33 of 0/1; ``energy``: the row of `EnergyEnv`. Who is not asked sees zeros.

    Rewards
    -------
    Both get what happened since the last step of either [USD]: ``rewards`` names a file of
    ``envs/rewards`` for each. By default they are a team: minus the whole cost.

    Starting State, Episode End
    ---------------------------
    As in `EnergyEnv`, for both at once.

    Information
    -----------
    ``elapsed_min`` and ``discount`` since the agent's own last step.

    Arguments
    ---------
    As in `EnergyEnv`; rewards : file names by agent.
    """

    metadata: dict[str, Any] = {  # noqa: RUF012
        "name": "garment_factory_v0",
        "render_modes": list(RENDER_MODES),
        "render_fps": 4,
        "is_parallelizable": False,
    }

    def __init__(
        self,
        plant: str = "mid",
        scenario: str | Scenario = "default",
        overrides: Mapping[str, Any] | None = None,
        *,
        prior: str | EnergyPolicy = HOLD_PEAKS,
        rewards: Mapping[str, str] = TEAM,
        **more: Any,  # fields of `SiteTerms`
    ) -> None:
        super().__init__()
        own = {"prior": check_site_prior(prior), "rewards": []}
        source = Source(plant, scenario, overrides)
        terms, self.scenario = read_arguments(SiteTerms, source, own, more)
        if set(rewards) != set(TEAM):
            raise ValueError(f"rewards must name one for scheduler and energy, got {dict(rewards)}")
        self.render_mode = terms.render_mode
        self.truncations: dict[str, bool] = {}
        self._terms = terms
        self._floor = FloorSeat(Encoder(None, blocks_of(self.scenario)))
        self._site = SiteSeat(EnergyEncoder(prior))
        self._seats: dict[str, FloorSeat | SiteSeat] = {SCHEDULER: self._floor, ENERGY: self._site}
        self.possible_agents = [SCHEDULER, ENERGY]
        self.observation_spaces = {SCHEDULER: self._floor_space(), ENERGY: self._site.space()}
        self.action_spaces = {agent: seat.action_space for agent, seat in self._seats.items()}
        self._episodes = Episodes(self.scenario, rewards, terms.discount_per_day)
        self._episode: Episode | None = None
        self._np_random, _ = seeding.np_random(None)
        self._before_min = dict.fromkeys(self.possible_agents, 0.0)

    @property
    def factory(self) -> Factory | None:
        """The running factory."""
        return None if self._episode is None else self._episode.factory

    @property
    def question(self) -> Question | None:
        """The pending question: that of the selected agent."""
        return None if self._episode is None else self._episode.question

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        if self._episode is not None:
            self._look(self._episode)

    def observation_space(self, agent: str) -> spaces.Space[Any]:
        """The same object at every call."""
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> spaces.Space[Any]:
        """The same object at every call."""
        return self.action_spaces[agent]

    def reset(self, seed: int | None = None, options: dict[str, Any] | None = None) -> None:
        """Start a run: that of ``seed``, or of a fresh training seed."""
        if seed is not None:
            self._np_random, _ = seeding.np_random(seed)
        self._episode = self._episodes.start(seed, self._np_random)
        self.agents = list(self.possible_agents)
        self.rewards = dict.fromkeys(self.agents, 0.0)
        self._cumulative_rewards = dict.fromkeys(self.agents, 0.0)
        self.infos: dict[str, dict[str, Any]] = {agent: {} for agent in self.agents}
        self._before_min = dict.fromkeys(self.agents, 0.0)
        self.agent_selection = SCHEDULER
        self._run_on(self._episode)

    def step(self, action: Any) -> None:
        """The selected agent answers; the factory runs on to the next question of either."""
        agent, episode = self.agent_selection, self._running()
        if self.terminations[agent] or self.truncations[agent]:
            self._was_dead_step(action)
            return
        self._cumulative_rewards[agent] = 0.0
        answer = self._answer(agent, episode, action)
        if answer is None:
            self.rewards = dict.fromkeys(self.agents, 0.0)
            if episode.is_stuck:
                self._give_up(episode)
            self.rewards[agent] -= self._terms.refusal_usd
            self._accumulate_rewards()
            return
        episode.answer(answer)
        self._before_min[agent] = episode.factory.now_min
        self._run_on(episode)
        self.rewards = episode.collect_rewards()
        self._accumulate_rewards()

    def observe(self, agent: str) -> Any:
        """What the agent sees now; zeros if it is not asked."""
        self._running()
        if agent == ENERGY:
            return self._site.observe()
        seen = self._floor.observe()
        return {"action_mask": seen.pop("mask"), "observation": seen}

    def render(self) -> NDArray[np.uint8] | None:
        """A picture of lines, queue and due dates, shape (height, width, 3)."""
        if self.render_mode is None:
            return None
        episode = self._running()
        return draw(episode.factory, episode.floor_question)

    def close(self) -> None:
        """Forget the run."""
        self._episode = None

    def _floor_space(self) -> spaces.Dict:
        parts = dict(self._floor.space().spaces)
        mask = parts.pop("mask")
        return spaces.Dict({"action_mask": mask, "observation": spaces.Dict(parts)})

    def _running(self) -> Episode:
        if self._episode is None:
            raise RuntimeError("call reset() first")
        return self._episode

    def _run_on(self, episode: Episode) -> None:
        """Run on to the next question and select whose it is; at the end, all are done."""
        question = episode.advance()
        terminated, truncated = episode.end
        self.terminations = dict.fromkeys(self.agents, terminated)
        self.truncations = dict.fromkeys(self.agents, truncated)
        self._look(episode)
        if question is not None:
            asked = (agent for agent, seat in self._seats.items() if seat.hears(question))
            self.agent_selection = next(asked)
        for agent in self.agents if question is None else [self.agent_selection]:
            self.infos[agent] = episode.tell_time(self._before_min[agent])

    def _give_up(self, episode: Episode) -> None:
        """The rest of the run is lived with nothing begun, so that it is paid for."""
        episode.leave_undone()
        self._look(episode)
        self.terminations = dict.fromkeys(self.agents, False)
        self.truncations = dict.fromkeys(self.agents, True)
        self.rewards = episode.collect_rewards()

    def _look(self, episode: Episode) -> None:
        """Both seats take in what is asked, or that it is the other who is."""
        self._floor.look(episode.floor_question)
        self._site.look(episode.energy_choice)

    def _answer(self, agent: str, episode: Episode, action: Any) -> int | EnergyAnswer | None:
        """What the action means at the desk; None if it is refused."""
        seat: Any = self._seats[agent]
        numbers = seat.read(action)
        why = seat.judge(numbers)
        if why is not None and self._terms.on_masked == NEAREST:
            numbers = seat.nearest(numbers)
        elif why is not None:
            self.infos[agent] = episode.refuse(why)
            return None
        answer: int | EnergyAnswer = seat.decode(numbers)
        return answer
