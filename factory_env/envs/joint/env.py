"""The Gymnasium environment: one agent runs the sewing lines and the site's energy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from factory_env.catalogue import load_plug
from factory_env.decision import Question
from factory_env.decisions.energy_choice import EnergyAnswer, EnergyPolicy
from factory_env.domain.scenario import Scenario
from factory_env.envs import rewards
from factory_env.envs.energy.scenario import decided_scenario
from factory_env.envs.episode import FIRST_TRAINING_SEED, Episode
from factory_env.envs.joint import actions as joint_actions
from factory_env.envs.joint.encoder import JointEncoder
from factory_env.envs.scheduling.encoder import Observation, blocks_of
from factory_env.envs.scheduling.env import REFUSALS_IN_A_ROW
from factory_env.errors import IllegalAnswer
from factory_env.sim.factory import Factory
from factory_env.sim.plant.tables import PlantTables


class JointEnv(gym.Env[Observation, NDArray[np.int64]]):
    """Which order does the line take, and how does the site run? Both are asked of one agent.

    Description
    -----------
    The factory and the site of `EnergyEnv`. One step answers one question, of whichever kind
    comes: an order (or an evening of overtime, or an order's inspection), or the site's next
    quarters of an hour.

    Action Space
    ------------
    ``MultiDiscrete([33, 11, 6, 5, 4, 3])``: an order as in `SchedulingEnv`, then levels of battery,
    set point, boiler, lines and standby. Where an order is asked for, only the first number
    counts and the others have one legal value, 0; where the site is, only the others count
    and the first is 0. Level 0 is what the rule, the ``prior``, would do; the other levels are the
    numbers of `EnergyEnv` in ``joint_actions.LEVELS``. ``action_masks()`` is what maskable
    learners want, all six masks in a row, shape (62,). A masked action is refused, as in
    `SchedulingEnv`; what is not six whole numbers in range raises `IllegalAnswer`.

    Observation Space
    -----------------
    ``Dict``: the blocks of `SchedulingEnv`, the block ``energy`` of `EnergyEnv`, ``kind`` (1, 0)
    where an order is asked for, (0, 1) where the site is, and ``mask``, 62 of 0/1. Blocks of the
    other kind are zero.

    Reward
    ------
    As in `EnergyEnv`, ``energy`` by default: minus everything, with the weights of ``control``.

    Starting State, Episode End, Information
    ----------------------------------------
    As in `EnergyEnv`.

    Arguments
    ---------
    As in `EnergyEnv`, without ``scheduler``. order_prior : parameters of the line-matching ATCS
        index shown as the feature ``rule_log_index``.

    Version History
    ---------------
    v0: first version.
    """

    metadata: dict[str, Any] = {"render_modes": ["rgb_array"], "render_fps": 4}  # noqa: RUF012

    def __init__(  # flat, because `gymnasium.make` passes them on by name
        self,
        plant: str = "mid",
        scenario: str | Scenario = "default",
        overrides: Mapping[str, Any] | None = None,
        disruptions: str = "calm",
        site: str = "pv_battery",
        tariff: str = "us_demand",
        prior: str | EnergyPolicy = "peak_shave",
        order_prior: Mapping[str, float] | None = None,
        reward: str = "energy",
        discount_per_day: float = 0.99,
        render_mode: str | None = None,
    ) -> None:
        if render_mode is not None and render_mode not in self.metadata["render_modes"]:
            raise ValueError(f"render_mode must be None or 'rgb_array', got {render_mode!r}")
        self.scenario = decided_scenario(plant, scenario, overrides, disruptions, site, tariff)
        self.render_mode = render_mode
        self.encoder = JointEncoder(prior, order_prior, blocks=blocks_of(self.scenario))
        self.multiplier = 1.0  # of a constrained reward
        self.observation_space = self.encoder.space()  # type: ignore[assignment]
        self.action_space = spaces.MultiDiscrete(joint_actions.SIZES)
        self._reward_plug = load_plug(rewards, reward)
        self._discount_per_day = discount_per_day
        self._tables: PlantTables | None = None
        self._episode: Episode | None = None
        self._refusals = 0

    @property
    def factory(self) -> Factory | None:
        """The running factory."""
        return None if self._episode is None else self._episode.factory

    @property
    def question(self) -> Question | None:
        """The pending question, of either kind."""
        return None if self._episode is None else self._episode.question

    def feature_names(self, block: str) -> tuple[str, ...]:
        """Names of a block's features, in the order of a row."""
        return self.encoder.feature_names(block)

    def price_constraint(self, multiplier: float) -> None:
        """What breaking the constraint costs, from the next reward on."""
        self.multiplier = multiplier

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observation, dict[str, Any]]:
        """Start a run; see the class for what ``seed`` means."""
        super().reset(seed=seed)
        if seed is None:
            seed = int(self.np_random.integers(FIRST_TRAINING_SEED, 2**31 - 1))
        plugs = {"joint": self._reward_plug()}
        self._episode = Episode(self.scenario, seed, plugs, self._discount_per_day, self._tables)
        self._tables = self._episode.factory.world.tables
        self._refusals = 0
        return self.encoder.look(self._episode.advance()), {}

    def step(self, action: Any) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """Answer the pending question and run on to the next one."""
        numbers = joint_actions.six_numbers(action)
        episode = self._episode
        if episode is None:
            raise gym.error.ResetNeeded("call reset() before step()")
        if episode.question is not None:
            if not joint_actions.is_legal(numbers, self.encoder.mask):
                return self._refuse(numbers)
            self._refusals = 0
            episode.factory.answer(self.encoder.answer_of(numbers))
        episode.price_constraint(self.multiplier)
        observation = self.encoder.look(episode.advance())
        reward = episode.earned()["joint"]
        return observation, reward, *episode.ended(), episode.info()

    def action_masks(self) -> NDArray[np.bool_]:
        """Legal numbers of all six, one after the other, shape (62,)."""
        if self.question is None:
            return np.ones(joint_actions.N_MASK, dtype=np.bool_)
        return self.encoder.mask.astype(np.bool_)

    def answer_to_action(self, answer: int | EnergyAnswer) -> NDArray[np.int64]:
        """The action that means a policy's ``answer``; the nearest levels for the site."""
        return self.encoder.action_of(answer)

    def render(self) -> NDArray[np.uint8] | None:  # type: ignore[override]
        """A picture of lines, queue and due dates, shape (height, width, 3)."""
        if self.render_mode is None:
            return None
        from factory_env.envs.scheduling.viewer import draw

        if self._episode is None:
            raise gym.error.ResetNeeded("call reset() before render()")
        return draw(self._episode.factory, self._episode.floor_question)

    def _refuse(
        self, numbers: NDArray[np.int64]
    ) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        why = self.encoder.why_masked(numbers)
        self._refusals += 1
        if self._refusals >= REFUSALS_IN_A_ROW:
            raise IllegalAnswer(f"{self._refusals} masked actions in a row; the last: {why}")
        info = {"elapsed_min": 0.0, "discount": 1.0, "refused": why}
        return self.encoder.look(self.question), 0.0, False, False, info
