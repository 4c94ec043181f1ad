"""The seat of who answers for lines and site alike: both seats side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from factory_env.decision import Question, is_of_floor
from factory_env.decisions.energy_choice import EnergyAnswer, EnergyChoice, EnergyPolicy
from factory_env.envs.energy.encoder import EnergyEncoder
from factory_env.envs.energy.prior import HOLD_PEAKS
from factory_env.envs.energy.seat import SiteSeat
from factory_env.envs.joint import actions
from factory_env.envs.scheduling.encoder import BLOCKS, Encoder, Observation
from factory_env.envs.scheduling.seat import FloorSeat

ENERGY: Final = "energy"
KIND: Final = "kind"
MASK: Final = "mask"


class JointSeat:
    """Hears what lines and site ask; the environment's, and that of saved agents.

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
        self.orders, self.site = Encoder(order_prior, blocks), EnergyEncoder(prior)
        self.action_space = spaces.MultiDiscrete(actions.SIZES)
        self.question: Question | None = None
        self.mask: NDArray[np.int8] = actions.ONLY_FIRST
        self._floor, self._site = FloorSeat(self.orders), SiteSeat(self.site)

    def __getstate__(self) -> dict[str, Any]:
        """Without the question, which belongs to the factory; a copy is shown it anew."""
        return {**self.__dict__, "question": None}

    def space(self) -> spaces.Dict:
        """The observation space."""
        parts: dict[str, spaces.Space[Any]] = dict(self.orders.space().spaces)
        own = {KIND: spaces.MultiBinary(2), MASK: spaces.MultiBinary(actions.N_MASK)}
        return spaces.Dict(parts | {ENERGY: self.site.space()} | own)

    def feature_names(self, block: str) -> tuple[str, ...]:
        """Names of a block's features."""
        features = self.site.features if block == ENERGY else self.orders.blocks[block].features
        return tuple(f.name for f in features)

    def hears(self, question: Question) -> bool:
        """Every kind that the observation shows."""
        return self._site.hears(question) or self._floor.hears(question)

    def look(self, question: Question | None) -> None:
        """Take in a question, with what is legal."""
        self.question, self.mask = question, actions.ENERGY_MASK
        self._site.look(question if isinstance(question, EnergyChoice) else None)
        self._floor.look(question if is_of_floor(question) else None)
        if self._floor.question is not None:
            self.mask = actions.order_mask(self._floor.masks())

    def observe(self) -> Observation:
        """Blocks of floor and site, kind and mask; all zero when nothing is asked."""
        out = self._floor.observe()
        out[ENERGY] = self._site.observe()
        asked = (self._floor.question is not None, self._site.question is not None)
        out[KIND] = np.array(asked, dtype=np.int8)
        out[MASK] = self.mask * np.int8(any(asked))
        return out

    def masks(self) -> NDArray[np.bool_]:
        """Legal numbers of all six in a row, shape (62,); all of them when nothing is asked."""
        if self.question is None:
            return np.ones(actions.N_MASK, dtype=np.bool_)
        return self.mask.astype(np.bool_)

    def read(self, action: Any) -> NDArray[np.int64]:
        """The action as six whole numbers."""
        return actions.six_numbers(action)

    def judge(self, numbers: NDArray[np.int64]) -> str | None:
        """Why a masked action is refused."""
        if actions.is_legal(numbers, self.mask):
            return None
        if self._site.question is not None:
            return f"action {numbers.tolist()} is refused: the site is asked for, so order is 0"
        if numbers[1:].any():
            return f"action {numbers.tolist()} is refused: no energy is asked for, so levels are 0"
        return self._floor.judge(int(numbers[0]))

    def decode(self, numbers: NDArray[np.int64]) -> Any:
        """The answer at the desk that a legal action means."""
        if self._site.question is not None:
            return self._site.decode(actions.controls_from(numbers))
        return self._floor.decode(int(numbers[0]))

    def nearest(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """Of each of the six the nearest legal number; of two the lower."""
        return actions.nearest_legal(numbers, self.masks())

    def encode(self, answer: int | EnergyAnswer) -> NDArray[np.int64]:
        """The action that means an answer: the nearest levels; order 1 if it is out of sight."""
        if isinstance(answer, EnergyAnswer):
            return actions.levels_from(self._site.encode(answer))
        out = np.zeros(len(actions.SIZES), dtype=np.int64)
        out[0] = self._floor.encode(answer)
        return out
