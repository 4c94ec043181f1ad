"""The Gymnasium environment: an agent schedules the factory's sewing lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from factory_env.catalogue import load_plug
from factory_env.decision import FloorQuestion, ask, is_of_floor
from factory_env.decisions.energy_choice import EnergyPolicy
from factory_env.domain.scenario import Scenario
from factory_env.envs import rewards
from factory_env.envs.reward import Reward
from factory_env.envs.scheduling import actions
from factory_env.envs.scheduling.encoder import NOBODY, Encoder, Observation, blocks_of
from factory_env.errors import IllegalAnswer
from factory_env.presets import load_scenario
from factory_env.sim.factory import Factory
from factory_env.sim.plant.tables import PlantTables
from factory_env.units import MIN_PER_DAY

FIRST_TRAINING_SEED = 1_000_000_000  # episodes without a given seed; never a held-out one
REFUSALS_IN_A_ROW = 1000


class SchedulingEnv(gym.Env[Observation, np.int64]):
    """Which waiting order does the free sewing line take next?

    Description
    -----------
    A garment factory runs until a line (or, with ``flow.cutting_rule: agent``, a cutting
    table) needs work. One step answers that question and runs on to the next one, so steps
    are uneven in time.

    Action Space
    ------------
    ``Discrete(33)``: 0 holds the line until something changes, i takes the i-th visible
    order. The mask says which are legal; ``action_masks()`` gives it to maskable learners.
    A masked action is refused: the factory does not move, the reward is 0 and
    ``info["refused"]`` says why. Anything that is not a whole number from 0 to 32 raises
    `IllegalAnswer`. With ``overtime.mode: agent`` the agent is also asked, line by line, who
    stays in the evening: 0 sends the line home, i is the i-th length of ``overtime.options_min``.
    With ``inspection.lever: agent`` and an inspector with a threshold it is asked, whenever a line
    takes an order, how strictly its pieces are inspected: i is the i-th of
    ``inspection.strictness_options``, counted from 0.

    Observation Space
    -----------------
    ``Dict`` of flat blocks. ``orders`` is 32 rows x 28 features, ``lines`` 16 x 7, ``site``
    1 x 12, all float32 with bounds; ``mask`` is 33 of 0/1. Names and units:
    ``env.unwrapped.feature_names(block)``. Rows not in use are zero. With ``overtime.mode: agent``
    a block ``evening`` of 6 x 6 is added: zero unless overtime is asked; with
    ``inspection.lever: agent`` a block ``inspection`` of 8 x 13: zero unless a degree of strictness
    is asked, and then ``orders`` shows the order that is inspected.

    Reward
    ------
    Minus the cost [USD] accrued since the last decision (``reward="cost"``): lateness by
    steps, labour lost in changeover and learning, capital bound in work in progress, short
    shipment. The sum over an episode is minus the KPI ``total_cost_usd``.

    Starting State
    --------------
    Morning of day 0 with some days of work already cut. ``reset(seed=s)`` plays exactly the
    run of ``simulate(scenario, policy, s)``; without a seed a fresh training seed is drawn.

    Episode End
    -----------
    *Terminated* when every order is shipped, *truncated* at the horizon (60 working days).

    Information
    -----------
    ``elapsed_min``: wall minutes since the last decision; ``discount``:
    ``discount_per_day ** (elapsed_min / 1440)``, for learners that discount by time.

    Arguments
    ---------
    plant, scenario : names of shipped presets, paths of YAML files, or ``scenario`` a
        `Scenario`. disruptions : ``calm``, ``normal``, ``rough`` or a file. overrides : dotted
        keys over the scenario file. reward : a file of
        ``envs/rewards``. prior : parameters of the line-matching ATCS index shown as the
        feature ``rule_log_index``. discount_per_day : see above.

    Version History
    ---------------
    v0: first version.
    """

    metadata: dict[str, Any] = {"render_modes": ["rgb_array"], "render_fps": 4}  # noqa: RUF012

    def __init__(
        self,
        plant: str = "mid",
        scenario: str | Scenario = "default",
        overrides: Mapping[str, Any] | None = None,
        reward: str = "cost",
        prior: Mapping[str, float] | None = None,
        discount_per_day: float = 0.99,
        render_mode: str | None = None,
        disruptions: str = "calm",
    ) -> None:
        if render_mode is not None and render_mode not in self.metadata["render_modes"]:
            raise ValueError(f"render_mode must be None or 'rgb_array', got {render_mode!r}")
        self.scenario = (
            scenario
            if isinstance(scenario, Scenario)
            else load_scenario(plant, scenario, overrides, disruptions)
        )
        self.render_mode = render_mode
        self.energy_policy: EnergyPolicy | None = None  # who runs the site, if it is decided on
        self._reward_plug = load_plug(rewards, reward)
        self._discount_per_day = discount_per_day
        self.encoder = Encoder(prior, blocks_of(self.scenario))
        self.observation_space = self.encoder.space()  # type: ignore[assignment]
        self.action_space = spaces.Discrete(actions.N_ACTIONS)
        self._tables: PlantTables | None = None
        self.factory: Factory | None = None
        self.question: FloorQuestion | None = None
        self._visible = NOBODY
        self._refusals = 0
        self._before_min = 0.0
        self._reward: Reward = self._reward_plug()

    def feature_names(self, block: str) -> tuple[str, ...]:
        """Names of a block's features, in the order of a row."""
        return tuple(f.name for f in self.encoder.blocks[block].features)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observation, dict[str, Any]]:
        """Start a run; see the class for what ``seed`` means."""
        super().reset(seed=seed)
        if seed is None:
            seed = int(self.np_random.integers(FIRST_TRAINING_SEED, 2**31 - 1))
        self.factory = Factory(self.scenario, seed, tables=self._tables)
        self._tables = self.factory.world.tables
        self._reward = self._reward_plug()
        self._refusals = 0
        self._before_min = 0.0
        self._look(self._next_question(self.factory))
        return self._observe(), {}

    def step(self, action: Any) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """Answer the pending question and run on to the next one."""
        number = actions.whole_action(action)
        factory, question = self.factory, self.question
        if factory is None:
            raise gym.error.ResetNeeded("call reset() before step()")
        if question is not None:
            if not actions.is_legal(question, self._visible, number):
                return self._refuse(question, number)
            self._refusals = 0
            factory.answer(actions.answer_of(question, self._visible, number))
        self._look(self._next_question(factory))
        reward = self._reward.since_last(factory)
        over = self.question is None
        now = factory.now_min
        elapsed, self._before_min = now - self._before_min, now
        info = {
            "elapsed_min": elapsed,
            "discount": self._discount_per_day ** (elapsed / MIN_PER_DAY),
        }
        finished = over and factory.finished
        return self._observe(), reward, finished, over and not finished, info

    def action_masks(self) -> NDArray[np.bool_]:
        """Legal actions, shape (33,)."""
        if self.question is None:
            return np.ones(actions.N_ACTIONS, dtype=np.bool_)
        return actions.mask(self.question, self._visible).astype(np.bool_)

    def answer_to_action(self, answer: int) -> int:
        """The action that means a policy's ``answer``; 1 if that order is out of sight."""
        return actions.action_of(self.question, self._visible, answer)

    def render(self) -> NDArray[np.uint8] | None:  # type: ignore[override]
        """A picture of lines, queue and due dates, shape (height, width, 3)."""
        if self.render_mode is None:
            return None
        from factory_env.envs.scheduling.viewer import draw

        if self.factory is None:
            raise gym.error.ResetNeeded("call reset() before render()")
        return draw(self.factory, self.question)

    def _next_question(self, factory: Factory) -> FloorQuestion | None:
        """Run on; the site's own questions are answered as usual, or by ``energy_policy``."""
        while (question := factory.advance()) is not None and not is_of_floor(question):
            factory.answer(ask(self.energy_policy, question))
        return question if is_of_floor(question) else None

    def _look(self, question: FloorQuestion | None) -> None:
        self.question = question
        self._visible = self.encoder.visible(question)

    def _observe(self) -> Observation:
        return self.encoder.encode(self.question, self._visible)

    def _refuse(
        self, question: FloorQuestion, number: int
    ) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        why = actions.why_masked(question, self._visible, number)
        self._refusals += 1
        if self._refusals >= REFUSALS_IN_A_ROW:
            raise IllegalAnswer(f"{self._refusals} masked actions in a row; the last: {why}")
        return (
            self._observe(),
            0.0,
            False,
            False,
            {
                "elapsed_min": 0.0,
                "discount": 1.0,
                "refused": why,
            },
        )
