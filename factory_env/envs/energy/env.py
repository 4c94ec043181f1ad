"""The Gymnasium environment: an agent runs the site's energy while a policy runs the lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from factory_env.decision import Policy, Question, ask
from factory_env.decisions.energy_choice import EnergyAnswer, EnergyChoice, EnergyPolicy
from factory_env.domain.scenario import Scenario
from factory_env.envs.arguments import (
    Source,
    check_reward,
    check_scheduler,
    read_arguments,
)
from factory_env.envs.energy.encoder import EnergyEncoder
from factory_env.envs.energy.prior import HOLD_PEAKS, check_site_prior
from factory_env.envs.energy.seat import SiteSeat
from factory_env.envs.energy.viewer import draw_site
from factory_env.envs.episode import EarliestDue, Episode
from factory_env.envs.observation import Row
from factory_env.envs.one_agent import OneAgentEnv
from factory_env.envs.terms import SiteTerms


class EnergyEnv(OneAgentEnv[Row, NDArray[np.float64]]):
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
        energy side keeps it. site, tariff : names in ``conf`` or files (also URDB ``.json``);
        ``pv_battery`` and ``us_demand`` if not given.
    scheduler : who runs the lines, any policy; None = the order that is due first. prior :
        ``usual``, ``hold_peaks``, or any policy with ``run_site``. reward : see above.
        discount_per_day, render_mode : as in `SchedulingEnv`.

    Version History
    ---------------
    v0: first version.
    """

    def __init__(
        self,
        plant: str = "mid",
        scenario: str | Scenario = "default",
        overrides: Mapping[str, Any] | None = None,
        *,
        scheduler: Policy | None = None,
        prior: str | EnergyPolicy = HOLD_PEAKS,
        reward: str = "energy",
        **more: Any,  # fields of `SiteTerms`
    ) -> None:
        own = {
            "scheduler": check_scheduler(scheduler),
            "prior": check_site_prior(prior),
            "reward": check_reward(reward),
        }
        source = Source(plant, scenario, overrides)
        terms, played = read_arguments(SiteTerms, source, own, more)
        self.scheduler: Policy = EarliestDue() if scheduler is None else scheduler
        self.encoder = EnergyEncoder(prior)
        self.features = self.encoder.features
        self._site = SiteSeat(self.encoder)
        super().__init__(self._site, played, reward, terms)

    @property
    def question(self) -> EnergyChoice | None:
        """The pending question."""
        return self._site.question

    def feature_names(self) -> tuple[str, ...]:
        """Names of the observation's numbers."""
        return tuple(f.name for f in self.features)

    def answer_to_action(self, answer: EnergyAnswer) -> NDArray[np.float32]:
        """The action that means a policy's ``answer`` to the pending question, shape (5,)."""
        if self.question is None:
            raise gym.error.ResetNeeded("no question is pending")
        return self._site.encode(answer).astype(np.float32)

    def _picture(self, episode: Episode) -> NDArray[np.uint8]:
        """The last two days: load, grid, sun, battery and price."""
        return draw_site(episode.factory)

    def _reply(self, question: Question) -> Any:
        """What the floor asks is the scheduler's."""
        return ask(self.scheduler, question)
