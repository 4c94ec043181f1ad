"""The Gymnasium environment: an agent runs the site's energy while a policy runs the lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from factory_env.catalogue import load_plug
from factory_env.decision import Policy, ask
from factory_env.decisions.energy_choice import EnergyAnswer, EnergyChoice, EnergyPolicy
from factory_env.domain.scenario import Scenario
from factory_env.envs import rewards
from factory_env.envs.energy import actions as energy_actions
from factory_env.envs.energy.encoder import EnergyEncoder
from factory_env.envs.energy.scenario import decided_scenario
from factory_env.envs.episode import FIRST_TRAINING_SEED, EarliestDue, Episode
from factory_env.envs.observation import Row
from factory_env.sim.factory import Factory
from factory_env.sim.plant.tables import PlantTables


class EnergyEnv(gym.Env[Row, NDArray[np.float32]]):
    """How does the site run in the next quarter of an hour?

    Description
    -----------
    The factory of `SchedulingEnv` with a site: machines, boiler, compressor, cooling, PV, battery
    and a tariff. A policy answers for the sewing lines; the agent is asked every
    ``control.decision_slots`` quarters of an hour, day and night. One step answers that question
    and runs on to the next one.

    Action Space
    ------------
    ``Box(-1, 1, (5,))`` around what a rule, the ``prior``, would do: 0 everywhere is its answer.

    ==  =========  ==========================================================================
    0   battery    power at the bus: -1 full discharge, 0 as the rule, 1 full charge
    1   set point  of the cooling: -1 lowest, 0 as the rule, 0.9 highest, above: fans off.
                   Where the rule has the fans off they stay off down to -0.5; from there
                   highest to lowest
    2   boiler     below -0.5 at most hold, below -0.75 off; above 0.5 at least hold, above
                   0.75 on; between as the rule
    3   lines      from -0.5 down to -1 all to none may run (those with most slack stand);
                   above 0.5 all; between as the rule
    4   standby    above 0.5 idle machines sleep, below -0.5 they stay ready; between as the
                   rule
    ==  =========  ==========================================================================

    Numbers beyond -1 and 1 are cut to these. Anything that is not five finite numbers raises
    `IllegalAnswer`. Powers beyond what battery and connection carry are cut by the site.
    ``answer_to_action`` gives the action that means an `EnergyAnswer`.

    Observation Space
    -----------------
    ``Box`` of float32, flat; names, units and bounds: ``env.unwrapped.features``. Time, price and
    calendar of the next 24 h (known), forecasts of weather, PV and load (persistence), demand rules
    with the month's maxima so far, battery, hall, boiler, backlog and slack of the lines, and
    what the rule would do. Powers are shares of the sanctioned load. All zero at the end.

    Reward
    ------
    ``reward="energy"``: minus (energy_weight x (bill + fuel + battery wear + carbon price) +
    lateness_weight x scheduling cost) since the last step [USD], weights from
    ``control``. An episode sums to minus the KPI total_cost_usd if both are 1.
    ``energy_projected``: the same sum, lateness counted when it is to be expected.
    ``energy_lagrangian``: minus (energy_weight x site + ``multiplier`` x lateness); the learner
    sets ``env.unwrapped.multiplier`` or calls ``price_constraint`` of it, and it counts from the
    next step on.

    Starting State
    --------------
    Midnight of day 0, boiler cold, battery at ``soc_start``. ``reset(seed=s)`` plays exactly the
    run of ``simulate(env.unwrapped.scenario, policy, s)``; without a seed a fresh training seed is
    drawn.

    Episode End
    -----------
    *Terminated* when every order is shipped, *truncated* at the horizon.

    Information
    -----------
    ``elapsed_min`` and ``discount`` as in `SchedulingEnv`; in the last step ``energy_usd`` and
    ``lateness_usd`` of the run.

    Arguments
    ---------
    plant, scenario, overrides, disruptions : as in `SchedulingEnv`; overrides that begin with
        ``site.``, ``tariff.`` or ``control.`` are laid over these. A ready `Scenario` with an
        energy side keeps it. site, tariff : names in ``conf`` or files (also URDB ``.json``).
    scheduler : who runs the lines, any policy; None = the order that is due first. prior :
        ``usual``, ``peak_shave``, or any policy with ``run_site``. reward, discount_per_day : see
        above.

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
        scheduler: Policy | None = None,
        prior: str | EnergyPolicy = "peak_shave",
        reward: str = "energy",
        discount_per_day: float = 0.99,
        render_mode: str | None = None,
    ) -> None:
        if render_mode is not None and render_mode not in self.metadata["render_modes"]:
            raise ValueError(f"render_mode must be None or 'rgb_array', got {render_mode!r}")
        self.scenario = decided_scenario(plant, scenario, overrides, disruptions, site, tariff)
        self.render_mode = render_mode
        self.scheduler: Policy = EarliestDue() if scheduler is None else scheduler
        self.encoder = EnergyEncoder(prior)
        self.features = self.encoder.features
        self.multiplier = 1.0  # of a constrained reward
        self.observation_space = self.encoder.space()  # type: ignore[assignment]
        self.action_space = spaces.Box(-1.0, 1.0, (energy_actions.N_CONTROLS,), dtype=np.float32)
        self._reward_plug = load_plug(rewards, reward)
        self._discount_per_day = discount_per_day
        self._tables: PlantTables | None = None
        self._episode: Episode | None = None
        self._usual: EnergyAnswer | None = None

    @property
    def factory(self) -> Factory | None:
        """The running factory."""
        return None if self._episode is None else self._episode.factory

    @property
    def question(self) -> EnergyChoice | None:
        """The pending question."""
        return None if self._episode is None else self._episode.energy_choice

    def feature_names(self) -> tuple[str, ...]:
        """Names of the observation's numbers."""
        return tuple(f.name for f in self.features)

    def price_constraint(self, multiplier: float) -> None:
        """What breaking the constraint costs, from the next reward on."""
        self.multiplier = multiplier
        if self._episode is not None:
            self._episode.price_constraint(multiplier)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Row, dict[str, Any]]:
        """Start a run; see the class for what ``seed`` means."""
        super().reset(seed=seed)
        if seed is None:
            seed = int(self.np_random.integers(FIRST_TRAINING_SEED, 2**31 - 1))
        plugs = {"energy": self._reward_plug()}
        self._episode = Episode(self.scenario, seed, plugs, self._discount_per_day, self._tables)
        self._tables = self._episode.factory.world.tables
        self._run_on(self._episode)
        return self._observe(), {}

    def step(self, action: Any) -> tuple[Row, float, bool, bool, dict[str, Any]]:
        """Answer the pending question and run on to the next one."""
        numbers = energy_actions.five_numbers(action)
        episode = self._episode
        if episode is None:
            raise gym.error.ResetNeeded("call reset() before step()")
        choice = episode.energy_choice
        if choice is not None:
            assert self._usual is not None
            answer = energy_actions.answer_of(numbers, choice, self._usual)
            episode.factory.answer(answer)
        episode.price_constraint(self.multiplier)
        self._run_on(episode)
        reward = episode.earned()["energy"]
        terminated, truncated = episode.ended()
        return self._observe(), reward, terminated, truncated, episode.info()

    def answer_to_action(self, answer: EnergyAnswer) -> NDArray[np.float32]:
        """The action that means a policy's ``answer`` to the pending question, shape (5,)."""
        choice, usual = self.question, self._usual
        if choice is None or usual is None:
            raise gym.error.ResetNeeded("no question is pending")
        return energy_actions.action_of(answer, choice, usual).astype(np.float32)

    def render(self) -> NDArray[np.uint8] | None:  # type: ignore[override]
        """The last two days: load, grid, sun, battery and price, shape (height, width, 3)."""
        if self.render_mode is None:
            return None
        from factory_env.envs.energy.viewer import draw_site

        if self.factory is None:
            raise gym.error.ResetNeeded("call reset() before render()")
        return draw_site(self.factory)

    def _run_on(self, episode: Episode) -> None:
        """Run on to the next question of the site; the scheduler answers the others."""
        while (question := episode.advance()) is not None:
            if isinstance(question, EnergyChoice):
                self._usual = self.encoder.usual(question)
                return
            episode.factory.answer(ask(self.scheduler, question))
        self._usual = None

    def _observe(self) -> Row:
        return self.encoder.encode(self.question, self._usual)
