"""The Gymnasium environment: one agent runs the sewing lines and the site's energy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from factory_env.decision import Question
from factory_env.decisions.energy_choice import EnergyAnswer, EnergyPolicy
from factory_env.domain.scenario import Scenario
from factory_env.envs.arguments import (
    Source,
    check_index,
    check_reward,
    read_arguments,
)
from factory_env.envs.energy.prior import HOLD_PEAKS, check_site_prior
from factory_env.envs.episode import Episode
from factory_env.envs.joint.seat import JointSeat
from factory_env.envs.one_agent import OneAgentEnv
from factory_env.envs.scheduling.encoder import Observation, blocks_of
from factory_env.envs.scheduling.viewer import draw
from factory_env.envs.terms import SiteTerms


class JointEnv(OneAgentEnv[Observation, NDArray[np.int64]]):
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

    def __init__(
        self,
        plant: str = "mid",
        scenario: str | Scenario = "default",
        overrides: Mapping[str, Any] | None = None,
        *,
        prior: str | EnergyPolicy = HOLD_PEAKS,
        order_prior: Mapping[str, float] | None = None,
        reward: str = "energy",
        **more: Any,  # fields of `SiteTerms`
    ) -> None:
        own = {
            "prior": check_site_prior(prior),
            "order_prior": check_index(order_prior, "order_prior"),
            "reward": check_reward(reward),
        }
        source = Source(plant, scenario, overrides)
        terms, played = read_arguments(SiteTerms, source, own, more)
        self.encoder = JointSeat(prior, order_prior, blocks=blocks_of(played))
        super().__init__(self.encoder, played, reward, terms)

    @property
    def question(self) -> Question | None:
        """The pending question, of either kind."""
        return self.encoder.question

    def feature_names(self, block: str) -> tuple[str, ...]:
        """Names of a block's features, in the order of a row."""
        return self.encoder.feature_names(block)

    def action_masks(self) -> NDArray[np.bool_]:
        """Legal numbers of all six, one after the other, shape (62,)."""
        return self.encoder.masks()

    def answer_to_action(self, answer: int | EnergyAnswer) -> NDArray[np.int64]:
        """The action that means a policy's ``answer``; the nearest levels for the site."""
        return self.encoder.encode(answer)

    def _picture(self, episode: Episode) -> NDArray[np.uint8]:
        return draw(episode.factory, episode.floor_question)
