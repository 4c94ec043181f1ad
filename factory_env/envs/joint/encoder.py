"""Questions of both kinds as one observation, and one action as an answer to either."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from factory_env.decision import Question, is_of_floor
from factory_env.decisions.energy_choice import EnergyAnswer, EnergyChoice, EnergyPolicy
from factory_env.envs.energy.encoder import EnergyEncoder
from factory_env.envs.energy.prior import HOLD_PEAKS
from factory_env.envs.joint import actions as joint_actions
from factory_env.envs.scheduling import actions
from factory_env.envs.scheduling.encoder import BLOCKS, NOBODY, Encoder, Observation

ENERGY, KIND, MASK = "energy", "kind", "mask"


class JointEncoder:
    """Looks at one question at a time; used by the env and by saved agents.

    Parameters
    ----------
    prior
        The rule that level 0 means where the site is asked for; see `EnergyEncoder`.
    order_prior
        Parameters of the line-matching ATCS index; see `Encoder`.
    blocks
        Of the questions of the floor.
    """

    def __init__(
        self,
        prior: str | EnergyPolicy = HOLD_PEAKS,
        order_prior: Mapping[str, float] | None = None,
        *,
        blocks: Sequence[str] = BLOCKS,
    ) -> None:
        self.orders = Encoder(order_prior, blocks)
        self.site = EnergyEncoder(prior)
        self.mask: NDArray[np.int8] = joint_actions.ONLY_FIRST
        self._question: Question | None = None
        self._visible = NOBODY
        self._usual: EnergyAnswer | None = None

    def space(self) -> spaces.Dict:
        """The observation space."""
        parts: dict[str, spaces.Space[Any]] = dict(self.orders.space().spaces)
        return spaces.Dict(
            parts
            | {
                ENERGY: self.site.space(),
                KIND: spaces.MultiBinary(2),
                MASK: spaces.MultiBinary(joint_actions.N_MASK),
            }
        )

    def feature_names(self, block: str) -> tuple[str, ...]:
        """Names of a block's features."""
        features = self.site.features if block == ENERGY else self.orders.blocks[block].features
        return tuple(f.name for f in features)

    def describes(self, question: Question) -> bool:
        """Does the observation show what is asked?"""
        return isinstance(question, EnergyChoice) or self.orders.describes(question)

    def look(self, question: Question | None) -> Observation:
        """The observation of a question, which the other methods then speak of."""
        self._question = question
        floor = question if is_of_floor(question) else None
        choice = question if isinstance(question, EnergyChoice) else None
        self._visible = self.orders.visible(floor)
        self._usual = None if choice is None else self.site.usual(choice)
        out = self.orders.encode(floor, self._visible)
        out[ENERGY] = self.site.encode(choice, self._usual)
        out[KIND] = np.array((floor is not None, choice is not None), dtype=np.int8)
        if floor is not None:
            self.mask = joint_actions.order_mask(floor, self._visible)
        else:
            self.mask = joint_actions.ENERGY_MASK
        out[MASK] = self.mask.copy() if question is not None else np.zeros_like(self.mask)
        return out

    def answer_of(self, action: NDArray[np.int64]) -> int | EnergyAnswer:
        """The answer at the desk that a legal action means."""
        question = self._question
        if isinstance(question, EnergyChoice):
            assert self._usual is not None
            return joint_actions.site_answer(action, question, self._usual)
        assert is_of_floor(question)
        return actions.answer_of(question, self._visible, int(action[0]))

    def action_of(self, answer: int | EnergyAnswer) -> NDArray[np.int64]:
        """The action that means an answer; order 1 if that order is out of sight."""
        out = np.zeros(len(joint_actions.SIZES), dtype=np.int64)
        question = self._question
        if isinstance(answer, EnergyAnswer):
            assert isinstance(question, EnergyChoice)
            assert self._usual is not None
            return joint_actions.site_action(answer, question, self._usual)
        floor = question if is_of_floor(question) else None
        out[0] = actions.action_of(floor, self._visible, answer)
        return out

    def why_masked(self, action: NDArray[np.int64]) -> str:
        """Why a masked action is refused."""
        question = self._question
        if isinstance(question, EnergyChoice):
            return f"action {action.tolist()} is refused: the site is asked for, so order is 0"
        assert is_of_floor(question)
        if action[1:].any():
            return f"action {action.tolist()} is refused: no energy is asked for, so levels are 0"
        return actions.why_masked(question, self._visible, int(action[0]))
