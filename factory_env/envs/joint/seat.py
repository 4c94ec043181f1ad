"""The seat of who answers for lines and site alike."""

from __future__ import annotations

from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from factory_env.decision import Question
from factory_env.decisions.energy_choice import EnergyAnswer
from factory_env.envs.joint import actions
from factory_env.envs.joint.encoder import JointEncoder
from factory_env.envs.scheduling.encoder import Observation


class JointSeat:
    """Hears what lines and site ask."""

    def __init__(self, encoder: JointEncoder) -> None:
        self.encoder = encoder
        self.question: Question | None = None
        self.action_space = spaces.MultiDiscrete(actions.SIZES)
        self._seen: Observation = {}

    def space(self) -> spaces.Dict:
        """The observation space."""
        return self.encoder.space()

    def hears(self, question: Question) -> bool:
        """Every kind that the agent is shown."""
        return self.encoder.describes(question)

    def look(self, question: Question | None) -> None:
        """Take in a question."""
        self.question = question
        self._seen = self.encoder.look(question)

    def observe(self) -> Observation:
        """Blocks of floor and site, kind and mask; all zero when nothing is asked."""
        return {name: part.copy() for name, part in self._seen.items()}

    def masks(self) -> NDArray[np.bool_]:
        """Legal numbers of all six in a row, shape (62,); all of them when nothing is asked."""
        if self.question is None:
            return np.ones(actions.N_MASK, dtype=np.bool_)
        return self.encoder.mask.astype(np.bool_)

    def read(self, action: Any) -> NDArray[np.int64]:
        """The action as six whole numbers."""
        return actions.six_numbers(action)

    def judge(self, numbers: NDArray[np.int64]) -> str | None:
        """Why a masked action is refused."""
        if actions.is_legal(numbers, self.encoder.mask):
            return None
        return self.encoder.why_masked(numbers)

    def decode(self, numbers: NDArray[np.int64]) -> int | EnergyAnswer:
        """What the numbers mean at the desk."""
        return self.encoder.answer_of(numbers)

    def encode(self, answer: int | EnergyAnswer) -> NDArray[np.int64]:
        """The action that means an answer; the nearest levels for the site."""
        return self.encoder.action_of(answer)
