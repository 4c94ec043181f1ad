"""The PettingZoo environment: a scheduler and an energy agent, each asked at its own moments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from gymnasium import spaces
from gymnasium.utils import seeding
from numpy.typing import NDArray

from factory_env.catalogue import load_plug
from factory_env.decision import FloorQuestion
from factory_env.decisions.energy_choice import EnergyAnswer, EnergyChoice, EnergyPolicy
from factory_env.domain.scenario import Scenario
from factory_env.envs import rewards
from factory_env.envs.energy import actions as energy_actions
from factory_env.envs.energy.encoder import EnergyEncoder
from factory_env.envs.energy.scenario import decided_scenario
from factory_env.envs.episode import FIRST_TRAINING_SEED, Episode
from factory_env.envs.scheduling import actions
from factory_env.envs.scheduling.encoder import NOBODY, Encoder, blocks_of
from factory_env.envs.scheduling.env import REFUSALS_IN_A_ROW
from factory_env.errors import IllegalAnswer
from factory_env.sim.plant.tables import PlantTables
from factory_env.units import MIN_PER_DAY

try:
    from pettingzoo import AECEnv
except ImportError as error:  # an optional dependency
    raise ImportError(
        "factory_env.envs.two_agents needs PettingZoo: pip install 'seamline[multi]'"
    ) from error

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
    moves, it is asked
    again, and its info says why.

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
        "render_modes": ["rgb_array"],
        "render_fps": 4,
        "is_parallelizable": False,
    }

    def __init__(
        self,
        plant: str = "mid",
        scenario: str | Scenario = "default",
        overrides: Mapping[str, Any] | None = None,
        disruptions: str = "calm",
        site: str = "pv_battery",
        tariff: str = "us_demand",
        prior: str | EnergyPolicy = "peak_shave",
        rewards: Mapping[str, str] = TEAM,
        discount_per_day: float = 0.99,
        render_mode: str | None = None,
    ) -> None:
        super().__init__()
        if render_mode is not None and render_mode not in self.metadata["render_modes"]:
            raise ValueError(f"render_mode must be None or 'rgb_array', got {render_mode!r}")
        if set(rewards) != set(TEAM):
            raise ValueError(f"rewards must name one for scheduler and energy, got {dict(rewards)}")
        self.scenario = decided_scenario(plant, scenario, overrides, disruptions, site, tariff)
        self.render_mode = render_mode
        self.orders = Encoder(None, blocks_of(self.scenario))
        self.site = EnergyEncoder(prior)
        self.possible_agents = [SCHEDULER, ENERGY]
        self.observation_spaces = {SCHEDULER: self._orders_space(), ENERGY: self.site.space()}
        self.action_spaces = {
            SCHEDULER: spaces.Discrete(actions.N_ACTIONS),
            ENERGY: spaces.Box(-1.0, 1.0, (energy_actions.N_CONTROLS,), dtype=np.float32),
        }
        self._plugs = {agent: _plug(name) for agent, name in rewards.items()}
        self._discount_per_day = discount_per_day
        self._np_random, _ = seeding.np_random(None)
        self._tables: PlantTables | None = None
        self._episode: Episode | None = None
        self._visible = NOBODY
        self._usual: EnergyAnswer | None = None
        self._refusals = 0
        self._before_min = dict.fromkeys(self.possible_agents, 0.0)

    def observation_space(self, agent: str) -> spaces.Space[Any]:
        """The same object at every call."""
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> spaces.Space[Any]:
        """The same object at every call."""
        return self.action_spaces[agent]

    def reset(self, seed: int | None = None, options: dict[str, Any] | None = None) -> None:
        """Start a run: that of ``seed``, or of a fresh training seed."""
        if seed is None:
            seed = int(self._np_random.integers(FIRST_TRAINING_SEED, 2**31 - 1))
        else:
            self._np_random, _ = seeding.np_random(seed)
        plugs = {agent: plug() for agent, plug in self._plugs.items()}
        self._episode = Episode(self.scenario, seed, plugs, self._discount_per_day, self._tables)
        self._tables = self._episode.factory.world.tables
        self.agents = list(self.possible_agents)
        self.rewards = dict.fromkeys(self.agents, 0.0)
        self._cumulative_rewards = dict.fromkeys(self.agents, 0.0)
        self.terminations = dict.fromkeys(self.agents, False)
        self.truncations = dict.fromkeys(self.agents, False)
        self.infos: dict[str, dict[str, Any]] = {agent: {} for agent in self.agents}
        self._before_min = dict.fromkeys(self.agents, 0.0)
        self._refusals = 0
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
            return
        episode.factory.answer(answer)
        self._before_min[agent] = episode.factory.now_min
        self._run_on(episode)
        self.rewards = episode.earned()
        self._accumulate_rewards()

    def observe(self, agent: str) -> Any:
        """What the agent sees now; zeros if it is not asked."""
        episode = self._running()
        if agent == ENERGY:
            choice = episode.energy_choice
            return self.site.encode(choice, None if choice is None else self._usual)
        seen = self.orders.encode(episode.floor_question, self._visible)
        return {"action_mask": seen.pop("mask"), "observation": seen}

    def render(self) -> NDArray[np.uint8] | None:
        """A picture of lines, queue and due dates, shape (height, width, 3)."""
        if self.render_mode is None:
            return None
        from factory_env.envs.scheduling.viewer import draw

        episode = self._running()
        return draw(episode.factory, episode.floor_question)

    def close(self) -> None:
        """Forget the run."""
        self._episode = None

    def _orders_space(self) -> spaces.Dict:
        parts = dict(self.orders.space().spaces)
        mask = parts.pop("mask")
        return spaces.Dict({"action_mask": mask, "observation": spaces.Dict(parts)})

    def _running(self) -> Episode:
        if self._episode is None:
            raise RuntimeError("call reset() first")
        return self._episode

    def _run_on(self, episode: Episode) -> None:
        """Run on to the next question and select whose it is; at the end, all are done."""
        question = episode.advance()
        terminated, truncated = episode.ended()
        self.terminations = dict.fromkeys(self.agents, terminated)
        self.truncations = dict.fromkeys(self.agents, truncated)
        self._visible = self.orders.visible(episode.floor_question)
        if isinstance(question, EnergyChoice):
            self.agent_selection = ENERGY
            self._usual = self.site.usual(question)
        elif question is not None:
            self.agent_selection = SCHEDULER
        now = episode.factory.now_min
        for agent in self.agents if question is None else [self.agent_selection]:
            elapsed = now - self._before_min[agent]
            discount = self._discount_per_day ** (elapsed / MIN_PER_DAY)
            self.infos[agent] = {"elapsed_min": elapsed, "discount": discount}

    def _answer(self, agent: str, episode: Episode, action: Any) -> int | EnergyAnswer | None:
        """What the action means at the desk; None if it is refused."""
        if agent == ENERGY:
            choice = episode.energy_choice
            assert choice is not None
            assert self._usual is not None
            numbers = energy_actions.five_numbers(action)
            return energy_actions.answer_of(numbers, choice, self._usual)
        question = episode.floor_question
        assert question is not None
        number = actions.whole_action(action)
        if not actions.is_legal(question, self._visible, number):
            self._refuse(question, number)
            return None
        self._refusals = 0
        return actions.answer_of(question, self._visible, number)

    def _refuse(self, question: FloorQuestion, number: int) -> None:
        why = actions.why_masked(question, self._visible, number)
        self._refusals += 1
        if self._refusals >= REFUSALS_IN_A_ROW:
            raise IllegalAnswer(f"{self._refusals} masked actions in a row; the last: {why}")
        self.infos[SCHEDULER] = {"elapsed_min": 0.0, "discount": 1.0, "refused": why}


def _plug(name: str) -> Any:
    return load_plug(rewards, name)
